/**
 * `<sales-mirror-file-drop>`: files are chosen with its button or dropped anywhere on its content. It passes the files
 * on, none if a mail program handed over none, and leaves reading them to its parent.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { base } from '../component/base';
import { define } from '../component/define';
import { emit } from '../component/events';
import { strings } from '../languages';
import type { Code } from '../languages/text';

const styles = css`
  :host {
    position: relative;
  }
  .file {
    display: inline-flex;
    position: relative;
  }
  .file input {
    inline-size: 100%;
    inset: 0;
    opacity: 0;
    position: absolute;
  }
  .file .button {
    align-items: center;
    display: inline-flex;
    font-weight: 400;
  }
  .file input:focus-visible + .button {
    outline: 3px solid var(--sm-accent);
    outline-offset: 2px;
  }
  .drop {
    align-items: center;
    background: color-mix(in oklab, var(--sm-surface) 85%, var(--sm-accent));
    border: 3px dashed var(--sm-accent);
    border-radius: var(--sm-radius);
    display: flex;
    font-size: 1.2rem;
    font-weight: 600;
    inset: -0.5rem;
    justify-content: center;
    pointer-events: none;
    position: absolute;
  }
  .chooser {
    margin-block: 0.5rem;
  }
`;

/** What the rows of a mail program are dragged as: there is no file among them. */
const MAIL = /mail|outlook/i;

/**
 * @slot - Above the button.
 * @slot beside - Beside the button.
 * @slot below - Below the button.
 */
export class SalesMirrorFileDrop extends LitElement {
  static override styles = [base, styles];

  static override properties = {
    language: { attribute: false },
    label: { attribute: false },
    hint: { attribute: false },
    accept: { attribute: false },
    disabled: { type: Boolean },
    folder: { type: Boolean },
    over: { state: true },
  };

  declare language: Code;
  /** The text of the button. */
  declare label: string;
  declare hint: string;
  /** Extensions, as in the accept attribute of a file field. */
  declare accept: string;
  declare disabled: boolean;
  /** Whether the button takes a folder, of which all files are passed on. */
  declare folder: boolean;
  /** Whether files are being dragged over it. */
  declare private over: boolean;

  constructor() {
    super();
    this.language = 'en';
    this.label = '';
    this.hint = '';
    this.accept = '';
    this.disabled = false;
    this.folder = false;
    this.over = false;
  }

  private pass(files: FileList | null | undefined): void {
    if (files && !this.disabled) emit(this, 'files-chosen', [...files]);
  }

  private readonly dragged = (event: DragEvent): void => {
    const types = event.dataTransfer?.types ?? [];
    if (!types.some((type) => type === 'Files' || MAIL.test(type))) return;
    event.preventDefault();
    this.over = event.type === 'dragover';
    if (event.type === 'drop') this.pass(event.dataTransfer?.files);
  };

  private readonly chosen = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    this.pass(field.files);
    // The same file can then be chosen again.
    field.value = '';
  };

  protected override render(): TemplateResult {
    return html`
      <div @dragover=${this.dragged} @dragleave=${this.dragged} @drop=${this.dragged}>
        <slot></slot>
        <div class="row spread chooser">
          <div class="row">
            <span class="file">
              <input
                id="files"
                type="file"
                multiple
                ?webkitdirectory=${this.folder}
                accept=${this.accept}
                ?disabled=${this.disabled}
                @change=${this.chosen}
                aria-describedby="hint"
              />
              <label for="files" class="button small">${this.label}</label>
            </span>
            <span id="hint" class="quiet">${this.hint}</span>
          </div>
          <slot name="beside"></slot>
        </div>
        <slot name="below"></slot>
        ${
          this.over
            ? html`<div class="drop" aria-hidden="true">${strings(this.language).dropHere}</div>`
            : nothing
        }
      </div>
    `;
  }
}

define('sales-mirror-file-drop', SalesMirrorFileDrop);

declare global {
  interface HTMLElementTagNameMap {
    'sales-mirror-file-drop': SalesMirrorFileDrop;
  }
}
