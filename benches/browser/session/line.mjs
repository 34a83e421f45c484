/**
 * The line between the browser and a server: counts every byte that comes down it, whoever in the tab asked for it
 * (page, worker, service worker), and can be as slow as a real one. A relay below HTTP, because the browser's own
 * throttling does not reach workers.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** 10 Mbit/s with 40 ms there and back. */
export const SLOW = { bytesPerSecond: 10e6 / 8, delay: 20 };
export const FAST = { bytesPerSecond: Infinity, delay: 0 };

/** Bytes sent at once; more would come in bursts. */
const CHUNK = 16_384;
/** Milliseconds that a timer may be late without the line being the slower for it. */
const SLACK = 5;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Line {
  /** Bytes that came down since {@link reset}, headers included. */
  bytes = 0;
  #profile = FAST;
  /** When the line is free for the next byte. */
  #free = 0;

  static async open(port) {
    const line = new Line();
    const relay = createServer((browser) => {
      const server = connect(port, '127.0.0.1');
      const end = () => {
        browser.destroy();
        server.destroy();
      };
      browser.on('error', end).on('close', end);
      server.on('error', end).on('end', () => setTimeout(() => browser.end(), line.#profile.delay + 1));
      browser.on('data', (data) => setTimeout(() => server.write(data), line.#profile.delay));
      server.on('data', (data) => void line.#bring(data, server, browser));
    });
    await new Promise((ready) => relay.listen(0, '127.0.0.1', ready));
    line.url = `http://127.0.0.1:${relay.address().port}/`;
    line.close = () => relay.close();
    return line;
  }

  reset(profile = this.#profile) {
    this.#profile = profile;
    this.bytes = 0;
  }

  /** Milliseconds until so many bytes have gone out, behind those of other connections that wait already. */
  #turn(bytes) {
    const now = performance.now();
    this.#free = Math.max(this.#free, now - SLACK) + (1e3 * bytes) / this.#profile.bytesPerSecond;
    return this.#free - now;
  }

  async #bring(data, server, browser) {
    this.bytes += data.length;
    const { bytesPerSecond, delay } = this.#profile;
    server.pause();
    if (bytesPerSecond === Infinity) {
      if (!browser.write(data)) await Promise.race([once(browser, 'drain'), once(browser, 'close')]);
    } else {
      for (let at = 0; at < data.length; at += CHUNK) {
        const part = data.subarray(at, at + CHUNK);
        await sleep(this.#turn(part.length));
        setTimeout(() => browser.destroyed || browser.write(part), delay);
      }
    }
    server.resume();
  }
}
