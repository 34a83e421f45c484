/** `<sales-mirror-role-select>`: chooses the role profile that levels are compared with, or none. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { translated, type Code } from '../languages/text';
import type { Profile } from './profile';
import { WORDS } from './words';

const styles = css`
  select {
    inline-size: 100%;
  }
  @media print {
    :host {
      display: none;
    }
  }
`;

export class SalesMirrorRoleSelect extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    profiles: { attribute: false },
    profile: { attribute: false },
  };

  declare language: Code;
  declare profiles: readonly Profile[];
  /** The chosen one. */
  declare profile: Profile | null;

  constructor() {
    super();
    this.language = 'en';
    this.profiles = [];
    this.profile = null;
  }

  protected override render(): TemplateResult {
    const words = WORDS[this.language];
    return html`
      <label class="hidden" for="profile">${words.compare}</label>
      <select
        id="profile"
        class="small"
        @change=${(event: Event) => {
          emit(this, 'profile-change', (event.target as HTMLSelectElement).value);
        }}
      >
        <option value="" ?selected=${this.profile === null}>${words.none}</option>
        ${this.profiles.map(
          ({ id, name }) => html`
            <option value=${id} ?selected=${id === this.profile?.id}>
              ${translated(name, this.language)}
            </option>
          `,
        )}
      </select>
    `;
  }
}

define('sales-mirror-role-select', SalesMirrorRoleSelect);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-role-select': SalesMirrorRoleSelect;
  }
}
