/** The page around the widget: its title follows the widget's language, and it works with the network off. */

const TITLES: Readonly<Record<string, string>> = { en: 'SalesMirror', zh: '销售镜 SalesMirror' };

function follow(widget: Element): void {
  const adopt = () => {
    const language = widget.getAttribute('lang') ?? 'en';
    document.documentElement.lang = language;
    document.title = TITLES[language] ?? 'SalesMirror';
    const heading = document.querySelector('h1');
    if (heading) heading.textContent = document.title;
  };
  new MutationObserver(adopt).observe(widget, { attributeFilter: ['lang'] });
  adopt();
}

const widget = document.querySelector('sales-mirror');
if (widget) follow(widget);

// Only secure contexts (https, localhost) have service workers; elsewhere the page simply needs the network.
// The browser looks for a newer one some time after each visit; by its cache, for nothing is to be fetched then.
if ('serviceWorker' in navigator) {
  void navigator.serviceWorker.register('service-worker.js', { updateViaCache: 'all' }).catch((error: unknown) => {
    console.warn('the page will need the network at the next visit', error);
  });
}
