// Does what a web part does: it loads the script, creates the element and adds it to the zone. Then the editor moves the zone.
await import('../../sales-mirror.js');

const zone = document.querySelector('#webpart');
const widget = document.createElement('sales-mirror');
widget.lang = 'en';
widget.selfRating = 'off';
zone.append(widget);

widget.addEventListener('sales-mirror-ready', () => {
  zone.dataset.ready = String(Number(zone.dataset.ready ?? 0) + 1);
});

document.querySelector('h1').addEventListener('click', () => document.body.append(zone));
