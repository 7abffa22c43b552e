import type { JsonValue } from '../contract/json.ts';
import { codeOf } from '../contract/refusal.ts';
import type { Exchange, FailureKind, ReceivedBody, ReceivedResponse } from '../target/exchange.ts';
import type { Change } from './wrong-answer.ts';

const json = 'application/json';

/** Whether a transfer was answered with a success. */
export function isAcceptedTransfer(exchange: Exchange): boolean {
  return exchange.request.method === 'PUT' && isSuccess(exchange);
}

/** Whether a call was read with success. */
export function isReadCall(exchange: Exchange): boolean {
  return exchange.request.method === 'GET' && isSuccess(exchange);
}

/** Whether a transfer was answered with a 4xx or 5xx. */
export function isRefusedTransfer({ request, response }: Exchange): boolean {
  return request.method === 'PUT' && response !== undefined && response.status >= 400;
}

function isSuccess({ response }: Exchange): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300;
}

/** The code of a refusal, if it carries one. */
export function refusalCode({ response }: Exchange): string | undefined {
  return response !== undefined && response.status >= 400 ? codeOf(response.body.json?.value) : undefined;
}

/** The value of a body that is JSON. */
export function jsonOf({ response }: Exchange): JsonValue | undefined {
  return response?.body.json?.value;
}

/** Answers with another status. */
export function withStatus(status: number): Change {
  return changing((response) => (response.status === status ? undefined : { ...response, status }));
}

/** Answers with a header field, or without it. */
export function withHeader(name: string, value: string | undefined): Change {
  return changing((response) => {
    if (response.headers[name] === value) return undefined;
    return { ...response, headers: headersOf({ ...response.headers, [name]: value }) };
  });
}

/** Answers with a status and JSON. */
export function answering(status: number, value: JsonValue): Change {
  return changing((response) => ({ ...withContent(response, bodyOf(JSON.stringify(value)), json), status }));
}

/** Answers with a status and no content at all. */
export function answeringNothing(status: number): Change {
  return changing((response) => ({ ...withContent(response, bodyOf(''), undefined), status }));
}

/** Answers with another JSON body, made of the one that came. */
export function withJson(change: (value: JsonValue) => JsonValue | undefined): Change {
  return changing((response) => {
    const value = response.body.json && change(response.body.json.value);
    return value === undefined ? undefined : withContent(response, bodyOf(JSON.stringify(value)), declared(response));
  });
}

/** Answers with another text as the body, declared as before or as a media type. */
export function withText(change: (text: string) => string, mediaType?: string): Change {
  return changing((response) =>
    withContent(response, bodyOf(change(response.body.text)), mediaType ?? declared(response)),
  );
}

/** Answers with a body that no reader takes for JSON. */
export function withUnreadable(text: string, problem: string): Change {
  const body = { length: Buffer.byteLength(text, 'latin1'), text, json: undefined, problem };
  return changing((response) => withContent(response, body, declared(response)));
}

/** Gives no complete answer. */
export function failing(kind: FailureKind, message: string): Change {
  return (exchange) => ({ ...exchange, response: undefined, failure: { kind, message } });
}

function changing(change: (response: ReceivedResponse) => ReceivedResponse | undefined): Change {
  return (exchange) => {
    const response = exchange.response && change(exchange.response);
    return response && { ...exchange, response };
  };
}

function declared({ headers }: ReceivedResponse): string | undefined {
  return headers['content-type'];
}

function withContent(response: ReceivedResponse, body: ReceivedBody, mediaType: string | undefined): ReceivedResponse {
  // The body is as it is after content decoding, which is thereby undone.
  const coding = { 'content-encoding': undefined, 'transfer-encoding': undefined };
  const length = body.length === 0 && mediaType === undefined ? undefined : String(body.length);
  const headers = { ...response.headers, ...coding, 'content-type': mediaType, 'content-length': length };
  return { ...response, headers: headersOf(headers), body };
}

function headersOf(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
  );
}

function bodyOf(text: string): ReceivedBody {
  const length = Buffer.byteLength(text);
  try {
    return { length, text, json: { value: JSON.parse(text) as JsonValue }, problem: undefined };
  } catch (error) {
    const problem = length === 0 ? 'the body is empty' : (error as Error).message;
    return { length, text, json: undefined, problem };
  }
}
