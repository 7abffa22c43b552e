import { listConstraints, type Constraint } from '../contract/constraints.ts';
import type { Contract, Operation } from '../contract/contract.ts';
import { asObject, type JsonObject, type JsonValue } from '../contract/json.ts';
import type { SentRequest } from '../target/exchange.ts';
import type { Fixture } from '../call/fixture.ts';

/** A request before it is serialised, made by changing the control. */
export interface RequestPlan {
  readonly method: string;
  /** The path of the operation, with the names of its parameters. */
  readonly template: string;
  /** The path parameters, not yet encoded. */
  readonly path: Readonly<Record<string, string>>;
  /** Text that is appended to a path parameter without encoding. */
  readonly rawSuffix?: Readonly<Record<string, string>>;
  /** Percent-encodes the value of a path parameter. Default: as most clients do. */
  readonly encode?: (value: string, name: string) => string;
  /** The query parameters and the header parameters, not yet encoded; undefined to leave one out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly header?: Readonly<Record<string, string | undefined>>;
  readonly trailingSlash: boolean;
  /** True if the slash before `uapi` stands twice, as in the link of the documentation. */
  readonly doubledSlash?: boolean;
  /** Makes the header Authorization from the tokens of the run. */
  readonly authorization: (token: string, otherToken: string) => string | undefined;
  readonly contentType: string | undefined;
  /** Header fields in place of the usual ones; undefined to leave one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body: PlannedBody;
  /** The time before it is sent, in milliseconds. */
  readonly delay?: number;
}

export type PlannedBody =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none' };

/** An operation as its requests are planned. */
export interface PlannedOperation {
  readonly transfer: Operation;
  readonly constraints: readonly Constraint[];
  readonly mediaType: string;
}

/** Returns an operation as its requests are planned. */
export function plannedOperation(contract: Contract, operation: Operation): PlannedOperation {
  return {
    transfer: operation,
    constraints: listConstraints(contract, operation),
    mediaType: operation.body?.content[0]?.name ?? '',
  };
}

/**
 * Plans the valid transfer that cases change: the fixture's call, sent to one of the fixture's numbers. What the fixture
 * does not know has the example value of the contract.
 */
export function controlTransfer(operation: PlannedOperation, fixture: Fixture, sendTo: string): RequestPlan {
  const { transfer, constraints, mediaType } = operation;
  const known = knownValues(fixture, sendTo);
  const listValues = (place: Constraint['place']) =>
    constraints
      .filter((constraint) => constraint.place === place)
      .map(
        (constraint) => [constraint.name, known.get(constraint.name) ?? exampleValue(operation, constraint)] as const,
      )
      .filter((entry): entry is [string, JsonValue] => entry[1] !== undefined);
  const asTexts = (place: Constraint['place']): Record<string, string> =>
    Object.fromEntries(listValues(place).map(([name, value]) => [name, String(value)]));
  return {
    method: transfer.method,
    template: transfer.path,
    path: asTexts('path'),
    query: asTexts('query'),
    header: asTexts('header'),
    trailingSlash: false,
    authorization: bearer,
    ...(transfer.body === undefined
      ? { contentType: undefined, body: { kind: 'none' } }
      : { contentType: mediaType, body: { kind: 'json', value: Object.fromEntries(listValues('body')) } }),
  };
}

/** Returns the values of a fixture by the names of the parameters and members that have them. */
export function knownValues({ user, extension, call, from, number }: Fixture, sendTo: string): Map<string, string> {
  return new Map(
    Object.entries({
      userId: user,
      extension,
      phoneCallId: call,
      sendCallTo: sendTo,
      transferFromNumber: from,
      transferNumber: number,
    }),
  );
}

/** Returns the reason why no request of an operation can be made; undefined if one can. */
export function explainUnplanned(operation: PlannedOperation): string | undefined {
  const { method } = operation.transfer;
  if (!/^(?:GET|PUT|POST|DELETE|PATCH)$/.test(method)) return `the suite sends no ${method}`;
  const missing = findWithoutValue(operation);
  return missing && `${missing.name} has no example`;
}

