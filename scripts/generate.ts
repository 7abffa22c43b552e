import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand } from '../conformance/cli/command-line.ts';
import { compareFolders, type Difference } from './generate/compare-folders.ts';
import { generate } from './generate/generate.ts';
import { optionPages } from './generate/manual.ts';

interface Options {
  readonly spec: string;
  readonly out: string;
  readonly bundleOnly?: boolean;
  readonly check?: true;
}

const generatedFolder = 'generated';
const registerFile = 'conformance/REQUIREMENTS.md';
const explanations = {
  changed: 'changed: it differs from what the contract generates',
  missing: 'missing: the contract generates it',
  extra: 'extra: the contract does not generate it',
};

const command = new Command('npm run generate --')
  .description(`Generates from the contract what follows from it, and ${registerFile} from the register.`)
  .option('--spec <file>', 'the contract', join('spec', 'openapi.yaml'))
  .option('--out <folder>', 'the folder to write into', generatedFolder)
  .option('--bundle-only', 'write the bundled contract and nothing else')
  .option('--check', 'write nothing; exit with 1 unless the folder is what the contract generates')
  .allowExcessArguments(false);

await runCommand(command, async () => {
  const options = command.opts<Options>();
  return (options.check ? check(options) : write(options)).catch((error: Error) => {
    // Each problem of a contract has a line, with its place.
    console.error(error.message);
    return 2;
  });
});

async function write({ spec, out, bundleOnly = false }: Options): Promise<number> {
  const page = await generate({ specification: spec, outputFolder: out, bundleOnly });
  if (!bundleOnly && out === generatedFolder) {
    await writeFile(registerFile, page);
    for (const [file, update] of Object.entries(optionPages)) {
      await writeFile(file, update(await readFile(file, 'utf8')));
    }
  }
  const written = bundleOnly
    ? 'openapi.json'
    : 'openapi.json and its copies, requirements.json, config.schema.json, types.ts and client/';
  console.log(`${spec} → ${out}: ${written} written in ${process.uptime().toFixed(1)} s`);
  return 0;
}

async function check({ spec, out }: Options): Promise<number> {
  const differences = await findDifferences(spec, out);
  if (differences.length === 0) {
    console.log(`${out} is what ${spec} generates`);
    return 0;
  }
  for (const { path, kind } of differences) console.error(`${join(out, path)}: ${explanations[kind]}`);
  console.error(`${out} is not what ${spec} generates: run \`npm run generate\` and commit the result`);
  return 1;
}

async function findDifferences(specification: string, folder: string): Promise<readonly Difference[]> {
  const freshFolder = await mkdtemp(join(tmpdir(), 'generated-'));
  try {
    const page = await generate({ specification, outputFolder: freshFolder });
    const differences = await compareFolders(folder, freshFolder);
    const shown = folder === generatedFolder ? await readFile(registerFile, 'utf8').catch(() => undefined) : page;
    if (shown === page) return differences;
    return [...differences, { path: join('..', registerFile), kind: shown === undefined ? 'missing' : 'changed' }];
  } finally {
    await rm(freshFolder, { recursive: true, force: true });
  }
}
