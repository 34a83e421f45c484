/** The page around the widget: its navigation follows the widget's mode and language, and a service worker keeps it for offline use. */
import { ownScript } from '../component/own-script';

interface Words {
  readonly title: string;
  readonly modes: Readonly<Record<string, string>>;
}

const WORDS: Readonly<Record<string, Words>> = {
  en: { title: 'SalesMirror', modes: { self: 'My report', candidate: 'Interview', team: 'Team' } },
  zh: { title: '销售镜 SalesMirror', modes: { self: '我的报告', candidate: '面试', team: '团队' } },
};

function follow(widget: Element): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-mode]')];
  const asked = new URLSearchParams(location.search).get('mode');
  const mode = links.some(({ dataset }) => dataset.mode === asked) && asked ? asked : 'self';
  // Set before the element is defined, so that it loads what this mode needs.
  widget.setAttribute('mode', mode);
  const adopt = () => {
    const language = widget.getAttribute('lang') ?? 'en';
    const words = WORDS[language];
    if (!words) return;
    document.documentElement.lang = language;
    document.title = words.title;
    const heading = document.querySelector('h1');
    if (heading) heading.textContent = words.title;
    for (const link of links) {
      link.textContent = words.modes[link.dataset.mode ?? ''] ?? '';
      if (link.dataset.mode === mode) link.setAttribute('aria-current', 'page');
    }
  };
  new MutationObserver(adopt).observe(widget, { attributeFilter: ['lang'] });
  adopt();
}

const widget = document.querySelector('sales-mirror');
if (widget) follow(widget);

// Only secure contexts (https, localhost) have service workers; elsewhere the page needs the network.
// The browser looks for an update some time after each visit, when nothing may be fetched any more: its cache answers.
if ('serviceWorker' in navigator) {
  void navigator.serviceWorker
    .register(ownScript(new URL('service-worker.js', location.href).href), { updateViaCache: 'all' })
    .catch((error: unknown) => {
      console.warn('the page will need the network at the next visit', error);
    });
}
