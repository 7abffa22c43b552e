import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { conformanceCommand } from './command.ts';
import { conformanceOptions } from './options.ts';

const pages = ['README.md', 'conformance/README.md'].map((file) => readFileSync(file, 'utf8'));
const rows = pages.flatMap((page) => page.match(/^\| `--.*$/gm) ?? []);
const flagsIn = (text: string): string[] => text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];
const flagsOfRow = (row: string) => flagsIn(row.split('|')[1] ?? '');

describe('the tables of the README', () => {
  test.each(conformanceOptions)('have $flags', ({ flags, default: standard }) => {
    const flag = flags.split(' ')[0] ?? '';
    const own = rows.filter((row) => flagsOfRow(row).includes(flag));
    expect(own).toHaveLength(1);
    expect(own[0]).toContain(String(standard ?? ''));
  });

  test('have no option that there is none of', () => {
    const flags = conformanceOptions.map((option) => option.flags.split(' ')[0]);
    expect(rows.flatMap(flagsOfRow).filter((flag) => !flags.includes(flag))).toEqual([]);
  });
});

test('no command of a README uses an option that there is none of', () => {
  const known = conformanceCommand().options.map(({ long }) => long);
  const commands = pages.flatMap((page) => page.match(/npm run conformance -- (?:[^\n]|\\\n)*/g) ?? []);
  const used = commands.flatMap(flagsIn);
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((flag) => !known.includes(flag))).toEqual([]);
});
