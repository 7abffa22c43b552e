import type { IPrismDiagnostic } from '@stoplight/prism-core';
import { listConstraints } from '../contract/constraints.ts';
import { resolve, type Contract, type ErrorBinding, type Operation } from '../contract/contract.ts';
import { isObject, type JsonValue } from '../contract/json.ts';
import { readErrorCode, findStatus } from '../contract/refusal.ts';
import type { Answer } from './listener.ts';
import type { Judgement, Prism } from './prism.ts';
import { pathParameters } from './request.ts';

/** The refusals of an operation, compiled from what the contract binds to each part of a request. */
export interface Refusals {
  readonly security: Answer | undefined;
  /** By place and lower-cased name, as Prism reports them, in the contract's order. */
  readonly parameters: ReadonlyMap<string, Answer>;
  readonly body: Answer | undefined;
  /** In the contract's order. */
  readonly properties: readonly PropertyRefusal[];
}

interface PropertyRefusal {
  readonly name: string;
  readonly required: boolean;
  /** True if the documentation leaves the refusal open. */
  readonly open: boolean;
  readonly answer: Answer;
}

/**
 * Compiles the refusals of an operation.
 *
 * @throws Error if a part of a request has no error code, or one that no example of the operation shows.
 */
export function compileRefusals(contract: Contract, prism: Prism, operation: Operation): Refusals {
  const refuse = (binding: ErrorBinding) => refusalFor(prism, operation, binding);
  const body = operation.body && (refuse(operation.body) ?? failWithoutCode('the request body', operation));
  return {
    security: securityRefusal(contract, prism, operation),
    parameters: new Map(
      operation.parameters.map((parameter) => {
        const { place, name } = parameter;
        const answer = refuse(parameter) ?? failWithoutCode(`the ${place} parameter ${name}`, operation);
        return [parameterKey(place, name), answer];
      }),
    ),
    body,
    properties: listConstraints(contract, operation)
      .filter(({ place }) => place === 'body')
      .map((property) => ({
        name: property.name,
        required: property.required,
        open: property.refusedWith !== undefined,
        answer: refuse(property) ?? body ?? failWithoutCode(`the property ${property.name}`, operation),
      })),
  };
}

/**
 * Returns the answer of a status, taken from any operation that shows it, for requests that belong to no operation.
 *
 * @throws Error if no operation of the contract has an example of the status.
 */
export function answerOfStatus(contract: Contract, prism: Prism, statusCode: number): Answer {
  const status = String(statusCode);
  for (const operation of contract.operations) {
    const answer = prism.example(operation, { status });
    if (answer?.body !== undefined) return answer;
  }
  throw new Error(`The contract has no example of an answer with the status ${status}, which the mock needs: add one.`);
}

function refusalFor(prism: Prism, operation: Operation, { errorCode }: ErrorBinding): Answer | undefined {
  if (errorCode === undefined) return undefined;
  const status = findStatus(operation, errorCode);
  const response = operation.responses.find((candidate) => candidate.status === status);
  const examples = response?.content.flatMap((mediaType) => [...mediaType.examples]) ?? [];
  const name = examples.find(([, example]) => readErrorCode(example) === errorCode)?.[0];
  const answer = prism.example(operation, { status, name });
  if (answer === undefined) {
    throw new Error(`The example of ${errorCode} stands under ${status}, which is no single status: give it its own.`);
  }
  return answer;
}

function securityRefusal(contract: Contract, prism: Prism, operation: Operation): Answer | undefined {
  const [scheme] = operation.security;
  if (scheme === undefined) return undefined;
  const answer =
    refusalFor(prism, operation, scheme) ?? failWithoutCode(`the security scheme ${scheme.name}`, operation);
  const { value } = resolve(contract.document, scheme.pointer);
  if (typeof value.scheme !== 'string') return answer;
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': value.scheme } };
}

function failWithoutCode(part: string, operation: Operation): never {
  throw new Error(
    `The contract does not say what answers a request of ${operation.id} that breaks ${part}: add x-error-code to it.`,
  );
}

function parameterKey(place: string, name: string): string {
  return `${place} ${name.toLowerCase()}`;
}

/** Tells whether Prism found the request without the authorization that its operation demands. */
export function isUnauthorized({ findings }: Judgement): boolean {
  // Only findings about security carry tags: the schemes that would do.
  return findings.some(({ tags }) => tags !== undefined);
}

/** Returns the refusal of a path parameter by its name. */
export function pathRefusal(name: string, { parameters }: Refusals): Answer | undefined {
  return parameters.get(parameterKey('path', name));
}

/** Returns the refusal of the first parameter, in the contract's order, that is missing or invalid. */
export function parameterRefusal(judgement: Judgement, refusals: Refusals): Answer | undefined {
  const {
    operation,
    findings,
    request: { target },
  } = judgement;
  const invalid = findings.flatMap(({ path: [place, name] = [] }) =>
    place === undefined || place === 'body' || name === undefined ? [] : [parameterKey(place, name)],
  );
  // Prism cannot name path parameters that are empty or whose percent-encoding is malformed.
  const unreadable = pathParameters(operation)
    .filter((_, index) => target.malformed.has(index) || target.segments[index] === '')
    .map((name = '') => parameterKey('path', name));
  const broken = new Set([...invalid, ...unreadable]);
  return [...refusals.parameters].find(([key]) => broken.has(key))?.[1];
}

/** Returns the refusal of the body, or of its first property in the contract's order that is missing or invalid. */
export function bodyRefusal({ findings, request }: Judgement, refusals: Refusals): Answer | undefined {
  if (refusals.body === undefined) return undefined;
  if (request.bodyIsUnreadable) return refusals.body;
  const ofBody = findings.filter(({ path, tags }) => tags === undefined && (path?.[0] ?? 'body') === 'body');
  if (ofBody.length === 0) return undefined;
  return firstBrokenProperty(ofBody, request.body, refusals.properties)?.answer ?? refusals.body;
}

function firstBrokenProperty(
  findings: readonly IPrismDiagnostic[],
  body: JsonValue | undefined,
  properties: readonly PropertyRefusal[],
): PropertyRefusal | undefined {
  const named = new Set(findings.map(({ path }) => path?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~')));
  const isMissing = ({ name, required }: PropertyRefusal) => required && isObject(body) && !Object.hasOwn(body, name);
  const broken = properties.filter((property) => named.has(property.name) || isMissing(property));
  // A missing property with an open refusal tells the client less than any documented code.
  return broken.find((property) => !(property.open && isMissing(property))) ?? broken[0];
}
