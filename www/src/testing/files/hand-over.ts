/** For tests: hand-over files as they are once they were opened. */
import type { Opened } from '../../hand-over/open';
import { rubric } from '../fixtures';

export function opened(content: Pick<Opened, 'person' | 'results'> & Partial<Opened>): Opened {
  return {
    ...{ format: 'salesmirror-assessment', version: 2, exported: '2026-01-01T00:00:00.000Z' },
    ...{ writer: '', purpose: '', audience: '', deleteBy: null, texts: 'kept', about: [] },
    ...{ rubric: { id: rubric.id, version: rubric.version }, seal: 'intact' },
    ...content,
  };
}
