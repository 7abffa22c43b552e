import { readFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { connect, type LookupFunction, type Socket } from 'node:net';
import process from 'node:process';
import type { SentRequest } from './exchange.ts';
import {
  addHeaders,
  addConnectionSecrets,
  timeLimitsOf,
  type TlsSettings,
  type TransportSettings,
} from './transport-settings.ts';
import { failureOf, longestHeaders, TimeLimitExceeded, type Route } from './failure.ts';
import { afterFreeTime } from './in-time.ts';
import { lookupLoopback } from './address.ts';
import { Redaction } from './redaction.ts';

// Imported, it would have Node load all that it exports, a second HTTP client among it.
const { Agent, request: requestHttp } = process.getBuiltinModule('node:http');

/** Connections to one origin, straight or through a proxy. */
export interface Connections {
  readonly route: Route;
  /**
   * Prepares a request, which goes when it is ended.
   *
   * @param reuse - Whether it may go over a connection that was kept from an earlier one.
   */
  open(request: Omit<SentRequest, 'body'>, reuse: boolean): ClientRequest;
  /** Tells whether the server takes no connections, as while it restarts; false through a proxy. */
  isDown(): Promise<boolean>;
  close(): void;
}

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The time in which a server that is not down takes a connection, in milliseconds. */
const longestProbe = 1000;

/** The name and version of the tool, which every request has (RFC 9110 section 10.1.5): firewalls refuse others. */
export const userAgent = `transfer-conformance/${manifest.version}`;

/**
 * Returns the connections to an origin; none is made before the first request.
 *
 * @param lookup - Resolves the name of an origin that is to be on this machine.
 */
export function connectionsTo(
  origin: string,
  { tls, proxy, loopback = false, headers: extra }: TransportSettings = {},
  lookup: LookupFunction = lookupLoopback,
): Connections {
  const { protocol, hostname, port } = new URL(origin);
  const isSecure = protocol === 'https:';
  const proxyEnv = proxy === undefined ? {} : { http_proxy: proxy, https_proxy: proxy };
  const options = { ...(isSecure && secureOptionsOf(tls)), ...(loopback && { lookup }), proxyEnv };
  // TLS takes long to load, and most servers under test are on this machine, without it.
  const secure = isSecure ? process.getBuiltinModule('node:https') : undefined;
  const agentOf = (keepAlive: boolean) => new (secure?.Agent ?? Agent)({ ...options, keepAlive });
  const [kept, single] = [agentOf(true), agentOf(false)];
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port, maxHeaderSize: longestHeaders };
  return {
    route: { host: hostname, proxy: proxy && withoutCredentials(proxy) },
    open({ method, path, headers }, reuse) {
      const request = {
        ...address,
        method,
        path,
        headers: addHeaders({ 'user-agent': userAgent, ...headers }, extra),
        agent: reuse ? kept : single,
      };
      const outgoing = (secure?.request ?? requestHttp)(request);
      // Node.js normalises the paths of requests that go through a proxy.
      if (outgoing.path !== path) outgoing.path = `${origin}${path}`;
      return outgoing;
    },
    isDown() {
      if (proxy !== undefined) return Promise.resolve(false);
      const socket = connect({ ...address, port: Number(port || (isSecure ? 443 : 80)), ...(loopback && { lookup }) });
      return new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(false)).once('error', () => resolve(true));
        socket.setTimeout(longestProbe, () => resolve(true));
      }).finally(() => socket.destroy());
    },
    close() {
      kept.destroy();
      single.destroy();
    },
  };
}

/**
 * Makes a connection to an origin, TLS and proxy included, and lets it go; sends no request.
 *
 * @throws Error with one line that says why none can be made.
 */
export async function assertReachable(origin: string, timeout: number, settings: TransportSettings): Promise<void> {
  const connections = connectionsTo(origin, settings);
  const outgoing = connections.open({ method: 'GET', path: '/', headers: {} }, false);
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const { connect } = timeLimitsOf(timeout, settings);
  const stop = afterFreeTime(connect, () => reject(new TimeLimitExceeded('connect', connect)));
  try {
    await Promise.race([connected(outgoing), expired]);
  } catch (error) {
    const redaction = new Redaction();
    addConnectionSecrets(redaction, settings);
    throw new Error(redaction.hide(failureOf(error, connections.route, true).message));
  } finally {
    stop();
    outgoing.on('error', () => undefined).destroy();
    connections.close();
  }
}

/** Waits until a request has a connection that it can be sent over. */
export function connected(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('socket', (socket) => {
      const { connecting, secureConnecting = false } = socket as Socket & { secureConnecting?: boolean };
      if (!connecting && !secureConnecting) resolve();
      else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => resolve());
    });
  });
}

/** The context is made once, and not part of the name that an agent makes of every request's options. */
function secureOptionsOf({ ca, cert, key, passphrase, insecure = false }: TlsSettings = {}) {
  const { createSecureContext, getCACertificates } = process.getBuiltinModule('node:tls');
  const trusted = ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
  const secureContext = createSecureContext({ ...trusted, cert, key, passphrase });
  return { secureContext, rejectUnauthorized: !insecure };
}

function withoutCredentials(proxy: string): string {
  const url = new URL(proxy);
  url.username = '';
  url.password = '';
  return url.href.replace(/\/$/, '');
}
