/** Renders a long list in pieces, so that no task is long. What the list shows is left to its element. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How many items are rendered in one task. */
export const PIECE = 25;

export class InPieces implements ReactiveController {
  private rendered: number;

  /**
   * @param length the present number of items
   * @param piece how many of them are rendered in one task
   */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly length: () => number,
    private readonly piece = PIECE,
  ) {
    this.rendered = piece;
    host.addController(this);
  }

  /** The items that are rendered now; the others follow in the next tasks. */
  of<T>(items: readonly T[]): readonly T[] {
    return items.slice(0, this.rendered);
  }

  hostUpdated(): void {
    const missing = this.length() - this.rendered;
    this.rendered = Math.max(this.rendered + (missing > 0 ? this.piece : missing), this.piece);
    if (missing > 0)
      setTimeout(() => {
        this.host.requestUpdate();
      });
  }
}
