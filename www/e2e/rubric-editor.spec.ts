/** The rubric editor: a company's words are edited, seen in the real widget, saved as a file, and used by the element. */
import { readFile } from 'node:fs/promises';
import type { Rubric } from '../src/engine/contract';
import { assess, current, EN, expect, test, widget } from './site';

test('words are edited, seen in the preview, saved, and used by the element', async ({ page, site }) => {
  await page.goto(`${site.url}rubric.html`);
  await page.getByRole('button', { name: 'Negotiation and closing', exact: true }).click();
  const name = page.getByRole('group', { name: 'Name', exact: true });
  await name.getByLabel('English').fill('Getting to yes');
  await name.getByLabel('Chinese').fill('');
  await expect(page.getByText('Not translated: people see the text of the other language.')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(name.getByLabel('Chinese')).toHaveValue('谈判成交');
  await expect(page.getByText('1 change not saved')).toBeVisible();

  await page.getByRole('tab', { name: 'What counts' }).click();
  await page.getByRole('checkbox', { name: 'Visit note: Planning and execution' }).uncheck();
  await page.getByLabel('Getting to yes', { exact: true }).fill('2');

  await page.getByRole('tab', { name: 'Preview' }).click();
  await expect(widget.competency(page, 'negotiation')).toContainText('Getting to yes');
  await expect(widget.competency(page, 'planning')).toContainText('Does not count here');

  await page.getByRole('tab', { name: 'Versions and saving' }).click();
  await page.getByRole('textbox', { name: 'What changed' }).fill('Negotiation has our own name.');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as version 1' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('rubric-1.json');
  await expect(page.getByText('no changes that are not saved')).toBeVisible();
  await expect(page.locator('#snippet')).toHaveValue('<sales-mirror rubric="rubric-1.json"></sales-mirror>');
  const content = await readFile(await download.path(), 'utf8');
  const saved = JSON.parse(content) as Rubric & { editions: { note: string }[] };
  expect([saved.weights, saved.editions.map(({ note }) => note)]).toEqual([
    { negotiation: 2 },
    ['Negotiation has our own name.'],
  ]);

  site.fault = (request, response) => {
    if (request.url !== '/rubric-1.json') return false;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(content);
    return true;
  };
  await page.goto(site.url);
  await page.locator('sales-mirror').evaluate((element) => {
    element.setAttribute('self-rating', 'off');
    element.setAttribute('kind', 'visit_note');
    element.setAttribute('rubric', 'rubric-1.json');
  });
  await assess(page, EN);
  await expect(widget.competency(page, 'negotiation')).toContainText('Getting to yes');
  await expect(widget.competency(page, 'planning')).toContainText('Does not count here');
  const levels = async () => (await current(page))?.competencies.map(({ level }) => level !== null);
  const planning = saved.competencies.findIndex(({ id }) => id === 'planning');
  expect((await levels())?.[planning]).toBe(false);
  // Any other kind of text counts it.
  await page.getByRole('combobox', { name: 'Type of text' }).selectOption('email');
  await expect.poll(async () => (await levels())?.[planning]).toBe(true);
});
