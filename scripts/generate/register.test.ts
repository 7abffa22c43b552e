import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRequirements } from '../../conformance/contract/requirements.ts';
import { makeTemporaryFolder } from '../../conformance/testing/temporary-folder.ts';
import { readRegister } from './register.ts';

const folder = makeTemporaryFolder();

const row = { id: 'body/number', level: 'MUST', profile: 'core', says: 'A number.', source: 'page', at: '/a' };

test('the generated register is the one that is written by hand', () => {
  expect(readRequirements()).toEqual(readRegister());
});

test('rows are read as they stand', () => {
  const rows = [row, { ...row, level: 'SHOULD', keywords: ['type', '*'], excluded: 'It cannot be seen.' }];
  expect(readRegister(fileWith(JSON.stringify(rows)))).toEqual(rows);
});

test.each<[string, string, RegExp]>([
  ['an entry that is not a mapping', JSON.stringify([row, 'body/number']), /:1:\d+: row 2: .*expected object/],
  ['a row without an id', JSON.stringify([{ ...row, id: undefined }]), /:1:\d+: row 1: id: .*expected string/],
  ['a level in lower case', JSON.stringify([{ ...row, level: 'must' }]), /:1:\d+: row 1: level: .*"MUST"\|"SHOULD"/],
  ['keywords that are no list', JSON.stringify([{ ...row, keywords: 'pattern' }]), /:1:\d+: row 1: keywords: /],
  ['a member that nothing reads', JSON.stringify([{ ...row, sources: 'page' }]), /row 1: Unrecognized key: "sources"/],
  ['a row of several lines', '- id: a\n  level: MAY\n', /:2:10: row 1: level: /],
  ['bad YAML', '- id: [\n- says: }\n', /:2:1: this is not YAML: /],
  ['an alias of nothing', '- *row\n', /:1:3: the alias \*row stands for nothing/],
  ['a mapping', 'id: body/number\n', /: this is not a list of requirements\.$/],
])('%s is refused in one line with its place', (_, content, expected) => {
  const file = fileWith(content);
  expect(() => readRegister(file)).toThrow(expected);
  expect(() => readRegister(file)).toThrow(/^[^\n]*requirements\.yaml[^\n]*$/);
});

function fileWith(content: string): string {
  const file = join(folder, 'requirements.yaml');
  writeFileSync(file, content);
  return file;
}
