/** Everything after the first paint, in one chunk: fetched while the model loads, so that nothing is fetched afterwards. */
import '../files/read';
import '../failure/words';
import { define } from './define';
import { SalesMirrorHandOver } from '../hand-over/hand-over-view';
import { SalesMirrorHistory } from '../history/history-view';
import { SalesMirrorPlan } from '../plan/plan-view';
import { SalesMirrorResult } from '../result/result';
import { SalesMirrorSelfRating } from '../self-rating/self-rating';

define('sales-mirror-hand-over', SalesMirrorHandOver);
define('sales-mirror-history', SalesMirrorHistory);
define('sales-mirror-plan', SalesMirrorPlan);
define('sales-mirror-result', SalesMirrorResult);
define('sales-mirror-self-rating', SalesMirrorSelfRating);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-hand-over': SalesMirrorHandOver;
    'sales-mirror-history': SalesMirrorHistory;
    'sales-mirror-plan': SalesMirrorPlan;
    'sales-mirror-result': SalesMirrorResult;
    'sales-mirror-self-rating': SalesMirrorSelfRating;
  }
}
