import { html, LitElement, type TemplateResult } from 'lit';
import { expect, test } from 'vitest';
import { InPieces, PIECE } from './in-pieces';

class List extends LitElement {
  items: readonly number[] = [];
  private readonly pieces = new InPieces(this, () => this.items.length);

  get count(): number {
    return this.renderRoot.querySelectorAll('li').length;
  }

  protected override render(): TemplateResult {
    return html`<ul>
      ${this.pieces.of(this.items).map((item) => html`<li>${item}</li>`)}
    </ul>`;
  }
}

customElements.define('test-list', List);

test('a long list is rendered in pieces until it is complete, and again when it is another one', async () => {
  const list = new List();
  const items = Array.from({ length: 3 * PIECE + 7 }, (_, i) => i);
  document.body.append(list);
  for (let round = 0; round < 2; round++) {
    list.items = items;
    list.requestUpdate();
    await list.updateComplete;
    expect(list.count).toBe(PIECE);
    await expect.poll(() => list.count).toBe(items.length);
    list.items = [];
    list.requestUpdate();
    await list.updateComplete;
    expect(list.count).toBe(0);
  }
  list.remove();
});
