import type { ContractResponse, Operation } from '../contract/contract.ts';
import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { SchemaValidator } from '../contract/schemas.ts';
import { addressOf } from '../target/address.ts';
import type { Exchange } from '../target/exchange.ts';
import { callsIn } from '../call/fixture.ts';
import { mediaTypeViolations, schemaViolations } from './body.ts';
import { succeeded } from './success.ts';
import { shown, type Check, type Violation } from './check.ts';

/** The requirements that the parts of a returned PhoneCall fall under. */
export interface PhoneCallRequirements {
  readonly schema: string;
  readonly noNullMembers: string;
  readonly id: string;
  readonly mediaType: string;
}

/** Checks on a success that carries a PhoneCall, as its response in the contract describes it. */
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
      run: (exchange) => nullMembers(bodyOf(exchange), ''),
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

/** A success whose response has content carries what its schema describes. */
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
      // Null members are another requirement's, unless they stand for what must be there.
      return schemaViolations(validate, pointer, withoutNulls(json.value));
    },
  };
}

/** The content that the contract gives to a success with an exchange's status, if any. */
function contentFor({ responses }: Operation, { response }: Exchange): ContractResponse['content'] | undefined {
  const documented = responses.find(({ status }) => status.startsWith('2') && status === String(response?.status));
  return documented === undefined || documented.content.length === 0 ? undefined : documented.content;
}

/** The PhoneCall that a success carries is that of the request, as a requirement of its own demands. */
export function isAboutTheCall(requirement: string): Check {
  return {
    name: 'carries the PhoneCall of the request',
    requirement,
    applies: (exchange) => succeeded(exchange) && callsIn(bodyOf(exchange)).length > 0,
    run: (exchange) => {
      const { call } = addressOf(exchange.request);
      const ids = callsIn(bodyOf(exchange)).map(({ id }) => id ?? null);
      return ids.includes(call ?? '') ? [] : [{ at: '/id', expected: `"${call}"`, actual: ids.map(shown).join(', ') }];
    },
  };
}

/** The self link of a PhoneCall, where it is sent, names the call of the request: its host and its slashes mean nothing. */
export function linksToTheCall(requirement: string, operation: Operation): Check {
  const selfOf = (exchange: Exchange) => {
    const calls = contentFor(operation, exchange) === undefined ? [] : callsIn(bodyOf(exchange));
    const { call } = addressOf(exchange.request);
    return linkOf(calls.find(({ id }) => id === call) ?? calls[0])?.self;
  };
  return {
    name: 'links to the call',
    requirement,
    applies: (exchange) => typeof selfOf(exchange) === 'string',
    run: (exchange) => {
      const { call = '' } = addressOf(exchange.request);
      const self = String(selfOf(exchange));
      if (self.split(/[/?#]/).some((segment) => (decodeSegment(segment) ?? segment) === call)) return [];
      return [{ at: '/link/self', expected: `a link to ${call}`, actual: shown(self) }];
    },
  };
}

/** What a success should and must say about the call that it moved. */
export function transferredCallChecks(operation: Operation): Check[] {
  const carriesObject = (exchange: Exchange) =>
    contentFor(operation, exchange) !== undefined && isObject(exchange.response?.body.json?.value);
  const selfOf = (exchange: Exchange) => linkOf(bodyOf(exchange) as JsonObject)?.self;
  return [
    linksToTheCall('success/link-names-the-call', operation),
    {
      name: 'carries its extension',
      requirement: 'success/extension',
      applies: carriesObject,
      run: (exchange) =>
        Object.hasOwn(bodyOf(exchange) as JsonObject, 'extension')
          ? []
          : [{ at: '/extension', expected: 'the extension of the call', actual: 'nothing' }],
    },
    {
      name: 'carries a link to itself',
      requirement: 'success/link',
      applies: carriesObject,
      run: (exchange) =>
        selfOf(exchange) === undefined ? [{ at: '/link/self', expected: 'a link to the call', actual: 'nothing' }] : [],
    },
  ];
}

function linkOf(call: JsonObject | undefined): JsonObject | undefined {
  return [call?.link, call?.links].find(isObject);
}

function bodyOf({ response }: Exchange): JsonValue {
  return response?.body.json?.value ?? null;
}

function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

function nullMembers(value: JsonValue, at: string): Violation[] {
  if (value === null && at !== '') {
    return [{ at, expected: 'no member, since it has no value', actual: 'null' }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => nullMembers(item, `${at}/${index}`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => nullMembers(member, `${at}/${name}`));
}
