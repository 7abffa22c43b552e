import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { unwatchFile, watchFile } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { Command } from 'commander';
import { z } from 'zod';
import { contractFile, operationById, readContract, type Contract } from '../contract/contract.ts';
import type { Mock } from '../mock/mock.ts';
import { quote } from '../report/reproduce.ts';
import { addOptions, nameCommand, perform, readValues, type Io, type OptionValues } from './command-line.ts';
import { flag, path, share, text, wholeNumber } from './option-values.ts';
import { option } from './options.ts';

const table = {
  port: option('--port <number>', wholeNumber(0, 65_535), 'port to listen on, 0 for any free one', { default: 4010 }),
  // An empty address, as an unset variable leaves it, would be read as all of them.
  host: option('--host <address>', text(), 'address to listen on', { default: '127.0.0.1' }),
  token: option('--token <token>', z.array(text()), 'accept only this bearer token; repeatable (default: any)'),
  contract: option('--contract <file>', path(), 'bundled contract to serve (default: generated/openapi.json)'),
  cors: option('--no-cors', flag(), 'keep pages of other origins out', { default: true }),
  entry: option('--entry', flag(), 'read a call back as the entry of a list, as installations do'),
  delay: option('--delay <ms>', wholeNumber(0, 600_000), 'wait before each answer'),
  fail: option('--fail <rate>', share(), 'answer this share of the requests, 0 to 1, by 429 or 503 with Retry-After'),
  expire: option('--expire <seconds>', wholeNumber(0, 86_400), 'refuse a token this long after its first use'),
  stock: option('--stock', flag(), 'serve by stock Prism: no calls, no code for each mistake'),
  quiet: option('--quiet', flag(), 'print no line for each request'),
};

type Options = OptionValues<typeof table>;

/** The options that stock Prism does not have. */
const ownOptions = ['token', 'entry', 'delay', 'fail', 'expire'] as const satisfies (keyof Options)[];

/** Serves the mock until a signal ends it: `mock`. */
export async function runMock(argv: readonly string[], io: Io, name = nameCommand('mock')): Promise<number> {
  const command = addOptions(new Command(name), table)
    .description(
      'Serves the contract: calls that can be transferred and read back, each error with its documented code.',
    )
    .addHelpText(
      'after',
      [
        '\nA client asks for an answer by a header, `Prefer: code=403`, `Prefer: example=tokenExpired` or',
        '`Prefer: dynamic=true`, or by the query: `?__code=403`. The contract is read again when it changes.',
      ].join('\n'),
    );
  return perform(command, argv, io, () => {
    const options = readValues(command, table);
    return options.stock ? runStock(options) : run(options, io);
  });
}

async function run(
  { port, host, token: tokens, contract: file = contractFile, quiet, ...behaviour }: Options,
  io: Io,
): Promise<number> {
  const contract = readContract(file);
  // Prism takes a moment to load, which a wrong option need not wait for.
  const { startMock } = await import('../mock/mock.ts');
  const log = quiet ? undefined : console.log;
  const mock = await startMock({ ...behaviour, contract, port, host, tokens, log, keep: 0 }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(error.syscall === undefined ? error.message : listenProblem(error, host, port));
    },
  );
  console.log(greeting(contract, mock, tokens?.[0] ?? 'any-token'));
  watchFile(file, { interval: 300 }, () => void reload(mock, file, io));
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
  unwatchFile(file);
  await mock.close();
  return 0;
}

/** Serves the contract as it is now, or says why the earlier one stays. */
async function reload(mock: Mock, file: string, { stderr }: Io): Promise<void> {
  try {
    await mock.serve(readContract(file));
    console.log(`The contract has changed and was read again; its calls are back where they were.`);
  } catch (error) {
    stderr.write(`${(error as Error).message.split('\n')[0]} The mock goes on with the contract that it had.\n`);
  }
}

/** Serves the contract by the command of `@stoplight/prism-cli` until it ends. */
async function runStock(options: Options): Promise<number> {
  const unknown = ownOptions.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
  if (unknown.length > 0)
    throw new Error(`Stock Prism does not know ${unknown.join(', ')}: leave out these, or --stock.`);
  const { port, host, contract = contractFile, cors, quiet } = options;
  const words = ['mock', contract, '--port', String(port), '--host', host, '--cors', String(cors)];
  const prism = spawn(process.execPath, [findPrism(), ...words, ...(quiet ? ['--verboseLevel', 'silent'] : [])], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => prism.kill(signal));
  const [code, signal] = (await once(prism, 'close')) as [number | null, string | null];
  return signal === null && code !== 0 ? 2 : 0;
}

function findPrism(): string {
  try {
    return createRequire(import.meta.url).resolve('@stoplight/prism-cli');
  } catch {
    throw new Error('--stock needs Prism: npm install --save-dev @stoplight/prism-cli');
  }
}

function greeting(contract: Contract, { url, calls }: Mock, token: string): string {
  const body = operationById(contract, 'transferPhoneCall').body?.content[0]?.examples.values().next().value;
  const request = `${quote(url + (calls[0]?.link ?? ''))} -H ${quote(`Authorization: Bearer ${token}`)}`;
  const transfer = `curl -X PUT ${request} -H 'Content-Type: application/json' -d ${quote(JSON.stringify(body))}`;
  return [
    `The mock listens on ${url} (Ctrl-C ends it).`,
    `\nTransfer a call, read it back, ask for another answer:`,
    `  ${transfer}`,
    `  curl ${request}`,
    `  curl ${request} -H 'Prefer: code=403'\n`,
  ].join('\n');
}

function listenProblem({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  return code === 'EADDRINUSE'
    ? `Port ${port} of ${host} is taken: end what listens there, or choose another with --port.`
    : `The mock cannot listen on port ${port} of ${host} (${message}): choose others with --port and --host.`;
}
