/** For tests: text files in every encoding that offices write, made of the labelled reports. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { Converter } from 'opencc-js';
import type { Encoding } from '../../files/encoding';

export interface EncodedFile {
  readonly label: string;
  readonly encoding: Encoding | 'shift_jis';
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Files of each kind. */
const EACH = 40;

const JAPANESE = [
  '先週の水曜日、大阪の工場を訪問しました。課長は「価格が高い」とおっしゃいましたが、停止時間の損失について質問しました。',
  '来週までに見積書を送ります。',
  '本日の商談では、まずお客様の課題を確認した。設備の故障が月二回あり、復旧に四時間かかる。',
  '値引きを求められたので、三年契約を条件に五パーセントを提案しました。',
  'クレームの電話を受け、すぐに工場へ連絡し、代替部品を翌日に届けた。お客様からは感謝の言葉をいただいた。',
  '展示会で名刺を百二十枚集めた。カタログを送付し、アポイントを取る。',
  '失注の原因は、競合の納期が短かったこと。次回は早めに確認する。',
  '部長が同席し、決裁者の関心を聞き出した。',
];

/** What Windows-1252 is used for: typographic quotes, dashes, the euro and accents. */
const WESTERN = [
  'The customer’s CFO said “no” – I asked why. Café, €50k',
  'The visit to José’s plant in São Paulo went well; he signed for £12k.',
  'Herr Schröder à la carte: 5% off, naïve plan.',
  'Zoë’s team – 3 people – wants a résumé of the offer.',
];

function reports(language: 'en' | 'zh'): string[] {
  const path = join(import.meta.dirname, '../../../../data/reports/specified.jsonl');
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly lang: string; readonly text: string })
    .filter(({ lang }) => lang === language)
    .map(({ text }) => text);
}

/** As a word processor sets it. */
const typographic = (text: string) =>
  text
    .replaceAll("'", '’')
    .replace(/"([^"]*)"/g, '“$1”')
    .replaceAll(' - ', ' – ')
    .replaceAll('$', '€');

/** A quarter of the texts are a sentence, a quarter a paragraph, the others whole. */
const cut = (text: string, i: number) => text.slice(0, [60, 200, Infinity, Infinity][i % 4]);

/** Replaces up to three bytes, as a broken disk or a cut-off field does. */
function damaged(text: string, i: number): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(text));
  const count = 1 + (i % 3);
  for (let k = 1; k <= count; k++)
    bytes[Math.floor((k * bytes.length) / (count + 1))] = [0xff, 0x80, 0xc3][(i + k) % 3] ?? 0xff;
  return bytes;
}

/** The same files at every call. */
export function encodedFiles(): EncodedFile[] {
  const chinese = reports('zh');
  const english = reports('en');
  const traditional = Converter({ from: 'cn', to: 'tw' });
  const files: EncodedFile[] = [];
  const add = (label: string, encoding: EncodedFile['encoding'], text: string, addBOM = false) => {
    files.push({ label, encoding, bytes: iconv.encode(text, encoding, { addBOM }), text });
  };
  for (let i = 0; i < EACH; i++) {
    const zh = cut(chinese[(7 * i) % chinese.length] ?? '', i);
    const en = typographic(cut(english[(7 * i) % english.length] ?? '', i));
    add('UTF-8, Chinese', 'utf-8', zh);
    add('UTF-8, English', 'utf-8', `${en} Café.`);
    files.push({ label: 'UTF-8 with bad bytes', encoding: 'utf-8', bytes: damaged(zh, i), text: zh });
    add('GB 18030', 'gb18030', zh);
    add('Big5', 'big5', traditional(zh));
    for (const encoding of ['utf-16le', 'utf-16be'] as const) {
      add(`${encoding} with a mark`, encoding, i % 2 ? zh : en, true);
      add(`${encoding} without a mark`, encoding, i % 2 ? zh : en);
    }
    add('Windows-1252', 'windows-1252', WESTERN[i] ?? `${en} Café.`);
    add('Shift-JIS', 'shift_jis', (JAPANESE[i % 8] ?? '') + (i < 8 ? '' : (JAPANESE[(3 * i) % 8] ?? '')));
  }
  return files;
}
