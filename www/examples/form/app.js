// A real form would be sent to your server. This one shows what it would send.
document.querySelector('#form').addEventListener('submit', (event) => {
  event.preventDefault();
  const data = new FormData(event.target);
  const { competencies } = JSON.parse(data.get('assessment'));
  const shown = competencies.filter(({ level }) => level !== null);
  document.querySelector('#sent').value =
    `${data.get('course')}: ${shown.map(({ id, level }) => `${id} ${level.toFixed(1)}`).join(', ')}`;
});
