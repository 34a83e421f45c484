/** Fetches files of the page's own origin. */

/**
 * Fetches a file, which is not a web page. Where a page comes in its place, as from a server that asks to sign in, the
 * browser's cache may hold it from an earlier visit, and the server itself is asked. Never leaves the origin.
 */
export async function fetchFile(url: string, init: RequestInit = {}): Promise<Response> {
  // `same-origin` rejects redirects to other origins, too.
  const request: RequestInit = { ...init, mode: 'same-origin' };
  const response = await fetch(url, request);
  return isPage(response) ? fetch(url, { ...request, cache: 'reload' }) : response;
}

/** Whether a server answered with a web page. */
export function isPage(response: Response): boolean {
  return response.headers.get('Content-Type')?.startsWith('text/html') === true;
}
