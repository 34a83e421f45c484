/**
 * Makes the element a control of a form: its value is the assessment as JSON, never the text. Owns its validity, and
 * passes the focus on to the text area.
 */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Assessment } from '../engine/contract';
import { withoutWords } from '../report/report';

export interface FormHost extends ReactiveControllerHost, EventTarget {
  readonly assessment: Assessment | null;
  readonly required: boolean;
  /** -1 makes the element focusable, so that a form can move the focus to it. */
  tabIndex: number;
  removeAttribute(name: string): void;
}

export class FormController implements ReactiveController {
  /** Whether a fieldset around the element is disabled. */
  disabled = false;
  private set: { readonly assessment: Assessment | null; readonly required: boolean } | undefined;

  /**
   * @param field the text area, once there is one
   * @param missing tells that a required assessment is missing
   */
  constructor(
    private readonly host: FormHost,
    readonly internals: ElementInternals,
    private readonly field: () => HTMLElement | undefined,
    private readonly missing: () => string,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener('invalid', this.passOnFocus);
  }

  hostDisconnected(): void {
    this.host.removeEventListener('invalid', this.passOnFocus);
  }

  hostUpdated(): void {
    const { assessment, required } = this.host;
    if (this.set?.assessment === assessment && this.set.required === required) return;
    this.set = { assessment, required };
    this.internals.setFormValue(this.value || null);
    if (required && !assessment) {
      this.host.tabIndex = -1;
      this.internals.setValidity({ valueMissing: true }, this.missing(), this.field());
    } else {
      this.host.removeAttribute('tabindex');
      this.internals.setValidity({});
    }
  }

  /** The assessment as JSON; empty if there is none. */
  get value(): string {
    const { assessment } = this.host;
    return assessment ? JSON.stringify(withoutWords(assessment)) : '';
  }

  disable(disabled: boolean): void {
    this.disabled = disabled;
    this.host.requestUpdate();
  }

  private readonly passOnFocus = (): void => {
    // The form focuses the element itself after this event.
    setTimeout(() => this.field()?.focus());
  };
}
