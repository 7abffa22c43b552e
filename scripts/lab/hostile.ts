import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { Command } from 'commander';
import { runCommand } from '../../conformance/cli/command-line.ts';
import { InputError } from '../../conformance/contract/input-error.ts';
import { matchSubjects, subjects } from './proof/catalogue.ts';

/** The most that a run may cost. */
const limits = { seconds: 30, megabytes: 400 };

/** Makes a process print its resource usage to the file descriptor 3 when it ends. */
const printUsage = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));",
)}`;

const command = new Command('npm run lab -- hostile')
  .description('Runs the conformance command against faulty servers that waste time or memory, and measures it.')
  .option('--only <pattern>', 'only the servers whose id contains this, * for anything', '*')
  .addHelpText('after', '\nExit codes: 0 every run was cheap and reported, 1 one was not, 2 nothing was run.');

await runCommand(command, async () => {
  const { only } = command.opts<{ only: string }>();
  const servers = matchSubjects(subjects, only).filter(
    ({ kind, id }) => kind === 'fault' && /^protocol\/|\/redirect/.test(id),
  );
  if (servers.length === 0) throw new InputError(`No hostile server has an id with ${only}.`);
  let missed = 0;
  for (const { id, start } of servers) {
    const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    const server = await start();
    const problems = await runAgainst(server.url, folder);
    await server.close();
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`${id.padEnd(40)}  ${problems.join(', ') || 'ok'}\n`);
    if (problems.length > 0) missed++;
  }
  process.stdout.write(`${servers.length} hostile servers, ${missed} runs too expensive or incomplete\n`);
  return missed === 0 ? 0 : 1;
});

/** Runs the conformance command with its defaults. Resolves with a phrase for each thing that is not as it must be. */
async function runAgainst(url: string, folder: string): Promise<string[]> {
  const started = performance.now();
  const flags = ['--import', './scripts/require-node.mjs', '--import', printUsage];
  const child = spawn(process.execPath, [...flags, 'scripts/conformance.ts', url, '--report', folder], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, CONFORMANCE_TOKEN: 'proof-token' },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [exitCode, usage] = await Promise.all([ended, text(child.stdio[3] as Readable)]);
  const seconds = (performance.now() - started) / 1000;
  const megabytes = (JSON.parse(usage) as NodeJS.ResourceUsage).maxRSS / 1024;
  return [
    ...(exitCode === 1 ? [] : [`exit code ${exitCode}`]),
    ...(seconds < limits.seconds ? [] : [`${seconds.toFixed(1)} s`]),
    ...(megabytes < limits.megabytes ? [] : [`${megabytes.toFixed(0)} MB`]),
    ...listIncompleteFiles(folder).map((file) => `${file} incomplete`),
  ];
}

function listIncompleteFiles(folder: string): string[] {
  const files = readdirSync(folder);
  const missing = ['report.json', 'junit.xml'].filter((name) => !files.includes(name));
  return [...missing, ...files.filter((name) => !isComplete(name, readFileSync(join(folder, name), 'utf8')))];
}

function isComplete(name: string, content: string): boolean {
  if (extname(name) === '.xml') return /^<\?xml [^]*<\/testsuites>\s*$/.test(content);
  if (!['.json', '.sarif'].includes(extname(name))) return content.trim() !== '';
  try {
    return typeof JSON.parse(content) === 'object';
  } catch {
    return false;
  }
}
