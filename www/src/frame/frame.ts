/**
 * The page inside an iframe (frame.html): the widget, and the messages to and from the page around it.
 *
 * The page around it sends `{salesmirror: 1, type, ...}`: `hello` first, then
 * `assess` {id, text}, `set` {attributes: lang, mode, kind, self-rating, live, locked, accept, disabled}, `cancel`.
 * The frame sends `{salesmirror: 1, type, detail, id?}`: `ready`, `progress`, `assessed` and `error` like the element's
 * events, `answer` {id} with the assessment or `{error}` in reply to `assess`, and `height` in pixels.
 *
 * The frame listens only to its parent, and only if the parent's origin is its own or is listed in the meta element
 * salesmirror-origins of frame.html. It replies only to the origin that said hello. Attributes can also be in the query: frame.html?lang=zh&mode=candidate.
 */
import { asFailure } from '../engine/contract';
import type { SalesMirror } from '../sales-mirror/sales-mirror';
import { allowedOrigins, asRequest, SETTABLE, VERSION } from './protocol';

const listed = document.querySelector<HTMLMetaElement>('meta[name=salesmirror-origins]')?.content ?? '';
const allowed = allowedOrigins(location.origin, listed);
const widget = document.createElement('sales-mirror');

let partner: string | undefined;

function send(type: string, detail: unknown, id?: string): void {
  if (partner !== undefined) parent.postMessage({ salesmirror: VERSION, type, detail, id }, partner);
}

function set(attributes: Iterable<readonly [string, string]>): void {
  for (const [name, value] of attributes) {
    if (SETTABLE.some((known) => known === name)) widget.setAttribute(name, value);
  }
}

let ready: unknown;
for (const name of ['ready', 'progress', 'assessed', 'error']) {
  widget.addEventListener(`sales-mirror-${name}`, (event) => {
    const { detail } = event as CustomEvent<unknown>;
    if (name === 'ready') ready = detail;
    send(name, name === 'error' ? plain(detail) : detail);
  });
}

/** A failure as a plain object: messages do not carry prototypes. */
function plain(thrown: unknown): { code: string; message: string } {
  const { code, message } = thrown as { code: string; message: string };
  return { code, message };
}

addEventListener('message', ({ data, origin, source }: MessageEvent<unknown>) => {
  const request = asRequest(data);
  if (!request || source !== parent || !allowed.has(origin)) return;
  if (request.type === 'hello') {
    partner = origin;
    if (ready) send('ready', ready);
    send('height', document.documentElement.scrollHeight);
    return;
  }
  if (origin !== partner) return;
  if (request.type === 'cancel') widget.cancel();
  else if (request.type === 'set') set(Object.entries(request.attributes));
  else void answer(widget, request.id, request.text);
});

async function answer(element: SalesMirror, id: string, text: string): Promise<void> {
  try {
    send('answer', await element.assess(text), id);
  } catch (thrown) {
    send('answer', { error: plain(thrown instanceof Error ? thrown : asFailure(thrown)) }, id);
  }
}

// The attributes are set before the element is connected and begins to load.
set(new URLSearchParams(location.search));
document.querySelector('main')?.append(widget);
new ResizeObserver(() => {
  send('height', document.documentElement.scrollHeight);
}).observe(document.body);
