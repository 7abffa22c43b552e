import type { JsonObject, JsonValue } from '../contract/json.ts';
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

/** Headers that a transport adds, so that no case is about them. */
const ignoredHeaders = ['accept', 'accept-encoding', 'content-length'];

/**
 * Compares a request that must be refused with its control and with accepted requests, or a valid request that was
 * refused with those that were accepted. The differences from the most similar one are returned.
 */
export function findDifferences(
  result: CaseResult,
  index: number,
  { cases }: { readonly cases: readonly CaseResult[] },
): RequestDifference[] {
  const { control, exchanges } = result;
  const exchange = exchanges[index];
  const isRefused = (exchange?.response?.status ?? 0) >= 400;
  if (exchange === undefined || (control === undefined && !isRefused)) return [];
  const controls = cases.filter(({ id }) => id === control);
  const accepted = cases.filter((other) => other.control === undefined && other.accepted);
  const valid = [...controls, ...accepted].flatMap((other) => other.exchanges.map(({ request }) => request));
  return leastDifferences(exchange.request, valid);
}

/** Compares a request with the valid one that is most like it; returns no differences if there is none. */
export function leastDifferences(request: SentRequest, valid: readonly SentRequest[]): RequestDifference[] {
  const all = valid
    .filter(({ method }) => method === request.method)
    .map((control) => requestDifferences(request, control));
  return all.toSorted((one, other) => one.length - other.length)[0] ?? [];
}

/** Compares a request with its control. */
export function requestDifferences(request: SentRequest, control: SentRequest): RequestDifference[] {
  return [
    ...pathDifferences(request.path, control.path),
    ...headerDifferences(request.headers, control.headers),
    ...bodyDifferences(request.body, control.body),
  ];
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

export function describeDifference({ part, sent, control }: RequestDifference): string {
  const [place = '', ...rest] = part.split(/[/ ]/);
  const name = place === 'body' ? JSON.stringify(rest.join('/')) : rest.join(' ');
  const value = sent === undefined ? '' : shorten(visible(sent), longestValue);
  const instead = control === undefined ? '' : ` in place of ${shorten(visible(control), longestValue)}`;
  if (part === 'body') return describeBody(sent, control ?? '');
  if (place === 'body') return sent === undefined ? `without ${name}` : `with ${name}: ${value}${instead}`;
  if (place === 'header') return sent === undefined ? `without the header ${name}` : `with ${name}: ${value}${instead}`;
  return `with ${value}${instead} in the ${part}`;
}

const longestValue = 120;

/** The number of characters that are shown of a body before it differs from its control. */
const commonPart = 30;

function describeBody(sent: string | undefined, control: string): string {
  if (sent === undefined) return 'without a body';
  if (sent === '') return 'with an empty body';
  if (sent.length <= longestValue) return `with the body '${visible(sent)}'`;
  const at = [...sent].findIndex((character, index) => character !== control[index]);
  const start = Math.max(0, at - commonPart);
  const before = start > 0 ? '…' : '';
  const behind = start + longestValue < sent.length ? '…' : '';
  const part = visible(sent.slice(start, start + longestValue));
  return `with the body ${before}${part}${behind} (${originalLength(sent)} characters, from ${at + 1} on another)`;
}

function changed(part: string, sent: string | undefined, control: string | undefined): RequestDifference[] {
  return sent === control ? [] : [{ part, sent, control }];
}

function pathDifferences(path: string, control: string): RequestDifference[] {
  const sent = path.split('/');
  const known = control.split('/');
  // Where segments were added or left out, the whole path is the difference.
  if (sent.length !== known.length) return changed('path', path, control);
  return sent.flatMap((segment, index) => changed('path', segment, known[index]));
}

function headerDifferences(headers: SentRequest['headers'], control: SentRequest['headers']): RequestDifference[] {
  const names = new Set([...Object.keys(control), ...Object.keys(headers)]);
  return [...names]
    .filter((name) => !ignoredHeaders.includes(name))
    .flatMap((name) => changed(`header ${name}`, headers[name], control[name]));
}

function bodyDifferences(body: string | undefined, control: string | undefined): RequestDifference[] {
  if (body === control) return [];
  const sent = parsePlainObject(body);
  const known = parsePlainObject(control);
  if (sent === undefined || known === undefined) return [{ part: 'body', sent: body, control }];
  const names = new Set([...Object.keys(known), ...Object.keys(sent)]);
  const members = [...names].flatMap((name) => changed(`body/${name}`, json(sent[name]), json(known[name])));
  // Only the order of members differs, for example.
  return members.length === 0 ? [{ part: 'body', sent: body, control }] : members;
}

function json(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** Parses a JSON object that is written in the plainest way: without blanks, repeated members or needless escapes. */
function parsePlainObject(text: string | undefined): JsonObject | undefined {
  try {
    const value = JSON.parse(text ?? '') as JsonValue;
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
    return plain && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
