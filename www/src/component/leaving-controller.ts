/** Has the browser ask before a page is left on which something was typed: it is kept in memory only. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class LeavingController implements ReactiveController {
  /** Whether a person typed the text that is there, or changed it. */
  edited = false;

  /**
   * @param hasText whether there is a text in the text area
   * @param hasTyped whether typed texts are in the list
   */
  constructor(
    host: ReactiveControllerHost,
    private readonly hasText: () => boolean,
    private readonly hasTyped: () => boolean,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('beforeunload', this.ask);
  }

  hostDisconnected(): void {
    removeEventListener('beforeunload', this.ask);
  }

  private readonly ask = (event: Event): void => {
    if ((this.edited && this.hasText()) || this.hasTyped()) event.preventDefault();
  };
}
