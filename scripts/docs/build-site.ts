import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../input-error.ts';
import { makeFolder } from '../make-folder.ts';
import { buildContractPage } from './contract-page.ts';
import { contractPage, markdownPages, navigation, samplePage } from './pages.ts';
import { pageOf } from './page-template.ts';
import { renderMarkdown } from './render-markdown.ts';
import { writeSampleReport } from './sample-report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const styles = new URL('site.css', import.meta.url);

/** What tells a folder that a site was built into from one with a person's files. */
const mark = 'site.css';

/**
 * Builds the documentation's site into a folder, which is emptied first.
 *
 * @returns How many pages it has.
 * @throws InputError with one line, if the folder holds something else, or a page links to a file that does not exist.
 */
export async function buildSite(out: string): Promise<number> {
  const folder = resolve(out);
  emptyFolder(folder);
  cpSync(styles, join(folder, mark));
  for (const { file, title, source } of markdownPages) {
    const { html, linkedFiles } = renderMarkdown({ source }, readFileSync(join(root, source), 'utf8'));
    writeFileSync(join(folder, file), pageOf(file, title, html));
    for (const linked of linkedFiles) copyLinked(linked, source, folder);
  }
  await buildContractPage(join(folder, contractPage.file));
  await writeSampleReport(join(folder, dirname(samplePage.file)));
  return navigation.flatMap(({ pages }) => pages).length;
}

function emptyFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, mark))) {
    throw new InputError(`The folder ${folder} holds something else than a site: name another with --out.`);
  }
  rmSync(folder, { recursive: true, force: true });
  try {
    makeFolder(folder);
  } catch (error) {
    throw new InputError(`The folder ${folder} cannot be made: ${(error as Error).message}: name another with --out.`);
  }
}

/** Copies what a page links to: a file as it is, a folder as the list of its files. */
function copyLinked(linked: string, source: string, folder: string): void {
  const from = join(root, linked);
  if (!existsSync(from)) throw new InputError(`${source} links to ${linked}, which does not exist: correct the link.`);
  const to = join(folder, 'files', linked);
  if (!statSync(from).isDirectory()) {
    cpSync(from, to);
    return;
  }
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const items = readdirSync(from).map((name) => `<li><a href="${encodeURIComponent(name)}">${name}</a></li>`);
  writeFileSync(
    join(to, 'index.html'),
    `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${linked}</title>\n<h1>${linked}</h1>\n<ul>\n${items.join('\n')}\n</ul>\n</html>\n`,
  );
}
