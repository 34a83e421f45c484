/**
 * Keeps spell checkers in the cloud, writing assistants and page translators out of a text field, unless the page allows
 * them: `<textarea ${writingAids(allowed)}>`. These are requests, not locks; docs/embedding.md says what they are worth.
 */
import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

/** The attributes by which browsers, Grammarly, LanguageTool and translators are asked to leave a text alone. */
const KEPT_OUT = {
  spellcheck: 'false',
  autocorrect: 'off',
  writingsuggestions: 'false',
  'data-gramm': 'false',
  'data-gramm_editor': 'false',
  'data-enable-grammarly': 'false',
  'data-lt-active': 'false',
  translate: 'no',
};

class WritingAids extends Directive {
  private element: Element | undefined;
  private allowed: boolean | undefined;

  override update({ element }: ElementPart, [allowed]: [boolean]): unknown {
    this.element = element;
    return this.render(allowed);
  }

  render(allowed: boolean): unknown {
    if (allowed !== this.allowed) {
      this.allowed = allowed;
      for (const [name, value] of Object.entries(KEPT_OUT)) {
        if (allowed) this.element?.removeAttribute(name);
        else this.element?.setAttribute(name, value);
      }
    }
    return noChange;
  }
}

export const writingAids = directive(WritingAids);
