import type { Behaviour } from '../servers/plain/behaviour.ts';
import { makeAttack, type AttackRow } from './attack.ts';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Repeats an item of JSON until the list has a length in bytes. */
function repeated(item: string | ((index: number) => string), length: number, joint = ','): string {
  const items: string[] = [];
  for (let size = 0, index = 0; size < length; index++) {
    const next = typeof item === 'string' ? item : item(index);
    size += next.length + joint.length;
    if (size < length) items.push(next);
  }
  return items.join(joint);
}

function views(item: string, length: number): string {
  return `{"id":"b817d2618fe6f1804333","extension":"0003*210","phoneCallView":[${repeated(item, length)}]}`;
}

const nested = `${'['.repeat(90)}${']'.repeat(90)}`;

/** Bodies of every answer: few bytes with many violations, and as much JSON as is read. */
const bodies: Readonly<Record<string, () => string>> = {
  'empty-views-3-kB': () => views('{}', 3 * kibibyte),
  'empty-views-9-kB': () => views('{}', 9 * kibibyte),
  'empty-views-140-kB': () => views('{}', 140 * kibibyte),
  'empty-views-1-MB': () => views('{}', mebibyte - 100),
  'null-views-140-kB': () => views('null', 140 * kibibyte),
  'null-views-1-MB': () => views('null', mebibyte - 100),
  'views-of-nulls-1-MB': () => views('{"source":null,"status":null,"flow":null}', mebibyte - 100),
  'null-array-1-MB': () => `[${repeated('null', mebibyte - 100)}]`,
  'nested-arrays-1-MB': () => `[${repeated(nested, mebibyte - 100)}]`,
  'nested-objects-1-MB': () => `[${repeated(`${'{"a":'.repeat(90)}1${'}'.repeat(90)}`, mebibyte - 100)}]`,
  'empty-entries-1-MB': () => `{"entry":[${repeated('{}', mebibyte - 100)}]}`,
  'entries-of-calls-1-MB': () =>
    `{"entry":[${repeated((index) => `{"id":"${index}","extension":"0003*210"}`, mebibyte - 100)}]}`,
  // As many values as are judged.
  'judged-nulls': () => `[${repeated('null', 5 * 49_000)}]`,
  'judged-numbers': () => views('1', 2 * 49_000),
  'judged-nested-entries': () => `{"entry":[${repeated(nested, 190 * 500)}]}`,
  'judged-entries': () => `{"entry":[${repeated('{}', 3 * 24_000)}]}`,
  'judged-calls': () => `{"entry":[${repeated('{"id":"1","extension":"0003*210"}', 33 * 16_000)}]}`,
  'judged-keys': () => `{${repeated((index) => `"${index.toString(36)}":1`, 7 * 48_000)}}`,
  'the-same-key-1-MB': () => `{${repeated('"id":1', mebibyte - 100)}}`,
  'long-texts-1-MB': () => `{"id":"${'a'.repeat(mebibyte - 100)}"}`,
  'many-texts-1-MB': () => views(`{"source":["${'a'.repeat(200)}"],"callerId":null}`, mebibyte - 100),
  'long-code-1-MB': () => `{"error":{"code":"${'y'.repeat(mebibyte - 100)}","message":"m"}}`,
  'backslashes-1-MB': () => `{"error":{"code":"${'\\\\'.repeat(mebibyte / 2 - 100)}","message":"m"}}`,
  'entities-1-MB': () => `{"error":{"code":"${'&amp;'.repeat(mebibyte / 5 - 100)}","message":"m"}}`,
  'blanks-1-MB': () => ' '.repeat(mebibyte - 10),
  'blanks-in-JSON-1-MB': () => `{"id":1${' '.repeat(mebibyte - 100)}}`,
  'NUL-1-MB': () => '\0'.repeat(mebibyte - 10),
  'digits-1-MB': () => `{"id":${'9'.repeat(mebibyte - 100)}}`,
  'surrogates-1-MB': () => `{"id":"${'\\ud800'.repeat(mebibyte / 6 - 100)}"}`,
  'emoji-1-MB': () => `{"id":"${'😀'.repeat(mebibyte / 4 - 100)}"}`,
  'markup-1-MB': () => '<p>'.repeat(mebibyte / 3 - 100),
  'line-breaks-1-MB': () => '\n'.repeat(mebibyte - 10),
};

function answeringAll(bodyOf: () => string): Partial<Behaviour> {
  const body = bodyOf();
  return { finish: (answer) => ({ ...answer, body: answer.status === 204 ? '' : body }) };
}

const checked = ['empty-views-9-kB'];

export const bodyAttacks = Object.entries(bodies).map(([name, bodyOf]) => {
  const row: AttackRow = [
    `bodies/${name}`,
    `Every answer has a body of ${name.replaceAll('-', ' ')}.`,
    [1],
    () => answeringAll(bodyOf),
    checked.includes(name) ? { isChecked: true } : {},
  ];
  return makeAttack(row);
});
