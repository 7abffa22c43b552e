import type { ContractResponse, Operation } from '../contract/contract.ts';
import { isObject, type JsonObject, type JsonValue } from '../contract/json.ts';
import type { SchemaValidator } from '../contract/schemas.ts';
import type { Exchange, SentRequest } from '../target/exchange.ts';
import { callsIn } from '../target/fixture.ts';
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
  const responses = new Map(operation.responses.filter(hasContent).map((response) => [response.status, response]));
  const responseOf = ({ response }: Exchange) => responses.get(String(response?.status));
  const carries = (exchange: Exchange) => responseOf(exchange) !== undefined;
  const carriesJson = (exchange: Exchange) => carries(exchange) && exchange.response?.body.json !== undefined;
  return [
    {
      name: 'carries a PhoneCall',
      requirement: requirements.schema,
      applies: carries,
      run: (exchange) => {
        const { json, problem } = exchange.response!.body;
        if (json === undefined) return [{ at: 'body', expected: 'a PhoneCall as JSON', actual: problem ?? 'nothing' }];
        const pointer = responseOf(exchange)!.content[0]!.schemaPointer;
        // Null members are another requirement's, unless they stand for what must be there.
        return schemaViolations(validate, pointer, withoutNulls(json.value));
      },
    },
    {
      name: 'leaves out members without a value',
      requirement: requirements.noNullMembers,
      applies: carriesJson,
      run: (exchange) => nullMembers(bodyOf(exchange), ''),
    },
    isAboutTheCall(requirements.id),
    {
      name: 'is declared as JSON',
      requirement: requirements.mediaType,
      applies: (exchange) => carries(exchange) && (exchange.response?.body.length ?? 0) > 0,
      run: (exchange) =>
        mediaTypeViolations(
          exchange,
          responseOf(exchange)!.content.map(({ name }) => name),
        ),
    },
  ];
}

function hasContent({ status, content }: ContractResponse): boolean {
  return /^2/.test(status) && content.length > 0;
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

/** The PhoneCall that a success carries is that of the request, as a requirement of its own demands. */
export function isAboutTheCall(requirement: string): Check {
  return {
    name: 'carries the PhoneCall of the request',
    requirement,
    applies: (exchange) => succeeded(exchange) && callsIn(bodyOf(exchange)).length > 0,
    run: (exchange) => {
      const call = requestedCall(exchange.request);
      const ids = callsIn(bodyOf(exchange)).map(({ id }) => id ?? null);
      return ids.includes(call) ? [] : [{ at: '/id', expected: `"${call}"`, actual: ids.map(shown).join(', ') }];
    },
  };
}

/** What a success should and must say about the call that it moved. */
export function transferredCallChecks(operation: Operation): Check[] {
  const statuses = operation.responses.filter(hasContent).map(({ status }) => status);
  const carriesObject = ({ response }: Exchange) =>
    statuses.includes(String(response?.status)) && isObject(response?.body.json?.value);
  const selfOf = (exchange: Exchange) => linkOf(bodyOf(exchange) as JsonObject)?.self;
  return [
    {
      name: 'links to the call that was transferred',
      requirement: 'success/link-names-the-call',
      applies: (exchange) => carriesObject(exchange) && typeof selfOf(exchange) === 'string',
      run: (exchange) => {
        const call = requestedCall(exchange.request);
        const self = String(selfOf(exchange));
        if (self.split(/[/?#]/).map(decoded).includes(call)) return [];
        return [{ at: '/link/self', expected: `a link to ${call}`, actual: shown(self) }];
      },
    },
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

function linkOf(call: JsonObject): JsonObject | undefined {
  return [call.link, call.links].find(isObject);
}

/** The id of the call that a request's path names. */
export function requestedCall({ path }: SentRequest): string {
  return decoded(path.replace(/\/$/, '').split('/').at(-1) ?? '');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
