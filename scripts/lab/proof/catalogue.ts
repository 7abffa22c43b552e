import process from 'node:process';
import { unusualServers } from '../controls/catalogue.ts';
import { faults } from '../faults/catalogue.ts';
import { independentFaults } from '../faults/independent.ts';
import { startProxy } from '../servers/proxied.ts';
import type { FaultyServer, UnusualServer } from '../servers/server.ts';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import type { Verdict } from '../../../conformance/report/model.ts';

/** A server of the catalogue that the suite is tried on. */
export type Subject = (({ readonly kind: 'fault' } & FaultyServer) | ({ readonly kind: 'control' } & UnusualServer)) & {
  /** True if it was written from the documentation page alone, and has one call. */
  readonly isIndependent?: true;
};

/** Every server of the catalogue that is made of the plain server and the mock. */
export const subjects: readonly Subject[] = [
  ...faults.map((fault): Subject => ({ kind: 'fault', ...fault })),
  ...unusualServers.map((control): Subject => ({ kind: 'control', ...control })),
];

let byName: Promise<ReadonlyMap<string, Subject>> | undefined;

/**
 * Finds the subject of a name.
 *
 * @throws Error if there is none.
 */
export async function findSubject(name: string): Promise<Subject> {
  const own = subjects.find((candidate) => nameSubject(candidate) === name);
  if (own !== undefined) return own;
  byName ??= independentSubjects().then((all) => new Map(all.map((subject) => [nameSubject(subject), subject])));
  const subject = (await byName).get(name);
  if (subject === undefined) throw new Error(`The catalogue has no ${name}.`);
  return subject;
}

/** Returns the subjects whose id contains a pattern, in which `*` stands for any characters. */
export function matchSubjects<Some extends { readonly id: string }>(some: readonly Some[], pattern: string): Some[] {
  const expression = new RegExp(pattern.split('*').map(RegExp.escape).join('.*'));
  return some.filter(({ id }) => expression.test(id));
}

/** Names a subject. A fault and a control may have the same id. */
export function nameSubject({ kind, id }: Pick<Subject, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

const folder = join(import.meta.dirname, '../independent');

/** The token that the independent servers accept. */
export const independentToken = 'lab-7f1a-s3cret';

/** The parts of the project in independent/ that are used. It has its own packages and is not type-checked here. */
interface VariantsModule {
  readonly serverNames: readonly string[];
  readonly variants: readonly (readonly [
    name: string,
    servers: string[],
    options: object,
    says: string,
    ends?: Verdict,
  ])[];
}
interface ServerModule {
  start(options: object): Promise<RunningServer>;
}

/** Lists the servers that were written from the documentation page alone: right ones, then faulty ones. */
export async function independentSubjects(): Promise<Subject[]> {
  await installPackages();
  const { serverNames, variants } = (await import(join(folder, 'variants.ts'))) as VariantsModule;
  const start = async (server: string, options: object) => {
    const module = (await import(join(folder, `servers/${server}.ts`))) as ServerModule;
    return module.start({ ...options, token: independentToken });
  };
  const controls = serverNames.flatMap((implementation) =>
    variants
      .filter(([, servers]) => servers.includes(implementation))
      .map(([name, , options, says, ends]): Subject => {
        const id = `${implementation}/${name}`;
        const common = { kind: 'control', isIndependent: true, implementation, id, says } as const;
        return { ...common, ...(ends && { ends }), start: () => start(implementation, options) };
      }),
  );
  const faulty = independentFaults.map(([id, requirement, says, mistake]): Subject => {
    const [server = ''] = id.split('/');
    const startFaulty = async () =>
      typeof mistake === 'function' ? startProxy(await start(server, {}), mistake()) : start(server, mistake.options);
    return { kind: 'fault', isIndependent: true, id, says, requirement, start: startFaulty };
  });
  return [...controls, ...faulty, ...listLanguageSubjects()];
}

/** A server in another language: how its program is made in a folder, and what it breaks by the name of a fault. */
interface Language {
  readonly needs: string;
  make(folder: string): Promise<readonly string[]>;
  readonly faults: Readonly<Record<string, readonly [requirement: string, says: string]>>;
}

const run = promisify(execFile);
const plainErrors = ['errors/body', 'Errors are plain text, as the framework writes them.'] as const;

const languages: Readonly<Record<string, Language>> = {
  fastapi: {
    needs: 'python3',
    make: async (made) => {
      const python = join(made, 'bin/python');
      await run('python3', ['-m', 'venv', made]);
      await run(python, ['-m', 'pip', 'install', '--quiet', '-r', join(folder, 'fastapi/requirements.txt')]);
      return [python, join(folder, 'fastapi/server.py')];
    },
    faults: {
      detail: ['errors/body', 'Invalid bodies are answered with 422 and detail.'],
      'plain-errors': plainErrors,
      'stale-workers': ['effects/call-moves', 'Every other reading shows the call as it was.'],
    },
  },
  go: {
    needs: 'go',
    make: async (made) => {
      await run('go', ['build', '-o', join(made, 'server'), 'server.go'], { cwd: join(folder, 'go') });
      return [join(made, 'server')];
    },
    faults: {
      'plain-errors': plainErrors,
      'number-coerced': ['body/send-call-to-invalid', 'A JSON number is taken as text.'],
      'wrong-leg': ['effects/other-party-stays', 'The party that transfers the call stays, and the other one leaves.'],
    },
  },
};

/** Prepares the servers in other languages for this process and its threads; those without a tool are left out. */
export async function prepareLanguages(tell: (line: string) => void): Promise<void> {
  for (const [name, { needs, make }] of Object.entries(languages)) {
    try {
      const words = await make(mkdtempSync(join(tmpdir(), `lab-${name}-`)));
      process.env[`LAB_${name}`] = JSON.stringify(words);
    } catch (error) {
      tell(`${name} is skipped: it takes ${needs} (${(error as Error).message.split('\n')[0]})`);
    }
  }
}

function listLanguageSubjects(): Subject[] {
  return Object.entries(languages).flatMap(([name, { faults }]): Subject[] => {
    const words = process.env[`LAB_${name}`];
    if (words === undefined) return [];
    const start = (...flags: string[]) => startProcess([...(JSON.parse(words) as string[]), ...flags]);
    const common = { isIndependent: true, implementation: name } as const;
    return [
      { ...common, kind: 'control', id: `${name}/plain`, says: 'Nothing is unusual about it.', start: () => start() },
      ...Object.entries(faults).map(([fault, [requirement, says]]): Subject => {
        return {
          ...common,
          kind: 'fault',
          id: `${name}/${fault}`,
          says,
          requirement,
          start: () => start('--fault', fault),
        };
      }),
    ];
  });
}

/** Starts a program that prints its URL. */
async function startProcess([file = '', ...words]: readonly string[]): Promise<RunningServer> {
  const child = spawn(file, [...words, '--token', independentToken, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const ended = once(child, 'exit');
  const close = async () => {
    child.kill();
    await ended;
  };
  return { url: String(line).trim(), close };
}

/** Installs the frameworks, which are not among the packages of the repository. */
async function installPackages(): Promise<void> {
  if (existsSync(join(folder, 'node_modules'))) return;
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(npm, 'close')) as [number];
  if (code !== 0) throw new Error(`npm ci in scripts/lab/independent ended with ${code}.`);
}
