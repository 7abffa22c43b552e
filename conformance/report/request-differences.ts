import type { JsonObject, JsonValue } from '../contract/json.ts';
import type { CaseResult } from '../run/result.ts';
import type { SentRequest } from '../target/exchange.ts';
import { lengthOf, shortened, visible } from './visible.ts';

/** One thing that a request does differently. */
export interface RequestDifference {
  /** `body/sendCallTo`, `body`, `header content-type`, or `path`. */
  readonly part: string;
  /** What was sent instead, as a text: of JSON, a header or a segment of the path. Undefined where it was left out. */
  readonly sent: string | undefined;
  /** What the other request has there; undefined where it has nothing. */
  readonly control: string | undefined;
}

/** What a transport adds of its own, and no case is about. */
const ignoredHeaders = ['accept', 'accept-encoding', 'content-length'];

/** All cases of a run, among which are the accepted ones. */
interface Results {
  readonly cases: readonly CaseResult[];
}

/**
 * In what a request that must be refused differs from those that were accepted, from its control first of all; or a
 * valid one that was refused from those that were not.
 */
export function differencesOf(result: CaseResult, index: number, { cases }: Results): RequestDifference[] {
  const { control, exchanges } = result;
  const exchange = exchanges[index];
  const isRefused = (exchange?.response?.status ?? 0) >= 400;
  if (exchange === undefined || (control === undefined && !isRefused)) return [];
  const controls = cases.filter(({ id }) => id === control);
  const accepted = cases.filter((other) => other.control === undefined && other.accepted);
  const valid = [...controls, ...accepted].flatMap((other) => other.exchanges.map(({ request }) => request));
  return leastDifferences(exchange.request, valid);
}

/** In what a request differs from the valid one that is most like it; in nothing that is known if there is none. */
export function leastDifferences(request: SentRequest, valid: readonly SentRequest[]): RequestDifference[] {
  const all = valid
    .filter(({ method }) => method === request.method)
    .map((control) => requestDifferences(request, control));
  return all.toSorted((one, other) => one.length - other.length)[0] ?? [];
}

/** In what a request differs from its control. */
export function requestDifferences(request: SentRequest, control: SentRequest): RequestDifference[] {
  return [
    ...pathDifferences(request.path, control.path),
    ...headerDifferences(request.headers, control.headers),
    ...bodyDifferences(request.body, control.body),
  ];
}

/** A difference in words that follow "a valid transfer, but". */
export function describeDifference({ part, sent, control }: RequestDifference): string {
  const [place = '', ...rest] = part.split(/[/ ]/);
  const name = place === 'body' ? JSON.stringify(rest.join('/')) : rest.join(' ');
  const value = sent === undefined ? '' : shortened(visible(sent), longestValue);
  const instead = control === undefined ? '' : ` in place of ${shortened(visible(control), longestValue)}`;
  if (part === 'body') return bodyInWords(sent, control ?? '');
  if (place === 'body') return sent === undefined ? `without ${name}` : `with ${name}: ${value}${instead}`;
  if (place === 'header') return sent === undefined ? `without the header ${name}` : `with ${name}: ${value}${instead}`;
  return `with ${value}${instead} in the ${part}`;
}

const longestValue = 120;

/** How much is shown of what a body has in common with its control, before it differs. */
const commonPart = 30;

function bodyInWords(sent: string | undefined, control: string): string {
  if (sent === undefined) return 'without a body';
  if (sent === '') return 'with an empty body';
  if (sent.length <= longestValue) return `with the body '${visible(sent)}'`;
  const at = [...sent].findIndex((character, index) => character !== control[index]);
  const start = Math.max(0, at - commonPart);
  const before = start > 0 ? '…' : '';
  const behind = start + longestValue < sent.length ? '…' : '';
  const part = visible(sent.slice(start, start + longestValue));
  return `with the body ${before}${part}${behind} (${lengthOf(sent)} characters, from ${at + 1} on another)`;
}

function changed(part: string, sent: string | undefined, control: string | undefined): RequestDifference[] {
  return sent === control ? [] : [{ part, sent, control }];
}

function pathDifferences(path: string, control: string): RequestDifference[] {
  const sent = path.split('/');
  const known = control.split('/');
  // Where segments were added or left out, the path as a whole says it.
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
  const sent = plainObject(body);
  const known = plainObject(control);
  if (sent === undefined || known === undefined) return [{ part: 'body', sent: body, control }];
  const names = new Set([...Object.keys(known), ...Object.keys(sent)]);
  const members = [...names].flatMap((name) => changed(`body/${name}`, json(sent[name]), json(known[name])));
  // The order of members, for example.
  return members.length === 0 ? [{ part: 'body', sent: body, control }] : members;
}

function json(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** The object that a text is, if it says nothing beside that: no member twice, no escapes of its own, no blanks. */
function plainObject(text: string | undefined): JsonObject | undefined {
  try {
    const value = JSON.parse(text ?? '') as JsonValue;
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
    return plain && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
