/** The team view, in a chunk of its own: a writer never needs it. */
import '../team/team';
import '../result/correction';
