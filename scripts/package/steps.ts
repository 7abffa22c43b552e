import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { readContract } from '../../conformance/contract/contract.ts';
import { startMock } from '../../conformance/mock/mock.ts';
import { findChromium, launchChromium } from './browser.ts';
import {
  checkTools,
  commandOf,
  compile,
  installExample,
  installInto,
  nodeVersions,
  runCommandIn,
  type Tarball,
} from './install.ts';

/** What the steps of a check share. */
export interface Workplace {
  readonly tarball: Tarball;
  /** The package of the conformance runner and of the mock. */
  readonly conformance: Tarball;
  /** Where tools are installed. */
  readonly tools: string;
  /** Where projects may be made. */
  readonly folder: string;
  /** A fresh project that has the package. */
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

/** What tools that know packages say of this one. YAML has no types, so that one entry is not looked at. */
const lintSteps: readonly Step[] = [
  {
    name: 'publint has no complaint, suggestions included',
    async run({ tarball, tools, folder }) {
      await runCommandIn(folder, ['node', commandOf(tools, 'publint', 'publint'), 'run', tarball.file, '--strict']);
    },
  },
  {
    name: 'attw finds the types of every entry, from ES modules and bundlers',
    async run({ tarball, tools, folder }) {
      const attw = commandOf(tools, '@arethetypeswrong/cli', 'attw');
      const options = ['--profile', 'esm-only', '--format', 'ascii', '--exclude-entrypoints', './openapi.yaml'];
      await runCommandIn(folder, ['node', attw, tarball.file, ...options]);
    },
  },
  {
    name: 'the licences of all that transfer-conformance installs are permissive',
    async run(workplace) {
      const project = await emptyProject(workplace);
      const checker = commandOf(workplace.tools, 'license-checker-rseidelsohn', 'license-checker-rseidelsohn');
      const options = ['--start', project, '--production', '--excludePrivatePackages', '--onlyAllow', licences];
      await runCommandIn(workplace.folder, ['node', checker, ...options]);
    },
  },
];

/** Bundles that are promised to be small: a consumer's file, and the bytes that its bundle may have with gzip. */
const sizeSteps: readonly Step[] = Object.entries({ 'only-transfers.ts': 4600, 'only-validates.ts': 8000 }).map(
  ([file, limit]) => ({
    name: `the bundle of ${file} has at most ${limit} bytes with gzip`,
    async run({ project }) {
      const { gzip } = await weighBundle(project, file);
      if (gzip > limit) throw new Error(`It has ${gzip} bytes: find what the client has come to import.`);
    },
  }),
);

const compilers = Object.keys(checkTools).filter((name) => name.startsWith('typescript-'));
const moduleResolutions = ['node16', 'nodenext', 'bundler'] as const;
const compiledForNode = 'run';

/** Node.js then refuses to make code from text, as a strict content security policy does. */
export const withoutEval = '--disallow-code-generation-from-strings';

/** What the consumer prints, whatever it runs on. */
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
  moduleResolutions.map((moduleResolution): Step => {
    return {
      name: `${name.replace('-', ' ')} compiles a consumer, strictly, with moduleResolution ${moduleResolution}`,
      async run({ tools, project }) {
        const compiler = commandOf(tools, name, 'tsc');
        const files = ['transfer.ts', 'types-only.cts'];
        await compile(project, { compiler, moduleResolution, files, out: `${name}-${moduleResolution}` });
      },
    };
  }),
);

const runSteps = Object.keys(nodeVersions()).map((name): Step => {
  return {
    name: `${name.replace('-', ' ')} runs a consumer against the mock`,
    async run({ tools, project }: Workplace) {
      const node = join(tools, 'node_modules', name, 'bin', 'node');
      const compiler = commandOf(tools, 'typescript-5.9', 'tsc');
      await compile(project, { compiler, moduleResolution: 'nodenext', files: ['transfer.ts'], out: compiledForNode });
      const consumer = [node, withoutEval, join(compiledForNode, 'transfer.js')] as const;
      const printed = await withMock((url) => runCommandIn(project, consumer, { BASE_URL: url }));
      const expected = `${printedByTheConsumer.join('\n')}\n`;
      if (printed !== expected) throw new Error(`expected:\n${expected}came:\n${printed}`);
      await runCommandIn(project, [node, 'documents.mjs']);
    },
  };
});

/** Consumers on every TypeScript and every Node.js that are supported. */
const consumerSteps: readonly Step[] = [...compileSteps, ...runSteps];

const runner = join('node_modules', '.bin', 'transfer-conformance');

