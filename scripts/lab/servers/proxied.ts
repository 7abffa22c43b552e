import { Agent, createServer, request as send } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { readContract, type Contract } from '../../../conformance/contract/contract.ts';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import { startMock } from '../../../conformance/mock/mock.ts';
import { listen } from './listen.ts';
import { completeView, type Members } from './plain/variations.ts';

/** A request that passes through a proxy. */
export interface PassedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer that passes through a proxy, or one in place of the server's. */
export interface PassedAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/** The changes that a proxy makes to what passes through it. */
export interface Changes {
  /** Changes a request before it is passed on, or answers it in the server's place. */
  readonly request?: (request: PassedRequest) => PassedRequest | PassedAnswer;
  readonly answer?: (answer: PassedAnswer, request: PassedRequest) => PassedAnswer;
  /** Puts an answer on the wire. */
  readonly send?: (answer: PassedAnswer, response: ServerResponse) => void;
}

/** Headers of one connection or of one body, which the proxy writes itself. */
const ownHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'];

let contract: Contract | undefined;

/** Starts the mock behind a proxy that changes what passes. */
export async function startProxiedMock(changes: Changes, mountedAt?: string): Promise<RunningServer> {
  contract ??= readContract();
  return startProxy(await startMock({ contract, tokens: ['proof-token'] }), changes, mountedAt);
}

/** Starts a reverse proxy before a server, which is closed with it. */
export async function startProxy(server: RunningServer, changes: Changes, mountedAt = ''): Promise<RunningServer> {
  const {
    request: pass = (request) => request,
    answer: finish = (answer) => answer,
    send: deliver = respond,
  } = changes;
  const agent = new Agent({ keepAlive: true });
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url = '', headers } = incoming;
    const request = { method, path: url.slice(mountedAt.length), headers, body: await buffer(incoming) };
    const passed = pass(request);
    deliver('status' in passed ? passed : finish(await forward(server.url, passed, agent), request), response);
  };
  const proxy = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  const { url, close } = await listen(proxy);
  const closeBoth = async () => {
    agent.destroy();
    await Promise.all([close(), server.close()]);
  };
  return { url: `${url}${mountedAt}`, close: closeBoth };
}

async function forward(
  url: string,
  { method, path, headers, body }: PassedRequest,
  agent: Agent,
): Promise<PassedAnswer> {
  const { hostname, port } = new URL(url);
  const outgoing = send({ agent, hostname, port, path, method, headers });
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject).end(body);
  });
  const kept = Object.entries(incoming.headers).filter(([name]) => !ownHeaders.includes(name));
  return { status: incoming.statusCode ?? 500, headers: Object.fromEntries(kept), body: await buffer(incoming) };
}

/** Puts an answer on the wire, as it is. */
export function respond({ status, headers, body }: PassedAnswer, response: ServerResponse): void {
  if (status === 204) response.writeHead(status, headers).end();
  else response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

const members = {
  ownerId: '3',
  ownerName: 'Default Organization',
  published: '2012-06-27T16:08:50+02:00',
  answered: '2012-06-27T16:08:55+03:00',
  nonce: '7f1a',
};

/** Adds every optional member to the calls of an answer. */
export function withEveryMember<Some extends PassedAnswer>(answer: Some): Some {
  if (answer.status >= 300 || answer.body.length === 0) return answer;
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