/** Finds a required part of an operation for which neither the fixture nor the contract has a value. */
export function findWithoutValue(operation: PlannedOperation): Constraint | undefined {
  const known = knownValues({} as Fixture, '');
  return operation.constraints.find((constraint) => {
    return constraint.required && !known.has(constraint.name) && exampleValue(operation, constraint) === undefined;
  });
}

function exampleValue({ transfer }: PlannedOperation, { place, name, schema }: Constraint): JsonValue | undefined {
  const { const: constant, enum: values, examples } = schema;
  const shown = asObject(transfer.body?.content[0]?.examples.values().next().value);
  return (
    constant ??
    (Array.isArray(values) ? values[0] : undefined) ??
    (Array.isArray(examples) ? examples[0] : undefined) ??
    (place === 'body' ? shown[name] : undefined)
  );
}

/** Plans a reading of the call of a plan. */
export function planReading(plan: RequestPlan): RequestPlan {
  return { ...plan, method: 'GET', contentType: undefined, body: { kind: 'none' } };
}

/** Plans a transfer of all calls of an extension: one without its phoneCallId. */
export function planBulkTransfer({ path, ...plan }: RequestPlan, extension?: string): RequestPlan {
  const { phoneCallId: _, ...rest } = path;
  const template = plan.template.replace('/{phoneCallId}', '');
  return { ...plan, template, path: extension === undefined ? rest : { ...rest, extension } };
}

/** Replaces members of a plan's JSON body; a value of undefined leaves the member out. */
export function withBody(plan: RequestPlan, members: Readonly<Record<string, JsonValue | undefined>>): RequestPlan {
  const value: JsonObject = { ...bodyObject(plan) };
  for (const [name, member] of Object.entries(members)) {
    if (member === undefined) delete value[name];
    else value[name] = member;
  }
  return { ...plan, body: { kind: 'json', value } };
}

/** Replaces path parameters of a plan. */
export function withPath(plan: RequestPlan, parameters: Readonly<Record<string, string>>): RequestPlan {
  return { ...plan, path: { ...plan.path, ...parameters } };
}

/** Returns the members of a plan's JSON body. */
export function bodyObject({ body }: RequestPlan): JsonObject {
  return body.kind === 'json' ? (body.value as JsonObject) : {};
}

/**
 * Serialises a plan.
 *
 * @param basePath - The path of the target's base URL.
 * @param token - The run's bearer token.
 * @param otherToken - That of another User, if there is one.
 */
export function serialise(plan: RequestPlan, basePath: string, token: string, otherToken = ''): SentRequest {
  const { encode = encodeAsUsual } = plan;
  const path = plan.template.replaceAll(
    /\{(.+?)\}/g,
    (_, name: string) => `${encode(plan.path[name] ?? '', name)}${plan.rawSuffix?.[name] ?? ''}`,
  );
  const query = Object.entries(plan.query ?? {})
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
    )
    .join('&');
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate, br',
    authorization: plan.authorization(token, otherToken),
    'content-type': plan.contentType,
    ...plan.header,
    ...plan.headers,
  };
  return {
    method: plan.method,
    path: `${basePath}${plan.doubledSlash ? '/' : ''}${path}${plan.trailingSlash ? '/' : ''}${query === '' ? '' : `?${query}`}`,
    headers: Object.fromEntries(
      Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
    ),
    body:
      plan.body.kind === 'none'
        ? undefined
        : plan.body.kind === 'text'
          ? plan.body.text
          : JSON.stringify(plan.body.value),
  };
}

/** Formats the header Authorization with a bearer token (RFC 6750 section 2.1). */
export function bearer(token: string): string {
  return `Bearer ${token}`;
}

/** Formats the header Authorization with the token of another User. */
export function withOtherToken(_: string, otherToken: string): string {
  return bearer(otherToken);
}

/** Encodes a path segment as most clients do, with `@` and `*` plain (RFC 3986 section 3.3). */
export function encodeAsUsual(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%40', '@');
}

/** Encodes a path segment as generated clients do, `@` and `*` too. */
export function encodeReserved(segment: string): string {
  return encodeURIComponent(segment).replaceAll('*', '%2A');
}

/** Encodes each byte of a path segment, unreserved characters too (RFC 3986 section 6.2.2.2). */
export function encodeEverything(segment: string): string {
  return [...Buffer.from(segment)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');
}
