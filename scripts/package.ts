import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand } from '../conformance/cli/command-line.ts';
import { readContract } from '../conformance/contract/contract.ts';
import { buildConformance } from './package/build-conformance.ts';
import { buildPackage, stagePackage } from './package/build.ts';
import { freshProject, installInto, nodeVersions, pack, tools as packages } from './package/install.ts';
import { repositoryFolder, runCommandIn } from './package/install.ts';
import { findReleaseProblems } from './package/release.ts';
import { steps } from './package/steps.ts';
import type { Step, Workplace } from './package/workplace.ts';

interface Options {
  readonly contract?: string;
  readonly conformance?: string;
  readonly check?: true;
  readonly only?: string;
  readonly keep?: string;
  readonly release?: true;
}

const command = new Command('npm run package --')
  .description('Builds into dist/ what the package transfer-contract ships, and tries both packages as their users do.')
  .option('--contract <folder>', 'build the package transfer-contract, as it is published, into this folder')
  .option('--conformance <folder>', 'build the package transfer-conformance into this folder')
  .option('--check', 'pack both packages and try them: compilers, versions of Node.js, a browser, examples')
  .option('--only <text>', 'with --check: only the steps whose name contains this')
  .option('--keep <folder>', 'with --check: keep the tools in this folder, and take them from there the next time')
  .option('--release', 'do all that a release does but publish: versions, --check, npm publish --dry-run')
  .allowExcessArguments(false);

await runCommand(command, async () => {
  const options = command.opts<Options>();
  if (options.release) return rehearseRelease(options);
  if (options.check) return check(options);
  const folders = [options.contract, options.conformance].filter((folder) => folder !== undefined);
  if (options.contract !== undefined || options.conformance === undefined) await buildPackage();
  if (options.contract !== undefined) await stagePackage(options.contract);
  if (options.conformance !== undefined) await buildConformance(options.conformance);
  console.log(`${folders.join(' and ') || 'dist'} built in ${process.uptime().toFixed(1)} s`);
  return 0;
});

async function check({ keep, only = '' }: Options): Promise<number> {
  const chosen = steps.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) throw new Error(`No step's name contains "${only}": leave --only out to see them all.`);
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  try {
    const tools = keep === undefined ? join(folder, 'tools') : resolve(keep);
    await installInto(tools, { ...packages.check, ...nodeVersions() });
    await buildPackage();
    await buildConformance(join(folder, 'transfer-conformance'));
    await stagePackage(join(folder, 'transfer-contract'));
    const tarball = await pack(join(folder, 'transfer-contract'), folder);
    const { name, version, size, paths } = tarball;
    console.log(`${name} ${version}: ${(size / 1000).toFixed(1)} kB, ${paths.length} files`);
    const conformance = await pack(join(folder, 'transfer-conformance'), folder);
    const project = await freshProject(join(tools, 'project'), tarball.file);
    return await runAll(chosen, { tarball, conformance, tools, folder, project });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runAll(chosen: readonly Step[], workplace: Workplace): Promise<number> {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const step of chosen) {
    const { kind, remark } = await tryStep(step, workplace);
    count[kind] += 1;
    console.log(`${kind.padEnd(8)}${step.name}${remark}`);
  }
  console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count.failed > 0 ? 1 : 0;
}

async function tryStep(
  step: Step,
  workplace: Workplace,
): Promise<{ kind: 'passed' | 'failed' | 'skipped'; remark: string }> {
  const start = performance.now();
  try {
    const outcome = await step.run(workplace);
    if (outcome !== undefined) return { kind: 'skipped', remark: `: ${outcome.skipped}` };
    return { kind: 'passed', remark: ` (${((performance.now() - start) / 1000).toFixed(1)} s)` };
  } catch (error) {
    return { kind: 'failed', remark: `\n${(error as Error).message.slice(-3000)}` };
  }
}

async function rehearseRelease(options: Options): Promise<number> {
  const { version } = readJson<{ version: string }>('package.json');
  const problems = findReleaseProblems({
    version,
    contractVersion: String((readContract().document.info as { version?: unknown }).version),
    lockedVersion: readJson<{ version: string }>('package-lock.json').version,
    changelog: readFileSync(join(repositoryFolder, 'CHANGELOG.md'), 'utf8'),
    uncommitted: (await runCommandIn(repositoryFolder, ['git', 'status', '--porcelain'])).trimEnd(),
  });
  for (const problem of problems) console.error(problem);
  const checked = await check(options);
  const folder = await mkdtemp(join(tmpdir(), 'release-'));
  for (const [name, stage] of Object.entries({
    'transfer-contract': stagePackage,
    'transfer-conformance': buildConformance,
  })) {
    await stage(join(folder, name));
    // Provenance comes from a workflow, which a rehearsal does not have.
    await runCommandIn(join(folder, name), ['npm', 'publish', '--dry-run', '--provenance=false']);
  }
  await rm(folder, { recursive: true, force: true });
  console.log(`npm publish --dry-run would publish both packages as ${version}; ${problems.length} problems`);
  return problems.length === 0 ? checked : 1;
}

function readJson<Content>(file: string): Content {
  return JSON.parse(readFileSync(join(repositoryFolder, file), 'utf8')) as Content;
}
