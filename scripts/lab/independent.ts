import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { runCommand } from '../../conformance/cli/command-line.ts';
import { InputError } from '../../conformance/contract/input-error.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'independent');
const token = 'independent-token';

/** The parts of independent/serve.ts and independent/faults.ts that are used. They are a project with its own packages. */
interface ServeModule {
  readonly serverNames: readonly string[];
  load(name: string): Promise<{ readonly variants: Readonly<Record<string, unknown>> }>;
}
interface FaultsModule {
  readonly faults: readonly { readonly id: string; readonly server: string }[];
}

/** A server to start: the arguments of independent/serve.ts, and true if it breaks the documentation. */
interface IndependentServer {
  readonly name: string;
  readonly words: readonly string[];
  readonly isFaulty: boolean;
}

const command = new Command('npm run lab -- independent')
  .description('Runs the suite against servers that were written from the documentation page alone.')
  .option('--variants', 'also the right but unusual variants of each server')
  .option('--faults', 'also the servers with a realistic mistake')
  .option('--only <text>', 'only servers whose name contains this', '')
  .addHelpText(
    'after',
    '\nExit codes: 0 no right server is blamed and every fault is found, 1 otherwise, 2 nothing was run.',
  );

await runCommand(command, async () => {
  const { variants = false, faults = false, only } = command.opts<{ variants?: true; faults?: true; only: string }>();
  await installPackages();
  const servers = (await listServers(variants, faults)).filter(({ name }) => name.includes(only));
  if (servers.length === 0) throw new InputError(`No independent server has a name with ${only}.`);
  const wrong = { blamed: 0, missed: 0 };
  for (const server of servers) {
    const { exitCode, violated } = await check(server);
    const isWrong = server.isFaulty ? exitCode !== 1 : exitCode === 1;
    if (isWrong) wrong[server.isFaulty ? 'missed' : 'blamed'] += 1;
    process.stdout.write(`${server.name.padEnd(44)} exit ${exitCode}  ${violated.join(' ')}\n`);
  }
  const right = servers.filter(({ isFaulty }) => !isFaulty).length;
  process.stdout.write(
    `right servers blamed ${wrong.blamed}/${right}, faults missed ${wrong.missed}/${servers.length - right}\n`,
  );
  return wrong.blamed + wrong.missed === 0 ? 0 : 1;
});

/** Installs the frameworks, which are not among the packages of the repository. */
async function installPackages(): Promise<void> {
  if (existsSync(join(folder, 'node_modules'))) return;
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(npm, 'close')) as [number];
  if (code !== 0) throw new Error(`npm ci in scripts/lab/independent ended with ${code}.`);
}

async function listServers(withVariants: boolean, withFaults: boolean): Promise<IndependentServer[]> {
  const { serverNames, load } = (await import(join(folder, 'serve.ts'))) as ServeModule;
  const { faults } = (await import(join(folder, 'faults.ts'))) as FaultsModule;
  const plain = serverNames.map((name) => ({ name, words: [name], isFaulty: false }));
  const modules = await Promise.all(serverNames.map(async (name) => ({ name, variants: (await load(name)).variants })));
  const unusual = modules.flatMap(({ name, variants }) =>
    Object.keys(variants).map((variant) => {
      return { name: `${name}/${variant}`, words: [name, '--variant', variant], isFaulty: false };
    }),
  );
  const faulty = faults.map(({ id, server }) => {
    return { name: `${server}/fault/${id}`, words: ['--fault', id], isFaulty: true };
  });
  return [...plain, ...(withVariants ? unusual : []), ...(withFaults ? faulty : [])];
}

/** Starts a server in its own process, runs the suite with the fixture named, and reads its report. */
async function check({ words }: IndependentServer): Promise<{ exitCode: number; violated: string[] }> {
  const reports = mkdtempSync(join(tmpdir(), 'independent-'));
  const server = spawn(process.execPath, [join(folder, 'serve.ts'), ...words, '--token', token], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const fixture = ['--user', '12', '--extension', '0003*210', '--call', 'b817d2618fe6f1804333'];
    const parties = ['--from', '0003*024', '--number', '0003*210', '--send-to', '3235742879', '--send-to', '3334444'];
    const flags = ['--import', './scripts/require-node.mjs', 'scripts/conformance.ts', line.toString().trim()];
    const exitCode = await new Promise<number>((resolve) => {
      execFile(
        process.execPath,
        [...flags, ...fixture, ...parties, '--quiet', '--report', reports],
        { cwd: root, env: { ...process.env, CONFORMANCE_TOKEN: token }, maxBuffer: 2 ** 28 },
        (error) => resolve(typeof error?.code === 'number' ? error.code : 0),
      );
    });
    const file = join(reports, 'report.json');
    if (!existsSync(file)) return { exitCode, violated: [] };
    const { requirements } = JSON.parse(readFileSync(file, 'utf8')) as {
      requirements: { id: string; outcome: string }[];
    };
    return { exitCode, violated: requirements.filter(({ outcome }) => outcome === 'violated').map(({ id }) => id) };
  } finally {
    server.kill();
    rmSync(reports, { recursive: true, force: true });
  }
}
