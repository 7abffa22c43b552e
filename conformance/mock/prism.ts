import { createRequire } from 'node:module';
import type { IPrismDiagnostic } from '@stoplight/prism-core';
import {
  createInstance,
  getHttpOperationsFromSpec,
  type IHttpConfig,
  type IHttpRequest,
  type PrismHttpComponents,
} from '@stoplight/prism-http';
import type * as PrismMocker from '@stoplight/prism-http/dist/mocker/index.js';
import type { Contract, Operation } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import type { Answer } from './answer.ts';
import { remembered } from './remembered.ts';
import type { Target } from './target.ts';

/** A request as Prism takes it, and what Prism has no word for. */
export interface MockRequest extends IHttpRequest {
  readonly headers: Record<string, string>;
  readonly target: Target;
  /** The body that was sent, or undefined where none was or it cannot be read. */
  readonly body: JsonValue | undefined;
  readonly bodyIsUnreadable: boolean;
}

/** What Prism says of a request: the operation that it is for, and everything in it that breaks the contract. */
export interface Judgement {
  readonly operation: Operation;
  readonly request: MockRequest;
  readonly findings: readonly IPrismDiagnostic[];
}

type Judged = Omit<Judgement, 'request'>;

/** Which of an operation's examples is wanted; Prism chooses what is left open. */
export interface ExampleChoice {
  readonly status?: string | undefined;
  readonly name?: string | undefined;
}

export interface Prism {
  /** A function that has `respond` answer the requests for the contract's operations, and gives undefined for all others. */
  answering(respond: (judgement: Judgement) => Answer): (request: MockRequest) => Promise<Answer | undefined>;
  /** The answer that an example of an operation's shows, or undefined where the contract has no such example. */
  example(operation: Operation, choice?: ExampleChoice): Answer | undefined;
}

// Node and vitest disagree on the default export of a CommonJS module that is imported; required, it is the same.
const { default: prismMocker } = createRequire(import.meta.url)(
  '@stoplight/prism-http/dist/mocker/index.js',
) as (typeof PrismMocker)['default'];

type PrismOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number];
type Logger = PrismHttpComponents['logger'];

const configuration: IHttpConfig = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: false,
  errors: false,
  upstreamProxy: undefined,
  mock: { dynamic: false },
};

/** The longest body whose request is remembered. */
const longestBody = 1024;

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'success'];
const silent = Object.assign(Object.fromEntries(levels.map((level) => [level, () => {}])), {
  child: () => silent,
}) as unknown as Logger;

const loaded = new WeakMap<Contract, Promise<Prism>>();

/** Loads a contract into Prism, once: every mock of the same contract shares what Prism compiles. */
export function prismOf(contract: Contract): Promise<Prism> {
  const prism = loaded.get(contract) ?? load(contract);
  loaded.set(contract, prism);
  return prism;
}

async function load(contract: Contract): Promise<Prism> {
  // Prism resolves references in place.
  const resources = await getHttpOperationsFromSpec(structuredClone(contract.document));
  const operations = new Map(contract.operations.map((operation) => [keyOf(operation), operation]));
  const resourceOf = new Map(resources.map((resource) => [operations.get(keyOf(resource)), resource]));
  const judge = judging(resources, operations);
  return {
    answering: (respond) => async (request) => {
      const judged = await judge(request);
      return judged && respond({ ...judged, request });
    },
    example: rememberedExamples((operation, choice) => {
      const resource = resourceOf.get(operation);
      return resource && exampleOf(resource, choice);
    }),
  };
}

/**
 * A function that has Prism find the operation of a request, and everything in the request that breaks the contract.
 * Prism is asked for what comes before the body, and for the body by itself: each is remembered, since what Prism says
 * depends on nothing but what it is given and the contract, and requests often differ in one of the two only.
 */
