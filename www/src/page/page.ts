/**
 * The page around the widget, or around a trial: its navigation follows the mode and the language, and a service worker keeps
 * it for offline use.
 */
import { ownScript } from '../component/own-script';

interface Words {
  readonly title: string;
  readonly modes: Readonly<Record<string, string>>;
}

const WORDS: Readonly<Record<string, Words>> = {
  en: {
    title: 'SalesMirror',
    modes: { self: 'My report', candidate: 'Interview', team: 'Team', trial: 'Trial' },
  },
  zh: {
    title: '销售镜 SalesMirror',
    modes: { self: '我的报告', candidate: '面试', team: '团队', trial: '试评' },
  },
};

function follow(widget: Element): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-mode]')];
  const asked = new URLSearchParams(location.search).get('mode');
  // A trial is a page of its own.
  const known = links.some(({ dataset }) => dataset.mode === asked) && asked !== 'trial';
  const mode = widget.matches('sales-mirror') ? (known && asked ? asked : 'self') : 'trial';
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

const widget = document.querySelector('sales-mirror, sales-mirror-trial');
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
