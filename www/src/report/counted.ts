/** The levels that count, as a page around the widget gets them: what a person corrected in the place of the model's. */
import type { Rubric, Scale, Translations } from '../engine/contract';
import { levelOf, type Result } from './report';

export interface LevelsThatCount {
  /** `text` of a result on the page; `file` where a reviewer's decisions were read from a hand-over file. */
  readonly from: 'text' | 'file';
  /** Whether the text is an account of the writer's own work. No level is known of any other. */
  readonly accepted: boolean;
  readonly rubric: string;
  readonly scale: Scale;
  /** In the rubric's order. */
  readonly competencies: readonly LevelThatCounts[];
}

export interface LevelThatCounts {
  readonly id: string;
  readonly name: Translations;
  /** Null if the text does not show the competency. */
  readonly level: number | null;
  /** Whether a person decided on the level, also where they confirmed it. */
  readonly decided: boolean;
}

/** What a result gives, without its text and evidence. */
export function levelsThatCount(
  result: Pick<Result, 'assessment' | 'corrections'>,
  { id: rubric, scale, competencies }: Rubric,
  from: LevelsThatCount['from'],
): LevelsThatCount {
  return {
    from,
    accepted: result.assessment.account.accepted,
    rubric,
    scale: { min: scale.min, max: scale.max },
    competencies: competencies.map(({ id, name }) => ({
      id,
      name,
      level: levelOf(result, id),
      decided: result.corrections.some(({ competency }) => competency === id),
    })),
  };
}
