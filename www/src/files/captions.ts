/** Reads captions of recorded calls, WebVTT and SubRip, as a conversation: "Name: what was said". */
import { decodeText } from './text-file';
import { isOpen, type Choices, type Reading } from './reading';

interface Turn {
  readonly speaker: string;
  text: string;
}

/** The speaker in a voice tag of WebVTT, or before a colon as Zoom and Teams write it in SubRip. */
const VOICE = /^<v(?:\.[^ >]*)?\s+([^>]{1,200})>/i;
const NAME = /^([\p{L}][\p{L}\p{M}\p{N} .'’_-]{0,40}?)\s*[:：]\s*/u;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  lrm: '',
  rlm: '',
};

/** What is said in captions, a line for each turn. Times, numbers, notes and styles are left out. */
export function spoken(captions: string): string {
  const turns: Turn[] = [];
  for (const block of captions.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = block.split('\n');
    const time = lines.findIndex((line) => line.includes('-->'));
    if (time === -1) continue;
    for (const line of lines.slice(time + 1)) say(turns, line.trim());
  }
  return turns.map(({ speaker, text }) => (speaker ? `${speaker}: ${text}` : text)).join('\n');
}

/** Adds a line of captions to the turn before, or begins a turn if somebody else speaks. */
function say(turns: Turn[], line: string): void {
  const voice = VOICE.exec(line)?.[1]?.trim();
  const plain = line
    .replace(/<[^<>]*>/g, '')
    .replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .trim();
  const named = voice === undefined ? NAME.exec(plain) : null;
  const text = plain.slice(named?.[0].length ?? 0);
  if (!text) return;
  const last = turns.at(-1);
  const speaker = voice ?? named?.[1] ?? last?.speaker ?? '';
  if (last?.speaker !== speaker) turns.push({ speaker, text });
  else last.text += joint(last.text, text) + text;
}

/** Chinese has no spaces between words. */
function joint(before: string, after: string): string {
  // Two code units, as some characters have; the whole turn would be searched again for each line.
  return /\p{Script=Han}$|[，。！？]$/u.test(before.slice(-2)) || /^\p{Script=Han}/u.test(after) ? '' : ' ';
}

export function readCaptions(bytes: Uint8Array, name: string, choices: Choices): Reading {
  const { text, notes, questions } = decodeText(bytes, choices);
  return { texts: isOpen(questions) ? [] : [{ name, text: spoken(text) }], notes, questions };
}
