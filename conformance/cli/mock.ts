import process from 'node:process';
import { Command, InvalidArgumentError, Option, type OptionValues } from 'commander';
import { contractFile, operationById, readContract, type Contract } from '../contract/contract.ts';
import type { Mock } from '../mock/mock.ts';
import { collected, nameCommand, perform, wholeNumber, type Io } from './command-line.ts';

interface Options extends OptionValues {
  readonly port: number;
  readonly host: string;
  readonly token?: readonly string[];
  readonly contract: string;
  readonly quiet?: true;
}

/** Serves the mock until a signal ends it: `mock`. */
export async function runMock(argv: readonly string[], io: Io, name = nameCommand('mock')): Promise<number> {
  const program = new Command(name)
    .description(
      'Serves the contract: calls that can be transferred and read back, each error with its documented code.',
    )
    .option('--port <number>', 'the port to listen on, 0 for any free one', wholeNumber(0, 65_535), 4010)
    .option('--host <address>', 'the address to listen on', filled, '127.0.0.1')
    .option('--token <token>', 'accept only this bearer token (repeatable; default: any)', filledAmongOthers)
    .addOption(
      new Option('--contract <file>', 'the bundled contract to serve').default(contractFile, 'generated/openapi.json'),
    )
    .option('--quiet', 'print no line for each request')
    .addHelpText(
      'after',
      '\nA client asks for an answer by a header: `Prefer: code=403` or `Prefer: example=tokenExpired`.',
    );

  return perform(program, argv, io, () => run(program.opts<Options>()));
}

async function run({ port, host, token: tokens, contract: file, quiet }: Options): Promise<number> {
  const contract = readContract(file);
  // Prism takes a moment to load, which a wrong option need not wait for.
  const { startMock } = await import('../mock/mock.ts');
  const mock = await startMock({ contract, port, host, tokens, log: quiet ? undefined : console.log }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(error.syscall === undefined ? error.message : listenProblem(error, host, port));
    },
  );
  console.log(greeting(contract, mock, tokens?.[0] ?? 'any-token'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void mock.close());
  return 0;
}

/** What an unset variable of the shell leaves is no address, though a server would take it for all of them. */
function filled(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('Expected a text that is not empty; leave the option out for its default.');
}

function filledAmongOthers(text: string, previous?: readonly string[]): string[] {
  return collected(filled(text), previous);
}

function greeting(contract: Contract, { url, calls }: Mock, token: string): string {
  const body = operationById(contract, 'transferPhoneCall').body?.content[0]?.examples.values().next().value;
  const request = `${quoted(url + (calls[0]?.link ?? ''))} -H ${quoted(`Authorization: Bearer ${token}`)}`;
  const transfer = `curl -X PUT ${request} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`;
  return [
    `The mock listens on ${url} (Ctrl-C ends it).`,
    `\nTransfer a call, read it back, ask for another answer:`,
    `  ${transfer}`,
    `  curl ${request}`,
    `  curl ${request} -H 'Prefer: code=403'\n`,
  ].join('\n');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function listenProblem({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  return code === 'EADDRINUSE'
    ? `Port ${port} of ${host} is taken: end what listens there, or choose another with --port.`
    : `The mock cannot listen on port ${port} of ${host} (${message}): choose others with --port and --host.`;
}
