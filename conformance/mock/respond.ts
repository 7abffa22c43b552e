import type { Contract, Operation } from '../contract/contract.ts';
import { isObject, type JsonObject } from '../contract/json.ts';
import type { Answer } from './listener.ts';
import type { ExampleChoice, Judgement, Prism } from './prism.ts';
import {
  bodyRefusal,
  compileRefusals,
  isUnauthorized,
  parameterRefusal,
  pathRefusal,
  type Refusals,
} from './refusals.ts';
import { pathValues } from './request.ts';
import { locateCalls, transferCall, withLink, type LiveCall, type Switchboard } from './switchboard.ts';

/** The parts that answers are made from. */
interface Parts {
  readonly contract: Contract;
  readonly prism: Prism;
  readonly switchboard: Switchboard;
  /** The accepted tokens, or undefined for any. */
  readonly tokens: ReadonlySet<string> | undefined;
  /** The answer to a wish for an answer that the contract does not have. */
  readonly unknown: Answer;
}

/** The operations that the switchboard knows: those that transfer calls, and that which reads one. */
const effects: Readonly<Record<string, 'reads' | 'transfers'>> = {
  getPhoneCall: 'reads',
  transferPhoneCall: 'transfers',
  transferAllPhoneCalls: 'transfers',
};

/**
 * Creates the function that answers what Prism has judged: refusals in the order authorization, path, body; then the
 * answer that the client prefers; then the result of the operation.
 *
 * @throws Error if the contract lacks what a refusal needs.
 */
export function createResponder(parts: Parts): (judgement: Judgement) => Answer {
  const { contract, prism } = parts;
  const compiled = new Map(
    contract.operations.map((operation) => [operation, compileRefusals(contract, prism, operation)]),
  );
  return (judgement) => {
    const refusals = compiled.get(judgement.operation) as Refusals;
    return (
      securityRefusal(parts, judgement, refusals) ??
      parameterRefusal(judgement, refusals) ??
      preferredAnswer(parts, judgement, refusals) ??
      performOperation(parts, judgement, refusals)
    );
  };
}

function securityRefusal({ tokens }: Parts, judgement: Judgement, { security }: Refusals): Answer | undefined {
  if (security === undefined) return undefined;
  if (isUnauthorized(judgement)) return security;
  const token = (judgement.request.headers.authorization ?? '').replace(/^\S+\s+/, '');
  const isRefused = judgement.operation.security.some(({ refusedExamples }) => refusedExamples.includes(token));
  return isRefused || tokens?.has(token) === false ? security : undefined;
}

/** Reads the header by which a client asks for an answer: `Prefer: code=403` or `Prefer: example=tokenExpired`. */
function readPreference({ request }: Judgement): ExampleChoice | undefined {
  const wanted = new Map(
    (request.headers.prefer ?? '').split(/[,;]/).map((preference) => {
      const [name = '', value = ''] = preference.split(/=(.*)/s);
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
  const status = wanted.get('code');
  const name = wanted.get('example');
  return status === undefined && name === undefined ? undefined : { status, name };
}

function preferredAnswer({ prism, unknown }: Parts, judgement: Judgement, refusals: Refusals): Answer | undefined {
  const { operation } = judgement;
  const preference = readPreference(judgement);
  if (preference === undefined || bodyRefusal(judgement, refusals) !== undefined) return undefined;
  const { name = '', status = statusOfExample(operation, name) } = preference;
  const preferred = status === undefined ? undefined : prism.example(operation, { status, name });
  if (preferred === undefined) return unknown;
  // A preferred success still has its effect; an example asked for by name is shown as it is written.
  const isPerformed = preference.name === undefined && status?.startsWith('2') === true;
  return isPerformed && Object.hasOwn(effects, operation.id) ? undefined : preferred;
}

/** Returns the status of the first answer that has an example of a name. */
function statusOfExample(operation: Operation, name: string): string | undefined {
  return operation.responses.find(({ content }) => content.some(({ examples }) => examples.has(name)))?.status;
}

function performOperation(parts: Parts, judgement: Judgement, refusals: Refusals): Answer {
  const { prism, switchboard, unknown } = parts;
  const { operation, request } = judgement;
  if (!Object.hasOwn(effects, operation.id)) {
    return bodyRefusal(judgement, refusals) ?? prism.example(operation) ?? unknown;
  }
  const located = locateCalls(switchboard, pathValues(operation, request.target) ?? {});
  if (located.unknown !== undefined) return pathRefusal(located.unknown, refusals) ?? unknown;
  const refusal = bodyRefusal(judgement, refusals);
  if (refusal !== undefined) return refusal;
  if (effects[operation.id] === 'transfers') {
    const number = isObject(request.body) ? String(request.body.sendCallTo) : '';
    for (const call of located.calls) transferCall(call, number);
  }
  return showResult(parts, operation, located.calls, readPreference(judgement)?.status);
}

function showResult(
  { prism, unknown }: Parts,
  operation: Operation,
  calls: readonly LiveCall[],
  status: string | undefined,
): Answer {
  const [first] = calls;
  const withoutContent = operation.responses.find(
    ({ status: documented, content }) => documented.startsWith('2') && content.length === 0,
  );
  const answer = prism.example(operation, { status: first === undefined ? withoutContent?.status : status });
  if (answer === undefined) return unknown;
  if (answer.body === undefined || first === undefined) return answer;
  return { ...answer, body: operation.body === undefined ? first.phoneCall : showTransfer(operation, answer, calls) };
}

/** Fills the example of a transfer with the calls of the request: one call by itself, several as a list. */
function showTransfer(operation: Operation, { statusCode, body }: Answer, calls: readonly LiveCall[]): JsonObject {
  const response = operation.responses.find(({ status }) => status === String(statusCode));
  const examples = response?.content.flatMap((mediaType) => [...mediaType.examples.values()]).filter(isObject) ?? [];
  const list = examples.find(({ entry }) => Array.isArray(entry));
  const alone = examples.find(({ entry }) => !Array.isArray(entry)) ?? {};
  const show = (example: JsonObject, { phoneCallId: id, extension, link }: LiveCall) =>
    withLink({ ...example, id, extension }, link);
  if (calls.length === 1) return { ...calls.map((call) => show(alone, call))[0] };
  const entry = Array.isArray(list?.entry) ? list.entry.find(isObject) : undefined;
  return { ...(list ?? (isObject(body) ? body : {})), entry: calls.map((call) => show(entry ?? alone, call)) };
}
