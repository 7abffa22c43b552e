import { STATUS_CODES, validateHeaderName, validateHeaderValue, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contract, Operation } from '../contract/contract.ts';
import { asObject, valueAt, type JsonObject } from '../contract/json.ts';
import { pathTemplate, pathValues } from '../contract/path-segment.ts';
import { readErrorCode } from '../contract/refusal.ts';
import { listen, type Answer, type Body } from './listener.ts';
import { loadPrism, type Prism } from './prism.ts';
import type { Mock as PublishedMock, MockedRequest, MockOptions, NextAnswer } from './published.ts';
import { answerOfStatus } from './refusals.ts';
import { mockRequest, type MockRequest } from './request.ts';
import { createResponder, errorAnswer, plainRefusal, type Parts } from './respond.ts';
import { openSwitchboard, type Switchboard } from './switchboard.ts';

/** A running mock whose contract can be exchanged. */
export interface Mock extends PublishedMock {
  /**
   * Serves another contract from now on, with the calls of its examples.
   *
   * @throws Error with one line if the contract lacks something that an answer needs; the earlier one stays then.
   */
  serve(contract: Contract): Promise<void>;
}

/** The statuses of a server that fails, and of one that lacks an operation (RFC 9110 section 15.6). */
const failedStatus = 500;
const unimplementedStatus = 501;

/** The path of the contract, which `GET /` links. */
const contractPath = '/openapi.json';

/** The smallest and the largest value of each option that is a number. */
const ranges = {
  port: [0, 65_535],
  timeout: [1, 2 ** 31 - 1],
  delay: [0, 2 ** 31 - 1],
  fail: [0, 1],
  expire: [0, Infinity],
  keep: [0, Infinity],
} as const satisfies Partial<Record<keyof MockOptions, readonly [number, number]>>;

/** The longest body that `requests` keeps, in bytes. */
const keptLength = 64 * 1024;

/** A contract that is served. */
interface Service {
  /** The paths of the contract's servers, below which it is served too. */
  readonly mounts: readonly string[];
  readonly parts: Parts & { switchboard: Switchboard };
  readonly failed: Answer;
  readonly about: Answer;
  readonly withoutHost: Answer;
  readonly respond: ReturnType<typeof createResponder>;
}

/**
 * Starts the mock.
 *
 * @throws Error with one line if the contract lacks something that an answer needs or an option cannot work, or with the
 *   system's code if the address cannot be listened on.
 */
export async function startMock(options: MockOptions & { readonly contract: Contract }): Promise<Mock> {
  const { contract, host = '127.0.0.1', port = 0, timeout = 10_000, cors = true, keep = 1000, log } = options;
  const { delay = 0, fail = 0, extraCalls = 0 } = options;
  assertOptions(options);
  let service = await prepare(contract, options);
  let requests: MockedRequest[] = [];
  let next: NextAnswer[] = [];
  let failures = 0;

  const answerOperation = async (operation: Operation, request: MockRequest): Promise<Answer> => {
    const { parts, respond } = service;
    const wanted = next.shift();
    const wait = wanted?.delay ?? delay;
    if (wait > 0) await sleep(wait, undefined, { ref: false });
    if (wanted !== undefined) return fillAnswer(wanted, operation, parts.prism);
    if (fail > 0 && Math.random() < fail) {
      failures += 1;
      return { ...plainRefusal(failures % 2 === 1 ? 429 : 503), reason: 'one of the failures of --fail' };
    }
    return respond(operation, request);
  };
  const choose = async (request: IncomingMessage, body: Body): Promise<[Answer, Operation?]> => {
    const { parts, about } = service;
    const preflight = cors ? answerPreflight(request) : undefined;
    if (preflight !== undefined) return [preflight];
    if (!hasOneHost(request)) return [service.withoutHost];
    const { method, url = '', headers } = request;
    for (const mounted of [url, ...service.mounts.flatMap((mount) => unmount(url, mount))]) {
      const found = mockRequest({ method, url: mounted, headers }, body);
      const operation = parts.prism.findOperation(found.method, found.target);
      if (operation !== undefined) return [await answerOperation(operation, found), operation];
    }
    const { target } = mockRequest(request, body);
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && target.path === '/') return [about];
    if (isRead && target.path === contractPath) return [{ ...about, body: parts.contract.document }];
    return [{ ...parts.unknown, reason: 'the contract has no such operation' }];
  };
  const answer = async (request: IncomingMessage, body: Body): Promise<Answer> => {
    const time = new Date();
    const [given, operation] = await choose(request, body).catch((error: Error): [Answer] => [
      { ...service.failed, reason: String(error.stack) },
    ]);
    if (keep > 0) requests = [...requests, describeRequest(time, request, body, given, operation)].slice(-keep);
    log?.(formatLine(time, request, given));
    return cors ? shareAnswer(request, given) : given;
  };
  const listener = await listen({ answer, unintelligible: service.parts.unknown, host, port, timeout });
  return {
    ...listener,
    get calls() {
      return [...service.parts.switchboard.calls];
    },
    get requests() {
      return [...requests];
    },
    answerNext(...answers) {
      for (const wanted of answers) assertAnswerable(wanted, service.parts.contract);
      next.push(...answers);
    },
    reset() {
      service.parts.switchboard = openSwitchboard(service.parts.contract, extraCalls);
      service.parts.firstUses.clear();
      requests = [];
      next = [];
    },
    async serve(other) {
      service = await prepare(other, options);
    },
  };
}

