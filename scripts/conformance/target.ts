import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Contract } from '../../conformance/contract/contract.ts';
import { exampleFixture, type Fixture } from '../../conformance/target/fixture.ts';
import { baseUrlOf, isLoopback, type Target } from '../../conformance/target/target.ts';
import { InputError } from '../command-line.ts';
import { authorizationOf, type AuthorizationOptions } from './authorization.ts';

/** The parts of the command line that say where requests go and what they may move. */
export interface TargetOptions extends Partial<Omit<Fixture, 'otherCalls'>>, AuthorizationOptions {
  /** Each an id, of a call of the same extension, or EXTENSION/ID. */
  readonly otherCall?: readonly string[];
  readonly url?: string;
  readonly concurrency: number;
  readonly effectTimeout: number;
  readonly profile?: readonly string[];
  readonly calls?: string;
}

/** A target, and how to let go of it. */
export interface OpenTarget {
  readonly target: Target;
  readonly name: string;
  close(): Promise<void>;
}

/**
 * The target that the command line names, or the mock.
 *
 * @throws InputError or TokenFailure with one line, if the URL is none, nothing listens there, or no token can be had.
 */
export async function openTarget(options: TargetOptions, contract: Contract): Promise<OpenTarget> {
  const { url, concurrency, timeout, effectTimeout, profile: profiles = ['core'] } = options;
  if (url === undefined) return openMock(options, contract);
  const baseUrl = baseUrlOf(url);
  const loopback = isLoopback(baseUrl);
  const fixture = fixtureOf(options, loopback ? exampleFixture(contract) : {});
  if (options.calls !== undefined || isSent(fixture)) await assertListening(baseUrl, timeout);
  const authorization = await authorizationOf(options, baseUrl);
  const target = { baseUrl, loopback, ...authorization, fixture, profiles, concurrency, timeout, effectTimeout };
  return { target, name: baseUrl, close: async () => undefined };
}

async function openMock(options: TargetOptions, contract: Contract): Promise<OpenTarget> {
  if (options.clientId !== undefined || options.tokenUrl !== undefined) {
    throw new InputError('--client-id fetches a token for a server: name its URL; the mock needs none.');
  }
  const token = randomBytes(16).toString('hex');
  // It takes long to load, and only runs without a URL need it.
  const { startMock } = await import('../../conformance/servers/mock/mock.ts');
  const mock = await startMock({ contract, tokens: [token] });
  const { concurrency, timeout, effectTimeout, profile: profiles = ['core'] } = options;
  const fixture = fixtureOf(options, exampleFixture(contract));
  const target = {
    baseUrl: mock.url,
    loopback: true,
    token,
    tokenNamed: true,
    fixture,
    profiles,
    concurrency,
    timeout,
    effectTimeout,
  };
  return { target, name: 'The mock', close: () => mock.close() };
}

/** The fixture that the command line names, and of the defaults what it does not name. */
function fixtureOf(options: TargetOptions, defaults: Partial<Fixture>): Partial<Fixture> {
  const { user, call, sendTo, from, number, otherCall, idleExtension } = options;
  const extension = options.extension ?? defaults.extension;
  const otherCalls = otherCall?.map((text) => {
    const [id = '', ownExtension = extension ?? '@self'] = text.split('/').toReversed();
    return { extension: ownExtension, call: id };
  });
  const named = { user, extension, call, sendTo, from, number, otherCalls, idleExtension };
  return { ...defaults, ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) };
}

/** Whether a fixture lets anything be sent at all. */
function isSent({ user, extension, call, sendTo = [], from, number }: Partial<Fixture>): boolean {
  return [user, extension, call, from, number].every(Boolean) && sendTo.length > 0;
}

async function assertListening(baseUrl: string, timeout: number): Promise<void> {
  const { protocol, hostname, port } = new URL(baseUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error(`no connection within ${timeout} ms`)));
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(
      `Nothing was verified: ${baseUrl} cannot be reached (${code ?? message}). Is the server running?`,
    );
  } finally {
    socket.destroy();
  }
}
