/**
 * The part of the page where a person sees which levels would be sent to the learning platform, and agrees to it or does
 * not. Nothing is sent without the ticked box and the button, and what is sent is what the table shows. Where the levels
 * come from is left to learning.ts.
 */
import type { LevelsThatCount } from '../report/counted';
import { comma, number, translated, type Code } from '../languages/text';
import { asPlatformError, note, type Platform, type PlatformError, type SentLevel } from './platform';
import { WORDS } from './words';

/** The levels to send: of the competencies that the text shows, and of an account of the writer's own work only. */
export function sendable({ accepted, rubric, scale, competencies }: LevelsThatCount): readonly SentLevel[] {
  if (!accepted) return [];
  return competencies.flatMap(({ id, name, level }) =>
    level === null
      ? []
      : [{ id: `${rubric}.${id}`, name, level: Number(number(level)), min: scale.min, max: scale.max }],
  );
}

/** What the page has for it in its HTML, by id. */
function find(id: string): HTMLElement;
function find<T extends Element>(id: string, type: new () => T): T;
function find(id: string, type: new () => Element = HTMLElement): Element {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new TypeError(`the page has no element #${id} of the type ${type.name}`);
}

export class Share {
  private counted: LevelsThatCount | undefined;
  private readonly sent = new Map<string, SentLevel>();
  private at: Date | undefined;
  private failure: PlatformError | undefined;
  private sending = false;
  private readonly consent = find('consent', HTMLInputElement);

  /** @param onSent is called after levels were sent */
  constructor(
    private readonly platform: Platform,
    private language: Code,
    private readonly onSent: () => void,
  ) {
    this.consent.checked = false;
    this.consent.addEventListener('change', () => {
      this.show();
    });
    find('send').addEventListener('click', () => void this.send());
    find('share').hidden = false;
    this.show();
  }

  /** Shows other levels. The person has not agreed to send these. */
  offer(counted: LevelsThatCount): void {
    const before = this.counted ? sendable(this.counted) : [];
    this.counted = counted;
    if (JSON.stringify(sendable(counted)) !== JSON.stringify(before)) this.consent.checked = false;
    this.show();
  }

  speak(language: Code): void {
    this.language = language;
    this.show();
  }

  private get levels(): readonly SentLevel[] {
    return this.counted ? sendable(this.counted) : [];
  }

  private async send(): Promise<void> {
    const { levels } = this;
    if (!this.consent.checked || this.sending || levels.length === 0) return;
    this.sending = true;
    this.failure = undefined;
    this.show();
    try {
      await this.platform.send(levels, this.language);
      for (const level of levels) this.sent.set(level.id, level);
      this.at = new Date();
      this.onSent();
      // What comes next is another decision.
      this.consent.checked = false;
    } catch (thrown) {
      this.failure = asPlatformError(thrown);
      console.warn('the levels were not sent', this.failure);
    }
    this.sending = false;
    this.show();
  }

  private show(): void {
    const words = WORDS[this.language];
    const { levels, counted } = this;
    const say = (id: string, text: string) => {
      const element = find(id);
      // A status is read again when it is written again.
      if (element.textContent !== text) element.textContent = text;
      element.hidden = text === '';
    };
    say('share-title', words.shareTitle);
    say('share-lead', words.shareLead);
    say('share-empty', levels.length ? '' : words.shareEmpty);
    find('offer').hidden = levels.length === 0;
    if (counted && levels.length) {
      say('share-file', counted.from === 'file' ? words.fromFile : '');
      say('recipient', words.recipient(this.platform.recipient));
      const { min, max } = counted.scale;
      say('contents', words.contents(min, max, this.platform.notes ? note[this.language] : ''));
      say('head-competency', words.competency);
      say('head-level', words.level);
      this.fill(counted, levels);
    }
    say('consent-label', words.consent);
    const button = find('send', HTMLButtonElement);
    button.textContent = this.sending ? words.sending : words.send;
    button.disabled = !this.consent.checked || this.sending;
    const same = levels.every((level) => this.sent.get(level.id)?.level === level.level);
    const time = this.at?.toLocaleTimeString(this.language === 'zh' ? 'zh-CN' : 'en-GB', {
      timeStyle: 'short',
    });
    say('sent', time ? `${words.sent(time)}${same ? '' : ` ${words.changed}`}` : '');
    say('share-trouble', this.failure ? words.failed[this.failure.code] : '');
  }

  private fill({ competencies, rubric }: LevelsThatCount, levels: readonly SentLevel[]): void {
    const words = WORDS[this.language];
    const rows = levels.map(({ id, name, level }) => {
      const row = document.createElement('tr');
      const head = document.createElement('th');
      head.scope = 'row';
      const code = document.createElement('code');
      code.textContent = id;
      head.append(translated(name, this.language), code);
      const cell = document.createElement('td');
      cell.append(number(level));
      const { decided } = competencies.find((entry) => `${rubric}.${entry.id}` === id) ?? {};
      if (decided) {
        const mark = document.createElement('small');
        mark.textContent = words.decided;
        cell.append(' ', mark);
      }
      row.append(head, cell);
      return row;
    });
    find('levels').replaceChildren(...rows);
    const absent = competencies.filter(({ id }) => !levels.some((level) => level.id === `${rubric}.${id}`));
    const isKept = ({ id }: { readonly id: string }) => this.sent.has(`${rubric}.${id}`);
    const names = (entries: typeof absent) =>
      entries.map(({ name }) => translated(name, this.language)).join(comma(this.language));
    const [kept, never] = [absent.filter(isKept), absent.filter((entry) => !isKept(entry))];
    const lines = [
      ...(never.length ? [words.notShown(names(never))] : []),
      ...(kept.length ? [words.stays(names(kept))] : []),
    ];
    find('not-shown').textContent = lines.join(' ');
  }
}
