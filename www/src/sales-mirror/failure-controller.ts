/** Owns the failure that is shown, and announces each one once, as `sales-mirror-error`. */
import type { ReactiveControllerHost } from 'lit';
import { emit } from '../component/events';
import { asFailure, type Failure } from '../engine/contract';
import { Trouble } from '../failure/trouble';

export class FailureController {
  private current: Failure | Trouble | undefined;

  constructor(private readonly host: ReactiveControllerHost & EventTarget) {}

  get shown(): Failure | Trouble | undefined {
    return this.current;
  }

  /** Shows whatever was thrown, and returns it as a Failure or a Trouble. */
  show(thrown: unknown): Failure | Trouble {
    const failure = thrown instanceof Trouble ? thrown : asFailure(thrown);
    if (failure !== this.current) {
      this.current = failure;
      this.host.requestUpdate();
      emit(this.host, 'sales-mirror-error', failure);
    }
    return failure;
  }

  clear(): void {
    this.current = undefined;
    this.host.requestUpdate();
  }
}
