import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Files that are generated, or quote sentences of the register. */
const exempt = /^generated\/|\/REQUIREMENTS\.md$|\/PROOF\.md$|^spec\/|plain-english\.test\.ts$/;

/** A docstring must not begin with these words; a comment or a line of a page may. */
const opener = /^\/\*\*[\s*]+(?:What|Who|Whom|Whose|Where|How|Which|Whether|Why)\b/;
const phrase =
  /\b(?:(?<!there )is no (?!longer\b|more than\b)|takes? for\b|beside\b|nobody\b|lest\b|of its own\b|is told\b|at last\b)/i;

const root = fileURLToPath(new URL('..', import.meta.url));

function listFiles(): string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--', '*.ts', '*.md'], { cwd: root, encoding: 'utf8' });
  return output.split('\0').filter((file) => file !== '' && !exempt.test(file));
}

/** Lists the docstrings and comments of a module, each on one line. */
function listComments(text: string): string[] {
  return (
    text
      .match(/\/\*\*[\s\S]*?\*\/|^\s*\/\/ .*(?:\n\s*\/\/ .*)*/gm)
      ?.map((comment) => comment.replaceAll(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' ')) ?? []
  );
}

/** Lists the lines of a page, without code. */
function listLines(text: string): string[] {
  return text
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, 'code')
    .split('\n');
}

test.each(listFiles())('%s is written in plain English', (file) => {
  const text = readFileSync(`${root}/${file}`, 'utf8');
  const texts = file.endsWith('.ts') ? listComments(text) : listLines(text);
  const flawed = texts.filter((written) => opener.test(written) || phrase.test(written));
  expect(flawed, 'begin docstrings with a verb or the thing itself, and avoid the phrases above').toEqual([]);
});
