import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCallSource } from './call-source.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';

const modules = {
  'source.mjs': 'export default { place: async () => ({}), end: async () => {} };',
  'source.ts': 'const source: object = { place: async () => ({}), end: async () => {} }; export default source;',
  'class.mjs': 'export default new (class { async place() {} async end() {} })();',
  'nothing.mjs': 'export const place = 1;',
  'half.mjs': 'export default { place() {} };',
  'null.mjs': 'export default null;',
  'broken.mjs': 'export default {',
  'throwing.mjs': 'throw new Error("no lines\\nat all");',
  'hanging.mjs': 'await new Promise(() => {}); export default {};',
  'throwing-nothing.mjs': 'throw undefined;',
};

const folder = makeTemporaryFolder();
beforeAll(async () => {
  await Promise.all(Object.entries(modules).map(([name, text]) => writeFile(join(folder, name), text)));
});

const load = (name: string) => loadCallSource(pathToFileURL(join(folder, name)).href, 2000);

test.each(['source.mjs', 'source.ts', 'class.mjs'])('a source is loaded from %s', async (name) => {
  expect(await load(name)).toMatchObject({ place: expect.any(Function), end: expect.any(Function) });
});

describe('one line says why none is loaded from', () => {
  test.each([
    ['nothing.mjs', /nothing\.mjs exports none: expected a default export with the functions place and end/],
    ['half.mjs', /half\.mjs exports none/],
    ['null.mjs', /null\.mjs exports none/],
    ['broken.mjs', /broken\.mjs cannot be loaded: ./],
    ['throwing.mjs', /throwing\.mjs cannot be loaded: no lines$/],
    ['throwing-nothing.mjs', /throwing-nothing\.mjs cannot be loaded: undefined$/],
    ['hanging.mjs', /hanging\.mjs cannot be loaded: it took longer than 2000 ms$/],
    ['missing.mjs', /missing\.mjs cannot be loaded: ./],
  ])('%s', async (name, expected) => {
    const failure = await load(name).catch((error: unknown) => error);
    expect((failure as Error).message).toMatch(expected);
    expect((failure as Error).message).toMatch(/^The call source .*$/);
  });
});
