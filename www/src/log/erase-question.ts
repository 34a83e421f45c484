/** Asks whether the log of use is really to be erased, and erases it. */
import { html, type TemplateResult } from 'lit';
import { asTrouble, type Trouble } from '../failure/trouble';
import type { Code } from '../languages/text';
import { log } from './log';
import { WORDS } from './words';

/** @param over hears that the question is answered, and what went wrong; null if nothing did */
export function eraseQuestion(language: Code, over: (trouble: Trouble | null) => void): TemplateResult {
  const words = WORDS[language];
  const erase = async () => {
    try {
      await log.erase();
      over(null);
    } catch (thrown) {
      over(asTrouble(thrown, 'storage_unavailable'));
    }
  };
  return html`
    <div class="alert" role="group" aria-label=${words.erase}>
      <p>${log.required ? words.sureRequired : words.sure}</p>
      <p class="row">
        <button type="button" @click=${() => void erase()}>${words.erase}</button>
        <button
          type="button"
          @click=${() => {
            over(null);
          }}
        >
          ${words.keep}
        </button>
      </p>
    </div>
  `;
}
