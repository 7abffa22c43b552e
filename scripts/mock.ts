import process from 'node:process';
import { Command, CommanderError, InvalidArgumentError, Option, type OptionValues } from 'commander';
import { contractFile, operationById, readContract, type Contract } from '../conformance/contract/contract.ts';
import type { Mock } from '../conformance/servers/mock/mock.ts';

interface Options extends OptionValues {
  readonly port: number;
  readonly host: string;
  readonly token?: readonly string[];
  readonly contract: string;
  readonly quiet?: true;
}

/** Nothing was started: bad usage, a contract that cannot be read, an address that cannot be listened on. */
const nothingStarted = 2;

const program = new Command('npm run mock --')
  .description('Serves the contract: calls that can be transferred and read back, each error with its documented code.')
  .option('--port <number>', 'the port to listen on, 0 for any free one', portNumber, 4010)
  .option('--host <address>', 'the address to listen on', '127.0.0.1')
  .option('--token <token>', 'accept only this bearer token (repeatable; default: any)', collected)
  .addOption(
    new Option('--contract <file>', 'the bundled contract to serve').default(contractFile, 'generated/openapi.json'),
  )
  .option('--quiet', 'print no line for each request')
  .addHelpText(
    'after',
    '\nA client asks for an answer by a header: `Prefer: code=403` or `Prefer: example=tokenExpired`.',
  )
  .configureHelp({ showGlobalOptions: false })
  .configureOutput({ writeErr: () => {} })
  .showSuggestionAfterError(false)
  .exitOverride();

try {
  program.parse();
  await run(program.opts<Options>());
} catch (error) {
  if (error instanceof CommanderError) endUsage(error);
  else end((error as Error).message);
}

async function run({ port, host, token: tokens, contract: file, quiet }: Options): Promise<void> {
  const contract = readContract(file);
  // Prism takes a moment to load, which a wrong option need not wait for.
  const { startMock } = await import('../conformance/servers/mock/mock.ts');
  const mock = await startMock({ contract, port, host, tokens, log: quiet ? undefined : console.log }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(error.syscall === undefined ? error.message : listenProblem(error, host, port));
    },
  );
  console.log(greeting(contract, mock, tokens?.[0] ?? 'any-token'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void mock.close());
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

function portNumber(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError('It takes a number from 0 to 65535.');
}

function collected(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function endUsage({ code, exitCode, message }: CommanderError): void {
  if (exitCode === 0) return;
  const flag = code === 'commander.unknownOption' ? /'(.+)'/.exec(message)?.[1] : undefined;
  const problem = message.replace(/^error: /, '').replace(/\.?$/, '; see --help.');
  if (flag === undefined) end(problem.charAt(0).toUpperCase() + problem.slice(1));
  else end(`The option ${flag} is unknown; the nearest is ${nearestOption(flag)}; see --help.`);
}

function nearestOption(flag: string): string {
  const flags = program.options.map(({ long }) => long ?? '');
  return flags.toSorted((one, other) => distance(flag, one) - distance(flag, other))[0] ?? '';
}

/** How many letters must be added, dropped or changed to make one word the other. */
function distance(one: string, other: string): number {
  let row = [...other, ''].map((_, index) => index);
  for (const [line, letter] of [...one].entries()) {
    const above = row;
    row = [line + 1];
    for (const [index, candidate] of [...other].entries()) {
      const changed = (above[index] ?? 0) + (letter === candidate ? 0 : 1);
      row.push(Math.min(changed, (above[index + 1] ?? 0) + 1, (row[index] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}

function end(line: string): void {
  console.error(line);
  process.exitCode = nothingStarted;
}
