/** The head of the widget: what it is for, the promise of privacy, what an assessment is not, and the languages. */
import { html, type TemplateResult } from 'lit';
import type { Strings } from '../languages';
import type { Code } from '../languages/text';
import type { Mode } from './mode';

const NAMES: Readonly<Record<Code, string>> = { en: 'English', zh: '中文' };

/** @param choose switches to another language */
export function header(words: Strings, mode: Mode, choose: (code: Code) => void): TemplateResult {
  const [first, ...more] = words.notice;
  const lead = { self: words.lead, candidate: words.candidateLead, team: words.teamLead, headless: '' }[mode];
  const language = (code: Code) => html`
    <button
      type="button"
      lang=${code}
      aria-pressed=${String(words.code === code)}
      @click=${() => {
        choose(code);
      }}
    >
      ${NAMES[code]}
    </button>
  `;
  return html`
    <header>
      <div>
        <slot name="header">
          <p>${lead}</p>
          <p class="privacy">
            <svg
              aria-hidden="true"
              width="16"
              height="16"
              viewBox="0 0 16 16"
              fill="none"
              stroke="currentColor"
              stroke-width="1.6"
            >
              <path d="M8 1.5 2.5 4v4c0 3.2 2.3 5.6 5.5 6.5 3.2-.9 5.5-3.3 5.5-6.5V4Z" />
              <path d="m5.5 8 1.8 1.8 3.2-3.6" />
            </svg>
            ${words.privacy}
          </p>
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
      <fieldset class="languages">
        <legend class="hidden">${words.languageSwitch}</legend>
        ${language('en')} ${language('zh')}
      </fieldset>
    </header>
  `;
}