async function prepare(contract: Contract, { tokens, extraCalls = 0, entry = false, expire }: MockOptions) {
  const prism = await loadPrism(contract);
  const parts = {
    contract,
    prism,
    switchboard: openSwitchboard(contract, extraCalls),
    tokens: tokens && new Set(tokens),
    lifetime: expire === undefined ? undefined : expire * 1000,
    firstUses: new Map<string, number>(),
    entry,
    unknown: answerOfStatus(contract, prism, unimplementedStatus),
  };
  const failed = answerOfStatus(contract, prism, failedStatus);
  const [about, withoutHost] = [describeMock(parts), refuseHost(parts)];
  const mounts = listMounts(contract);
  return { parts, mounts, failed, about, withoutHost, respond: createResponder(parts) } satisfies Service;
}

/** Lists the paths of the servers of a contract, its paths and its operations, with their variables in braces. */
function listMounts({ document, operations }: Contract): string[] {
  const owners = [
    document,
    ...operations
      .flatMap(({ pointer }) => [pointer.replace(/\/[^/]*$/, ''), pointer])
      .map((at) => valueAt(document, at)),
  ];
  const urls = owners.flatMap((owner) => asObject(owner).servers ?? []).map((server) => String(asObject(server).url));
  const paths = urls.map((url) => url.replace(/^(?:[^/]*:)?\/\/[^/]*/, '').replace(/\/+$/, ''));
  return [...new Set(paths)].filter((path) => path.startsWith('/'));
}

/** Returns a request's target without the path of a server, if it begins with that. */
function unmount(url: string, mount: string): string[] {
  const count = pathTemplate(mount).length;
  const [, ...segments] = url.split('?')[0]?.split('/') ?? [];
  if (pathValues(mount, segments.slice(0, count)) === undefined) return [];
  return [url.split('/').toSpliced(1, count).join('/')];
}

/** Returns what a person sees who opens the mock's address in a browser. */
function describeMock({ contract, switchboard }: Parts): Answer {
  const { title, version } = (contract.document.info ?? {}) as JsonObject;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', link: `<${contractPath}>; rel="service-desc"` },
    body: {
      mock: `${String(title)} ${String(version)}`,
      contract: contractPath,
      operations: contract.operations.map(({ method, path }) => `${method} ${path}`),
      calls: switchboard.calls.map(({ link }) => link),
      prefer:
        'Ask for another answer by the header Prefer: code=403, example=tokenExpired, dynamic=true, or by ?__code=403.',
    },
  };
}

/** Returns the refusal of a request without a host, which HTTP demands to be a 400: with a code that the contract has for it. */
function refuseHost({ contract, prism, unknown }: Parts): Answer {
  const shown = contract.operations.map((operation) => prism.example(operation, { status: '400' }));
  const { statusCode, body } = shown.find((answer) => answer !== undefined) ?? unknown;
  const message = 'A request has one Host header (RFC 9112 section 3.2).';
  const answer = errorAnswer(statusCode, readErrorCode(body) ?? '', message);
  return { ...answer, reason: 'the request has no Host header, or several' };
}

/** Tells whether a request names its host once, as HTTP/1.1 demands. */
function hasOneHost({ httpVersion, rawHeaders }: IncomingMessage): boolean {
  const count = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  return count === 1 || (count === 0 && httpVersion === '1.0');
}

