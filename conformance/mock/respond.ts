import { STATUS_CODES } from 'node:http';
import type { Contract, Operation } from '../contract/contract.ts';
import { isObject, type JsonObject } from '../contract/json.ts';
import { pathValues } from '../contract/path-segment.ts';
import type { Answer } from './listener.ts';
import type { Prism } from './prism.ts';
import {
  bodyRefusal,
  compileRefusals,
  isUnauthorized,
  parameterRefusal,
  pathRefusal,
  type Judgement,
  type Refusals,
} from './refusals.ts';
import type { MockRequest } from './request.ts';
import { locateCalls, transferCall, withLink, type LiveCall, type Switchboard } from './switchboard.ts';

/** The parts that answers are made from. */
export interface Parts {
  readonly contract: Contract;
  readonly prism: Prism;
  readonly switchboard: Switchboard;
  /** The accepted tokens, or undefined for any. */
  readonly tokens: ReadonlySet<string> | undefined;
  /** The milliseconds for which a token is accepted from its first use on, or undefined for ever. */
  readonly lifetime: number | undefined;
  /** The first use of each token, in milliseconds since the epoch. */
  readonly firstUses: Map<string, number>;
  /** True if a call is read as the entry of a list. */
  readonly entry: boolean;
  /** The answer to a wish for an answer that the contract does not have. */
  readonly unknown: Answer;
}

/** The operations that the switchboard knows: those that transfer calls, and that which reads one. */
const effects: Readonly<Record<string, 'reads' | 'transfers'>> = {
  getPhoneCall: 'reads',
  transferPhoneCall: 'transfers',
  transferAllPhoneCalls: 'transfers',
};

/** The most tokens whose first use is remembered. */
const rememberedTokens = 10_000;

/**
 * Creates the function that answers a request of an operation: refusals in the order authorization, parameters, body;
 * then the answer that the client prefers; then the result of the operation.
 *
 * @throws Error if the contract lacks what a refusal needs.
 */
export function createResponder(parts: Parts): (operation: Operation, request: MockRequest) => Promise<Answer> {
  const { contract, prism } = parts;
  const compiled = new Map(
    contract.operations.map((operation) => [operation, compileRefusals(contract, prism, operation)]),
  );
  return async (operation, request) => {
    const refusals = compiled.get(operation) as Refusals;
    const judgement = { operation, request, findings: await prism.judge(operation, request) };
    const preference = readPreference(request);
    return (
      securityRefusal(parts, judgement, refusals) ??
      parameterRefusal(judgement, refusals) ??
      (preference && (await preferredAnswer(parts, judgement, refusals, preference))) ??
      performOperation(parts, judgement, refusals, preference?.code)
    );
  };
}

function securityRefusal(
  { tokens, lifetime, firstUses }: Parts,
  judgement: Judgement,
  { security, expired }: Refusals,
): Answer | undefined {
  if (security === undefined) return undefined;
  if (isUnauthorized(judgement)) return { ...security, reason: 'the request has no token' };
  const token = (judgement.request.headers.authorization ?? '').replace(/^\S+\s+/, '');
  const isRefused = judgement.operation.security.some(({ refusedExamples }) => refusedExamples.includes(token));
  if (isRefused || tokens?.has(token) === false) return { ...security, reason: 'the token is not accepted' };
  if (lifetime === undefined) return undefined;
  const firstUse = firstUses.get(token) ?? Date.now();
  if (firstUses.size >= rememberedTokens) firstUses.delete(firstUses.keys().next().value ?? '');
  firstUses.set(token, firstUse);
  return expired && Date.now() - firstUse >= lifetime ? { ...expired, reason: 'the token has expired' } : undefined;
}

/** Returns the answer that a client prefers; undefined for one that has its usual effect, or that is refused. */
async function preferredAnswer(
  { prism, unknown }: Parts,
  judgement: Judgement,
  refusals: Refusals,
  preference: Preference,
): Promise<Answer | undefined> {
  const { operation } = judgement;
  const { code, example: name, dynamic = 'false' } = preference;
  if (bodyRefusal(judgement, refusals) !== undefined) return undefined;
  if (code === undefined && name === undefined && dynamic === 'false') return undefined;
  const preferred = await choose();
  if (preferred === undefined) {
    const message = describeUnmet(operation, preference);
    const { error } = isObject(unknown.body) ? unknown.body : {};
    return { ...unknown, body: { error: { ...(isObject(error) && error), message } }, reason: message };
  }
  // A preferred success still has its effect; what is asked for by name, or generated, is shown as it is.
  const isPerformed = name === undefined && dynamic === 'false' && code?.startsWith('2') === true;
  return isPerformed && Object.hasOwn(effects, operation.id) ? undefined : preferred;

  async function choose(): Promise<Answer | undefined> {
    if (dynamic !== 'false' && dynamic !== 'true') return undefined;
    if (name === undefined && dynamic === 'true') return prism.generate(operation, code);
    if (name === undefined) return prism.example(operation, { status: code }) ?? gatewayRefusal(code);
    const status =
      code ?? operation.responses.find(({ content }) => content.some((one) => one.examples.has(name)))?.status;
    return status === undefined ? undefined : prism.example(operation, { status, name });
  }
}