function judging(
  resources: PrismOperation[],
  operations: ReadonlyMap<string, Operation>,
): (request: MockRequest) => Promise<Judged | undefined> {
  const ask = asking();
  const heads = resources.map(withoutBody);
  const judgeHead = remembered((request: IHttpRequest) => ask(request, heads), keyOfHead);
  const judgeBody = remembered(({ request, resource }: BodyOf) => ask(request, [resource]), keyOfBody);
  const bodies = new Map(resources.map((resource) => [keyOf(resource), bodyAlone(resource)]));
  return async (request) => {
    const { 'content-length': length = '0', ...others } = request.headers;
    const head = await judgeHead({ ...request, headers: { ...others, 'content-length': '0' }, body: undefined });
    if (head === undefined) return undefined;
    const key = keyOf(head.resource);
    const headers = { 'content-type': others['content-type'] ?? '', 'content-length': length };
    const alone = { method: request.method, url: { path: bodyPath }, headers, body: request.body };
    const body = await judgeBody({ key, request: alone, resource: bodies.get(key) as PrismOperation });
    return { operation: operations.get(key) as Operation, findings: [...head.findings, ...(body?.findings ?? [])] };
  };
}

/** What Prism is asked of a body: by the operation that it is for, at an address that is found at once. */
interface BodyOf {
  readonly key: string;
  readonly request: IHttpRequest;
  readonly resource: PrismOperation;
}

const bodyPath = '/';

/** What Prism finds in a request for one of some operations. */
interface Found {
  readonly resource: PrismOperation;
  readonly findings: readonly IPrismDiagnostic[];
}

function asking(): (request: IHttpRequest, resources: PrismOperation[]) => Promise<Found | undefined> {
  const mock: PrismHttpComponents['mock'] = ({ resource, input }) => {
    const right: Found = { resource, findings: input.validations };
    return () => ({ _tag: 'Right', right: right as never });
  };
  const instance = createInstance(configuration, { logger: silent, mock } as PrismHttpComponents);
  return async (request, resources) => {
    const outcome = await instance.request(request, resources)();
    return outcome._tag === 'Right' ? (outcome.right.output as unknown as Found) : undefined;
  };
}

/** An operation that takes no body. */
function withoutBody(resource: PrismOperation): PrismOperation {
  return { ...resource, request: { ...resource.request, body: undefined } };
}

/** An operation that takes a body and nothing else, from anybody. */
function bodyAlone(resource: PrismOperation): PrismOperation {
  return { ...resource, path: bodyPath, security: [], request: { body: resource.request?.body } };
}

function keyOfHead({ method, url, headers }: IHttpRequest): string | undefined {
  return JSON.stringify([method, url.path, url.query, headers]);
}

/** Undefined where there is much of it, or it may be nested deeply. */
function keyOfBody({ key, request: { headers, body } }: BodyOf): string | undefined {
  if (Number(headers?.['content-length']) > longestBody) return undefined;
  return JSON.stringify([key, headers, body]);
}

function keyOf({ method, path }: { method: string; path: string }): string {
  return `${method.toUpperCase()} ${path}`;
}

function exampleOf(resource: PrismOperation, { status, name }: ExampleChoice): Answer | undefined {
  const outcome = prismMocker({
    resource,
    input: {
      data: { method: resource.method as IHttpRequest['method'], url: { path: resource.path } },
      validations: [],
    },
    config: { dynamic: false, code: status === undefined ? undefined : Number(status), exampleKey: name },
  })(silent);
  // Asked for an example that a status lacks, Prism takes one of another status.
  if (outcome._tag === 'Left' || (status !== undefined && String(outcome.right.statusCode) !== status))
    return undefined;
  const { statusCode, body } = outcome.right;
  const { 'Content-type': mediaType = '', ...headers } = outcome.right.headers ?? {};
  return {
    statusCode,
    headers: body === undefined ? headers : { ...headers, 'content-type': mediaType },
    body: body as JsonValue | undefined,
  };
}

function rememberedExamples(
  read: (operation: Operation, choice: ExampleChoice) => Answer | undefined,
): Prism['example'] {
  const known = new Map<Operation, Map<string, Answer | undefined>>();
  return (operation, choice = {}) => {
    const examples = known.get(operation) ?? new Map<string, Answer | undefined>();
    known.set(operation, examples);
    const key = `${choice.status ?? ''} ${choice.name ?? ''}`;
    // Only what exists is kept: names that clients make up would fill the memory.
    const example = examples.get(key) ?? read(operation, choice);
    if (example !== undefined) examples.set(key, example);
    return example;
  };
}