/** @throws Error with one line that names the option. */
function assertOptions(options: MockOptions): void {
  for (const [name, [least, most]] of Object.entries(ranges)) {
    const value = options[name as keyof typeof ranges] ?? least;
    if (!(typeof value === 'number' && value >= least && value <= most))
      throw new Error(`${name} must be a number from ${least} to ${most}, but is ${JSON.stringify(value)}.`);
  }
  const { log } = options;
  if (log !== undefined && typeof log !== 'function') throw new Error(`log must be a function, but is ${String(log)}.`);
}

/** @throws Error with one line if an answer cannot be sent. */
function assertAnswerable({ status, example, headers = {}, body }: NextAnswer, { operations }: Contract): void {
  if (status !== undefined && !(Number.isInteger(status) && status >= 200 && status <= 599))
    throw new Error(`The status of an answer is a whole number from 200 to 599, but ${String(status)} came.`);
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  JSON.stringify(body);
  const names = operations.flatMap(({ responses }) =>
    responses.flatMap(({ content }) => content.flatMap(({ examples }) => [...examples.keys()])),
  );
  if (example === undefined ? status !== undefined : names.includes(example)) return;
  const wrong = example === undefined ? 'An answer' : `The example "${example}" is unknown: an answer`;
  throw new Error(`${wrong} needs a status, or one of the examples ${[...new Set(names)].join(', ')}.`);
}

/** Completes an answer by the example of the operation. */
function fillAnswer({ status, example, headers = {}, body }: NextAnswer, operation: Operation, prism: Prism): Answer {
  const found = operation.responses.find(({ content }) => content.some(({ examples }) => examples.has(example ?? '')));
  if (example !== undefined && found === undefined)
    throw new Error(`answerNext asks for the example "${example}", which ${operation.id} does not have.`);
  const shown = prism.example(operation, { status: status?.toString() ?? found?.status, name: example });
  const json = body !== undefined && { 'content-type': 'application/json' };
  // The mock has its own in lower case.
  const wanted = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    statusCode: status ?? shown?.statusCode ?? failedStatus,
    headers: { ...shown?.headers, ...json, ...Object.fromEntries(wanted) },
    body: body ?? shown?.body,
    reason: 'answerNext',
  };
}

function describeRequest(
  time: Date,
  { method = '', url = '', headers }: IncomingMessage,
  { value, length }: Body,
  { statusCode: status, body, reason }: Answer,
  operation: Operation | undefined,
): MockedRequest {
  const kept = length > keptLength ? undefined : value;
  const code = readErrorCode(body);
  return { time, method, url, headers, body: kept, operation: operation?.id, status, code, reason };
}

/** Formats a request and its answer: `2026-11-30T08:00:00.000Z GET /… → 400 user_invalid: path parameter userId "x" …`. */
function formatLine(time: Date, { method, url }: IncomingMessage, { statusCode, body, reason }: Answer): string {
  const said = `${method} ${url} → ${statusCode} ${readErrorCode(body) ?? STATUS_CODES[statusCode]}`;
  const line = reason === undefined ? said : `${said}: ${reason}`;
  // Bytes of a client must not become commands of a terminal.
  return `${time.toISOString()} ${line.replaceAll(/[\p{Cc}--\n]/gv, (letter) => encodeURIComponent(letter))}`;
}

/**
 * Answers a preflight of the Fetch standard: whatever it asks for is allowed, so that the page sees the answer to its
 * request. Returns undefined for any other request.
 */
function answerPreflight({ method, headers }: IncomingMessage): Answer | undefined {
  const wanted = headers['access-control-request-method'];
  if (method !== 'OPTIONS' || headers.origin === undefined || wanted === undefined) return undefined;
  const names = headers['access-control-request-headers'];
  const isPrivate = headers['access-control-request-private-network'] === 'true';
  return {
    statusCode: 204,
    headers: {
      'access-control-allow-methods': wanted,
      ...(names !== undefined && { 'access-control-allow-headers': String(names) }),
      ...(isPrivate && { 'access-control-allow-private-network': 'true' }),
      'access-control-max-age': '600',
    },
    body: undefined,
    reason: `preflight of ${wanted} from ${headers.origin}`,
  };
}

/**
 * Adds what lets the page of a request's origin read an answer. The origin and the headers are named one by one, since
 * `*` does not count where a page sends credentials.
 */
function shareAnswer({ headers: { origin } }: IncomingMessage, answer: Answer): Answer {
  if (origin === undefined) return answer;
  const headers = {
    ...answer.headers,
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': ['date', 'content-length', ...Object.keys(answer.headers)].join(', '),
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  };
  return { ...answer, headers };
}
