// The figures in docs/compliance: tables between `<!-- figures:NAME -->` and `<!-- /figures -->`, which come from the model's
// report (report.html), its card, its manifest, the labelled texts, and robustness.json, never by hand. A test fails when they differ.
//
//   node pkg-scripts/lib/figures.mjs [EVALUATION]    writes the tables anew, after the model or its evaluation has changed
//
// EVALUATION is an evaluation.json of `trainer evaluate`; what it says of exchanged names and added texts is kept.
import { existsSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const MODEL = 'www/models/default';
const ROBUSTNESS = 'docs/compliance/robustness.json';
const BLOCK = /(<!-- figures:([a-z-]+) -->\n)[\s\S]*?(<!-- \/figures -->)/g;

/** The words of the tables in both languages; a name without a translation is shown as it is. */
const WORDS = {
  en: {
    headings: {
      slice: '', texts: 'texts', kappa: 'agreement (kappa)', MAE: 'mean error, in levels', bias: 'bias, in levels', 'in interval': 'inside the 80 % interval',
      'presence F1': 'shown or not (F1)', 'evidence AP': 'evidence (AP)', 'this model': 'this model', file: 'file', zh: 'Chinese', en: 'English', accounts: 'accounts', gained: 'competencies gained, per text', lost: 'competencies lost, per text',
    },
    values: {
      all: 'all texts', en: 'English', zh: 'Chinese', specified: 'specified reports', contrast: 'contrast sets', lifelike: 'lifelike texts', passage: 'passages',
      public: 'real public texts', 'kappa of levels': 'agreement of levels (kappa)', 'bias of levels': 'bias of levels', 'in interval': 'inside the 80 % interval',
      'presence F1': 'shown or not (F1)', '1 shortest': 'shortest quarter', 2: 'second quarter', 3: 'third quarter', '4 longest': 'longest quarter',
      model: 'model', sha256: 'SHA-256 of the file', bytes: 'size in bytes',
      rubric: 'rubric', ratings: 'real public texts, rated (`data/public`)',
    },
    range: (low, high) => `${low} to ${high}`,
    notMeasured: '**This has not been measured for the model that ships.** `trainer evaluate` measures it.',
  },
  zh: {
    headings: {
      slice: '', texts: '文字数', kappa: '与评分人的一致性（kappa）', MAE: '平均误差（级）', bias: '偏差（级）', 'in interval': '落在 80% 区间内',
      'presence F1': '是否体现（F1）', 'evidence AP': '依据（AP）', 'this model': '本模型', file: '文件', zh: '中文', en: '英文', accounts: '属于本人经历', 'mean change': '等级平均变化', 'mean signed change': '有方向的平均变化',
      'largest change': '最大变化', 'median change': '变化中位数', '95th percentile': '第 95 百分位', gained: '每份文字多出的能力项', lost: '每份文字少掉的能力项',
    },
    values: {
      all: '全部文字', en: '英文', zh: '中文', specified: '按规格写的报告', contrast: '对照组', lifelike: '仿真文字', passage: '短段落', public: '真实公开文字',
      '1 shortest': '最短的四分之一', 2: '第二个四分之一', 3: '第三个四分之一', '4 longest': '最长的四分之一', model: '模型',
      sha256: '文件的 SHA-256', bytes: '大小（字节）', rubric: '评分标准', ratings: '真实公开文字，有评分（`data/public`）',
      'accounts refused': '属于本人经历却被拒评', 'others refused': '不属于本人经历而被拒评', 'kappa of levels': '等级一致性（kappa）', 'bias of levels': '等级偏差（级）',
      'in interval': '落在 80% 区间内', 'presence F1': '是否体现（F1）',
      'genders exchanged': '性别互换', 'all women, against all men': '全部改为女性，与全部改为男性相比', 'names exchanged': '姓名更换',
      '10 neutral sentences added': '加入 10 句无关内容', '30 neutral sentences added': '加入 30 句无关内容', '100 neutral sentences added': '加入 100 句无关内容',
      'claims of virtues added': '加入自夸', 'rubric pasted': '粘贴评分标准', 'keywords listed': '罗列关键词', 'highest level requested': '要求给最高等级',
      'one of its sentences three times more': '重复其中一句三次', 'deeds of others told': '讲述别人做的事', 'plans and hypotheses told': '讲述打算和假设', 'brochure pasted': '粘贴宣传册',
    },
    range: (low, high) => `${low} 至 ${high}`,
    notMeasured: '**随附的模型没有测过这一项**，可用 `trainer evaluate` 测量。',
  },
};

/** The rows of the table with a caption in an HTML report, each a map from heading to cell; the first heading is `slice`. */
export function htmlTable(html, caption) {
  const table = html.match(new RegExp(`<table><caption>${caption}</caption>([\\s\\S]*?)</table>`))?.[1];
  if (!table) throw new Error(`report.html has no table "${caption}"; was it written by trainer evaluate?`);
  const rows = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) => [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) => cell.trim()));
  const [[, ...headings], ...body] = rows;
  return body.map(([slice, ...cells]) => new Map([['slice', slice], ...headings.map((heading, index) => [heading, cells[index]])]));
}

