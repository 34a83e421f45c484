/** What the marks cost while a person types in a text of 200 kB. */
import { assess, EN, expect, open, test, widget } from './site';

for (const [kind, separator] of [
  ['paragraphs', '\n\n'],
  ['a single paragraph', ' '],
] as const) {
  test(`typing in 200 kB of ${kind} blocks the page for no longer than 50 ms`, async ({ page, site }) => {
    await open(page, site);
    await page.getByRole('button', { name: 'Pause live assessment' }).click();
    const text = Array.from({ length: Math.ceil(200_000 / EN.length) }, (_, i) => `Visit ${i}. ${EN}`).join(
      separator,
    );
    await assess(page, text);
    await expect(widget.result(page)).toBeVisible({ timeout: 600_000 });
    const input = widget.input(page);
    await input.focus();
    await page.waitForTimeout(3_000);
    await page.evaluate(() => {
      const tasks: number[] = [];
      const keys: number[] = [];
      Object.assign(window, { tasks, keys });
      const observe = (durations: number[], options: PerformanceObserverInit) => {
        new PerformanceObserver((list) => {
          durations.push(...list.getEntries().map(({ duration }) => duration));
        }).observe(options);
      };
      observe(tasks, { type: 'longtask' });
      observe(keys, { type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    });
    for (const place of [0, 0.5, 1]) {
      await input.evaluate((field: HTMLTextAreaElement, place) => {
        const caret = Math.round(place * field.value.length);
        field.setSelectionRange(caret, caret);
      }, place);
      await page.keyboard.type('He signed.', { delay: 100 });
    }
    await page.waitForTimeout(500);
    const figures = await page.evaluate(() => {
      const { tasks, keys } = window as unknown as Record<'tasks' | 'keys', number[]>;
      return { tasks, slowestKey: Math.max(0, ...keys) };
    });
    console.log(kind, JSON.stringify(figures));
    expect(figures.tasks).toEqual([]);
  });
}
