import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { addressOf } from './address-of.ts';
import { runCommandIn } from './run-command.ts';
import type { Step, Workplace } from './step.ts';
import { nodeVersions } from './tools.ts';

const command = join('node_modules', '.bin', 'transfer-conformance');
const tooOld = Object.keys(nodeVersions()).filter((name) => name.startsWith('node-20'));

const runSteps = Object.keys(nodeVersions()).map((name): Step => {
  if (tooOld.includes(name)) {
    return {
      name: `transfer-conformance refuses ${name.replace('-', ' ')} in one line`,
      async run(workplace) {
        const folder = await emptyProject(workplace);
        const said = await runCommandIn(folder, [nodeOf(workplace, name), command]).catch(
          (error: Error) => error.message,
        );
        if (!/: transfer-conformance needs Node [\d.]+ or newer and runs on v20[\d.]+$/.test(said))
          throw new Error(said);
      },
    };
  }
  return {
    name: `transfer-conformance on ${name.replace('-', ' ')} finds that its mock conforms`,
    async run(workplace) {
      const folder = await emptyProject(workplace);
      const node = nodeOf(workplace, name);
      const mock = spawn(node, [command, 'mock', '--port', '0'], { cwd: folder });
      try {
        const said = await runCommandIn(folder, [node, command, await addressOf(mock)]);
        if (!said.includes('Verdict: conforming')) throw new Error(said);
      } finally {
        mock.kill();
      }
    },
  };
});

/** The conformance runner and the mock, from their package in an empty folder. */
export const conformanceSteps: readonly Step[] = runSteps;

/** A folder that has nothing but the package of the conformance runner. */
async function emptyProject({ folder, conformance }: Workplace): Promise<string> {
  const project = join(folder, 'empty-project');
  if (existsSync(join(project, command))) return project;
  await mkdir(project, { recursive: true });
  await writeFile(join(project, 'package.json'), '{ "private": true }\n');
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await runCommandIn(project, ['npm', 'install', ...quietly, conformance.file]);
  return project;
}

function nodeOf({ tools }: Workplace, name: string): string {
  return join(tools, 'node_modules', name, 'bin', 'node');
}
