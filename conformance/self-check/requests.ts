import { listConstraints, type Constraint } from '../contract/constraints.ts';
import { operationById, type Contract } from '../contract/contract.ts';
import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { SentRequest } from '../target/exchange.ts';

/** The parts of a transfer; undefined where they are missing or unreadable. */
export interface ReadRequest {
  /** The path parameters as they were sent, percent-encoded. */
  readonly segments: Readonly<Record<string, string>>;
  readonly trailingSlash: boolean;
  readonly action: JsonObject | undefined;
  readonly text: string | undefined;
  readonly authorization: string | undefined;
  readonly mediaType: string | undefined;
}

/** Returns the names of the parts of a transfer that break the contract: parameters, `body`, `media type`, `authorization`. */
export type BrokenParts = (request: SentRequest) => readonly string[];

/** Reads a transfer. */
export function readRequest({ path, headers, body }: SentRequest): ReadRequest {
  const rest = path.slice(path.indexOf('/uapi/phoneCalls/')).split('/').slice(3);
  const [userId = '', extension = '', phoneCallId = ''] = rest;
  const value = valueOf(body);
  return {
    segments: { userId, extension, phoneCallId },
    trailingSlash: rest.at(-1) === '',
    action: isObject(value) ? value : undefined,
    text: body,
    authorization: headers.authorization,
    mediaType: headers['content-type'],
  };
}

/** Returns a function that finds broken parts by the patterns and constants of the contract. */
export function brokenParts(contract: Contract): BrokenParts {
  const transfer = operationById(contract, 'transferPhoneCall');
  const constraints = listConstraints(contract, transfer);
  const mediaType = transfer.body?.content[0]?.name;
  const found = new WeakMap<SentRequest, readonly string[]>();
  const find = (request: SentRequest) => {
    const read = readRequest(request);
    const parts = constraints.filter((constraint) => isBroken(constraint, read)).map(({ name }) => name);
    if (read.action === undefined) parts.push('body');
    if (read.mediaType?.split(';')[0]?.trim() !== mediaType) parts.push('media type');
    if (!/^Bearer \S+$/.test(read.authorization ?? '')) parts.push('authorization');
    return parts;
  };
  // The catalogue asks about each request once for every breach.
  return (request) => {
    const parts = found.get(request) ?? find(request);
    found.set(request, parts);
    return parts;
  };
}

/** Parses a body as JSON; undefined if it is missing or malformed. */
export function valueOf(body: string | undefined): JsonValue | undefined {
  try {
    return JSON.parse(body ?? '') as JsonValue;
  } catch {
    return undefined;
  }
}

function isBroken({ place, name, schema, required }: Constraint, { segments, action }: ReadRequest): boolean {
  if (place === 'path') {
    const { [name]: segment = '' } = segments;
    return !fits(schema, decodeSegment(segment) ?? segment);
  }
  // An unreadable body is one broken part, not one for each property.
  if (action === undefined) return false;
  return Object.hasOwn(action, name) ? !fits(schema, action[name] ?? null) : required;
}

function fits({ const: constant, pattern }: JsonObject, value: JsonValue): boolean {
  if (constant !== undefined) return value === constant;
  return typeof value === 'string' && (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(value));
}
