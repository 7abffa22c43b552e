import { request } from 'node:http';
import { isObject } from '../../../conformance/contract/json.ts';
import { liveCall, pathOf, script, validToken, type ScriptedRequest } from './script.ts';

/** What the script learned through the proxy. */
export interface ScriptResult {
  /** What the proxy reported of answers, with the request's id. */
  readonly violations: readonly string[];
  /** Where an answer is not as the documentation says, with the request's id. */
  readonly differences: readonly string[];
  /** How many requests were not answered in time. */
  readonly unanswered: number;
}

/** An answer of the proxy. */
export interface ProxyAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly violations: string | undefined;
  readonly body: unknown;
}

interface Limits {
  readonly request: number;
  readonly run: number;
}

/** Prism never answers a request whose body is no JSON. */
const neverAnswered = ['body-not-json'];

/** Sends the script through the proxy, and reads the call back where it must have moved. */
export async function sendScript(proxy: string, limits: Limits): Promise<ScriptResult> {
  const violations: string[] = [];
  const differences: string[] = [];
  let unanswered = 0;
  const until = performance.now() + limits.run;
  for (const scripted of script.filter(({ id }) => !neverAnswered.includes(id))) {
    if (performance.now() > until) break;
    const answer = await answerTo(proxy, scripted, limits.request);
    if (answer === undefined) {
      unanswered++;
      continue;
    }
    violations.push(...violationsIn(answer).map((violation) => `${scripted.id}: ${violation}`));
    if (!isAllowed(answer, scripted)) differences.push(`${scripted.id}: answered ${answer.status}`);
    else if (scripted.movesTo !== undefined && !(await hasMoved(proxy, scripted.movesTo, limits.request))) {
      differences.push(`${scripted.id}: not moved`);
    }
  }
  return { violations, differences, unanswered };
}

/** What the proxy reports of the server's answer; what it says of the request is the script's own doing. */
export function violationsIn({ violations, mediaType, body }: ProxyAnswer): string[] {
  const reported =
    violations === undefined ? [] : (JSON.parse(violations) as { location?: string[]; message: string }[]);
  const ofAnswer = reported.filter(({ location }) => location?.[0] === 'response').map(({ message }) => message);
  if (mediaType !== 'application/problem+json' || !isObject(body)) return ofAnswer;
  return [...ofAnswer, `${String(body.type)} ${String(body.detail)}`];
}

/** Whether an answer is one of the documented ones. */
export function isAllowed({ status, body }: ProxyAnswer, { method, allowed, phoneCallId }: ScriptedRequest): boolean {
  if (status === 200 || status === 202) {
    const named = method === 'GET' || (isObject(body) && body.id === phoneCallId);
    return named && allowed.some((one) => one.status === status);
  }
  const code = isObject(body) && isObject(body.error) ? body.error.code : undefined;
  return allowed.some((one) => one.status === status && (one.code === undefined || one.code === code));
}

async function hasMoved(proxy: string, number: string, timeout: number): Promise<boolean> {
  const reading: ScriptedRequest = { id: 'read-back', method: 'GET', ...liveCall, token: validToken, allowed: [] };
  for (let attempt = 0; attempt < 3; attempt++) {
    const answer = await answerTo(proxy, reading, timeout);
    if (answer === undefined) return false;
    if (answer.status !== 200) return answer.status === 204 || answer.status === 501;
    if (JSON.stringify(answer.body).includes(`"${number}"`)) return true;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return false;
}

/** Sends one request; gives nothing where it is not answered in time or not in HTTP. */
function answerTo(proxy: string, scripted: ScriptedRequest, timeout: number): Promise<ProxyAnswer | undefined> {
  const { method, token, body } = scripted;
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeout);
    const sent = request(`${proxy}${pathOf(scripted)}`, { method, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => {
        const [mediaType = ''] = (response.headers['content-type'] ?? '').split(';');
        const violations = response.headers['sl-violations'] as string | undefined;
        resolve({ status: response.statusCode ?? 0, mediaType, violations, body: parsed(Buffer.concat(chunks)) });
      });
    });
    sent.on('error', () => resolve(undefined));
    sent.end(text);
  });
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
