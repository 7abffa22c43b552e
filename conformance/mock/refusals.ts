import { listConstraints } from '../contract/constraints.ts';
import { resolve, type Contract, type ErrorBinding, type Operation } from '../contract/contract.ts';
import { isObject, pointerName, type JsonValue } from '../contract/json.ts';
import { pathTemplate, pathValues } from '../contract/path-segment.ts';
import { readErrorCode, findStatus } from '../contract/refusal.ts';
import type { Answer } from './listener.ts';
import type { Finding, Prism } from './prism.ts';
import type { MockRequest } from './request.ts';

/** A request, its operation, and everything in it that breaks the contract. */
export interface Judgement {
  readonly operation: Operation;
  readonly request: MockRequest;
  readonly findings: readonly Finding[];
}

/** The refusals of an operation, compiled from what the contract binds to each part of a request. */
export interface Refusals {
  readonly security: Answer | undefined;
  /** The refusal of a token that was accepted before. */
  readonly expired: Answer | undefined;
  /** By place and lower-cased name, as Prism reports them, in the contract's order. */
  readonly parameters: ReadonlyMap<string, ParameterRefusal>;
  readonly body: Answer | undefined;
  /** In the contract's order. */
  readonly properties: readonly PropertyRefusal[];
}

interface ParameterRefusal {
  readonly place: string;
  readonly name: string;
  readonly answer: Answer;
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
  const refuse = (binding: ErrorBinding, part: string, otherwise?: Answer): Answer =>
    refusalFor(prism, operation, binding) ?? otherwise ?? failWithoutCode(part, operation);
  const body = operation.body && refuse(operation.body, 'the request body');
  return {
    ...securityRefusals(contract, prism, operation),
    parameters: new Map(
      operation.parameters.map((parameter) => {
        const { place, name } = parameter;
        const answer = refuse(parameter, `the ${place} parameter ${name}`);
        return [parameterKey(place, name), { place, name, answer }];
      }),
    ),
    body,
    properties: listConstraints(contract, operation)
      .filter(({ place }) => place === 'body')
      .map((property) => ({
        name: property.name,
        required: property.required,
        open: property.refusedWith !== undefined,
        answer: refuse(property, `the property ${property.name}`, body),
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

function securityRefusals(
  contract: Contract,
  prism: Prism,
  operation: Operation,
): Pick<Refusals, 'security' | 'expired'> {
  const [scheme] = operation.security;
  if (scheme === undefined) return { security: undefined, expired: undefined };
  const refusal =
    refusalFor(prism, operation, scheme) ?? failWithoutCode(`the security scheme ${scheme.name}`, operation);
  const { value } = resolve(contract.document, scheme.pointer);
  const challenge = { 'www-authenticate': typeof value.scheme === 'string' ? value.scheme : 'Bearer' };
  const security = { ...refusal, headers: { ...refusal.headers, ...challenge } };
  const other = scheme.refusedWith?.find((status) => status !== String(refusal.statusCode));
  return { security, expired: (other && prism.example(operation, { status: other })) || security };
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

/** Returns the refusal of a path parameter that names nothing. */
export function pathRefusal(name: string, value: string | undefined, { parameters }: Refusals): Answer | undefined {
  const answer = parameters.get(parameterKey('path', name))?.answer;
  return answer && { ...answer, reason: `${name} ${formatValue(value)} is unknown` };
}

/** Returns the refusal of the first parameter, in the contract's order, that is missing or invalid. */
export function parameterRefusal(judgement: Judgement, { parameters }: Refusals): Answer | undefined {
  const { operation, findings, request } = judgement;
  const { target } = request;
  const broken = new Map<string, string>();
  for (const finding of findings) {
    const [place, name = missingName(finding)] = finding.path ?? [];
    if (place === undefined || place === 'body' || name === undefined) continue;
    const key = parameterKey(place, name);
    if (!broken.has(key)) broken.set(key, finding.path?.[1] === undefined ? 'is missing' : demandOf(finding));
  }
  // Prism cannot name path parameters that are empty or whose percent-encoding is malformed.
  for (const [index, { names }] of pathTemplate(operation.path).entries()) {
    const isMalformed = target.malformed.has(index);
    if (!isMalformed && target.segments[index] !== '') continue;
    for (const name of names)
      broken.set(parameterKey('path', name), isMalformed ? 'is no percent-encoding' : 'is empty');
  }
  if (broken.size === 0) return undefined;
  for (const [key, { place, name, answer }] of parameters) {
    const demand = broken.get(key);
    if (demand !== undefined)
      return { ...answer, reason: `${place} parameter ${name}${valueOf(place, name)} ${demand}` };
  }
  return undefined;

  function valueOf(place: string, name: string): string {
    const values =
      place === 'path'
        ? pathValues(operation.path, target.segments)
        : place === 'query'
          ? target.query
          : request.headers;
    const value = values?.[place === 'header' ? name.toLowerCase() : name];
    return value === undefined ? '' : ` ${formatValue(value)}`;
  }
}

/** Returns the refusal of the body, or of its first property in the contract's order that is missing or invalid. */
export function bodyRefusal({ findings, request }: Judgement, refusals: Refusals): Answer | undefined {
  const { body: refusal, properties } = refusals;
  if (refusal === undefined) return undefined;
  if (request.bodyIsUnreadable) return { ...refusal, reason: 'the body cannot be read as JSON' };
  const ofBody = findings.filter(({ path, tags }) => tags === undefined && (path?.[0] ?? 'body') === 'body');
  const [first] = ofBody;
  if (first === undefined) return undefined;
  const byName = new Map(ofBody.toReversed().map((finding) => [pointerName(finding.path?.[1] ?? ''), finding]));
  const members = isObject(request.body) ? request.body : undefined;
  const isMissing = ({ name, required }: PropertyRefusal) =>
    required && members !== undefined && !Object.hasOwn(members, name);
  const broken = properties.filter((property) => byName.has(property.name) || isMissing(property));
  // A missing property with an open refusal tells the client less than any documented code.
  const property = broken.find((one) => !(one.open && isMissing(one))) ?? broken[0];
  if (property === undefined)
    return { ...refusal, reason: `the body ${demandOf(first)}`.replace(/body (?!must)/, 'body: ') };
  const { name, answer } = property;
  const finding = byName.get(name);
  if (finding === undefined) return { ...answer, reason: `${name} is missing` };
  return { ...answer, reason: `${name} ${formatValue(members?.[name])} ${demandOf(finding)}` };
}

/** Returns the name of a missing parameter, which Prism tells in its message only. */
function missingName({ code, message }: Finding): string | undefined {
  return code === 'required' ? /property '(.*)'$/s.exec(message)?.[1] : undefined;
}

/** Returns what a finding demands, without the name that Prism writes in lower case. */
function demandOf({ message }: Finding): string {
  return /\bmust .*/s.exec(message)?.[0] ?? message;
}

/** Formats a value for one line of a log. */
function formatValue(value: JsonValue | undefined): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
