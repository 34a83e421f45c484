/** The head of the widget: what it is for, the promise of privacy, what an assessment is not, and the languages. */
import { html, type TemplateResult } from 'lit';
import { languageSwitch } from '../component/language-switch';
import { icon, ShieldCheck } from '../icons/icon';
import type { Strings } from '../languages';
import type { Code } from '../languages/text';

/**
 * @param lead what it is for
 * @param choose switches to another language
 */
export function header(words: Strings, lead: string, choose: (code: Code) => void): TemplateResult {
  const [first, ...more] = words.notice;
  return html`
    <header>
      <div>
        <slot name="header">
          <p class="no-print">${lead}</p>
          <p class="privacy">${icon(ShieldCheck)} ${words.privacy}</p>
        </slot>
        <aside class="notice quiet" part="notice" aria-label=${words.noticeTitle}>
          <p>${first}</p>
          <details>
            <summary>${words.noticeMore}</summary>
            <ul>
              ${more.map((line) => html`<li>${line}</li>`)}
            </ul>
          </details>
          <slot name="notice"></slot>
        </aside>
      </div>
      ${languageSwitch(words.languageSwitch, words.code, choose)}
    </header>
  `;
}
