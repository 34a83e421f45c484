// The messages are documented at the head of www/src/frame/frame.ts.
const frame = document.querySelector('#widget');
const origin = new URL(frame.src).origin;
const level = document.querySelector('#level');
const ask = document.querySelector('#ask');

const send = (message) => frame.contentWindow.postMessage({ salesmirror: 1, ...message }, origin);

addEventListener('message', ({ data, origin: from, source }) => {
  if (from !== origin || source !== frame.contentWindow || data?.salesmirror !== 1) return;
  if (data.type === 'ready') ask.disabled = false;
  if (data.type === 'assessed') {
    const { account, overall } = data.detail;
    level.value =
      overall?.level.toFixed(1) ?? (account.accepted ? 'nothing shown' : 'not an account of own work');
  }
  if (data.type === 'height') frame.height = data.detail;
});

ask.addEventListener('click', () => {
  send({
    type: 'assess',
    id: 'note',
    text: 'He asked for 12% off; I offered 5% against a three-year service contract, and he signed.',
  });
});

// The frame replies only to a page that has said hello and whose origin is allowed.
frame.addEventListener('load', () => send({ type: 'hello' }));
send({ type: 'hello' });
