import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { RunningServer } from '../../../../conformance/mock/listener.ts';
import { listen } from '../listen.ts';
import type { Address, Answer, Behaviour, Exchange, Parameter, Reason } from './behaviour.ts';
import { documented, newSwitchboard, otherToken } from './documented.ts';

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
  const { mountedAt = '', configure } = options;
  const tokens = [...(options.tokens ?? ['proof-token']), otherToken];
  const behaviour: Behaviour = { ...documented, ...options.behaviour };
  const own = newSwitchboard();
  const foreign = own.foreign && { ...own.foreign, foreign: own };
  const server = createServer((request, response) => {
    const isForeign = request.headers.authorization === `Bearer ${otherToken}`;
    const switchboard = (isForeign ? foreign : undefined) ?? own;
    const base = `http://${request.headers.host ?? '127.0.0.1'}${mountedAt}`;
    void serve(behaviour, { request, response, switchboard, tokens, base }, mountedAt);
  });
  configure?.(server);
  const { url, close } = await listen(server);
  return { url: `${url}${mountedAt}`, close };
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

const json = { 'content-type': 'application/json' };

/** Judges a request, lets it take effect, and finds the answer. */
async function answerTo(behaviour: Behaviour, exchange: Exchange): Promise<Answer> {
  const operation = operationOf(exchange);
  const reason = operation ? reasonToRefuse(behaviour, exchange, operation) : 'operation';
  if (reason) {
    behaviour.afterRefusal(reason, exchange);
    return refused(behaviour, reason);
  }
  const [call] = exchange.calls ?? [];
  if (operation === 'read' && call) return answer('read', behaviour.showDetails(call, exchange));
  await behaviour.transfer(exchange);
  return transferred(behaviour, exchange);
}

/** Makes the answer of a server that failed. */
function failure(): Answer {
  const body = { error: { code: 'internal_server_error', message: 'The server failed.' } };
  return { ...answer('refused', body), status: 500 };
}

/** Makes the answer to a request that is refused for a reason. */
export function refused(behaviour: Behaviour, reason: Reason): Answer {
  const refusal = behaviour.refusals[reason];
  const { headers, ...refusing } = answer('refused', behaviour.showRefusal(refusal));
  const challenge = refusal.status === 401 && { 'www-authenticate': 'Bearer' };
  return { ...refusing, headers: { ...headers, ...challenge }, reason, status: refusal.status };
}

function operationOf({ request, address }: Exchange): 'transfer' | 'read' | undefined {
  if (address && request.method === 'PUT') return 'transfer';
  return address?.phoneCallId && request.method === 'GET' ? 'read' : undefined;
}

function reasonToRefuse(behaviour: Behaviour, exchange: Exchange, operation: string): Parameter | undefined {
  const checked = behaviour.order.filter((parameter) => operation === 'transfer' || isOfPath(parameter));
  return checked.find((parameter) => !behaviour.accepts[parameter](valueOf(parameter, exchange), exchange));
}

function isOfPath(parameter: Parameter): boolean {
  return ['authorization', 'userId', 'extension', 'phoneCallId'].includes(parameter);
}

function valueOf(parameter: Parameter, { request, address, action }: Exchange): unknown {
  switch (parameter) {
    case 'authorization':
      return request.headers.authorization;
    case 'userId':
    case 'extension':
    case 'phoneCallId':
      return address?.[parameter];
    case 'mediaType':
      return request.headers['content-type'];
    case 'body':
      return action;
    default:
      return action?.[parameter];
  }
}

function transferred(behaviour: Behaviour, exchange: Exchange): Answer {
  const shown = (exchange.calls ?? []).map((call) => behaviour.showTransferred(call, exchange));
  if (shown.length === 0) return { ...answer('transferred', ''), headers: {}, status: 204 };
  return answer('transferred', exchange.address?.phoneCallId ? shown[0] : { entry: shown });
}

/** Makes an answer with JSON. */
export function answer(outcome: Answer['outcome'], body: unknown): Answer {
  return { outcome, status: 200, headers: json, body: JSON.stringify(body) ?? '' };
}
