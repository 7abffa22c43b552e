import type { JsonValue } from '../contract/json.ts';
import { readErrorCode } from '../contract/refusal.ts';
import type { Exchange, TransportFailure, ReceivedBody, ReceivedResponse } from '../target/exchange.ts';

/** Changes an exchange; returns undefined where there is nothing to change. The same exchange gives the same result. */
export type Change = (exchange: Exchange) => Exchange | undefined;

/** A mistake of servers, made in every exchange that gives occasion to it. */
export interface WrongAnswer {
  /** Family and name, unique in the catalogue. */
  readonly id: string;
  /** A sentence about a server that makes the mistake. */
  readonly says: string;
  /** The answers or fixture that a run needs for the mistake to be possible. */
  readonly needs: string;
  readonly change: Change;
}

/** A name, a sentence or its end, and the change. */
export type Row<Change> = readonly [name: string, says: string, change: Change];

/** Makes wrong answers of rows that concern the same exchanges and need the same. */
export function family(
  name: string,
  needs: string,
  concerns: (exchange: Exchange) => boolean,
  rows: readonly Row<Change>[],
): WrongAnswer[] {
  return rows.map(([row, says, change]) => ({
    id: `${name}/${row}`,
    says,
    needs,
    change: (exchange) => (concerns(exchange) ? change(exchange) : undefined),
  }));
}

/** Completes the sentences of rows with a subject. */
export function saying(subject: string, rows: readonly Row<Change>[]): Row<Change>[] {
  return rows.map(([name, says, change]) => [name, `${subject} ${says}.`, change]);
}

/** Tells whether a transfer was answered with a success. */
export function isAcceptedTransfer(exchange: Exchange): boolean {
  return exchange.request.method === 'PUT' && isSuccess(exchange);
}

/** Tells whether a call was read with success. */
export function isReadCall(exchange: Exchange): boolean {
  return exchange.request.method === 'GET' && isSuccess(exchange);
}

/** Tells whether a transfer was answered with a 4xx or 5xx. */
export function isRefusedTransfer({ request, response }: Exchange): boolean {
  return request.method === 'PUT' && response !== undefined && response.status >= 400;
}

function isSuccess({ response }: Exchange): boolean {
  return response !== undefined && response.status >= 200 && response.status < 300;
}

/** Returns the code of a refusal, undefined if it carries none. */
export function refusalCode({ response }: Exchange): string | undefined {
  return response !== undefined && response.status >= 400 ? readErrorCode(response.body.json?.value) : undefined;
}

export function withStatus(status: number): Change {
  return changing((response) => (response.status === status ? undefined : { ...response, status }));
}

/** Answers with a header field; without it, if the value is undefined. */
export function withHeader(name: string, value: string | undefined): Change {
  return changing((response) => {
    if (response.headers[name] === value) return undefined;
    return { ...response, headers: definedHeaders({ ...response.headers, [name]: value }) };
  });
}

export function answering(status: number, value: JsonValue): Change {
  const body = receivedBody(JSON.stringify(value));
  return changing((response) => ({ ...withContent(response, body, 'application/json'), status }));
}

export function answeringNothing(status: number): Change {
  return changing((response) => ({ ...withContent(response, receivedBody(''), undefined), status }));
}

/** Answers with a JSON body made of the one that came. */
export function withJson(change: (value: JsonValue) => JsonValue | undefined): Change {
  return changing((response) => {
    const value = response.body.json && change(response.body.json.value);
    return value === undefined
      ? undefined
      : withContent(response, receivedBody(JSON.stringify(value)), mediaType(response));
  });
}

/** Answers with a text made of the one that came, under the same media type or another one. */
function withText(change: (text: string) => string, type?: string): Change {
  return changing((response) =>
    withContent(response, receivedBody(change(response.body.text)), type ?? mediaType(response)),
  );
}

/** Answers with a body that clients do not read as JSON: each character is sent as one byte. */
function withUnreadable(text: string, problem: string): Change {
  const body = { length: Buffer.byteLength(text, 'latin1'), text, json: undefined, problem };
  return changing((response) => withContent(response, body, mediaType(response)));
}

