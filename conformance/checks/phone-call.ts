import { findResponse, type ContractResponse, type Operation } from '../contract/contract.ts';
import { isObject, valueAt, type JsonObject, type JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { SchemaValidator } from '../contract/schemas.ts';
import { addressOf, type RequestAddress } from '../target/address.ts';
import { succeeded, type Exchange } from '../target/exchange.ts';
import { callsIn } from '../call/fixture.ts';
import { mediaTypeViolations, schemaViolations } from './answer.ts';
import { formatValue, type Check, type Violation } from './check.ts';

/** The ids of the requirements about the parts of a returned PhoneCall. */
export interface PhoneCallRequirements {
  readonly schema: string;
  readonly noNullMembers: string;
  readonly id: string;
  readonly mediaType: string;
}

/** Creates the checks of a success that carries a PhoneCall, as its response in the contract describes it. */
export function phoneCallChecks(
  operation: Operation,
  validate: SchemaValidator,
  requirements: PhoneCallRequirements,
): Check[] {
  return [
    carriesPhoneCalls(operation, validate, requirements.schema),
    {
      name: 'leaves out members without a value',
      requirement: requirements.noNullMembers,
      applies: (exchange) =>
        contentFor(operation, exchange) !== undefined && exchange.response?.body.json !== undefined,
      run: (exchange) => nullMembers(operation, validate, exchange),
    },
    isAboutTheCall(requirements.id),
    {
      name: 'is declared as JSON',
      requirement: requirements.mediaType,
      applies: (exchange) => contentFor(operation, exchange) !== undefined && (exchange.response?.body.length ?? 0) > 0,
      run: (exchange) => mediaTypeViolations(exchange, contentFor(operation, exchange)?.map(({ name }) => name) ?? []),
    },
  ];
}

/** Demands of a success whose response has content that its body fits the schema. */
export function carriesPhoneCalls(operation: Operation, validate: SchemaValidator, requirement: string): Check {
  return {
    name: 'carries a PhoneCall',
    requirement,
    applies: (exchange) => contentFor(operation, exchange) !== undefined,
    run: (exchange) => {
      const { response } = exchange;
      const pointer = contentFor(operation, exchange)?.[0]?.schemaPointer;
      if (response === undefined || pointer === undefined) return [];
      const { json, problem = 'nothing' } = response.body;
      if (json === undefined) return [{ at: 'body', expected: 'a PhoneCall as JSON', actual: problem }];
      // Null members belong to another requirement, unless they stand for required ones.
      return schemaViolations(validate, pointer, bodyWithoutNulls(json.value));
    },
  };
}

/** Finds the documented content of a success with the status of an exchange, if any. */
function contentFor(operation: Operation, exchange: Exchange): ContractResponse['content'] | undefined {
  const content = succeeded(exchange) ? findResponse(operation, exchange.response?.status ?? 0)?.content : undefined;
  return content?.length === 0 ? undefined : content;
}

/** Demands, for a requirement, that the PhoneCall of a success is that of the request, and that a reading shows no other. */
export function isAboutTheCall(requirement: string): Check {
  return {
    name: 'carries the PhoneCall of the request',
    requirement,
    applies: (exchange) => succeeded(exchange) && callsIn(readBody(exchange)).length > 0,
    run: (exchange) => {
      const { call = '' } = addressOf(exchange.request);
      const ids = callsIn(readBody(exchange)).map(({ id }) => id ?? null);
      const isAlone = exchange.request.method !== 'GET' || ids.every((id) => id === call);
      return ids.includes(call) && isAlone
        ? []
        : [{ at: '/id', expected: `"${call}"`, actual: ids.map(formatValue).join(', ') }];
    },
  };
}

/** Returns the names of the call of a request: those of the path, or of the case's call in place of aliases. */
function namedCall({ request, about }: Exchange): Partial<RequestAddress> {
  const { user, extension, call } = addressOf(request);
  return {
    user: user.startsWith('@') ? about?.user : user,
    extension: extension === '@self' ? about?.extension : extension,
    call,
  };
}

/** Demands that the self link of a PhoneCall, if there is one, names the call of the request. Its host does not matter. */
export function linksToTheCall(requirement: string, operation: Operation): Check {
  return {
    name: 'links to the call',
    requirement,
    applies: (exchange) => contentFor(operation, exchange) !== undefined && readSelfLink(exchange) !== undefined,
    run: (exchange) => {
      const { user = '@me', extension = '@self', call = '' } = namedCall(exchange);
      const self = readSelfLink(exchange) ?? '';
      const link = readLinkAddress(self, exchange.request.path);
      const charged = callsIn(readBody(exchange)).find(({ id }) => id === call)?.extension;
      const isUser = user.startsWith('@') || link?.user.startsWith('@') || link?.user === user;
      const isExtension = extension === '@self' || ['@self', extension, charged].includes(link?.extension);
      if (link?.call === call && isUser && isExtension) return [];
      return [{ at: '/link/self', expected: `a link to ${user}/${extension}/${call}`, actual: formatValue(self) }];
    },
  };
}

/** Reads the self link of the PhoneCall that an answer carries; undefined if there is none. */
export function readSelfLink(exchange: Exchange): string | undefined {
  const calls = callsIn(readBody(exchange));
  const { call } = addressOf(exchange.request);
  const self = readLink(calls.find(({ id }) => id === call) ?? calls[0])?.self;
  return typeof self === 'string' ? self : undefined;
}

/**
 * Reads what a link names. It is resolved against the request; its host, and doubled slashes, mean nothing.
 *
 * @returns undefined if it names no call of this operation's paths.
 */
export function readLinkAddress(self: string, requestPath: string): RequestAddress | undefined {
  // An empty reference leads to whatever was asked for.
  if (self === '') return undefined;
  const { pathname } = URL.parse(self.replace(/^\/+/, '/'), `http://target${requestPath}`) ?? {};
  const [, mount, ...names] =
    /^(.*?)\/uapi\/phoneCalls\/([^/]+)\/([^/]+)\/([^/]+)\/?$/.exec(pathname?.replaceAll(/\/{2,}/g, '/') ?? '') ?? [];
  const [user, extension, call] = names.map((name) => decodeSegment(name) ?? name);
  if (mount?.includes('/phoneCalls/') !== false || user === undefined || extension === undefined) return undefined;
  return { user, extension, call };
}

/** Creates the checks of the details that a success gives about the transferred call. */
export function transferredCallChecks(operation: Operation): Check[] {
  const carriesObject = (exchange: Exchange) =>
    contentFor(operation, exchange) !== undefined && isObject(exchange.response?.body.json?.value);
  return [
    linksToTheCall('success/link-names-the-call', operation),
    {
      name: 'carries its extension',
      requirement: 'success/extension',
      applies: carriesObject,
      run: (exchange) =>
        Object.hasOwn(readBody(exchange) as JsonObject, 'extension')
          ? []
          : [{ at: '/extension', expected: 'the extension of the call', actual: 'nothing' }],
    },
    {
      name: 'carries a link to itself',
      requirement: 'success/link',
      applies: carriesObject,
      run: (exchange) =>
        readLink(readBody(exchange) as JsonObject)?.self === undefined
          ? [{ at: '/link/self', expected: 'a link to the call', actual: 'nothing' }]
          : [],
    },
  ];
}

function readLink(call: JsonObject | undefined): JsonObject | undefined {
  return [call?.link, call?.links].find(isObject);
}

function readBody({ response }: Exchange): JsonValue {
  return response?.body.json?.value ?? null;
}

/** Leaves out members without a value, and items of arrays: the documentation says nothing of these. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

const bodyWithoutNulls = remembering(withoutNulls);
const bodyWithoutZeroDates = remembering(withoutZeroDates);

/** Remakes a body once: a long one that comes again is the same object. */
function remembering(remake: (body: JsonValue) => JsonValue): (body: JsonValue) => JsonValue {
  const known = new WeakMap<object, JsonValue>();
  return (body) => {
    if (typeof body !== 'object' || body === null) return remake(body);
    const made = known.get(body) ?? remake(body);
    known.set(body, made);
    return made;
  };
}

/** Lists the documented members that are null, or a date that stands for none: those where the schema allows no null. */
function nullMembers(operation: Operation, validate: SchemaValidator, exchange: Exchange): Violation[] {
  const pointer = contentFor(operation, exchange)?.[0]?.schemaPointer;
  const body = readBody(exchange);
  const violations = pointer === undefined ? [] : validate(pointer, bodyWithoutZeroDates(body));
  const places = violations.filter(({ at, actual }) => actual === null && at !== '' && !/\/\d+$/.test(at));
  return [...new Set(places.map(({ at }) => at))].map((at) => {
    return { at, expected: 'no member, since it has no value', actual: formatValue(valueAt(body, at)) };
  });
}

/** Writes null for dates that programs have where there is none: the first day of their calendar, or the epoch of Unix. */
function withoutZeroDates(value: JsonValue): JsonValue {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) && Date.parse(value) <= 0 ? null : value;
  if (Array.isArray(value)) return value.map(withoutZeroDates);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutZeroDates(member)]));
}
