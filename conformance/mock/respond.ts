import type { Contract, Operation } from '../contract/contract.ts';
import { isObject, type JsonObject } from '../contract/json.ts';
import type { Answer } from './answer.ts';
import { bodyRefusal, isUnauthorized, parameterRefusal } from './faults.ts';
import { preferenceOf, statusOfExample } from './preference.ts';
import type { ExampleChoice, Judgement, MockRequest, Prism } from './prism.ts';
import { refusalsOf, type Refusals } from './refusals.ts';
import { locate, transfer, withLink, type LiveCall, type Switchboard } from './switchboard.ts';
import { pathValues } from './target.ts';

/** What the answers are made from. */
export interface Means {
  readonly contract: Contract;
  readonly prism: Prism;
  readonly switchboard: Switchboard;
  /** The tokens that are accepted, or undefined for any. */
  readonly tokens: ReadonlySet<string> | undefined;
  /** What answers a wish for an answer that the contract does not have. */
  readonly unknown: Answer;
}

type Effect = (calls: readonly LiveCall[], request: MockRequest) => void;

const effects: Readonly<Record<string, Effect>> = {
  getPhoneCall: () => {},
  transferPhoneCall: transferTo,
  transferAllPhoneCalls: transferTo,
};

/**
 * A function that answers what Prism has judged: refusals in the order authorization, path, body; then what the client
 * prefers; then what the operation does.
 *
 * @throws Error if the contract lacks what a refusal needs.
 */
export function responder(means: Means): (judgement: Judgement) => Answer {
  const { contract, prism } = means;
  const compiled = new Map(contract.operations.map((operation) => [operation, refusalsOf(contract, prism, operation)]));
  return (judgement) => {
    const refusals = compiled.get(judgement.operation) as Refusals;
    return (
      securityRefusal(means, judgement, refusals) ??
      parameterRefusal(judgement, refusals) ??
      preferredAnswer(means, judgement, refusals) ??
      outcome(means, judgement, refusals)
    );
  };
}

function securityRefusal({ tokens }: Means, judgement: Judgement, { security }: Refusals): Answer | undefined {
  if (security === undefined) return undefined;
  if (isUnauthorized(judgement)) return security;
  const token = (judgement.request.headers.authorization ?? '').replace(/^\S+\s+/, '');
  const isRefused = judgement.operation.security.some(({ refusedExamples }) => refusedExamples.includes(token));
  return isRefused || tokens?.has(token) === false ? security : undefined;
}

function preferredAnswer(means: Means, judgement: Judgement, refusals: Refusals): Answer | undefined {
  const { operation, request } = judgement;
  const preference = preferenceOf(request.headers.prefer);
  if (preference === undefined || bodyRefusal(judgement, refusals) !== undefined) return undefined;
  const status = preference.status ?? statusOfExample(operation, preference.name ?? '');
  const preferred = status === undefined ? undefined : means.prism.example(operation, { ...preference, status });
  if (preferred === undefined) return means.unknown;
  return hasEffect(operation, preference) ? undefined : preferred;
}

/** A preferred success still does what it says; an example is asked for by name to be seen as it is written. */
function hasEffect({ id }: Operation, { status, name }: ExampleChoice): boolean {
  return Object.hasOwn(effects, id) && name === undefined && status?.startsWith('2') === true;
}

function outcome(means: Means, judgement: Judgement, refusals: Refusals): Answer {
  const { operation, request } = judgement;
  const status = preferenceOf(request.headers.prefer)?.status;
  const effect = Object.hasOwn(effects, operation.id) ? effects[operation.id] : undefined;
  if (effect === undefined) return bodyRefusal(judgement, refusals) ?? means.prism.example(operation) ?? means.unknown;
  const located = locate(means.switchboard, pathValues(refusals.path, request.target) ?? {});
  if (located.unknown !== undefined) return refusals.parameters.get(`path ${located.unknown.toLowerCase()}`) as Answer;
  const refusal = bodyRefusal(judgement, refusals);
  if (refusal !== undefined) return refusal;
  effect(located.calls, request);
  return success(means, operation, located.calls, status);
}

function transferTo(calls: readonly LiveCall[], { body }: MockRequest): void {
  const number = isObject(body) ? String(body.sendCallTo) : '';
  for (const call of calls) transfer(call, number);
}

function success({ prism, unknown }: Means, operation: Operation, calls: readonly LiveCall[], status?: string): Answer {
  const first = calls[0];
  const chosen = first === undefined ? statusWithoutContent(operation) : status;
  const answer = prism.example(operation, { status: chosen });
  if (answer === undefined) return unknown;
  if (answer.body === undefined || first === undefined) return answer;
  if (operation.body === undefined) return { ...answer, body: first.phoneCall };
  return { ...answer, body: transferred(operation, answer, calls) };
}

function statusWithoutContent({ responses }: Operation): string | undefined {
  return responses.find(({ status, content }) => status.startsWith('2') && content.length === 0)?.status;
}

/** The example of a transfer, with the calls of the request in place of its own: one by itself, several as a list. */
function transferred(operation: Operation, { statusCode, body }: Answer, calls: readonly LiveCall[]): JsonObject {
  const response = operation.responses.find(({ status }) => status === String(statusCode));
  const examples = response?.content.flatMap((mediaType) => [...mediaType.examples.values()]).filter(isObject) ?? [];
  const list = examples.find(({ entry }) => Array.isArray(entry));
  const alone = examples.find(({ entry }) => !Array.isArray(entry));
  const first = calls[0];
  if (calls.length === 1 && first !== undefined) return overlaid(alone ?? {}, first);
  const entry = Array.isArray(list?.entry) ? list.entry.find(isObject) : undefined;
  return {
    ...(list ?? (isObject(body) ? body : {})),
    entry: calls.map((call) => overlaid(entry ?? alone ?? {}, call)),
  };
}

function overlaid(example: JsonObject, { phoneCallId, extension, link }: LiveCall): JsonObject {
  return withLink({ ...example, id: phoneCallId, extension }, link);
}
