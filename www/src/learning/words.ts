import type { Table } from '../languages/text';
import type { PlatformErrorCode } from './platform';

const en = {
  title: 'SalesMirror',
  connecting: 'Connecting to your learning platform',
  open: 'This activity is complete once you have seen what a text of your own shows. The samples do not count. Only the completion is reported, and how long the page was open: no text, no level and no score.',
  complete: 'Complete. Your learning platform knows that, and nothing else about your text.',
  completeSent:
    'Complete. Your learning platform has the levels that you sent, and nothing else about your text.',
  notRecorded: 'The page was opened to look at or to review, so nothing is reported.',
  retry: 'Try again',
  back: 'Back to the course',
  shareTitle: 'Send your levels to the learning platform?',
  shareLead:
    'You do not have to: the activity is complete either way. Your text and its evidence are never sent.',
  shareEmpty: 'Once there are levels, you see here what would be sent, and decide.',
  recipient: (host: string) => `To: ${host}, under the name with which you are signed in there.`,
  /** The ends of the scale, and the note that goes with each level. */
  contents: (min: number, max: number, note: string) =>
    `With each level go the name below that of the competency and the ends of the scale, ${min} and ${max}${note ? `, and this note: “${note}”` : '.'}`,
  competency: 'Competency',
  level: 'Level sent',
  decided: 'decided by a person',
  notShown: (names: string) => `Not in this text, so nothing is sent: ${names}.`,
  stays: (names: string) => `Not in this text. The platform keeps what you sent earlier: ${names}.`,
  fromFile: 'These are the levels of the file that a reviewer gave back to you.',
  consent: 'Yes, I want to send these levels',
  send: 'Send the levels',
  sending: 'Sending',
  sent: (time: string) =>
    `Sent at ${time}. To have them deleted, ask whoever runs the platform: they cannot be taken back from here.`,
  changed: 'The levels have changed since. Tick the box again to send the new ones.',
  failed: {
    no_platform:
      'The page was opened outside of a learning platform, so nothing is reported. Everything else works.',
    session_over:
      'The learning platform says that this session is over, so nothing more is reported. Open the activity again from your course.',
    launch_invalid:
      'The learning platform opened the page in a way that it does not understand, so nothing is reported. Tell whoever runs the platform.',
    unreachable: 'The learning platform does not answer. Check the connection and try again.',
    refused: 'The learning platform did not accept it. Try again, or tell whoever runs the platform.',
    levels_unsupported:
      'This learning platform has no place for levels, so none were sent. The completion is not affected.',
  } satisfies Record<PlatformErrorCode, string>,
};

export type Words = typeof en;

const zh: Words = {
  title: '销售镜 SalesMirror',
  connecting: '正在连接学习平台',
  open: '看到自己的一段文字的评估结果后，本活动即为完成，示例不算。只上报“已完成”和页面打开的时长，不上报文字、等级或分数。',
  complete: '已完成。学习平台已收到“已完成”，没有收到与你的文字有关的其他信息。',
  completeSent: '已完成。学习平台已收到你发送的等级，没有收到与你的文字有关的其他信息。',
  notRecorded: '本页以浏览或回顾方式打开，不会上报任何信息。',
  retry: '重试',
  back: '返回课程',
  shareTitle: '要把等级发送给学习平台吗？',
  shareLead: '不是必须的：无论是否发送，本活动都算完成。文字和依据始终不会发送。',
  shareEmpty: '有了等级之后，这里会列出将要发送的内容，由你决定是否发送。',
  recipient: (host) => `发送给：${host}，记在你登录该平台的账号下。`,
  contents: (min, max, note) =>
    `随每个等级发送的还有：能力下方的名称，等级的范围（${min} 至 ${max}）${note ? `，以及这条说明：“${note}”` : '。'}`,
  competency: '能力',
  level: '发送的等级',
  decided: '由人工确定',
  notShown: (names) => `这段文字未体现，不发送：${names}。`,
  stays: (names) => `这段文字未体现，平台仍保留你之前发送的等级：${names}。`,
  fromFile: '以下是评阅人交还给你的文件中的等级。',
  consent: '是的，我要发送这些等级',
  send: '发送等级',
  sending: '正在发送',
  sent: (time) => `已于 ${time} 发送。在这里无法撤回；如需删除，请联系学习平台的管理人员。`,
  changed: '等级在此之后有变化。如要发送新的等级，请重新勾选。',
  failed: {
    no_platform: '本页不是从学习平台打开的，不会上报任何信息。其他功能可照常使用。',
    session_over: '学习平台表示本次会话已结束，之后的内容不再上报。请从课程中重新打开本活动。',
    launch_invalid: '学习平台打开本页的方式无法识别，不会上报任何信息。请告知平台的管理人员。',
    unreachable: '学习平台没有响应。请检查网络连接后重试。',
    refused: '学习平台没有接受。请重试，或告知平台的管理人员。',
    levels_unsupported: '该学习平台无法存放等级，因此没有发送。完成状态不受影响。',
  },
};

export const WORDS: Table<Words> = { en, zh };
