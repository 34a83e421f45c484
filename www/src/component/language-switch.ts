/** The two buttons that choose the language of the interface. */
import { css, html, type TemplateResult } from 'lit';
import type { Code } from '../languages/text';

export const languageStyles = css`
  .languages {
    display: flex;
  }
  .languages button {
    border-radius: 0;
    font-size: var(--sm-size-small);
    min-block-size: 2rem;
  }
  .languages button:first-of-type {
    border-start-start-radius: var(--sm-radius);
    border-end-start-radius: var(--sm-radius);
  }
  .languages button:last-of-type {
    border-inline-start: 0;
    border-start-end-radius: var(--sm-radius);
    border-end-end-radius: var(--sm-radius);
  }
  .languages button[aria-pressed='true'] {
    background: var(--sm-accent);
    border-color: var(--sm-accent);
    color: var(--sm-on-accent);
  }
`;

/** The languages, each by its own name. */
export const NAMES: Readonly<Record<Code, string>> = { en: 'English', zh: '中文' };

/** @param choose switches to another language */
export function languageSwitch(label: string, chosen: Code, choose: (code: Code) => void): TemplateResult {
  const language = (code: Code) => html`
    <button
      type="button"
      lang=${code}
      aria-pressed=${String(chosen === code)}
      @click=${() => {
        choose(code);
      }}
    >
      ${NAMES[code]}
    </button>
  `;
  return html`
    <fieldset class="languages">
      <legend class="hidden">${label}</legend>
      ${language('en')} ${language('zh')}
    </fieldset>
  `;
}
