/** The team view, a chunk of its own: a writer never needs it. */
import { SalesMirrorTeam } from '../team/team';
import { define } from './define';

define('sales-mirror-team', SalesMirrorTeam);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-team': SalesMirrorTeam;
  }
}
