import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { exampleFixture, fixtureMembers, type Fixture, type ForeignCall } from '../call/fixture.ts';
import { readContract, type Contract } from '../contract/contract.ts';
import { InputError } from '../contract/input-error.ts';
import { assertReachable } from '../target/connection.ts';
import { isLoopback, baseUrlOf } from '../target/address.ts';
import type { Target } from '../run/target.ts';
import type { TransportSettings } from '../target/transport-settings.ts';
import { authorizationOf, tokenRemarks } from './authorization.ts';
import { pickTargetOptions, type Options } from './options.ts';
import { transportRemarks, transportSettingsOf } from './transport.ts';

/** A target, and how to let go of it. */
export interface OpenTarget {
  readonly target: Target;
  readonly name: string;
  /** Remarks on the target that a report shows whatever the run finds. */
  readonly remarks: readonly string[];
  close(): Promise<void>;
}

/** The server that the options name, or the mock, and what it is supposed to have. */
export interface Place {
  /** Undefined for the mock. */
  readonly baseUrl: string | undefined;
  readonly loopback: boolean;
  readonly fixture: Partial<Fixture>;
}

/** Finds where the options lead, without a connection. */
export async function findPlace(options: Options, contract: Contract): Promise<Place> {
  if (options.url === undefined) {
    return { baseUrl: undefined, loopback: true, fixture: readFixture(options, exampleFixture(contract)) };
  }
  const baseUrl = baseUrlOf(options.url);
  const loopback = await isLoopback(baseUrl);
  return { baseUrl, loopback, fixture: readFixture(options, loopback ? serverDefaults(options, contract) : {}) };
}

/**
 * Opens the target that the command line names, or the mock.
 *
 * @throws InputError or TokenFailure with one line, if nothing listens there, a file of TLS is not as it must be, or no
 *   token can be had.
 */
export async function openTarget(options: Options, { baseUrl, loopback, fixture }: Place): Promise<OpenTarget> {
  if (baseUrl === undefined) return openMock(options, fixture);
  const { timeout, wait = 0 } = options;
  const named = readFixture(options, {});
  const presumed = fixtureMembers.filter((name) => fixture[name] !== undefined && named[name] === undefined);
  const transport = { ...transportSettingsOf(options, baseUrl), ...(loopback && { loopback }) };
  const authorization = await authorizationOf(options, baseUrl, transport, async () => {
    if (options.calls === undefined && !isSent(fixture)) return;
    await assertListening(baseUrl, { timeout, wait: wait * 1000 }, transport);
  });
  const target = { ...pickRunOptions(options), baseUrl, loopback, ...authorization, fixture, presumed, transport };
  const remarks = [...transportRemarks(transport, baseUrl), ...tokenRemarks(options, loopback, authorization)];
  return { target, name: baseUrl, remarks, close: async () => undefined };
}

async function openMock(options: Options, fixture: Partial<Fixture>): Promise<OpenTarget> {
  assertNoAuthorization(options);
  const transport = transportSettingsOf(options, 'http://127.0.0.1');
  const token = randomBytes(16).toString('hex');
  // Prism takes a moment to load, which a run against a server need not wait for.
  const { startMock } = await import('../mock/mock.ts');
  const mock = await startMock({ contract: readContract(), tokens: [token] });
  const own = { baseUrl: mock.url, loopback: true, token, tokenNamed: true };
  const target = { ...pickRunOptions(options), ...own, fixture, transport };
  return { target, name: 'The mock', remarks: [], close: () => mock.close() };
}

const pickRunOptions = (options: Options) => ({ ...pickTargetOptions(options), profiles: options.profile });

/** @throws InputError if a way to a token is named, since it tells that a server was meant. */
function assertNoAuthorization({ clientId, tokenUrl, tokenFile, token }: Options): void {
  if (clientId !== undefined || tokenUrl !== undefined) {
    throw new InputError('--client-id fetches a token for a server: name its URL; the mock needs none.');
  }
  if (tokenFile === undefined && token === undefined) return;
  const flag = tokenFile === undefined ? '--token' : '--token-file';
  throw new InputError(`${flag} names a token for a server: name its URL; the mock needs none.`);
}

/**
 * Returns what a server on this machine is supposed to have while the user names nothing else. Its other calls are only
 * read, to see that they stay; where the call is named, none is supposed.
 */
function serverDefaults({ call }: Options, contract: Contract): Partial<Fixture> {
  const { spareCalls, idleExtension: _, ...example } = exampleFixture(contract);
  return { ...example, spareCalls: [], otherCalls: call === undefined ? spareCalls : [] };
}

/** Returns the fixture that the command line names, and of the defaults what it does not name. */
function readFixture(options: Options, defaults: Partial<Fixture>): Partial<Fixture> {
  const { user, call, sendTo, from, number, otherCall, idleExtension } = options;
  const foreignCall = options.foreignCall === undefined ? undefined : readForeignCall(options.foreignCall);
  const extension = options.extension ?? defaults.extension;
  const otherCalls = otherCall?.map((text) => {
    const [, ownExtension = extension ?? '@self', id = ''] = /^(?:(.*)\/)?(.*)$/.exec(text) ?? [];
    return { extension: ownExtension, call: id };
  });
  const named = { user, extension, call, sendTo, from, number, otherCalls, idleExtension, foreignCall };
  return { ...defaults, ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) };
}

/** @throws InputError if a text is not USER/EXTENSION/ID. */
function readForeignCall(typed: string): ForeignCall {
  const [user = '', extension = '', call = '', ...rest] = typed.split('/');
  if (call !== '' && rest.length === 0) return { user, extension, call };
  throw new InputError(
    `--foreign-call ${JSON.stringify(typed)} is no call of another User: expected USER/EXTENSION/ID.`,
  );
}

/** Tells whether a fixture lets anything be sent at all. */
function isSent({ user, extension, call, sendTo = [], from, number }: Partial<Fixture>): boolean {
  return [user, extension, call, from, number].every(Boolean) && sendTo.length > 0;
}

/** The time between two tries to reach a server that is waited for, in milliseconds. */
const waitPeriod = 250;

/**
 * Asserts that a server accepts connections, at the latest after some milliseconds.
 *
 * @throws InputError that says why no connection can be made.
 */
async function assertListening(
  baseUrl: string,
  { timeout, wait }: { readonly timeout: number; readonly wait: number },
  transport: TransportSettings,
): Promise<void> {
  const began = performance.now();
  try {
    await assertReachable(new URL(baseUrl).origin, timeout, transport);
  } catch (error) {
    if (wait > 0) {
      await setTimeout(waitPeriod);
      const left = Math.max(0, wait - (performance.now() - began));
      return assertListening(baseUrl, { timeout, wait: left }, transport);
    }
    const { message } = error as Error;
    // Which port it was stands in the URL.
    const code = /^connect (E[A-Z]+) \S+$/.exec(message)?.[1];
    const reason = code === undefined ? `: ${message}.` : ` (${code}). Is the server running?`;
    throw new InputError(`Nothing was verified: ${baseUrl} cannot be reached${reason}`);
  }
}
