import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRunCommand } from './command.ts';

const pages = ['README.md', 'conformance/README.md'].map((file) => readFileSync(file, 'utf8'));
const flagsIn = (text: string): string[] => text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [];

test('no command of a README uses an option that there is none of', () => {
  const known = createRunCommand('conformance').options.map(({ long }) => long);
  const commands = pages.flatMap(
    (page) => page.match(/npm run conformance -- (?!(?:merge|compare|targets|mock) )(?:[^\n]|\\\n)*/g) ?? [],
  );
  const used = commands.flatMap(flagsIn);
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((flag) => !known.includes(flag))).toEqual([]);
});
