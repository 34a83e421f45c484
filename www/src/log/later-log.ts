/** What keeps the log of use and shows it, in a chunk of its own: most people never turn it on. */
import './log-mark';
import './log-settings';
import './log-view';

export { log } from './log';
