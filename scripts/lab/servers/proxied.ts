import { Agent, createServer, request as send, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readContract, type Contract } from '../../../conformance/contract/contract.ts';
import { startMock } from '../../../conformance/mock/mock.ts';
import type { Answer, Behaviour, Exchange } from './plain/behaviour.ts';
import { documented } from './plain/documented.ts';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import { completeView, type Members } from './plain/variations.ts';

/** The changes that a proxy makes to the answers that pass through it. */
export type Rewriting = Partial<Pick<Behaviour, 'finish' | 'send'>>;

/** The options of a mock behind a proxy. */
export interface ProxiedMockOptions {
  /** The path that the proxy is mounted below. */
  readonly mountedAt?: string;
  /** The number of further calls that the mock knows. */
  readonly extraCalls?: number;
}

/** Headers of one connection or of one body, which the proxy writes itself. */
const ownHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'];

let contract: Contract | undefined;

/** Starts the mock, and a reverse proxy before it that changes what it answers. */
export async function startProxiedMock(
  { finish = documented.finish, send: deliver = documented.send }: Rewriting,
  { mountedAt = '', extraCalls = 0 }: ProxiedMockOptions = {},
): Promise<RunningServer> {
  contract ??= readContract();
  const mock = await startMock({ contract, tokens: ['proof-token'], extraCalls });
  const agent = new Agent({ keepAlive: true });
  const proxy = createServer((request, response) => {
    const serve = async () => {
      const exchange = { ...nothing, request, response, base: mock.url, body: await buffer(request) };
      const path = (request.url ?? '').slice(mountedAt.length);
      await deliver(await finish(await answerOf(`${mock.url}${path}`, exchange, agent), exchange), exchange);
    };
    serve().catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const close = async () => {
    agent.destroy();
    proxy.close();
    proxy.closeAllConnections();
    await mock.close();
  };
  return { url: `http://127.0.0.1:${port}${mountedAt}`, close };
}

/** The parts of an exchange that a proxy does not know. */
const nothing = {
  switchboard: { userIds: [], extensions: [], calls: [] },
  tokens: [],
  address: undefined,
  calls: undefined,
  action: undefined,
};

async function answerOf(url: string, { request, body }: Exchange, agent: Agent): Promise<Answer> {
  const { origin } = new URL(url);
  const { hostname, port } = new URL(origin);
  const outgoing = send({
    agent,
    hostname,
    port,
    path: url.slice(origin.length),
    method: request.method ?? 'GET',
    headers: request.headers,
  });
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject).end(body);
  });
  const { statusCode: status = 500, headers } = incoming;
  const kept = Object.entries(headers).filter(([name]) => !ownHeaders.includes(name));
  const outcome = status >= 300 ? 'refused' : request.method === 'GET' ? 'read' : 'transferred';
  return { outcome, status, headers: Object.fromEntries(kept), body: await buffer(incoming) };
}

const members = {
  ownerId: '3',
  ownerName: 'Default Organization',
  published: '2012-06-27T16:08:50+02:00',
  answered: '2012-06-27T16:08:55+03:00',
  nonce: '7f1a',
};

/** Adds every optional member to the calls of an answer. */
export function withEveryMember(answer: Answer): Answer {
  if (answer.outcome === 'refused' || answer.body.length === 0) return answer;
  const value = JSON.parse(String(answer.body)) as Members & { entry?: readonly Members[] };
  const completed =
    value.entry === undefined ? completeCall(value) : { ...value, entry: value.entry.map(completeCall) };
  return { ...answer, body: JSON.stringify(completed) };
}

function completeCall(call: Members): Members {
  const views = call['phoneCallView'] as readonly Members[] | undefined;
  const phoneCallView = views?.map(completeView);
  return { ...members, ...call, ...(phoneCallView && { phoneCallView }), links: call['link'] };
}
