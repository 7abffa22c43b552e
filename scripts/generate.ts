import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand } from '../conformance/cli/command-line.ts';
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
  for (const difference of differences) console.error(difference);
  console.error(`${out} is not what ${spec} generates: run \`npm run generate\` and commit the result`);
  return 1;
}

/** Lists the files that are not what the contract generates, each with what is wrong with it. */
async function findDifferences(specification: string, folder: string): Promise<readonly string[]> {
  const found = await readFiles(folder);
  const freshFolder = await mkdtemp(join(tmpdir(), 'generated-'));
  try {
    const page = await generate({ specification, outputFolder: freshFolder });
    const wanted = await readFiles(freshFolder);
    if (folder === generatedFolder) {
      wanted.set(join('..', registerFile), page);
      found.set(join('..', registerFile), await readFile(registerFile, 'utf8').catch(() => ''));
    }
    return [...new Set([...found.keys(), ...wanted.keys()])].sort().flatMap((path) => {
      const [is, must] = [found.get(path), wanted.get(path)];
      if (is === must) return [];
      if (is === undefined) return [`${join(folder, path)}: missing: the contract generates it`];
      if (must === undefined) return [`${join(folder, path)}: extra: the contract does not generate it`];
      return [`${join(folder, path)}: changed: it differs from what the contract generates`];
    });
  } finally {
    await rm(freshFolder, { recursive: true, force: true });
  }
}

/** Reads the files of a folder, by their paths in it; there are none where there is no folder. */
async function readFiles(folder: string): Promise<Map<string, string>> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === false) throw new Error(`${folder}: expected a folder, but this is a file.`);
  const entries = found === undefined ? [] : await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = files.map(async (file) => [relative(folder, file), await readFile(file, 'utf8')] as const);
  return new Map(await Promise.all(texts));
}
