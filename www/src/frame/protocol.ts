/** The messages between a page and the widget in its iframe, and who may send them. */

export const VERSION = 1;

/** What the page around the frame sends. */
export type Request =
  | { readonly type: 'hello' }
  | { readonly type: 'assess'; readonly id: string; readonly text: string }
  | { readonly type: 'set'; readonly attributes: Readonly<Record<string, string>> }
  | { readonly type: 'cancel' };

/** The attributes that the page may set. Those with URLs are left to whoever runs the frame. */
export const SETTABLE = [
  'lang',
  'mode',
  'kind',
  'self-rating',
  'live',
  'locked',
  'accept',
  'disabled',
] as const;

/**
 * The origins that may send messages: the frame's own, and those that are listed in its page. A page without an origin,
 * such as one in a sandbox, is none: all of them are called "null", so they cannot be told apart.
 */
export function allowedOrigins(own: string, listed: string): ReadonlySet<string> {
  const origins = listed
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((text) => {
      try {
        return [new URL(text).origin];
      } catch {
        return [];
      }
    });
  return new Set([own, ...origins].filter((origin) => origin !== 'null'));
}

/** Parses a message; null if it is not one of ours. */
export function asRequest(data: unknown): Request | null {
  if (typeof data !== 'object' || data === null) return null;
  const { salesmirror, type, id, text, attributes } = data as Record<string, unknown>;
  if (salesmirror !== VERSION) return null;
  if (type === 'hello' || type === 'cancel') return { type };
  if (type === 'assess' && typeof id === 'string' && typeof text === 'string') return { type, id, text };
  if (type === 'set' && typeof attributes === 'object' && attributes !== null) {
    const pairs = Object.entries(attributes).filter(
      ([name, value]) => SETTABLE.some((known) => known === name) && typeof value === 'string',
    );
    return { type, attributes: Object.fromEntries(pairs) };
  }
  return null;
}
