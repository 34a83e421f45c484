// The element's events bubble; their details are documented at the head of sales-mirror.ts.
const count = document.querySelector('#count');

addEventListener('sales-mirror-assessed', () => {
  count.value = String(Number(count.value) + 1);
});
