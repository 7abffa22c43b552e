import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import type { Verdict } from '../../../conformance/report/model.ts';
import type { Subject } from './catalogue.ts';

const folder = join(import.meta.dirname, '../independent');

/** The token that the independent servers accept. */
export const independentToken = 'independent-token';

/** The parts of the project in independent/ that are used. It has its own packages and is not type-checked here. */
interface ServeModule {
  readonly serverNames: readonly string[];
  load(name: string): Promise<{
    start(options: object): Promise<RunningServer>;
    readonly variants: Readonly<Record<string, { readonly options: object; why: string; ends?: Verdict }>>;
  }>;
}
interface FaultsModule {
  readonly faults: readonly {
    readonly id: string;
    readonly server: string;
    readonly sentence: string;
    readonly requirement: string;
    readonly options: object;
  }[];
}

/** Lists the servers that were written from the documentation page alone: right ones, then faulty ones. */
export async function independentSubjects(): Promise<Subject[]> {
  await installPackages();
  const { serverNames, load } = (await import(join(folder, 'serve.ts'))) as ServeModule;
  const { faults } = (await import(join(folder, 'faults.ts'))) as FaultsModule;
  const loaded = await Promise.all(serverNames.map(async (name) => [name, await load(name)] as const));
  const modules = new Map(loaded);
  const start = (server: string, options: object) => async () =>
    (await load(server)).start({ ...options, token: independentToken });
  const controls = [...modules].flatMap(([implementation, { variants }]): Subject[] => {
    const common = { kind: 'control', isIndependent: true, implementation } as const;
    return [
      {
        ...common,
        id: `${implementation}/plain`,
        says: 'Nothing is unusual about it.',
        start: start(implementation, {}),
      },
      ...Object.entries(variants).map(([name, { options, why, ...rest }]) => {
        return {
          ...common,
          ...rest,
          id: `${implementation}/${name}`,
          says: why,
          start: start(implementation, options),
        };
      }),
    ];
  });
  const faulty = faults.map(({ id, server, sentence: says, requirement, options }): Subject => {
    return {
      kind: 'fault',
      isIndependent: true,
      id: `${server}/${id}`,
      says,
      requirement,
      start: start(server, options),
    };
  });
  return [...controls, ...faulty];
}

/** Installs the frameworks, which are not among the packages of the repository. */
async function installPackages(): Promise<void> {
  if (existsSync(join(folder, 'node_modules'))) return;
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(npm, 'close')) as [number];
  if (code !== 0) throw new Error(`npm ci in scripts/lab/independent ended with ${code}.`);
}
