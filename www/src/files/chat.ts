/**
 * Leaves out of an exported WhatsApp chat what stands in the place of media: these lines are nobody's words. Who said the
 * rest is found where the text is assessed.
 */

/** The day and the time that begin a message: "[05/03/2025, 10:14:33] " on an iPhone, "05/03/2025, 10:14 - " elsewhere. */
const TIME = String.raw`\d{1,4}[./年-]\s?\d{1,2}[./月-]\s?\d{1,4}日?,?\s+(?:[上下]午\s?)?\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[ap]\.?\s?m\.?)?`;
const MESSAGE = new RegExp(
  String.raw`^\u200e?(?:\[${TIME}\]\s|${TIME}\s-\s)([^:：]{1,100})[:：]\s?(.*)$`,
  'i',
);

/** The line itself, in the languages that are read, as different versions of WhatsApp write it. */
const MEDIA = [
  /^<media omitted>$/i,
  /^(image|video|audio|gif|sticker|document|contact card|video note|voice message) omitted$/i,
  /^<attached: [^>]+>$/i,
  /^.{1,200}\.\w{2,5} \((file attached|档案已附加|文件附件|附件档案|檔案已附加|附件檔案)\)$/i,
  /^.{1,200}\.\w{2,5} • .{0,40} (document|文件) (omitted|已忽略|已略去|已省略)$/i,
  /^<?(已?(省略|忽略|略去))(图片|圖片|照片|影片|视频|視訊|音频|音訊|语音|語音|动图|貼圖|贴图|文件|檔案|多媒体文件|多媒體檔案|媒体|媒體|影音内容|影音內容)>?$/,
  /^<?(图片|圖片|照片|影片|视频|視訊|音频|音訊|语音|語音|GIF|动图|貼圖|贴图|文件|檔案|多媒体文件|多媒體檔案|媒体文件|媒体|媒體|影音内容|影音內容)(已?(省略|忽略|略去))>?$/i,
  /^<附件[:：]\s?[^>]+>$/,
];

/** A text is a chat if this many of its first lines, and at least this share of them, begin a message. */
const LINES = 2;
const SHARE = 0.3;
const HEAD = 50;

export interface Chat {
  readonly text: string;
  /** The number of lines that were left out. */
  readonly count: number;
}

/** A text that is no exported chat comes back as it is. */
export function withoutMedia(text: string): Chat {
  const lines = text.split('\n');
  const head = lines.slice(0, HEAD);
  const messages = head.filter((line) => MESSAGE.test(line)).length;
  if (messages < LINES || messages < SHARE * head.length) return { text, count: 0 };
  const kept = lines.filter((line) => !isMedia(line));
  return { text: kept.join('\n').trim(), count: lines.length - kept.length };
}

function isMedia(line: string): boolean {
  const said = MESSAGE.exec(line.trimEnd())?.[2];
  // WhatsApp writes marks of direction around what it adds itself.
  const plain = said?.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  return plain !== undefined && MEDIA.some((form) => form.test(plain));
}