/** Returns an error as a gateway before the system gives it, outside the contract; undefined for other codes. */
function gatewayRefusal(code = ''): Answer | undefined {
  return Number(code) >= 400 && code in STATUS_CODES ? plainRefusal(Number(code)) : undefined;
}

export function plainRefusal(status: number): Answer {
  const phrase = STATUS_CODES[status] ?? '';
  const answer = errorAnswer(status, phrase.toLowerCase().replaceAll(/\W+/g, '_'), `${phrase}.`);
  const isBusy = status === 429 || status === 503;
  return isBusy ? { ...answer, headers: { ...answer.headers, 'retry-after': '1' } } : answer;
}

export function errorAnswer(statusCode: number, code: string, message: string): Answer {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: { error: { code, message } } };
}

function performOperation(parts: Parts, judgement: Judgement, refusals: Refusals, status: string | undefined): Answer {
  const { prism, switchboard, unknown } = parts;
  const { operation, request } = judgement;
  if (!Object.hasOwn(effects, operation.id)) {
    return bodyRefusal(judgement, refusals) ?? prism.example(operation) ?? unknown;
  }
  const values = pathValues(operation.path, request.target.segments) ?? {};
  const located = locateCalls(switchboard, values);
  if (located.unknown !== undefined) return pathRefusal(located.unknown, values[located.unknown], refusals) ?? unknown;
  const refusal = bodyRefusal(judgement, refusals);
  if (refusal !== undefined) return refusal;
  if (effects[operation.id] === 'transfers') {
    const { sendCallTo = '', transferFromNumber } = isObject(request.body) ? request.body : {};
    for (const call of located.calls) transferCall(call, String(sendCallTo), transferFromNumber);
  }
  return showResult(parts, operation, located.calls, status);
}

function showResult(
  { prism, unknown, entry }: Parts,
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
  if (operation.body !== undefined) return { ...answer, body: showTransfer(operation, answer, calls) };
  return { ...answer, body: entry ? { entry: [first.phoneCall] } : first.phoneCall };
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

/** The answer that a client asks for, each part as it was written. */
interface Preference {
  readonly code?: string;
  readonly example?: string;
  readonly dynamic?: string;
}

const names: readonly string[] = ['code', 'example', 'dynamic'] satisfies (keyof Preference)[];

/**
 * Reads the answer that a client asks for by `Prefer: code=403, example=tokenExpired`, or by `?__code=403` for what the
 * header leaves open. Of several preferences with one name the first counts; unknown ones are ignored (RFC 7240).
 */
function readPreference({ headers: { prefer }, target }: MockRequest): Preference | undefined {
  const wanted = new Map(prefer === undefined ? [] : parsePrefer(prefer));
  for (const name of names) {
    const value = target.query[`__${name}`];
    if (value !== undefined && !wanted.has(name)) wanted.set(name, [value].flat()[0] ?? '');
  }
  return wanted.size === 0 ? undefined : Object.fromEntries(wanted);
}

/** Lists the known preferences of a header, and their known parameters: `code=400; example=userInvalid`. */
function parsePrefer(header: string): [string, string][] {
  const split = (text: string, separator: ',' | ';') =>
    text.match(separator === ',' ? /(?:"(?:\\.|[^"\\])*"?|[^",])+/g : /(?:"(?:\\.|[^"\\])*"?|[^";])+/g) ?? [];
  const found = split(header, ',').flatMap((preference) => {
    const pairs = split(preference, ';').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const unquoted = value.trim().replace(/^"(.*)"$/s, (_, text: string) => text.replaceAll(/\\(.)/gs, '$1'));
      return [name.trim().toLowerCase(), unquoted];
    });
    return names.includes(pairs[0]?.[0] ?? '') ? pairs.filter(([name]) => names.includes(name)) : [];
  });
  // The last entry of a name wins in a map.
  return found.toReversed();
}

/** Says why a preference cannot be met, and what can be asked for. */
function describeUnmet({ id, responses }: Operation, { code, example, dynamic }: Preference): string {
  const asked = [
    code === undefined ? '' : `code=${code}`,
    example === undefined ? '' : `example=${example}`,
    dynamic === undefined ? '' : `dynamic=${dynamic}`,
  ];
  const named = responses.flatMap(({ status, content }) =>
    content.flatMap(({ examples }) => [...examples.keys()].map((name) => `${name} (${status})`)),
  );
  return [
    `The contract has no answer of ${id} for the preference ${asked.filter(Boolean).join(', ')}.`,
    `It has the codes ${responses.map(({ status }) => status).join(', ')}, and a gateway's from 400 to 511,`,
    `the examples ${named.join(', ')}, and dynamic=true or false.`,
  ].join(' ');
}
