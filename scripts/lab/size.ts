import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryFolder as root } from '../package/install.ts';

// Prints the figures that bound the size of the repository.
const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
const sources = paths
  .filter((path) => /\.[cm]?ts$/.test(path) && !path.startsWith('generated/'))
  .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }));
const isTest = ({ path }: { path: string }) => path.endsWith('.test.ts');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
const folders = new Set(paths.filter((path) => /^[^.][^/]*\//.test(path)).map((path) => path.split('/')[0]));
const code = sources.filter((source) => !isTest(source));
const tests = sources.filter(isTest);
const figures = [
  `TypeScript without tests: ${total(code)} lines in ${code.length} files (at most 20000 in 240)`,
  ...byFolder(code),
  `tests: ${total(tests)} lines in ${tests.length} files (at most 12000 lines)`,
  ...byFolder(tests),
  `npm scripts: ${Object.keys(scripts).length} (at most 12)`,
  `folders at the top: ${[...folders].join(' ')} (conformance generated scripts spec)`,
];
process.stdout.write(`${figures.join('\n')}\n`);

function byFolder(some: typeof sources): string[] {
  const within = Map.groupBy(some, ({ path }) => path.split('/').slice(0, -1).slice(0, 2).join('/') || '.');
  return [...within].map(([folder, inside]) => `  ${folder}: ${total(inside)} lines in ${inside.length} files`);
}

function total(some: typeof sources): number {
  return some.reduce((sum, { lines }) => sum + lines, 0);
}
