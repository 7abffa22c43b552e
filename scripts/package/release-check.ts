import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';

import { readContract } from '../../conformance/contract/contract.ts';
import { runCommand } from '../../conformance/cli/command-line.ts';
import { repositoryFolder } from './places.ts';
import { runCommandIn } from './run-command.ts';
import { releaseProblems } from './release/problems.ts';

const command = new Command('npm run release:check').description(
  'Does all that a release does but publish: what has to agree, the checks of the package, and npm publish --dry-run.',
);

await runCommand(command, async () => {
  const { version } = jsonOf<{ version: string }>('package.json');
  const problems = releaseProblems({
    version,
    contractVersion: String((readContract().document.info as { version?: unknown }).version),
    lockedVersion: jsonOf<{ version: string }>('package-lock.json').version,
    changelog: readFileSync(join(repositoryFolder, 'CHANGELOG.md'), 'utf8'),
    uncommitted: (await runCommandIn(repositoryFolder, ['git', 'status', '--porcelain'])).trimEnd(),
  });
  for (const problem of problems) console.error(problem);
  process.stdout.write(await runCommandIn(repositoryFolder, ['npm', 'run', '-s', 'package:check']));
  // Provenance is that of a workflow, which a rehearsal has not.
  await runCommandIn(repositoryFolder, ['npm', 'publish', '--dry-run', '--provenance=false']);
  console.log(`npm publish --dry-run would publish ${version}; ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
});

function jsonOf<Content>(file: string): Content {
  return JSON.parse(readFileSync(join(repositoryFolder, file), 'utf8')) as Content;
}
