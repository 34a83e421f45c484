import { expect, test } from 'vitest';
import { isAccepted } from './accept';

test('a file is accepted by the end of its name, whatever the case', () => {
  expect(isAccepted('Report.DOCX', '.txt, .docx')).toBe(true);
  expect(isAccepted('report.docx.pdf', '.txt, .docx')).toBe(false);
  expect(isAccepted('docx', '.docx,')).toBe(false);
});
