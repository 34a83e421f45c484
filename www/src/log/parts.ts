/** How the log of use is fetched, and where a person finds its settings; most people never need either. */
import { html, type TemplateResult } from 'lit';
import type { Code, Table } from '../languages/text';
import load from './later-log?chunk';

const TITLE: Table<string> = { en: 'Log of use', zh: '使用日志' };

/** What keeps the log and shows it. */
export type Parts = typeof import('./later-log');

/** Fetches what keeps the log and shows it. Rejects with a Failure. */
export const parts = async (): Promise<Parts> => (await load()) as Parts;

/** Where a person finds the settings of the log. */
export function logChoice(language: Code): TemplateResult {
  return html`
    <details class="no-print" @toggle=${() => void parts().catch(() => undefined)}>
      <summary>${TITLE[language]}</summary>
      <sales-mirror-log-settings .language=${language}></sales-mirror-log-settings>
    </details>
  `;
}