export function failing(kind: TransportFailure['kind'], message: string): Change {
  return (exchange) => ({ ...exchange, response: undefined, failure: { kind, message } });
}

export function receivedBody(text: string): ReceivedBody {
  const length = Buffer.byteLength(text);
  try {
    return { length, text, json: { value: JSON.parse(text) as JsonValue }, problem: undefined };
  } catch (error) {
    const problem = length === 0 ? 'the body is empty' : (error as Error).message;
    return { length, text, json: undefined, problem };
  }
}

function changing(change: (response: ReceivedResponse) => ReceivedResponse | undefined): Change {
  return (exchange) => {
    const response = exchange.response && change(exchange.response);
    return response && { ...exchange, response };
  };
}

function mediaType({ headers }: ReceivedResponse): string | undefined {
  return headers['content-type'];
}

function withContent(response: ReceivedResponse, body: ReceivedBody, type: string | undefined): ReceivedResponse {
  // The body was decoded when it was received, so the codings no longer apply.
  const coding = { 'content-encoding': undefined, 'transfer-encoding': undefined };
  const length = body.length === 0 && type === undefined ? undefined : String(body.length);
  const headers = { ...response.headers, ...coding, 'content-type': type, 'content-length': length };
  return { ...response, headers: definedHeaders(headers), body };
}

function definedHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
  );
}

const page = '<!DOCTYPE html><html><body><h1>Telephone system</h1></body></html>';

/** Bodies without the JSON object that is documented. */
export const noObjects: readonly Row<Change>[] = [
  ['empty', 'without a body', withText(() => '')],
  ['not-json', 'with a body that is not JSON', withText(() => 'OK')],
  ['truncated', 'with JSON that is cut short', withText((text) => text.slice(0, -1))],
  ['followed', 'with JSON and something behind it', withText((text) => `${text}}`)],
  ['twice', 'with two JSON texts', withText((text) => text + text)],
  ['byte-order-mark', 'with a byte order mark before its JSON', withText((text) => `\ufeff${text}`)],
  ['comment', 'with a comment before its JSON', withText((text) => `/* the call */${text}`)],
  ['trailing-comma', 'with a comma after its last member', withText((text) => text.replace(/\}\s*$/, ',}'))],
  ['bare-names', 'with names without quotes', withText((text) => text.replace(/"(\w+)":/g, '$1:'))],
  ['single-quotes', 'with JSON in single quotes', withText((text) => text.replaceAll('"', "'"))],
  ['page', 'with a page for people', withText(() => page, 'text/html')],
  ['page-as-json', 'with a page for people that is declared as JSON', withText(() => page)],
  ['not-utf-8', 'with bytes that are not UTF-8', withUnreadable('{"id":"\u00fc"}', 'the body is not UTF-8')],
  [
    'nested',
    'with JSON that is nested 5000 deep',
    withUnreadable(`${'['.repeat(5000)}${']'.repeat(5000)}`, 'the body is nested 5000 deep'),
  ],
  ['null', 'with null', withJson(() => null)],
  ['true', 'with true', withJson(() => true)],
  ['number', 'with a number', withJson(() => 1)],
  ['in-text', 'with its JSON inside a string', withJson((value) => JSON.stringify(value))],
  ['empty-object', 'with an empty object', withJson(() => ({}))],
  ['empty-array', 'with an empty array', withJson(() => [])],
  ['in-array', 'with an array around the object', withJson((value) => [value])],
  ['wrapped', 'with the object below a member data', withJson((value): JsonValue => ({ data: value }))],
];

/** Media types that are not the documented one. */
export const mediaTypes: readonly Row<Change>[] = [
  ['undeclared', 'without a media type', withHeader('content-type', undefined)],
  ['text', 'declared as text/plain', withHeader('content-type', 'text/plain')],
  ['html', 'declared as text/html', withHeader('content-type', 'text/html; charset=utf-8')],
  ['xml', 'declared as application/xml', withHeader('content-type', 'application/xml')],
  ['text-json', 'declared as text/json', withHeader('content-type', 'text/json')],
  ['longer-name', 'declared as application/jsonp', withHeader('content-type', 'application/jsonp')],
];
