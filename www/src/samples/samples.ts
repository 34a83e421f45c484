/**
 * Reports to try the widget with: train35-17, train07-09, train18-48 and train26-08 of data/reports. Like all reports
 * there they are fictional, and the model was trained on them: they demonstrate the page, not the model's accuracy. The
 * punctuation of the first Chinese one is full-width here.
 */

import type { Rubric } from '../engine/contract';
import type { Kind } from '../report/report';
import texts from './texts?chunk';

/** The rubric that the samples are made for, and so are the profiles and questions that ship. */
export const SHIPPED_RUBRIC = 'sales-competency';

export interface Sample {
  readonly language: 'en' | 'zh';
  readonly name: string;
  readonly kind: Kind;
}

export const SAMPLES: readonly Sample[] = [
  { language: 'en', name: 'Visit note', kind: 'visit_note' },
  { language: 'en', name: 'Interview answer', kind: 'interview_answer' },
  { language: 'zh', name: '周报', kind: 'weekly_report' },
  { language: 'zh', name: '丢单复盘', kind: 'loss_review' },
];

/** The text of a sample. It is fetched with the model. Rejects with a Failure if it does not arrive. */
export async function textOf({ name }: Sample): Promise<string> {
  const { TEXTS } = (await texts()) as typeof import('./texts');
  return TEXTS[name] ?? '';
}

/** The samples that go with a rubric: none with one of another field. Until it is known, it is taken for the shipped one. */
export function samplesFor(rubric: Rubric | undefined): readonly Sample[] {
  return (rubric?.id ?? SHIPPED_RUBRIC) === SHIPPED_RUBRIC ? SAMPLES : [];
}
