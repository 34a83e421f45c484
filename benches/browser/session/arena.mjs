/** The pages in which contenders run: an ordinary one, and one that is cross-origin isolated. */
import { openPage } from './browser.mjs';

export class Arena {
  #pages;
  #context;

  static async open(browser, site) {
    const arena = new Arena();
    arena.#context = await browser.newContext();
    const open = async (path) => {
      const page = await openPage(arena.#context, `${site.url}${path}`);
      await page.waitForFunction(() => 'contenders' in window);
      return page;
    };
    arena.#pages = { ordinary: await open('pages/index.html'), isolated: await open('isolated/pages/index.html') };
    return arena;
  }

  /** @param contender name, module of pages/ and what its `load` takes; where it runs, `ordinary` when not given. */
  start({ name, module, options, where = 'ordinary' }) {
    return this.#pages[where].evaluate((args) => window.contenders.start(...args), [name, module, options]);
  }

  /** Milliseconds that one run of a contender takes. */
  time({ name, where = 'ordinary' }, input) {
    return this.#pages[where].evaluate((args) => window.contenders.time(...args), [name, input]);
  }

  /** What a run of a contender gives, as a plain array. */
  result({ name, where = 'ordinary' }, input) {
    return this.#pages[where].evaluate((args) => window.contenders.result(...args), [name, input]);
  }

  /** Ends the pages and with them the contenders. */
  close() {
    return this.#context.close();
  }
}
