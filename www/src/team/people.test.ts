import { expect, test } from 'vitest';
import { result } from '../testing/fixtures';
import { opened } from '../testing/files/hand-over';
import { namesakes, people } from './people';

const one = result('I called the plant.', { growth: { level: 2 } });
const two = result('I visited the plant.', { growth: { level: 4 } });
const three = result('I wrote to the plant.', { growth: { level: 3 } });

test('files of one writer, or with a text in common, are one person’s; a name alone is not', () => {
  const files = [
    opened({ person: 'Ben', writer: 'x', results: [one] }),
    opened({ person: 'Ben', writer: 'x', results: [two] }),
    opened({ person: 'Ben', writer: 'y', results: [three] }),
    opened({ person: 'Ada', writer: 'x', results: [three] }),
  ];
  for (const order of [files, files.toReversed()]) {
    const team = people(order);
    expect(team.map(({ name, results }) => [name, results.length]).toSorted()).toEqual([
      ['Ada', 1],
      ['Ben (1)', expect.any(Number)],
      ['Ben (2)', expect.any(Number)],
    ]);
    expect(team.map(({ key }) => key)).toEqual(people(files).map(({ key }) => key));
    expect(team.flatMap(({ results }) => results)).toHaveLength(4);
    expect(namesakes(team)).toEqual(['Ben']);
  }
  const linked = [...files, opened({ person: 'Ben', results: [one, three] })];
  expect(people(linked).map(({ name, results }) => [name, results.length])).toEqual([
    ['Ada', 1],
    ['Ben', 3],
  ]);
  expect(namesakes(people(linked))).toEqual([]);
});

test('namesakes come together when the reader says that they are one person', () => {
  const files = [opened({ person: 'Ben', results: [one] }), opened({ person: 'Ben', results: [two] })];
  expect(people(files)).toHaveLength(2);
  const joined = people(files, { joined: new Set(['Ben']) });
  expect(joined.map(({ name, results }) => [name, results.length])).toEqual([['Ben', 2]]);
});

test('people are in the order of their names, never of their levels, and pseudonyms do not keep it', () => {
  const files = ['D', 'A', 'C', 'B'].map((person, i) => {
    const own = result(`Text of ${person}.`, { growth: { level: i + 1 } });
    return opened({ person, results: [{ ...own, report: { ...own.report, id: String(i) } }] });
  });
  expect(people(files).map(({ name }) => name)).toEqual(['A', 'B', 'C', 'D']);
  const hidden = people(files, { pseudonym: (n) => `Person ${n}` });
  expect(hidden.map(({ name, own }) => [name, own])).toEqual([
    ['Person 1', 'D'],
    ['Person 2', 'A'],
    ['Person 3', 'C'],
    ['Person 4', 'B'],
  ]);
});
