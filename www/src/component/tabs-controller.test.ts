import { render } from 'lit';
import { expect, test } from 'vitest';
import { strings } from '../languages';
import { TABS } from '../sales-mirror/mode';
import { FakeHost } from '../testing/host';
import { TabsController } from './tabs-controller';

class Host extends FakeHost {
  override readonly renderRoot = document.createElement('div');
}

function setUp() {
  const host = new Host();
  document.body.append(host.renderRoot);
  const subject = new TabsController(host, TABS);
  const draw = () => {
    render(subject.render('Views', strings('en').tabs), host.renderRoot);
    return [...host.renderRoot.querySelectorAll('button')];
  };
  return { host, subject, draw };
}

test('a click chooses a tab, and only the chosen one is in the order of the Tab key', () => {
  const { subject, draw } = setUp();
  const [, plan] = draw();
  plan?.click();
  expect(subject.chosen).toBe('plan');
  expect(
    draw().map((tab) => [tab.textContent.trim(), tab.tabIndex, tab.getAttribute('aria-selected')]),
  ).toEqual([
    ['Report', -1, 'false'],
    ['Plan', 0, 'true'],
    ['History', -1, 'false'],
  ]);
});

test('arrows go round, and take the focus along', async () => {
  const { host, subject, draw } = setUp();
  draw();
  const bar = host.renderRoot.querySelector('[role=tablist]');
  const press = async (key: string) => {
    bar?.dispatchEvent(new KeyboardEvent('keydown', { key }));
    draw();
    await Promise.resolve();
    await Promise.resolve();
    return [subject.chosen, document.activeElement?.id];
  };
  expect(await press('ArrowLeft')).toEqual(['history', 'tab-history']);
  expect(await press('ArrowRight')).toEqual(['report', 'tab-report']);
  expect(await press('a')).toEqual(['report', 'tab-report']);
});

test('what was never looked at is not made', () => {
  const { subject } = setUp();
  expect([subject.wasSeen('report'), subject.wasSeen('plan')]).toEqual([true, false]);
  subject.choose('plan');
  subject.choose('report');
  expect(subject.wasSeen('plan')).toBe(true);
});