const runnerSteps = Object.keys(nodeVersions()).map((name): Step => {
  if (name.startsWith('node-20')) {
    return {
      name: `transfer-conformance refuses ${name.replace('-', ' ')} in one line`,
      async run(workplace) {
        const folder = await emptyProject(workplace);
        const said = await runCommandIn(folder, [nodeOf(workplace, name), runner]).catch(
          (error: Error) => error.message,
        );
        if (!/: transfer-conformance needs Node [\d.]+ or newer and runs on v20[\d.]+$/.test(said))
          throw new Error(said);
      },
    };
  }
  return {
    name: `transfer-conformance on ${name.replace('-', ' ')} finds that its mock conforms`,
    async run(workplace) {
      const folder = await emptyProject(workplace);
      const node = nodeOf(workplace, name);
      const mock = spawn(node, [runner, 'mock', '--port', '0'], { cwd: folder });
      try {
        const said = await runCommandIn(folder, [node, runner, await readAddress(mock)]);
        if (!said.includes('Verdict: conforming')) throw new Error(said);
      } finally {
        mock.kill();
      }
    },
  };
});

/** Installs the package of the conformance runner into a folder that has nothing else. */
async function emptyProject({ folder, conformance }: Workplace): Promise<string> {
  const project = join(folder, 'empty-project');
  await installInto(project, { [conformance.name]: conformance.file });
  return project;
}

function nodeOf({ tools }: Workplace, name: string): string {
  return join(tools, 'node_modules', name, 'bin', 'node');
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
      const example = await installed('vitest-project', workplace);
      await runCommandIn(example, ['npm', 'test']);
    },
  },
];

/** What a person enters, and what the page says then. */
const entries = [
  { field: 'sendCallTo', value: '3235742879', says: /^Transferred\.$/ },
  { field: 'sendCallTo', value: 'nobody', says: /^The number to send it to is no telephone number\.$/ },
  { field: 'phoneCallId', value: 'a0', says: /^This call has ended\.$/ },
  { field: 'phoneCallId', value: '..', says: /^Not transferred: phoneCallId must be .* was not sent\.$/ },
];

/** The example of a page, as a bundle without eval, in Chromium. */
const browserSteps: readonly Step[] = [
  {
    name: 'the example browser-page transfers a call of the mock in Chromium',
    async run(workplace) {
      const chromium = findChromium();
      if (chromium === undefined) return { skipped: 'install Chromium, or name it by CHROMIUM_PATH' };
      const example = await installed('browser-page', workplace);
      const files: Files = {
        '/': { type: 'text/html', text: await readFile(join(example, 'index.html'), 'utf8') },
        '/page.js': { type: 'text/javascript', text: await bundleConsumer(example, 'page.ts') },
        '/favicon.ico': { type: 'image/png', text: '' },
      };
      await withMock((api) => withPageServer(files, api, (url) => usePage(chromium, url)));
    },
  },
];

async function usePage(chromium: string, url: string): Promise<void> {
  const chrome = await launchChromium(chromium);
  try {
    const page = await chrome.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    for (const entry of entries) await enter(page, entry);
    if (complaints.length > 0) throw new Error(`the page fails: ${complaints.join('; ')}`);
  } finally {
    await chrome.close();
  }
}

async function enter(page: Page, { field, value, says }: (typeof entries)[number]): Promise<void> {
  const status = page.getByRole('status');
  await status.evaluate((element) => (element.textContent = ''));
  await page.locator(`[name=${field}]`).fill(value);
  await page.getByRole('button').click();
  const filled = page.getByRole('status').filter({ hasText: /./ });
  const came = (await filled.textContent({ timeout: 10_000 })) ?? '';
  if (!says.test(came)) throw new Error(`${field} ${value}: expected ${says}, the page says: ${came}`);
}

/** All steps, those that take least first. */
export const steps: readonly Step[] = [
  ...lintSteps,
  ...sizeSteps,
  ...consumerSteps,
  ...runnerSteps,
  ...browserSteps,
  ...exampleSteps,
];

function installed(name: string, { folder, tarball, conformance }: Workplace): Promise<string> {
  return installExample(name, folder, [tarball, conformance]);
}

/** What a consumer's bundle for browsers weighs, in bytes. */
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
export async function bundleConsumer(folder: string, file: string): Promise<string> {
  const build = await rolldown({ input: join(folder, file), cwd: folder, platform: 'browser' });
  try {
    const { output } = await build.generate({ format: 'es', minify: true });
    return output[0].code;
  } finally {
    await build.close();
  }
}

/** Files by their path, with their media types. */
type Files = Readonly<Record<string, { readonly type: string; readonly text: string }>>;

/** Serves a page's files on the loopback interface, and forwards what is not among them to the API, until its use ends. */
async function withPageServer<Result>(
  files: Files,
  api: string,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const file = files[url];
    if (file !== undefined) return void response.writeHead(200, { 'content-type': file.type }).end(file.text);
    const forwarded = { authorization: headers.authorization ?? '', 'content-type': 'application/json' };
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length > 0 ? Buffer.concat(chunks) : null;
      void fetch(`${api}${url}`, { method, headers: forwarded, body }).then((answer) => passOn(answer, response));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function passOn(answer: Response, response: ServerResponse): Promise<void> {
  const body = await answer.text();
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(body);
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
  const [line] = (await once(stdout, 'data', { signal: AbortSignal.timeout(30_000) }).catch(() => [''])) as unknown[];
  const address = /http:\/\/[^\s/]+:\d+/.exec(String(line))?.[0];
  if (address === undefined) throw new Error(`the server does not start: ${said.join('')}`);
  return address;
}
