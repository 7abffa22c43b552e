import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';
import { answerTo, failure } from './answer.ts';
import type { Address, Behaviour, Exchange } from './behaviour.ts';
import { documented } from './documented.ts';
import { newSwitchboard } from './switchboard.ts';

/** The options of a plain server. */
export interface PlainServerOptions {
  /** The parts of its behaviour that are not as documented. */
  readonly behaviour?: Partial<Behaviour>;
  /** The tokens that it accepts. */
  readonly tokens?: readonly string[];
  /** The path that it is mounted below. */
  readonly mountedAt?: string;
  /** Changes the listener before it listens. */
  readonly configure?: (server: Server) => void;
}

/** Starts a server of the operation on a free port of the loopback interface. */
export async function startPlainServer(options: PlainServerOptions = {}): Promise<RunningServer> {
  const { tokens = ['proof-token'], mountedAt = '', configure } = options;
  const behaviour: Behaviour = { ...documented, ...options.behaviour };
  const switchboard = newSwitchboard();
  const server = createServer((request, response) => {
    const base = `http://${request.headers.host ?? '127.0.0.1'}${mountedAt}`;
    void serve(behaviour, { request, response, switchboard, tokens, base }, mountedAt);
  });
  configure?.(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${mountedAt}`, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

type Arrival = Pick<Exchange, 'request' | 'response' | 'switchboard' | 'tokens' | 'base'>;

async function serve(behaviour: Behaviour, arrival: Arrival, mountedAt: string): Promise<void> {
  const nothing = { address: undefined, calls: undefined, body: Buffer.alloc(0), action: undefined };
  let exchange: Exchange = { ...arrival, ...nothing };
  try {
    const body = await bodyOf(arrival.request);
    exchange = understand(behaviour, arrival, body, mountedAt);
    const answer = await answerTo(behaviour, exchange);
    await behaviour.send(await behaviour.finish(answer, exchange), exchange);
  } catch {
    if (!arrival.response.headersSent) await documented.send(failure(), exchange);
  }
}

function understand(behaviour: Behaviour, arrival: Arrival, body: Buffer, mountedAt: string): Exchange {
  const path = (arrival.request.url ?? '').replace(/\?.*$/, '');
  const segments = path.startsWith(mountedAt) ? behaviour.route(path.slice(mountedAt.length)) : undefined;
  const address: Address | undefined = segments && {
    userId: behaviour.decode(segments.userId),
    extension: behaviour.decode(segments.extension),
    phoneCallId: segments.phoneCallId && behaviour.decode(segments.phoneCallId),
  };
  const calls = address && behaviour.find(address, arrival.switchboard);
  const { method, headers } = arrival.request;
  const action = method === 'PUT' ? behaviour.read(body, headers['content-type']) : undefined;
  return { ...arrival, address, calls, body, action };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
