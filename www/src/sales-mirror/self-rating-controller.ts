/** Owns when a person is asked to rate themselves: before their first result, once, unless they turned that off. */
import type { ReactiveControllerHost } from 'lit';
import type { Mode } from './mode';

export interface SelfRatingHost extends ReactiveControllerHost {
  readonly mode: Mode;
  readonly selfRating: 'on' | 'off';
}

export class SelfRatingController {
  /** Whether the person is being asked now; the result waits. */
  asking = false;
  private asked = false;

  constructor(private readonly host: SelfRatingHost) {}

  /** Whether the next result waits for the person's own rating. */
  get due(): boolean {
    return this.host.mode === 'self' && this.host.selfRating !== 'off' && !this.asked;
  }

  /** Asks, if that is due. */
  begin(): void {
    this.set(this.asking || this.due);
  }

  /** The person answered, or chose not to. */
  done(): void {
    this.asked = true;
    this.set(false);
  }

  /** Stops asking without an answer, as when there is no result to compare with. */
  dismiss(): void {
    this.set(false);
  }

  /** Has the person asked again before their next result. */
  askAgain(): void {
    this.asked = false;
  }

  private set(asking: boolean): void {
    this.asking = asking;
    this.host.requestUpdate();
  }
}
