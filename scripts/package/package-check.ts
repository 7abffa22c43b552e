import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';

import { runCommand } from '../../conformance/cli/command-line.ts';
import { browserSteps } from './browser-step.ts';
import { conformanceSteps } from './conformance-steps.ts';
import { consumerSteps } from './consumer-steps.ts';
import { freshProject } from './consumer.ts';
import { exampleSteps } from './example-steps.ts';
import { lintSteps } from './lint-steps.ts';
import { packConformance, packPackage } from './pack.ts';
import type { Step, Workplace } from './step.ts';
import { checkTools, installInto, nodeVersions } from './tools.ts';

const command = new Command('npm run package:check --')
  .description(
    'Packs the packages and tries them as their consumers do: compilers, versions of Node.js, a browser, examples.',
  )
  .option('--keep <dir>', 'keep the tools in this folder, and take them from there the next time')
  .option('--only <text>', 'only the steps whose name contains this');

await runCommand(command, async () => {
  const { keep, only = '' } = command.opts<{ keep?: string; only?: string }>();
  const steps = [...lintSteps, ...consumerSteps, ...conformanceSteps, ...browserSteps, ...exampleSteps];
  const chosen = steps.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) throw new Error(`No step's name contains "${only}": leave --only out to see them all.`);
  const folder = await mkdtemp(join(tmpdir(), 'package-check-'));
  try {
    const tools = keep === undefined ? join(folder, 'tools') : resolve(keep);
    await installInto(tools, { ...checkTools, ...nodeVersions() });
    const tarball = await packPackage(folder);
    console.log(
      `${tarball.name} ${tarball.version}: ${(tarball.size / 1000).toFixed(1)} kB, ${tarball.paths.length} files`,
    );
    const conformance = await packConformance(folder);
    const project = await freshProject(join(folder, 'project'), tarball.file);
    return await runAll(chosen, { tarball, conformance, tools, folder, project });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function runAll(steps: readonly Step[], workplace: Workplace): Promise<number> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const step of steps) {
    const outcome = await outcomeOf(step, workplace);
    count[outcome.kind] += 1;
    console.log(`${outcome.kind.padEnd(8)}${step.name}${outcome.remark}`);
  }
  console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count.failed > 0 ? 1 : 0;
}

async function outcomeOf(
  step: Step,
  workplace: Workplace,
): Promise<{ readonly kind: 'passed' | 'failed' | 'skipped'; readonly remark: string }> {
  const start = performance.now();
  try {
    const outcome = await step.run(workplace);
    if (outcome !== undefined) return { kind: 'skipped', remark: `: ${outcome.skipped}` };
    return { kind: 'passed', remark: ` (${((performance.now() - start) / 1000).toFixed(1)} s)` };
  } catch (error) {
    return { kind: 'failed', remark: `\n${(error as Error).message}` };
  }
}
