import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readRegister } from './register.ts';
import { readRequirements, type Requirement } from './requirements.ts';

const row: Requirement = {
  id: 'body/number',
  level: 'MUST',
  profile: 'core',
  says: 'A number is a number.',
  source: 'page',
  at: '/components/schemas/Number',
};

describe('readRegister', () => {
  test('reads rows as they stand', () => {
    const rows = [row, { ...row, level: 'SHOULD', keywords: ['type', '*'], excluded: 'It cannot be seen.' }];
    expect(readRegister(fileWith(JSON.stringify(rows)))).toEqual(rows);
  });

  test.each([
    ['an entry that is not a mapping', [row, 'body/number'], /row 2: is not a mapping\.$/],
    ['a row without an id', [{ ...row, id: undefined }], /row 1: has no proper id\.$/],
    ['a row without its sentence', [row, row, { ...row, says: undefined }], /row 3: has no proper says\.$/],
    ['a row whose sentence is none', [{ ...row, says: 1 }], /row 1: has no proper says\.$/],
    ['a level in lower case', [{ ...row, level: 'must' }], /row 1: has the level must, not MUST or SHOULD\.$/],
    ['keywords that are no list', [{ ...row, keywords: 'pattern' }], /row 1: has no proper keywords\.$/],
    ['an exclusion without a reason', [{ ...row, excluded: true }], /row 1: has no proper excluded\.$/],
    ['a member that nobody reads', [{ ...row, sources: 'page' }], /row 1: has the unknown member sources\.$/],
  ])('names file and row of %s', (_, rows, expected) => {
    const file = fileWith(JSON.stringify(rows));
    expect(() => readRegister(file)).toThrow(expected);
    expect(() => readRegister(file)).toThrow(/^The register .+requirements\.yaml:1:\d+, row .+$/);
  });

  test('names line and column of a row', () => {
    const file = fileOf(`- ${JSON.stringify(row)}\n\n# a remark\n-  id: body/number\n   level: MAY\n`)();
    expect(() => readRegister(file)).toThrow(/requirements\.yaml:4:4, row 2: has no proper profile\.$/);
  });

  test.each([
    ['a file that is not there', '/nowhere/requirements.yaml', /cannot be read: ENOENT.+$/],
    ['bad YAML', fileOf('- id: [\n- says: }\n'), /requirements\.yaml:2:1 cannot be read: .+$/],
    ['an alias of nothing', fileOf('- *row\n'), /requirements\.yaml cannot be read: Unresolved alias.+: row$/],
    ['a mapping', fileOf('id: body/number\n'), /is not a list of requirements\.$/],
    ['an empty file', fileOf(''), /is not a list of requirements\.$/],
  ])('refuses %s in one line that names it', (_, file, expected) => {
    const name = typeof file === 'string' ? file : file();
    expect(() => readRegister(name)).toThrow(expected);
    expect(() => readRegister(name)).toThrow(/^The register .+requirements\.yaml\S* .+$/);
  });
});

test('the generated register is the one that is written by hand', () => {
  expect(readRequirements()).toEqual(readRegister());
});

function fileOf(content: string): () => string {
  return () => fileWith(content);
}

function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'register-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'requirements.yaml');
  writeFileSync(file, content);
  return file;
}
