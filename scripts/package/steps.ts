import { spawn, type ChildProcess } from 'node:child_process';
import { globSync } from 'node:fs';
import { lstat, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { readContract } from '../../conformance/contract/contract.ts';
import { startMock } from '../../conformance/mock/mock.ts';
import { findChromium, withPage, type Files } from './browser.ts';
import {
  commandOf,
  compile,
  installExample,
  installInto,
  nodeVersions,
  runCommandIn,
  tools as packages,
  type ModuleResolution,
  type Packages,
  type Tarball,
} from './install.ts';

/** Shared by the steps of a check. */
export interface Workplace {
  readonly tarball: Tarball;
  /** The package of the conformance runner and of the mock. */
  readonly conformance: Tarball;
  /** The folder in which tools are installed. */
  readonly tools: string;
  /** A folder in which projects may be made. */
  readonly folder: string;
  /** A project that has the package, and finds the tools. */
  readonly project: string;
}

/** One thing that is tried with the packed packages. */
export interface Step {
  readonly name: string;
  /**
   * @returns Why it could not be tried here, if so.
   * @throws Error if it was tried and does not work.
   */
  run(workplace: Workplace): Promise<{ readonly skipped: string } | void>;
}

const licences = 'MIT;ISC;Apache-2.0;BSD-2-Clause;BSD-3-Clause;0BSD;CC0-1.0;BlueOak-1.0.0;Python-2.0;MPL-2.0';
const withoutChromium = { skipped: 'install Chromium, or name it by CHROMIUM_PATH' };

/** Complaints of tools that know packages. YAML has no types, so that one entry is not looked at. */
const lintSteps: readonly Step[] = [
  {
    name: 'publint has no complaint, suggestions included',
    async run({ tarball, tools, folder }) {
      await runCommandIn(folder, ['node', commandOf(tools, 'publint'), 'run', tarball.file, '--strict']);
    },
  },
  {
    name: 'attw finds the types of every entry, from ES modules, CommonJS, bundlers and node10',
    async run({ tarball, tools, folder }) {
      const attw = commandOf(tools, '@arethetypeswrong/cli', 'attw');
      const options = ['--format', 'ascii', '--exclude-entrypoints', './openapi.yaml'];
      await runCommandIn(folder, ['node', attw, tarball.file, ...options]);
    },
  },
  {
    name: 'the licences of all that transfer-conformance installs are permissive',
    async run(workplace) {
      const project = await emptyProject(workplace, prism);
      const checker = commandOf(workplace.tools, 'license-checker-rseidelsohn');
      const options = ['--start', project, '--production', '--excludePrivatePackages', '--onlyAllow', licences];
      await runCommandIn(workplace.folder, ['node', checker, ...options]);
    },
  },
];

/** Bundles that are promised to be small: a consumer's file, and the bytes that its bundle may have with gzip. */
const sizeSteps: readonly Step[] = Object.entries({ 'only-transfers.ts': 5000, 'only-validates.ts': 8000 }).map(
  ([file, limit]) => ({
    name: `the bundle of ${file} has at most ${limit} bytes with gzip`,
    async run({ project }) {
      const { gzip } = await weighBundle(project, file);
      if (gzip > limit) throw new Error(`It has ${gzip} bytes: find what the client has come to import.`);
    },
  }),
);

const compilers = Object.keys(packages.check).filter((name) => name.startsWith('typescript-'));
const resolutions: readonly ModuleResolution[] = ['node16', 'nodenext', 'bundler', 'node10'];

/** Makes Node.js refuse to make code from text, as a strict content security policy does. */
export const withoutEval = '--disallow-code-generation-from-strings';

/** Printed by the consumer, on every runtime. */
export const printedByTheConsumer = [
  'moved b817d2618fe6f1804333',
  '["3235742879"]',
  'InvalidRequestError',
  'refused: pc_sendcallto_invalid',
  'UnsafeParameterError',
  'UnsafeParameterError UnexpectedAnswerError',
  '200',
  '/link/self',
];

const compileSteps = compilers.flatMap((name) =>
  // The old resolution is gone from TypeScript 7 and deprecated in 6.
  resolutions
    .filter((resolution) => resolution !== 'node10' || name.startsWith('typescript-5'))
    .map((moduleResolution): Step => {
      return {
        name: `${name.replace('-', ' ')} compiles consumers, strictly, with moduleResolution ${moduleResolution}`,
        async run({ tools, project }) {
          const compiler = commandOf(tools, name, 'tsc');
          const modules = moduleResolution === 'node10' ? [] : ['transfer.ts'];
          const files = [...modules, 'types-only.cts', 'commonjs.cts'];
          await compile(project, { compiler, moduleResolution, files, out: `${name}-${moduleResolution}` });
        },
      };
    }),
);

const nodeSteps = Object.keys(nodeVersions()).map((name): Step => {
  return {
    name: `${name.replace('-', ' ')} runs consumers of both kinds of modules against the mock`,
    async run(workplace) {
      const { tools, project } = workplace;
      const node = nodeOf(workplace, name);
      const files = ['transfer.ts', 'commonjs.cts'];
      const compiler = commandOf(tools, 'typescript-5.9', 'tsc');
      await compile(project, { compiler, moduleResolution: 'nodenext', files, out: 'run' });
      const printed = await withMock((url) =>
        runCommandIn(project, [node, withoutEval, 'run/transfer.js'], { BASE_URL: url }),
      );
      const expected = `${printedByTheConsumer.join('\n')}\n`;
      if (printed !== expected) throw new Error(`expected:\n${expected}came:\n${printed}`);
      await moves(workplace, [node, 'run/commonjs.cjs']);
      await runCommandIn(project, [node, 'documents.mjs']);
    },
  };
});

type Command = readonly [string, ...string[]];

/** A tool or runtime that consumers use the package with. */
interface Setup {
  /** The packages that it needs; the set-up is skipped where they cannot be had. */
  readonly needs: readonly (keyof typeof packages.setups)[];
  readonly prepare?: (workplace: Workplace) => Promise<unknown>;
  /** The command that moves a call, in the project. */
  readonly command: (workplace: Workplace) => Command;
}

const bundleWorker = async ({ project }: Workplace): Promise<void> =>
  writeFile(join(project, 'worker.bundled.mjs'), await bundleConsumer(project, 'worker.mjs'));

const compileAlone =
  (file: string) =>
  ({ tools, project }: Workplace): Promise<void> => {
    const compiler = commandOf(tools, 'typescript-5.9', 'tsc');
    return compile(project, { compiler, moduleResolution: 'nodenext', files: [file], out: 'setups', lax: true });
  };

const setups: Readonly<Record<string, Setup>> = {
  Deno: {
    needs: ['deno'],
    command: ({ tools }) => [
      binaryOf(tools, '@deno/*/deno'),
      'run',
      '--allow-net=127.0.0.1',
      '--allow-env',
      '--no-config',
      '--node-modules-dir=manual',
      'moves.mjs',
    ],
  },
  Bun: { needs: ['bun'], command: ({ tools }) => [binaryOf(tools, '@oven/*/bin/bun'), 'moves.mjs'] },
  'workerd in Miniflare': { needs: ['miniflare'], prepare: bundleWorker, command: () => ['node', 'workerd.mjs'] },
  webpack: {
    needs: ['webpack', 'webpack-cli'],
    prepare: ({ tools, project }) => {
      const options = [
        '--mode',
        'production',
        '--target',
        'node',
        '--entry',
        './moves.mjs',
        '--output-filename',
        'main.cjs',
      ];
      return runCommandIn(project, ['node', commandOf(tools, 'webpack-cli'), 'build', ...options]);
    },
    command: () => ['node', 'dist/main.cjs'],
  },
  'Jest with its defaults': {
    needs: ['jest'],
    command: ({ tools }) => ['node', commandOf(tools, 'jest'), '--rootDir', 'jest'],
  },
  'Vitest with msw': {
    needs: ['vitest', 'msw'],
    command: ({ tools }) => ['node', commandOf(tools, 'vitest'), 'run', '--root', 'vitest'],
  },
  "undici's MockAgent": { needs: ['undici'], command: () => ['node', 'undici.mjs'] },
  'openapi-fetch': {
    needs: ['openapi-fetch'],
    prepare: compileAlone('openapi-fetch.ts'),
    command: () => ['node', 'setups/openapi-fetch.js'],
  },
  axios: { needs: ['axios'], prepare: compileAlone('axios.ts'), command: () => ['node', 'setups/axios.js'] },
};

const setupSteps = Object.entries(setups).map(([name, { needs, prepare, command }]): Step => {
  return {
    name: `${name} works with the package`,
    async run(workplace) {
      const missing = await install(workplace, needs);
      if (missing !== undefined) return missing;
      await prepare?.(workplace);
      await moves(workplace, command(workplace));
    },
  };
});

/** Installs the packages that a set-up needs, and tells why it is skipped if they cannot be had. */
async function install({ tools }: Workplace, needs: Setup['needs']): Promise<{ readonly skipped: string } | undefined> {
  try {
    await installInto(tools, Object.fromEntries(needs.map((name) => [name, packages.setups[name]])));
    return undefined;
  } catch (error) {
    return { skipped: `${needs.join(' and ')} cannot be installed: ${(error as Error).message.slice(0, 200)}` };
  }
}

/** Runs a command with a mock, and fails unless it says that the call was moved or that its tests passed. */
async function moves({ project }: Workplace, command: Command): Promise<void> {
  const said = await withMock((url) => runCommandIn(project, command, { BASE_URL: url, CI: 'true' }));
  if (!said.includes('moved b817d2618fe6f1804333') && !/jest|vitest/.test(command[1] ?? '')) throw new Error(said);
}

function binaryOf(tools: string, pattern: string): string {
  const [binary] = globSync(join(tools, 'node_modules', pattern));
  if (binary === undefined) throw new Error(`${pattern} was not installed: no binary is known for this machine.`);
  return binary;
}

const prism = { '@stoplight/prism-http': '^5.16.0' };
const runner = join('node_modules', '.bin', 'transfer-conformance');
/** The bytes that an installation without Prism may have: half of what one with it has. */
const mostWeight = 60e6;

const runnerSteps = Object.keys(nodeVersions()).flatMap((name): Step[] => {
  const node = name.replace('-', ' ');
  const checks: Step = {
    name: `transfer-conformance on ${node} checks a server without Prism, and asks for it where the mock is wanted`,
    async run(workplace) {
      const command = [nodeOf(workplace, name), runner] as const;
      const folder = await emptyProject(workplace);
      const said = await withMock((url) => runCommandIn(folder, [...command, url, '--only', 'body']));
      if (!said.includes('Verdict: conforming')) throw new Error(said);
      const refusal = await runCommandIn(folder, [...command, 'mock']).catch((error: Error) => error.message);
      if (!refusal.includes(': The mock needs Prism: npm install ')) throw new Error(refusal);
    },
  };
  const mocks: Step = {
    name: `transfer-conformance on ${node} finds that its mock conforms`,
    async run(workplace) {
      const folder = await emptyProject(workplace, prism);
      const mock = spawn(nodeOf(workplace, name), [runner, 'mock', '--port', '0'], { cwd: folder });
      try {
        const said = await runCommandIn(folder, [nodeOf(workplace, name), runner, await readAddress(mock)]);
        if (!said.includes('Verdict: conforming')) throw new Error(said);
      } finally {
        mock.kill();
      }
    },
  };
  if (!name.startsWith('node-20')) return [checks, mocks];
  return [
    {
      name: `transfer-conformance refuses ${node} in one line`,
      async run(workplace) {
        const command = [nodeOf(workplace, name), runner] as const;
        const said = await runCommandIn(await emptyProject(workplace), command).catch((error: Error) => error.message);
        if (!/: transfer-conformance needs Node [\d.]+ or newer and runs on v20[\d.]+$/.test(said))
          throw new Error(said);
      },
    },
    {
      name: `transfer-conformance without Prism weighs at most ${mostWeight / 1e6} MB, and the code of its page compiles`,
      async run(workplace) {
        const { tools } = workplace;
        const project = await emptyProject(workplace);
        const entries = await readdir(project, { recursive: true });
        const sizes = await Promise.all(entries.map(async (path) => (await lstat(join(project, path))).size));
        const weight = sizes.reduce((sum, size) => sum + size, 0);
        if (weight > mostWeight) throw new Error(`It weighs ${weight} bytes: find what it has come to import.`);
        const page = await readFile(join(project, 'node_modules', 'transfer-conformance', 'README.md'), 'utf8');
        const blocks = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);
        const files = blocks.map((_, place) => `block-${place}.mts`);
        await Promise.all(blocks.map((code, place) => writeFile(join(project, `block-${place}.mts`), code)));
        const compiler = commandOf(tools, 'typescript-5.9', 'tsc');
        await compile(project, { compiler, moduleResolution: 'nodenext', files, out: 'blocks' });
      },
    },
  ];
});

