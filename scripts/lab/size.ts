import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Prints the figures that bound the size of the repository. */
function printSize(): void {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const sources = paths
    .filter((path) => /\.[cm]?ts$/.test(path) && !path.startsWith('generated/'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const [tests, code] = [sources.filter(isTest), sources.filter((source) => !isTest(source))];
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const folders = [...new Set(paths.filter((path) => /^[^.][^/]*\//.test(path)).map((path) => path.split('/')[0]))];
  const figures = [
    `TypeScript without tests: ${total(code)} lines in ${code.length} files (at most 20000 in 240)`,
    ...byFolder(code),
    `tests: ${total(tests)} lines in ${tests.length} files (at most 12000 lines)`,
    ...byFolder(tests),
    `npm scripts: ${Object.keys(scripts).length} (at most 12)`,
    `folders at the top: ${folders.join(' ')} (conformance generated scripts spec)`,
  ];
  process.stdout.write(`${figures.join('\n')}\n`);
}

function isTest({ path }: Source): boolean {
  return path.endsWith('.test.ts');
}

function byFolder(sources: readonly Source[]): string[] {
  const folders = Map.groupBy(sources, ({ path }) => path.split('/').slice(0, -1).slice(0, 2).join('/') || '.');
  return [...folders].map(([folder, within]) => `  ${folder}: ${total(within)} lines in ${within.length} files`);
}

function total(sources: readonly Source[]): number {
  return sources.reduce((sum, { text }) => sum + lines(text), 0);
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}

printSize();
