import { mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { runScript, type Finished } from './run-script.ts';

const redoclyRules = fileURLToPath(new URL('../../spec/redocly.yaml', import.meta.url));
const redoclyCommand = join(dirname(createRequire(import.meta.url).resolve('@redocly/cli/package.json')), 'bin/cli.js');

interface LintReport {
  readonly problems: readonly {
    readonly ruleId: string;
    readonly message: string;
    readonly location: readonly Place[];
  }[];
}

interface Place {
  readonly source: { readonly ref: string };
  readonly start?: Position;
}

interface Position {
  readonly line: number;
  readonly col: number;
}

/**
 * Lints the contract and returns it as one JSON document, complete in itself.
 *
 * @throws Error with one line for each problem, if the contract cannot be read or breaks a rule of spec/redocly.yaml.
 */
export async function lintAndBundle(specification: string): Promise<string> {
  await requireFile(specification);
  // Redocly cannot resolve references in a folder whose name has a `#`, so it gets a link to the folder.
  const temporary = await mkdtemp(join(tmpdir(), 'contract-'));
  try {
    const linkedFolder = join(temporary, 'linked');
    await symlink(resolve(dirname(specification)), linkedFolder, 'junction');
    return await lintAndBundleIn(linkedFolder, specification);
  } finally {
    await rm(temporary, { recursive: true });
  }
}

async function lintAndBundleIn(linkedFolder: string, specification: string): Promise<string> {
  const linked = join(linkedFolder, basename(specification));
  const [lint, bundle] = await Promise.all([
    runRedocly('lint', linked, '--format', 'json'),
    runRedocly('bundle', linked, '--ext', 'json'),
  ]);
  const nameFile = (reference: string): string =>
    join(dirname(specification), relative(linkedFolder, resolve(reference)));
  if (lint.exitCode !== 0) throw new Error(describeLintFailure(specification, lint, nameFile));
  if (bundle.exitCode !== 0 || bundle.stdout === '') {
    throw new Error(describeUnreadable(specification, bundle.stderr));
  }
  return `${bundle.stdout.trimEnd()}\n`;
}

async function requireFile(specification: string): Promise<void> {
  const found = await stat(specification).catch(() => undefined);
  if (found === undefined) {
    throw new Error(`${specification}: expected an OpenAPI document, but there is no such file.`);
  }
  if (!found.isFile()) {
    throw new Error(`${specification}: expected an OpenAPI document, but this is not a file.`);
  }
}

function runRedocly(command: 'lint' | 'bundle', specification: string, ...options: string[]): Promise<Finished> {
  return runScript(redoclyCommand, [command, '--config', redoclyRules, ...options, specification], {
    ...process.env,
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    REDOCLY_TELEMETRY: 'off',
    NO_COLOR: '1',
  });
}

function describeLintFailure(specification: string, lint: Finished, nameFile: (reference: string) => string): string {
  if (lint.stdout === '') return describeUnreadable(specification, lint.stderr);
  const { problems } = JSON.parse(lint.stdout) as LintReport;
  const lines = problems.map(({ ruleId, message, location: [place] }) => {
    const file = place === undefined ? specification : nameFile(place.source.ref);
    return `${formatPlace(file, place?.start)}: ${message.replaceAll(/\s*\n\s*/g, ' ')} (rule ${ruleId})`;
  });
  return lines.join('\n');
}

function describeUnreadable(specification: string, stderr: string): string {
  const reason = /^\s+- (.+)$/m.exec(stderr)?.[1] ?? stderr.replaceAll(/\s*\n\s*/g, ' ').trim();
  const { text, line, column } = /^(?<text>.*) in ".*" \((?<line>\d+):(?<column>\d+)\)$/.exec(reason)?.groups ?? {};
  if (text === undefined) return `${specification}: expected an OpenAPI document, but it cannot be read: ${reason}`;
  const place = formatPlace(specification, { line: Number(line), col: Number(column) });
  return `${place}: expected an OpenAPI document, but it cannot be read: ${text}`;
}

function formatPlace(file: string, start: Position | undefined): string {
  return start === undefined ? file : `${file}:${start.line}:${start.col}`;
}