/** Installs the package of the conformance runner into a folder that has nothing else, or packages that it works with. */
async function emptyProject({ folder, conformance }: Workplace, others: Packages = {}): Promise<string> {
  const project = join(folder, ['project', ...Object.keys(others)].join('-').replaceAll('/', '-'));
  await installInto(project, { [conformance.name]: conformance.file, ...others });
  return project;
}

function nodeOf({ tools }: Workplace, name: string): string {
  return join(tools, 'node_modules', name, 'bin', 'node');
}

/** A person's entries on the example's page, and what the page says then. */
const entries = [
  { field: 'sendCallTo', value: '3235742879', says: /^Transferred\.$/ },
  { field: 'sendCallTo', value: 'nobody', says: /^The number to send it to is no telephone number\.$/ },
  { field: 'phoneCallId', value: 'a0', says: /^This call has ended\.$/ },
  { field: 'phoneCallId', value: '..', says: /^Not transferred: phoneCallId must be .* was not sent\.$/ },
];

/** Pages in Chromium, on a server that forwards the API to the mock. */
const pageSteps: readonly Step[] = [
  {
    name: 'the example browser-page transfers a call of the mock in Chromium',
    async run(workplace) {
      const chromium = findChromium();
      if (chromium === undefined) return withoutChromium;
      const example = await installed('browser-page', workplace);
      const html = await readFile(join(example, 'index.html'), 'utf8');
      const files = { '/': html, '/page.js': await bundleConsumer(example, 'page.ts') };
      await withMock((api) => withPage(chromium, files, api, enterAll));
    },
  },
  {
    name: 'a page that Vite builds transfers a call of the mock in Chromium',
    async run(workplace) {
      const { tools, project } = workplace;
      const chromium = findChromium();
      if (chromium === undefined) return withoutChromium;
      const missing = await install(workplace, ['vite']);
      if (missing !== undefined) return missing;
      const build = ['build', 'page', '--outDir', '../built', '--emptyOutDir'];
      await runCommandIn(project, ['node', commandOf(tools, 'vite'), ...build]);
      const files: Files = { '/': await readFile(join(project, 'built', 'index.html'), 'utf8') };
      for (const path of globSync(join(project, 'built', 'assets', '*.js'))) {
        files[`/assets/${basename(path)}`] = await readFile(path, 'utf8');
      }
      await withMock((api) =>
        withPage(chromium, files, api, async (page) => {
          const title = await readUntil(
            () => page.title(),
            (read) => read !== 'Waiting',
          );
          if (title !== 'moved b817d2618fe6f1804333') throw new Error(`the page says ${title}`);
        }),
      );
    },
  },
];

