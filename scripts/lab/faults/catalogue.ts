import type { ServerResponse } from 'node:http';
import { readContract } from '../../../conformance/contract/contract.ts';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import { wrongResponses } from '../../../conformance/self-check/catalogue.ts';
import { type Change, receivedBody } from '../../../conformance/self-check/wrong-answer.ts';
import type { Exchange as Seen, ReceivedResponse } from '../../../conformance/target/exchange.ts';
import { respond, startProxiedMock, withEveryMember } from '../servers/proxied.ts';
import type { Changes, PassedAnswer, PassedRequest } from '../servers/proxied.ts';
import { type FaultyServer, makeFaults } from '../servers/server.ts';
import { message, protocol } from './protocol.ts';
import { authorization, statuses } from './authorization.ts';
import { bodies } from './bodies.ts';
import { branches } from './branches.ts';
import { bulk } from './bulk.ts';
import { concurrency } from './concurrency.ts';
import { effects } from './effects.ts';
import { numbers } from './numbers.ts';
import { paths } from './paths.ts';

/** The mock behind a proxy that gives one wrong answer of the self-check wherever it is possible. */
const wrongAnswers = wrongResponses(readContract()).map((wrongAnswer): FaultyServer => {
  const { id, says, change } = wrongAnswer;
  return { id, says, wrongAnswer, start: () => startProxiedMock({ answer: giving(change), send }) };
});

/** Starts the mock behind a proxy that adds every optional member, so that every wrong answer is possible. */
export function startCompleteMock(): Promise<RunningServer> {
  return startProxiedMock({ answer: withEveryMember });
}

function giving(change: Change): Changes['answer'] {
  return (answer, request) => {
    const complete = withEveryMember(answer);
    const wrong = change(seenByClient(complete, request))?.response;
    return wrong === undefined ? complete : { ...complete, ...sentByServer(wrong) };
  };
}

/** Writes the headers that a 204 must not have to the socket, since Node leaves them out. */
function send(answer: PassedAnswer, response: ServerResponse): void {
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
  const hasContentHeaders = headers.some((line) => !line.startsWith('connection'));
  if (answer.status !== 204 || !hasContentHeaders) respond(answer, response);
  else response.socket?.end(message({ status: 204, body: '' }, ...headers));
}

function seenByClient({ status, headers, body }: PassedAnswer, request: PassedRequest): Seen {
  const sent = request.body.length === 0 ? undefined : request.body.toString();
  return {
    request: { method: request.method, path: request.path, headers: definedHeaders(request.headers), body: sent },
    response: { status, headers: definedHeaders(headers), body: receivedBody(body.toString()), duration: 0 },
    failure: undefined,
  };
}

function sentByServer({ status, headers, body }: ReceivedResponse): PassedAnswer {
  const isUnicode = Buffer.byteLength(body.text) === body.length;
  return { status, headers, body: Buffer.from(body.text, isUnicode ? 'utf8' : 'latin1') };
}

function definedHeaders(headers: PassedAnswer['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** The faulty servers: those of behaviour, then those that give wrong answers of the self-check. */
export const faults: readonly FaultyServer[] = [
  ...[statuses, numbers, bodies, paths, authorization, effects, concurrency, protocol, bulk, branches].flatMap(
    makeFaults,
  ),
  ...wrongAnswers,
];
