import type { SentRequest } from './exchange.ts';

/** What may be sent to a target. */
export interface Permission {
  /** The path of the target's base URL. */
  readonly basePath: string;
  /** The numbers that a call may be sent to. */
  readonly sendTo: readonly string[];
  /** Tells whether a value is one that a server would take for a number to send a call to. */
  readonly isNumber: (value: unknown) => boolean;
  /** Whether all calls of the extension may be moved at once. */
  readonly bulk: boolean;
}

/** A request that could do more than the suite is allowed to. */
export class ForbiddenRequest extends Error {
  override name = 'ForbiddenRequest';
}

const root = '/uapi/phoneCalls/';

/**
 * Refuses what could move more than the one call of the fixture, or send it somewhere else.
 *
 * @throws ForbiddenRequest that says what was about to be sent.
 */
export function assertHarmless(request: SentRequest, permission: Permission): void {
  const problem = methodProblem(request) ?? pathProblem(request, permission) ?? numberProblem(request, permission);
  if (problem !== undefined) {
    throw new ForbiddenRequest(`The suite was about to send ${request.method} ${request.path}, ${problem}.`);
  }
}

function methodProblem({ method }: SentRequest): string | undefined {
  return method === 'GET' || method === 'PUT' ? undefined : 'a method that the contract does not have';
}

function pathProblem({ path }: SentRequest, { basePath, bulk }: Permission): string | undefined {
  if (!path.startsWith(`${basePath}${root}`) || /[?#\\\s]/.test(path)) return 'which is no path of the contract';
  const segments = path
    .slice(basePath.length + root.length)
    .replace(/\/$/, '')
    .split('/');
  if (segments.some(collapses)) return 'with a path segment that collapses';
  if (segments.length === 2) return bulk ? undefined : 'which moves every call of the extension';
  return segments.length === 3 ? undefined : 'which is no path of the contract';
}

function collapses(segment: string): boolean {
  return /^(?:\.|%2e){0,2}$/i.test(segment) || /%(?:2f|5c|00)/i.test(segment);
}

function numberProblem({ method, body }: SentRequest, { sendTo, isNumber }: Permission): string | undefined {
  if (method !== 'PUT' || body === undefined) return undefined;
  let value: unknown;
  try {
    value = (JSON.parse(body) as { sendCallTo?: unknown } | null)?.sendCallTo;
  } catch {
    return undefined;
  }
  // A server may take a JSON number for a telephone number too.
  if (!isNumber(typeof value === 'number' ? String(value) : value) || sendTo.includes(String(value))) return undefined;
  return `whose sendCallTo ${String(value)} is no number of the fixture`;
}
