import { readContract } from '../../../conformance/contract/contract.ts';
import { wrongResponses } from '../../../conformance/self-check/catalogue.ts';
import { type Change, receivedBody } from '../../../conformance/self-check/wrong-answer.ts';
import type { Exchange as Seen, ReceivedResponse } from '../../../conformance/target/exchange.ts';
import type { Answer, Exchange } from '../servers/plain/behaviour.ts';
import type { RunningServer } from '../../../conformance/mock/listener.ts';
import { documented } from '../servers/plain/documented.ts';
import { type Rewriting, startProxiedMock, withEveryMember } from '../servers/proxied.ts';
import { type FaultyServer, makeFault } from '../servers/server.ts';
import { message, protocol, raw } from './protocol.ts';
import { authorization, statuses } from './authorization.ts';
import { bodies } from './bodies.ts';
import { bulk, calls } from './calls.ts';
import { concurrency } from './concurrency.ts';
import { effects } from './effects.ts';
import { numbers } from './numbers.ts';
import { paths } from './paths.ts';

/** The mock behind a proxy that gives one wrong answer of the self-check wherever it is possible. */
export const wrongAnswers: readonly FaultyServer[] = wrongResponses(readContract()).map((wrongAnswer) => ({
  id: wrongAnswer.id,
  says: wrongAnswer.says,
  wrongAnswer,
  start: () => startProxiedMock(giving(wrongAnswer.change)),
}));

/** Starts the mock behind a proxy that adds every optional member, so that every wrong answer is possible. */
export function startCompleteMock(): Promise<RunningServer> {
  return startProxiedMock({ finish: withEveryMember });
}

function giving(change: Change): Rewriting {
  return {
    finish: (answer, exchange) => {
      const complete = withEveryMember(answer);
      const wrong = change(seenByClient(complete, exchange))?.response;
      return wrong === undefined ? complete : { ...complete, ...sentByServer(wrong) };
    },
    send: (answer, exchange) => {
      const hasContentHeaders =
        answer.status === 204 && Object.keys(answer.headers).some((name) => name !== 'connection');
      return hasContentHeaders ? sendHeaders(answer, exchange) : documented.send(answer, exchange);
    },
  };
}

/** Node leaves out the headers that a 204 must not have, so they are written to the socket. */
const sendHeaders = raw((answer) => {
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`);
  return message({ ...answer, body: '' }, ...headers);
});

function seenByClient({ status, headers, body }: Answer, { request, body: sent }: Exchange): Seen {
  const { method = 'GET', url = '' } = request;
  return {
    request: {
      method,
      path: url,
      headers: definedHeaders(request.headers),
      body: sent.length === 0 ? undefined : sent.toString(),
    },
    response: { status, headers: definedHeaders(headers), body: receivedBody(body.toString()), duration: 0 },
    failure: undefined,
  };
}

function sentByServer({ status, headers, body }: ReceivedResponse): Pick<Answer, 'status' | 'headers' | 'body'> {
  const isUnicode = Buffer.byteLength(body.text) === body.length;
  return { status, headers, body: Buffer.from(body.text, isUnicode ? 'utf8' : 'latin1') };
}

function definedHeaders(headers: Answer['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** The faulty servers: those of behaviour, then those that give wrong answers of the self-check. */
export const faults: readonly FaultyServer[] = [
  ...[
    ...statuses,
    ...numbers,
    ...bodies,
    ...paths,
    ...calls,
    ...authorization,
    ...effects,
    ...concurrency,
    ...protocol,
    ...bulk,
  ].map(makeFault),
  ...wrongAnswers,
];