async function enterAll(page: Page): Promise<void> {
  for (const { field, value, says } of entries) {
    await page.fill(`input[name=${field}]`, value);
    await page.click('button');
    const said = await readUntil(
      async () => (await page.textContent('[role=status]')) ?? '',
      (text) => says.test(text),
    );
    if (!says.test(said)) throw new Error(`${field} ${value}: expected ${says}, came ${said}`);
  }
}

/**
 * Returns what was read when it was as awaited, or the last of a minute. Reads from outside of the page, since the
 * policy of the example's page lets nothing be evaluated in it.
 */
async function readUntil(read: () => Promise<string>, isAwaited: (text: string) => boolean): Promise<string> {
  const end = Date.now() + 60_000;
  for (;;) {
    const text = await read();
    if (isAwaited(text) || Date.now() > end) return text;
    await sleep(100);
  }
}

const token = 'example';

/** The examples, each installed from the packed package. */
const exampleSteps: readonly Step[] = [
  {
    name: 'the example fastify-server compiles, and conforms to the contract',
    async run(workplace) {
      const example = await installed('fastify-server', workplace);
      await runCommandIn(example, ['npm', 'run', '-s', 'typecheck']);
      const server = spawn('node', ['start.ts'], { cwd: example, env: { ...process.env, PORT: '0', TOKEN: token } });
      try {
        const conformance = ['npx', 'transfer-conformance', await readAddress(server)] as const;
        await runCommandIn(example, conformance, { CONFORMANCE_TOKEN: token });
      } finally {
        server.kill();
      }
    },
  },
  {
    name: 'the example vitest-project tests its own code against the mock',
    async run(workplace) {
      await runCommandIn(await installed('vitest-project', workplace), ['npm', 'test']);
    },
  },
];

