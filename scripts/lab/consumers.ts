import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { format } from 'prettier';
import { runCommand } from '../../conformance/cli/command-line.ts';
import { installInto, repositoryFolder, runCommandIn } from '../package/install.ts';

/** A tool that reads OpenAPI documents. */
interface Consumer {
  readonly name: string;
  /** The packages that it takes, with their versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** A module that reads the document `file` into the folder `out`, and throws if the tool does not take it. */
  readonly module: string;
}

const documents = ['openapi.json', 'openapi.plain.json', 'openapi-3.0.json'];
const manualFile = join(repositoryFolder, 'conformance/README.md');
const section = /(?<=<!-- consumers -->\n).*(?=<!-- \/consumers -->)/s;

const cli = (script: string, ...words: string[]): string =>
  `import { execFileSync } from 'node:child_process';
   execFileSync(process.execPath, ['node_modules/${script}', ${words.join(', ')}], { stdio: 'pipe' });`;

/** Sends a valid transfer and one with another action, and demands that only the first is accepted. */
const sendBoth = (send: string): string => `
  const send = async (body) => ${send};
  const url = '/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333';
  const headers = { 'content-type': 'application/json', authorization: 'Bearer token' };
  const valid = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' };
  const statuses = [await send(valid), await send({ ...valid, action: 'Park' })];
  if (statuses[0] !== 200 || statuses[1] < 400) throw new Error('It answered ' + statuses.join(' and ') + '.');
  process.exit();`;

const consumers: readonly Consumer[] = [
  {
    name: 'swagger-parser',
    packages: { '@apidevtools/swagger-parser': '13.0.0' },
    module: `import SwaggerParser from '@apidevtools/swagger-parser'; await SwaggerParser.validate(file);`,
  },
  {
    name: 'Spectral',
    packages: { '@stoplight/spectral-cli': '6.16.3' },
    module: `import { writeFileSync } from 'node:fs'; writeFileSync('ruleset.yaml', 'extends: ["spectral:oas"]');
      ${cli('@stoplight/spectral-cli/dist/index.js', `'lint'`, `'-r'`, `'ruleset.yaml'`, `'--fail-severity=error'`, 'file')}`,
  },
  {
    name: 'orval',
    packages: { orval: '7.13.2' },
    module: `import { generate } from 'orval'; await generate({ input: file, output: { target: out + '/orval.ts' } });`,
  },
  {
    name: 'Kubb',
    packages: { '@kubb/core': '4.39.3', '@kubb/plugin-oas': '4.39.3', '@kubb/plugin-ts': '4.39.3' },
    module: `import { build } from '@kubb/core'; import { pluginOas } from '@kubb/plugin-oas'; import { pluginTs } from '@kubb/plugin-ts';
      const { error, failedPlugins = [] } = await build({ config: { root: '.', input: { path: file },
        output: { path: out + '/kubb' }, plugins: [pluginOas(), pluginTs()] } });
      for (const failure of [error, ...failedPlugins]) if (failure) throw failure;`,
  },
  {
    name: 'swagger-typescript-api',
    packages: { 'swagger-typescript-api': '13.13.0' },
    module: `import { generateApi } from 'swagger-typescript-api'; await generateApi({ input: file, output: out, silent: true });`,
  },
  {
    name: 'openapi-zod-client',
    packages: { 'openapi-zod-client': '1.18.3' },
    module: cli('openapi-zod-client/bin.js', 'file', `'-o'`, `out + '/zod.ts'`),
  },
  {
    name: 'openapi-typescript-codegen',
    packages: { 'openapi-typescript-codegen': '0.31.0' },
    module: `import { generate } from 'openapi-typescript-codegen'; await generate({ input: file, output: out + '/codegen' });`,
  },
  {
    name: 'openapi-to-postman',
    packages: { 'openapi-to-postmanv2': '6.3.3' },
    module: `import { readFileSync } from 'node:fs'; import converter from 'openapi-to-postmanv2';
      const { result, reason } = await new Promise((done, fail) => converter.convertV2({ type: 'string',
        data: readFileSync(file, 'utf8') }, {}, (error, converted) => (error ? fail(error) : done(converted))));
      if (!result) throw new Error(reason);`,
  },
  {
    name: '@mswjs/source',
    packages: { '@mswjs/source': '0.5.0', msw: '2.15.0' },
    module: `import { readFileSync } from 'node:fs'; import { fromOpenApi } from '@mswjs/source/open-api'; import { getResponse } from 'msw';
      globalThis.location = { href: 'http://localhost/' };
      const handlers = await fromOpenApi(JSON.parse(readFileSync(file, 'utf8')));
      const request = new Request('http://localhost/uapi/phoneCalls/12/0003*210/b817d2618fe6f1804333');
      const status = (await getResponse(handlers, request))?.status;
      if (status !== 200) throw new Error('It answered ' + status + '.');`,
  },
  {
    name: 'express-openapi-validator',
    packages: { express: '5.3.0', 'express-openapi-validator': '5.6.2' },
    module: `import express from 'express'; import { middleware } from 'express-openapi-validator';
      const app = express().use(express.json(), middleware({ apiSpec: file, validateResponses: true, validateSecurity: false }));
      app.put('/uapi/phoneCalls/:user/:extension/:call', (_, response) => response.json({ id: 'a' }));
      app.use((error, _, response, next) => response.status(error.status ?? 500).json({}));
      const server = await new Promise((done) => { const listening = app.listen(0, '127.0.0.1', () => done(listening)); });
      ${sendBoth(`(await fetch('http://127.0.0.1:' + server.address().port + url, { method: 'PUT', headers, body: JSON.stringify(body) })).status`)}`,
  },
  {
    name: 'fastify-openapi-glue',
    packages: { fastify: '5.12.8', 'fastify-openapi-glue': '4.11.4' },
    module: `import Fastify from 'fastify'; import glue from 'fastify-openapi-glue';
      const app = Fastify(); const answer = async () => ({ id: 'a' });
      const serviceHandlers = { transferPhoneCall: answer, getPhoneCall: answer, transferAllPhoneCalls: answer };
      await app.register(glue, { specification: file, serviceHandlers, securityHandlers: { bearer: async () => {} } });
      ${sendBoth(`(await app.inject({ method: 'PUT', url, headers, payload: body })).statusCode`)}`,
  },
  {
    name: 'openapi-backend',
    packages: { 'openapi-backend': '5.21.2' },
    module: `import { OpenAPIBackend } from 'openapi-backend';
      const api = new OpenAPIBackend({ definition: file, strict: true });
      api.register({ transferPhoneCall: () => 200, validationFail: () => 400, notFound: () => 404 });
      api.registerSecurityHandler('bearer', () => true);
      await api.init();
      ${sendBoth(`api.handleRequest({ method: 'PUT', path: url, headers, body })`)}`,
  },
];

