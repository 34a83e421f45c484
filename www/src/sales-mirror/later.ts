/**
 * Everything that the first paint does without, in one chunk. It is fetched while the model loads, so that nothing is
 * fetched afterwards.
 */
import '../editor/editor';
import '../hand-over/hand-over-view';
import '../history/history-view';
import '../log/log-host';
import '../plan/plan-view';
import '../result/result';
import '../samples/texts';
import '../self-rating/self-rating';