/** Every step of a check, in the order in which they are tried. */
export const steps: readonly Step[] = [
  ...lintSteps,
  ...sizeSteps,
  ...compileSteps,
  ...nodeSteps,
  ...setupSteps,
  ...runnerSteps,
  ...pageSteps,
  ...exampleSteps,
];

function installed(name: string, { folder, tarball, conformance }: Workplace): Promise<string> {
  return installExample(name, folder, [tarball, conformance]);
}

/** The weight of a consumer's bundle for browsers, in bytes. */
export interface Size {
  readonly minified: number;
  readonly gzip: number;
}

/** Bundles a file of a project with what the project has installed, and weighs the bundle. */
export async function weighBundle(folder: string, file: string): Promise<Size> {
  const code = await bundleConsumer(folder, file);
  return { minified: Buffer.byteLength(code), gzip: gzipSync(code, { level: 9 }).length };
}

/** Bundles a file of a project for browsers, minified. */
async function bundleConsumer(folder: string, file: string): Promise<string> {
  const build = await rolldown({ input: join(folder, file), cwd: folder, platform: 'browser' });
  try {
    const { output } = await build.generate({ format: 'es', minify: true });
    return output[0].code;
  } finally {
    await build.close();
  }
}

/** Runs something while the mock listens, and closes the mock whatever becomes of it. */
export async function withMock<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  const mock = await startMock({ contract: readContract() });
  try {
    return await use(mock.url);
  } finally {
    await mock.close();
  }
}

/**
 * Waits until a server prints the address that it listens on.
 *
 * @throws Error with what it said on standard error, if it prints none.
 */
async function readAddress({ stdout, stderr }: ChildProcess): Promise<string> {
  const said: string[] = [];
  stderr?.on('data', (chunk: Buffer) => said.push(String(chunk)));
  if (stdout === null) throw new Error('the server cannot be listened to');
  const line = await new Promise<string>((resolve) => {
    const tooLate = setTimeout(resolve, 30_000, '');
    stdout.once('data', resolve);
    stdout.once('close', () => {
      clearTimeout(tooLate);
      resolve('');
    });
  });
  const address = /http:\/\/[^\s/]+:\d+/.exec(String(line))?.[0];
  if (address === undefined) throw new Error(`the server does not start: ${said.join('')}`);
  return address;
}