const command = new Command('npm run lab -- consumers')
  .description('Tries the documents of the package on tools that read OpenAPI, and prints a table.')
  .option('--keep <folder>', 'keep the tools in this folder, and take them from there the next time')
  .option('--write', 'write the table into the manual')
  .addHelpText(
    'after',
    '\nExit codes: 0 each tool takes at least one document, 1 some take none, 2 nothing was tried.',
  );

await runCommand(command, async () => {
  const { keep, write } = command.opts<{ keep?: string; write?: true }>();
  const folder = keep === undefined ? await mkdtemp(join(tmpdir(), 'consumers-')) : resolve(keep);
  try {
    await installInto(
      folder,
      Object.assign({}, ...consumers.map(({ packages }) => packages)) as Record<string, string>,
    );
    for (const name of documents) await copyFile(join(repositoryFolder, 'generated', name), join(folder, name));
    const rows: string[][] = [];
    for (const consumer of consumers) rows.push([consumer.name, ...(await tryAll(folder, consumer))]);
    const head = ['tool', ...documents.map((name) => `\`${name}\``)];
    const lines = [head, head.map(() => '-'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
    const table = (await format(lines.join('\n'), { parser: 'markdown' })).trim();
    console.log(table);
    if (write) {
      const page = await readFile(manualFile, 'utf8');
      await writeFile(manualFile, page.replace(section, `\n${table}\n`));
    }
    return rows.every((row) => row.includes('yes')) ? 0 : 1;
  } finally {
    if (keep === undefined) await rm(folder, { recursive: true, force: true });
  }
});

async function tryAll(folder: string, { name, module }: Consumer): Promise<string[]> {
  const outcomes: string[] = [];
  for (const document of documents) {
    const head = `const file = './${document}';\nconst out = process.cwd() + '/out';\n`;
    await writeFile(join(folder, 'trial.mjs'), `${head}${module}\n`);
    const failure = await runCommandIn(folder, ['node', 'trial.mjs']).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (failure !== undefined) console.error(`${name}, ${document}: ${failure.split('\n').slice(0, 12).join('\n')}`);
    outcomes.push(failure === undefined ? 'yes' : 'no');
  }
  return outcomes;
}