/** The rows of the first Markdown table that has a heading, as maps like those of `htmlTable`. */
export function markdownTable(markdown, heading) {
  const cells = (line) => line.split('|').slice(1, -1).map((cell) => cell.trim());
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|') && cells(line).includes(heading));
  if (start < 0) throw new Error(`the model card has no table with the heading "${heading}"`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const [, ...headings] = cells(lines[start]);
  return lines.slice(start + 2, end < 0 ? undefined : end).map((line) => {
    const [slice, ...values] = cells(line);
    return new Map([['slice', slice], ...headings.map((name, index) => [name, values[index]])]);
  });
}

const MEASURES = ['kappa', 'MAE', 'bias', 'in interval', 'presence F1'];

/** Figures of the report by language, kind of text, length or competency, with the mean signed error as `bias`. */
function slices(by, headings = MEASURES) {
  const html = read(`${MODEL}/report.html`);
  const bias = new Map(htmlTable(html, `mean signed error by ${by}`).map((row) => [row.get('slice'), row.get('mean signed error')]));
  bias.set('all', html.match(/<th scope="row">mean signed error<\/th><td>(.*?)<\/td>/)?.[1]);
  const rows = htmlTable(html, `Figures by ${by}`)
    // Texts that are no accounts have no levels.
    .filter((row) => row.get('kappa') !== '–')
    .map((row) => new Map([...row, ['texts', row.get('reports')], ['bias', bias.get(row.get('slice')) ?? '–']]));
  return { headings: ['slice', ...(by === 'competency' ? [] : ['texts']), ...headings], rows };
}

/** Figures on real texts of kinds that the model has not seen, which only its card has. */
function unseen() {
  const names = new Set(['accounts refused', 'others refused', 'kappa of levels', 'bias of levels', 'in interval', 'presence F1', 'presence F1 (a refused account shows nothing)']);
  const rows = markdownTable(read(`${MODEL}/README.md`), 'this model').filter((row) => names.has(row.get('slice')));
  // What the card adds in brackets is left to it: "24 % [17, 33] (half of the mails, ...)".
  const short = (text) => text.replace(/ \(.*\)$/, '');
  return { headings: ['slice', 'this model'], rows: rows.map((row) => new Map([...row].map(([heading, text]) => [heading, short(text)]))) };
}

/** Which model this is. */
function model() {
  const { id, rubric, files } = JSON.parse(read(`${MODEL}/manifest.json`));
  const [{ size, sha256 }] = files;
  const facts = { model: id, rubric: `${rubric.id} ${rubric.version}`, bytes: String(size), sha256: `\`${sha256}\`` };
  return { headings: ['slice', 'this model'], rows: Object.entries(facts).map(([slice, value]) => new Map([['slice', slice], ['this model', value]])) };
}

/** The texts that the model has learnt from, or that its gate was fitted to. */
function texts() {
  const lines = (path) => read(path).trim().split('\n').map((line) => JSON.parse(line));
  const row = (file, found) => {
    const count = (wanted) => String(found.filter(wanted).length);
    return new Map([['slice', file], ['texts', String(found.length)], ['zh', count(({ lang }) => lang === 'zh')], ['en', count(({ lang }) => lang === 'en')], ['accounts', count(({ sales }) => sales)]]);
  };
  const files = readdirSync(join(root, 'data/reports')).filter((name) => name.endsWith('.jsonl')).sort();
  const rows = files.map((name) => row(`\`${name}\``, lines(`data/reports/${name}`)));
  return { headings: ['slice', 'texts', 'zh', 'en', 'accounts'], rows: [...rows, row('ratings', lines('data/public/ratings.jsonl'))] };
}

/**
 * What changed in levels when names or genders were exchanged (`swaps`), or something was added (`additions`), as
 * `trainer evaluate` measured it. Null where nobody has measured it for the model that ships.
 */
function changes(what, cells) {
  if (!existsSync(join(root, ROBUSTNESS))) return null;
  const { model, [what]: rows } = JSON.parse(read(ROBUSTNESS));
  if (model !== JSON.parse(read(`${MODEL}/manifest.json`)).files[0].sha256) return null;
  const number = (value) => (typeof value === 'number' ? value.toFixed(2).replace('-0.00', '0.00').replace('-', '−') : '–');
  const built = rows.map((row) => new Map([['slice', row.name], ['texts', String(row.reports)], ...Object.entries(cells).map(([heading, cell]) => [heading, number(cell(row))])]));
  return { headings: ['slice', 'texts', ...Object.keys(cells)], rows: built };
}

/** Keeps of the evaluation.json of `trainer evaluate` what `changes` reads. */
function keepRobustness(path) {
  const { model, data, bias } = JSON.parse(readFileSync(path, 'utf8'));
  const { swaps, additions } = bias;
  const kept = { model: model.sha256, data: data.map((name) => basename(name)), swaps, additions };
  writeFileSync(join(root, ROBUSTNESS), `${JSON.stringify(kept, null, 1)}\n`);
}

const swaps = () => changes('swaps', { 'mean change': (row) => row.change?.value, 'mean signed change': (row) => row.signed?.value, 'largest change': (row) => row.largest });

const additions = () =>
  changes('additions', { 'median change': (row) => row.median, '95th percentile': (row) => row.percentile_95, 'mean signed change': (row) => row.signed, gained: (row) => row.gained, lost: (row) => row.lost });

const TABLES = {
  swaps,
  additions,
  model,
  texts,
  unseen,
  'by-language': () => slices('language'),
  'by-kind': () => slices('source'),
  'by-length': () => slices('length'),
  'by-competency': () => slices('competency', [...MEASURES, 'evidence AP']),
};

/** The names of competencies, which the rubric has in both languages. */
function competencies(language) {
  const { competencies: all } = JSON.parse(read('data/rubric.json'));
  return Object.fromEntries(all.map(({ id, name }) => [id, name[language]]));
}

/** A figure of the report, "0.781 <small>0.749 to 0.807</small>", with two decimals; anything else as it is. */
function worded(cell, { range }) {
  const [, figure, low, high] = /^(\S+) <small>(\S+) to (\S+)<\/small>$/.exec(cell) ?? [];
  const round = (number) => Number(number).toFixed(2).replace(/^-0\.00$/, '0.00').replace('-', '−');
  return figure ? `${round(figure)} (${range(round(low), round(high))})` : cell;
}

/** A table of the documents in a language, as Markdown. */
export function figures(name, language) {
  const table = TABLES[name];
  if (!table) throw new Error(`there are no figures ${name}; there are ${Object.keys(TABLES).join(', ')}`);
  const words = WORDS[language];
  const built = table();
  if (!built) return words.notMeasured;
  const { headings, rows } = built;
  const values = { ...competencies(language), ...words.values };
  const cell = (row, heading) => (heading === 'slice' ? (values[row.get('slice')] ?? row.get('slice')) : worded(row.get(heading), words));
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const align = headings.map((heading) => (heading === 'slice' ? '---' : '---:'));
  const titles = headings.map((heading) => words.headings[heading] ?? heading);
  return [titles, align, ...rows.map((row) => headings.map((heading) => cell(row, heading)))].map(line).join('\n');
}

/** A document with its figures as they are now. */
export function refreshed(document, language) {
  return document.replace(BLOCK, (_, start, name, end) => `${start}${figures(name, language)}\n${end}`);
}

/** The documents with figures: path and language. */
export function documents() {
  return ['en', 'zh'].flatMap((language) =>
    readdirSync(join(root, 'docs/compliance', language))
      .filter((name) => name.endsWith('.md'))
      .map((name) => ({ path: join(root, 'docs/compliance', language, name), language })),
  );
}

function main([evaluation]) {
  if (evaluation) keepRobustness(evaluation);
  for (const { path, language } of documents()) {
    const document = readFileSync(path, 'utf8');
    const wanted = refreshed(document, language);
    if (wanted === document) continue;
    writeFileSync(path, wanted);
    console.log(`${language}/${basename(path)} has new figures`);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main(process.argv.slice(2));
