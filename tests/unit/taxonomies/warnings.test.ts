import { expect, test } from 'vitest';
import { definitionSchema } from '../../../src/taxonomies/definition.ts';
import { findWarnings } from '../../../src/taxonomies/warnings.ts';
import { label } from '../../_util/taxonomy.ts';

test('a warning about a thousand labels names the first ten and counts the others', () => {
  const labels = Array.from({ length: 1_000 }, (_, at) => label(`label_${at}`, `标签 ${at}`, [`only example ${at}`]));
  const [starved, ...others] = findWarnings(definitionSchema.parse({ labels }));
  expect(others).toEqual([]);
  expect(starved).toMatchObject({ code: 'starved', count: 1_000, more: 990 });
  expect(starved?.labels).toEqual(labels.slice(0, 10).map(({ key }) => key));
});

test('a text under many labels is one warning, as short', () => {
  const labels = Array.from({ length: 30 }, (_, at) =>
    label(
      `label_${at}`,
      `标签 ${at}`,
      [1, 2, 3, 4, 5].map((n) => (n === 1 ? 'Ｔｈｅ same  text' : `${at} ${n}`)),
    ),
  );
  expect(findWarnings(definitionSchema.parse({ labels }))).toMatchObject([{ code: 'same_text', count: 1, more: 20 }]);
});
