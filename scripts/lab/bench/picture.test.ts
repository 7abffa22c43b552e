import { expect, test } from 'vitest';
import { pictureOf } from './picture.ts';

const charts = [
  {
    title: 'Rates & more',
    unit: 'requests/s',
    bars: [
      { name: 'npm run mock', value: 4000 },
      { name: 'another', value: 2000 },
    ],
  },
  { title: 'Times', unit: 'ms', bars: [{ name: '<none>', value: 5 }] },
];

test('bars are as long as their values, the longest as long as there is room', () => {
  const lengths = [...pictureOf(charts).matchAll(/<rect [^>]*width="(\d+)"/g)].map(([, length]) => Number(length));
  expect(lengths).toEqual([400, 200, 400]);
});

test('only own commands stand out', () => {
  expect(pictureOf(charts).match(/class="bar own"/g)).toHaveLength(1);
});

test('names, values and titles are told as text, safe in XML', () => {
  const picture = pictureOf(charts);
  for (const text of ['Rates &amp; more', '4,000 requests/s', '&lt;none&gt;', '5 ms']) expect(picture).toContain(text);
  expect(picture).not.toMatch(/& |<none/);
});
