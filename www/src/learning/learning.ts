/**
 * The page of a content package: `<sales-mirror>` in a course of a learning platform. It opens and ends the session, and
 * reports that the activity is completed when the person has seen the first assessment of a text of their own. It never
 * reports a pass or a fail, because an assessment is no test. Levels are left to share.ts.
 */
import type { EventOf } from '../component/events';
import { strings } from '../languages';
import type { Code } from '../languages/text';
import type { LevelsThatCount } from '../report/counted';
import { TEXTS } from '../samples/texts';
import type { SalesMirror } from '../sales-mirror/sales-mirror';
import { isAnother } from '../typing/typing';
import { connectCmi5 } from './cmi5';
import { asPlatformError, STANDARDS, type Platform, type PlatformError } from './platform';
import { connectScorm } from './scorm';
import { Share } from './share';
import { WORDS } from './words';

/** Whether a text is not one of the samples, nor one of them with a few changes. */
export const isOwn = (text: string): boolean =>
  Object.values(TEXTS).every((sample) => isAnother(sample, text));

/** Whether the levels that are shown complete the activity: those of an account, in a text of the person's own. */
export const completes = (
  { from, accepted }: Pick<LevelsThatCount, 'from' | 'accepted'>,
  text: string,
): boolean => from === 'text' && accepted && isOwn(text);

function connect(): Promise<Platform> {
  const named = document.querySelector<HTMLMetaElement>('meta[name=salesmirror-standard]')?.content;
  const standard = STANDARDS.find((known) => known === named) ?? 'scorm12';
  return standard === 'cmi5'
    ? connectCmi5()
    : new Promise((done) => {
        done(connectScorm(standard));
      });
}

/** The line at the top, which says what is reported, and what went wrong. */
class Status {
  private platform: Platform | undefined;
  private failure: PlatformError | undefined;
  private shared = false;
  private readonly line = document.querySelector('#status');
  private readonly again = document.querySelector<HTMLButtonElement>('#again');
  private readonly back = document.querySelector<HTMLButtonElement>('#back');

  constructor(
    private language: Code,
    retry: () => void,
    leave: () => void,
  ) {
    this.again?.addEventListener('click', retry);
    this.back?.addEventListener('click', leave);
  }

  speak(language: Code): void {
    this.language = language;
    this.show();
  }

  /** Shows what the platform knows, and what the last attempt to tell it came to. */
  tell(platform: Platform | undefined, failure?: PlatformError, shared = this.shared): void {
    Object.assign(this, { platform, failure, shared });
    this.show();
  }

  private get text(): string {
    const words = WORDS[this.language];
    const { platform, failure } = this;
    if (failure) return words.failed[failure.code];
    if (!platform) return words.connecting;
    if (!platform.records) return words.notRecorded;
    if (!platform.completed) return words.open;
    return this.shared ? words.completeSent : words.complete;
  }

  private show(): void {
    const words = WORDS[this.language];
    if (this.line && this.line.textContent !== this.text) this.line.textContent = this.text;
    if (this.again) {
      this.again.hidden = !['unreachable', 'refused'].includes(this.failure?.code ?? '');
      this.again.textContent = words.retry;
    }
    if (this.back) {
      this.back.hidden = this.platform?.returnTo === undefined;
      this.back.textContent = words.back;
    }
  }
}

function run(widget: SalesMirror): void {
  /** Whether whoever made the package has set the language. */
  const fixed = widget.hasAttribute('lang');
  // The element takes it from here, and is not yet defined.
  document.documentElement.lang ||= strings(navigator.language).code;
  const language = () => strings(widget.getAttribute('lang') ?? document.documentElement.lang).code;
  let platform: Platform | undefined;
  let share: Share | undefined;
  let shown: LevelsThatCount | undefined;
  /** Whether the person has done what completes the activity. */
  let done = false;

  const open = async (): Promise<void> => {
    status.tell(undefined);
    try {
      platform = await connect();
    } catch (thrown) {
      const failure = asPlatformError(thrown);
      console.warn('there is no session with a learning platform', failure);
      status.tell(undefined, failure);
      return;
    }
    const own = platform;
    if (!fixed && own.language) widget.setAttribute('lang', strings(own.language).code);
    status.tell(own);
    if (own.records)
      share = new Share(own, language(), () => {
        status.tell(own, undefined, true);
      });
    if (shown) share?.offer(shown);
    await report();
  };

  /** Reports the completion, if it is due. */
  const report = async (): Promise<void> => {
    if (!done || !platform?.records || platform.completed) return;
    try {
      await platform.complete();
      status.tell(platform);
    } catch (thrown) {
      const failure = asPlatformError(thrown);
      console.warn('the completion was not reported', failure);
      status.tell(platform, failure);
    }
  };

  const leave = (): void => {
    const to = platform?.returnTo;
    platform?.end();
    if (to !== undefined) location.assign(to);
  };

  const status = new Status(language(), () => void (platform ? report() : open()), leave);

  const adopt = (): void => {
    const code = language();
    document.documentElement.lang = code;
    document.title = document.title || WORDS[code].title;
    status.speak(code);
    share?.speak(code);
  };
  new MutationObserver(adopt).observe(widget, { attributeFilter: ['lang'] });
  adopt();

  widget.addEventListener('sales-mirror-levels', ({ detail }: EventOf<'sales-mirror-levels'>) => {
    if (detail.from === 'file' || isOwn(widget.text)) {
      shown = detail;
      share?.offer(detail);
    }
    done ||= completes(detail, widget.text);
    void report();
  });

  window.addEventListener('pagehide', () => {
    platform?.end();
  });
  // The browser may bring the page back as it was left, but its session is over.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload();
  });
  void open();
}

const widget = document.querySelector('sales-mirror');
if (widget) run(widget);
