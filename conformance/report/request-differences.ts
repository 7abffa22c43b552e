import { isDeepStrictEqual } from 'node:util';
import { isObject, parseIfJson, type JsonObject } from '../contract/json.ts';
import type { CaseResult, SentRequest } from './model.ts';
import { originalLength, shorten, visible } from './texts.ts';

/** One difference between a request and its control. */
export interface RequestDifference {
  /** `body/sendCallTo`, `body`, `header content-type`, or `path`. */
  readonly part: string;
  /** The text that was sent: JSON, a header or a segment of the path. Undefined where it was left out. */
  readonly sent: string | undefined;
  /** The text that the control has there; undefined where it has none. */
  readonly control: string | undefined;
}

/**
 * Compares a request that must be refused with its control and with accepted requests, or a valid request that was
 * refused with those that were accepted. The differences from the most similar one of the same method are returned.
 */
export function findDifferences(
  { control, exchanges }: CaseResult,
  index: number,
  cases: readonly CaseResult[],
): RequestDifference[] {
  const { request, response } = exchanges[index] ?? {};
  if (request === undefined || (control === undefined && (response?.status ?? 0) < 400)) return [];
  const controls = cases.filter(({ id }) => id === control);
  const sent = parseRequest(request);
  let nearest: RequestDifference[] = [];
  let least = Infinity;
  for (const other of [...listRequests(controls), ...listAccepted(cases)]) {
    if (other.method !== request.method) continue;
    const differences = pathDifferences(request.path, other.path);
    differences.push(...headerDifferences(request.headers, other.headers));
    if (differences.length < least) differences.push(...bodyDifferences(sent, other));
    // A whole body says less than a few of its members.
    const weight = differences.length + (differences.some(({ part }) => part === 'body') ? 3 : 0);
    if (weight < least) [nearest, least] = [differences, weight];
  }
  return nearest;
}

/** The accepted requests of the cases of a run, each once: all other requests are compared with them. */
const accepted = new WeakMap<readonly CaseResult[], readonly ParsedRequest[]>();

function listAccepted(cases: readonly CaseResult[]): readonly ParsedRequest[] {
  const known = accepted.get(cases) ?? listRequests(cases.filter((one) => one.control === undefined && one.accepted));
  accepted.set(cases, known);
  return known;
}

/** A request with the members of its body, if that is a JSON object written in the plainest way. */
interface ParsedRequest extends SentRequest {
  readonly members: JsonObject | undefined;
}

function listRequests(cases: readonly CaseResult[]): ParsedRequest[] {
  const requests = cases.flatMap(({ exchanges }) => exchanges.map(({ request }) => request));
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()].map(parseRequest);
}

/** Parses a body that has no blanks, repeated members or needless escapes. */
function parseRequest(request: SentRequest): ParsedRequest {
  const value = parseIfJson(request.body);
  const isPlain = isObject(value) && JSON.stringify(value) === request.body;
  return { ...request, members: isPlain ? value : undefined };
}

/** Sums up a request by its differences, as "a valid transfer, but …"; undefined if there are none. */
export function summarizeDifferences(
  { control, exchanges }: CaseResult,
  index: number,
  differences: readonly RequestDifference[],
): string | undefined {
  if (differences.length === 0) return undefined;
  const kind = exchanges[index]?.request.method === 'GET' ? 'reading' : 'transfer';
  const subject = control === undefined ? 'one that was accepted' : `a valid ${kind}`;
  return `${subject}, but ${differences.map(describeDifference).join(', and ')}`;
}

const longestValue = 120;

function describeDifference({ part, sent, control }: RequestDifference): string {
  if (part === 'body') return describeBody(sent, control ?? '');
  const instead = control === undefined ? '' : ` in place of ${shorten(visible(control), longestValue)}`;
  const value = `${shorten(visible(sent ?? ''), longestValue)}${instead}`;
  if (part === 'path') return `with ${value} in the path`;
  const [, place, name = ''] = /^(body|header)[/ ](.*)$/s.exec(part) ?? [];
  const member = JSON.stringify(name);
  if (place === 'body') return sent === undefined ? `without ${member}` : `with ${member}: ${value}`;
  return sent === undefined ? `without the header ${name}` : `with ${name}: ${value}`;
}

/** The number of characters that are shown of a body before it differs from its control. */
const commonPart = 30;

function describeBody(sent: string | undefined, control: string): string {
  if (sent === undefined) return 'without a body';
  if (sent === '') return 'with an empty body';
  if (isSameJson(sent, control)) return 'with the same body, written in another way';
  if (sent.length <= longestValue) return `with the body '${visible(sent)}'`;
  const at = [...sent].findIndex((character, index) => character !== control[index]);
  const start = Math.max(0, at - commonPart);
  const end = start + longestValue;
  const part = `${start > 0 ? '…' : ''}${visible(sent.slice(start, end))}${end < sent.length ? '…' : ''}`;
  return `with the body ${part} (${originalLength(sent)} characters, from ${at + 1} on another)`;
}

/** Tells whether two texts are the same JSON, with each member as often in both. */
function isSameJson(one: string, other: string): boolean {
  const value = parseIfJson(one);
  const isAsLong = one.split(':').length === other.split(':').length;
  return value !== undefined && isAsLong && isDeepStrictEqual(value, parseIfJson(other));
}

function compare(part: string, sent: string | undefined, control: string | undefined): RequestDifference[] {
  return sent === control ? [] : [{ part, sent, control }];
}

function pathDifferences(path: string, control: string): RequestDifference[] {
  const [sent, known] = [path.split('/'), control.split('/')];
  // Where segments were added or left out, the whole path is the difference.
  if (sent.length !== known.length) return compare('path', path, control);
  return sent.flatMap((segment, index) => compare('path', segment, known[index]));
}

/** Headers that a transport adds, so that no case is about them. */
const ignoredHeaders = ['accept', 'accept-encoding', 'content-length'];

function headerDifferences(headers: SentRequest['headers'], control: SentRequest['headers']): RequestDifference[] {
  const names = Object.keys({ ...control, ...headers }).filter((name) => !ignoredHeaders.includes(name));
  return names.flatMap((name) => compare(`header ${name}`, headers[name], control[name]));
}

function bodyDifferences(
  { body, members: sent }: ParsedRequest,
  { body: control, members: known }: ParsedRequest,
): RequestDifference[] {
  if (sent === undefined || known === undefined) return compare('body', body, control);
  const members = Object.keys({ ...known, ...sent }).flatMap((name) =>
    compare(`body/${name}`, JSON.stringify(sent[name]), JSON.stringify(known[name])),
  );
  // Only the order of members differs, for example.
  return members.length === 0 ? compare('body', body, control) : members;
}
