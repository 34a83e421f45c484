// As a web part does: load the script, make the element, render it into the zone; then the editor moves the zone.
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
