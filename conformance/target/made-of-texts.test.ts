import { expect, test } from 'vitest';
import { MadeOfTexts, type Bounds } from './made-of-texts.ts';

/** Lengths of texts, and which texts were measured. */
function lengths(bounds: Bounds) {
  const values = new MadeOfTexts<number>(bounds);
  const measured: string[] = [];
  const measure = (text: string) => {
    measured.push(text);
    return text.length;
  };
  return { lengthOf: (text: string) => values.of(text, measure), forget: () => values.forget(), measured };
}

test('a value is made once, the one of an empty text too', () => {
  const { lengthOf, measured } = lengths({ most: 10 });
  expect(['one', '', 'one', '', 'three'].map(lengthOf)).toEqual([3, 0, 3, 0, 5]);
  expect(measured).toEqual(['one', '', 'three']);
});

test('no more values are kept than there may be', () => {
  const { lengthOf, measured } = lengths({ most: 2 });
  ['1', '2', '2', '3', '3', '1'].forEach(lengthOf);
  expect(measured).toEqual(['1', '2', '3', '1']);
});

test('what is made of a long text is not kept', () => {
  const { lengthOf, measured } = lengths({ most: 2, longest: 3 });
  expect(['123', '1234', '1234', '123'].map(lengthOf)).toEqual([3, 4, 4, 3]);
  expect(measured).toEqual(['123', '1234', '1234']);
});

test('what is forgotten is made again', () => {
  const { lengthOf, forget, measured } = lengths({ most: 2 });
  lengthOf('1');
  forget();
  lengthOf('1');
  expect(measured).toEqual(['1', '1']);
});
