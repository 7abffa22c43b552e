import type { IncomingMessage } from 'node:http';
import type { Answer } from './listener.ts';

/**
 * Answers a preflight of the Fetch standard: whatever it asks for is allowed, so that the page sees the answer to its
 * request. Returns undefined for any other request.
 */
export function answerPreflight({ method, headers }: IncomingMessage): Answer | undefined {
  const wanted = headers['access-control-request-method'];
  if (method !== 'OPTIONS' || headers.origin === undefined || wanted === undefined) return undefined;
  const names = headers['access-control-request-headers'];
  const isPrivate = headers['access-control-request-private-network'] === 'true';
  return {
    statusCode: 204,
    headers: {
      'access-control-allow-methods': wanted,
      ...(names !== undefined && { 'access-control-allow-headers': String(names) }),
      ...(isPrivate && { 'access-control-allow-private-network': 'true' }),
      'access-control-max-age': '600',
    },
    body: undefined,
    reason: `preflight of ${wanted} from ${headers.origin}`,
  };
}

/**
 * Adds what lets the page of a request's origin read an answer. The origin and the headers are named one by one, since
 * `*` does not count where a page sends credentials.
 */
export function shareAnswer({ headers: { origin } }: IncomingMessage, answer: Answer): Answer {
  if (origin === undefined) return answer;
  const headers = {
    ...answer.headers,
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': ['date', 'content-length', ...Object.keys(answer.headers)].join(', '),
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  };
  return { ...answer, headers };
}
