import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { runCommand } from '../../conformance/cli/command-line.ts';
import { InputError } from '../../conformance/contract/input-error.ts';
import { answerAttacks } from './attack/answers.ts';
import { makeAttack, makeInterrupted, token, type Attack, type AttackedServer } from './attack/attack.ts';
import { hangingAttacks, surroundingAttacks } from './attack/surroundings.ts';
import { timeAttacks } from './attack/time.ts';
import { findLeaks } from './leaks.ts';
import { matchSubjects } from './proof/catalogue.ts';

/** The most that a run may cost. */
const limits = { seconds: 30, megabytes: 400, reportMegabytes: 10, secondsToEnd: 2 };

/** Makes a process print its resource usage to the file descriptor 3 when it ends. */
const printUsage = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));",
)}`;

/** The time after which a run is killed, so that the laboratory goes on, in milliseconds. */
const mostPatience = 180_000;

/** The attacks of `--check`. */
const checked =
  /^(?:bodies\/empty-views-9-kB|secrets\/(?:echoes|commands-of-runners)|busy\/limit-of-420|calls\/endless-when-placing|proxy\/echo)$/;

/** The attacks in the midst of which Ctrl-C is pressed, too. */
const interrupted =
  /^(?:right|bodies\/(?:null-array|judged-(?:nulls|keys)|backslashes).*|secrets\/64-cookies|calls\/endless-when-.*|time\/(?:never-sent|body-drips|flood-of-103))$/;

const own = [...answerAttacks, ...timeAttacks, ...surroundingAttacks];
const attacks: readonly Attack[] = [
  ...own,
  ...[makeAttack(['right', [0], {}]), ...own]
    .filter(({ id }) => interrupted.test(id))
    .concat(hangingAttacks)
    .map((attack) => makeInterrupted(attack, attack.id.startsWith('calls/') ? 1 : 8)),
];

/** The lines between which a runner looks for no commands. */
const fenced = /^::stop-commands::(\S+)\n[^]*?^::\1::\n/gm;

const command = new Command('npm run lab -- attack')
  .description('Runs the conformance command against hostile, busy and leaking servers, and measures what it costs.')
  .option('--only <pattern>', 'only the attacks whose id contains this, * for anything', '*')
  .option('--check', 'only those that fit into two minutes, without bounds that a busy machine breaks')
  .addHelpText('after', '\nExit codes: 0 every run ended as promised, 1 one did not, 2 nothing was run.');

await runCommand(command, async () => {
  const { only, check = false } = command.opts<{ only: string; check?: boolean }>();
  const chosen = matchSubjects(attacks, only).filter(({ id }) => !check || checked.test(id));
  if (chosen.length === 0) throw new InputError(`No attack has an id with ${only}.`);
  let missed = 0;
  for (const attack of chosen) {
    const { figures, problems } = await tryAttack(attack, check);
    process.stdout.write(`${attack.id.padEnd(40)}  ${figures}  ${problems.join(', ') || 'ok'}\n`);
    if (problems.length > 0) missed++;
  }
  process.stdout.write(`${chosen.length} attacks, ${missed} that did not end as promised\n`);
  return missed === 0 ? 0 : 1;
});

async function tryAttack(attack: Attack, check: boolean): Promise<{ figures: string; problems: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  const server = await attack.start();
  try {
    return judge(attack, server, await runAgainst(server, folder), folder, check);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the conformance command against a server, with its defaults, and writes its reports into a folder. Resolves with
 * its output, the seconds that it took, of processor time too, those since Ctrl-C, and the most megabytes of memory that
 * it had at once.
 */
async function runAgainst(server: AttackedServer, folder: string) {
  const { url, options = [], environment, interrupted } = server;
  const flags = ['--import', './scripts/require-node.mjs', '--import', printUsage];
  const words = ['scripts/conformance.ts', url, '--no-config', '--report', folder, ...options];
  const started = performance.now();
  const child = spawn(process.execPath, [...flags, ...words], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, CONFORMANCE_TOKEN: token, GITHUB_ACTIONS: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let interruptedAt: number | undefined;
  void interrupted?.then(() => {
    interruptedAt = performance.now();
    child.kill('SIGINT');
  });
  const killer = setTimeout(() => child.kill('SIGKILL'), mostPatience);
  const streams = [child.stdout, child.stderr, child.stdio[3]].map((stream) => text(stream as Readable));
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout = '', stderr = '', usage = ''] = await Promise.all(streams);
  clearTimeout(killer);
  const secondsSince = (at: number) => (performance.now() - at) / 1000;
  // A run that was killed prints no usage.
  const {
    maxRSS = Infinity,
    userCPUTime = Infinity,
    systemCPUTime = 0,
  } = JSON.parse(usage || '{}') as Partial<NodeJS.ResourceUsage>;
  return {
    exitCode,
    stdout,
    stderr,
    seconds: secondsSince(started),
    secondsToEnd: interruptedAt === undefined ? 0 : secondsSince(interruptedAt),
    secondsOfProcessor: (userCPUTime + systemCPUTime) / 1e6,
    megabytes: maxRSS / 1024,
  };
}

type Run = Awaited<ReturnType<typeof runAgainst>>;

/** Returns what a run cost, and a phrase for each thing that is not as promised: with `check`, whatever it took. */
function judge(
  { ends }: Attack,
  { secrets = [], environment }: AttackedServer,
  run: Run,
  folder: string,
  check: boolean,
) {
  const { exitCode, stdout, stderr, seconds, secondsOfProcessor, secondsToEnd, megabytes } = run;
  const files = readdirSync(folder);
  const largest = Math.max(0, ...files.map((file) => statSync(join(folder, file)).size)) / 1e6;
  const texts = [stdout, stderr, ...files.map((file) => readFileSync(join(folder, file), 'utf8'))];
  const used = [environment?.CONFORMANCE_TOKEN ?? token, ...secrets].filter((secret) => secret !== '');
  const shown = used.filter((secret) => texts.some((each) => findLeaks(secret, each).length > 0));
  const printed = stdout.replace(fenced, '') + stderr;
  const isWritten = !ends.includes(2);
  const problems = [
    ...(ends.includes(exitCode ?? -1) ? [] : [`exit code ${exitCode}, expected ${ends.join(' or ')}`]),
    ...(check || seconds < limits.seconds ? [] : [`${seconds.toFixed(1)} s`]),
    ...(check || secondsToEnd < limits.secondsToEnd ? [] : [`${secondsToEnd.toFixed(1)} s from Ctrl-C to the end`]),
    ...(check || megabytes < limits.megabytes ? [] : [`${megabytes.toFixed(0)} MB`]),
    ...(largest < limits.reportMegabytes ? [] : [`a report of ${largest.toFixed(0)} MB`]),
    ...(shown.length === 0 ? [] : [`secrets shown: ${shown.length}`]),
    ...(/[^\P{C}\n]/u.test(stdout + stderr) ? ['control characters printed'] : []),
    ...(/^\s*::(?!(?:error|warning|notice) )|##(?:vso)?\[/im.test(printed) ? ['a command for a runner printed'] : []),
    ...(isWritten ? listIncompleteFiles(folder).map((file) => `${file} incomplete`) : []),
  ];
  const figures = [
    `exit ${exitCode}`,
    `${seconds.toFixed(1).padStart(5)} s`,
    `${secondsOfProcessor.toFixed(1).padStart(5)} s of processor`,
    `${megabytes.toFixed(0).padStart(4)} MB`,
    `${largest.toFixed(1).padStart(5)} MB report`,
  ].join('  ');
  return { figures, problems };
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
