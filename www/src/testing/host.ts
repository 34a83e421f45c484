/** For tests: an element that controllers can be added to, without a browser and without a view. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { EventDetails } from '../component/events';

export class FakeHost extends EventTarget implements ReactiveControllerHost {
  readonly controllers: ReactiveController[] = [];
  readonly updateComplete = Promise.resolve(true);
  /** What is dispatched inside the element is heard here too. */
  readonly renderRoot: EventTarget = this;
  updates = 0;

  addController(controller: ReactiveController): void {
    this.controllers.push(controller);
  }

  removeController(): void {
    throw new Error('no controller is ever removed');
  }

  requestUpdate(): void {
    this.updates++;
  }

  connect(): void {
    for (const controller of this.controllers) controller.hostConnected?.();
  }

  disconnect(): void {
    for (const controller of this.controllers) controller.hostDisconnected?.();
  }

  update(): void {
    for (const controller of this.controllers) controller.hostUpdate?.();
    for (const controller of this.controllers) controller.hostUpdated?.();
  }
}

/** The details of all events of a name that a target dispatches from now on. */
export function heard<Name extends keyof EventDetails>(
  target: EventTarget,
  name: Name,
): EventDetails[Name][] {
  const details: EventDetails[Name][] = [];
  target.addEventListener(name, (event) => {
    details.push((event as CustomEvent<EventDetails[Name]>).detail);
  });
  return details;
}
