import { createRequire } from 'node:module';
import type { IPrismDiagnostic } from '@stoplight/prism-core';
import type * as PrismHttp from '@stoplight/prism-http';
import type { IHttpConfig, IHttpRequest, IHttpResponse, PrismHttpComponents } from '@stoplight/prism-http';
import type { Contract, Operation } from '../contract/contract.ts';
import { asObject, type JsonValue } from '../contract/json.ts';
import { mapParts } from '../contract/parts.ts';
import { pathTemplate, pathValues } from '../contract/path-segment.ts';
import type { Answer } from './listener.ts';
import type { MockRequest, RequestTarget } from './request.ts';

/** Something in a request that breaks the contract. */
export type Finding = IPrismDiagnostic;

/** The example that is wanted of an operation; Prism chooses what is left open. */
export interface ExampleChoice {
  readonly status?: string | undefined;
  readonly name?: string | undefined;
}

/** Prism as the mock uses it: validator of requests, and source of answers. */
export interface Prism {
  /** Finds the operation of a request; of several, the one whose path has the fewest parameters. */
  findOperation(method: string, target: RequestTarget): Operation | undefined;
  /** Lists everything in a request that breaks the contract. */
  judge(operation: Operation, request: MockRequest): Promise<readonly Finding[]>;
  /** Returns the answer that an example shows, or undefined if the operation has no such example. */
  example(operation: Operation, choice?: ExampleChoice): Answer | undefined;
  /** Resolves with an answer of a status that Prism generates from its schema, or with undefined if it cannot. */
  generate(operation: Operation, status: string | undefined): Promise<Answer | undefined>;
}

const { createInstance, getHttpOperationsFromSpec } = requirePrism();

/** @throws Error with one line if Prism is not there: the package leaves it to those who use the mock. */
function requirePrism(): typeof PrismHttp {
  try {
    return createRequire(import.meta.url)('@stoplight/prism-http') as typeof PrismHttp;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(
      'The mock needs Prism: npm install --save-dev @stoplight/prism-http, or npx --package @stoplight/prism-http --package transfer-conformance transfer-conformance …; a server named by its URL is checked without it.',
    );
  }
}

type PrismOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number];

/** The most paths of an operation whose findings are kept: clients repeat few paths, and Prism parses each anew. */
const keptPaths = 1000;

const configuration: IHttpConfig = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: false,
  errors: false,
  upstreamProxy: undefined,
  mock: { dynamic: false },
};
const unchecked: IHttpConfig = { ...configuration, checkSecurity: false, validateRequest: false };

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'success'];
const logger = Object.assign(Object.fromEntries(levels.map((level) => [level, () => {}])), {
  child: () => logger,
}) as unknown as PrismHttpComponents['logger'];

/** Takes the operation that is known already. */
const route = (({ resources: [resource] }) => ({ _tag: 'Right', right: resource })) as PrismHttpComponents['route'];
/** Answers with what the validators found. */
const mock = (({ input }) => {
  return () => ({ _tag: 'Right', right: { statusCode: 200, body: input.validations } });
}) satisfies PrismHttpComponents['mock'];

const validator = createInstance(configuration, { logger, route, mock } as Partial<PrismHttpComponents> as never);
const answerer = createInstance(unchecked, { logger, route } as Partial<PrismHttpComponents> as never);

const loaded = new WeakMap<Contract, Promise<Prism>>();

/** Loads a contract into Prism, once: all mocks of a contract share what Prism compiles. */
export function loadPrism(contract: Contract): Promise<Prism> {
  const prism = loaded.get(contract) ?? load(contract);
  loaded.set(contract, prism);
  return prism;
}

async function load(contract: Contract): Promise<Prism> {
  // Prism resolves references in place, and prints a warning for each format of a number, which demands nothing.
  const document = mapParts(structuredClone(contract.document), ({ kind, value }) => {
    const { format, ...others } = asObject(value);
    return kind === 'schema' && /^(?:u?int\d+|float|double)$/.test(String(format)) ? others : value;
  });
  const resources = await getHttpOperationsFromSpec(document);
  const judges = new Map<Operation, ReturnType<typeof createJudge>>();
  const answers = new Map<Operation, { resource: PrismOperation; examples: ReadonlyMap<string, Answer> }>();
  for (const operation of contract.operations) {
    const resource = resources.find(
      (one) => one.method.toUpperCase() === operation.method && one.path === operation.path,
    );
    if (resource === undefined) throw new Error(`Prism does not find ${operation.method} ${operation.path}.`);
    judges.set(operation, createJudge(operation, resource));
    answers.set(operation, { resource, examples: await readExamples(operation, resource) });
  }
  const countParameters = (operation: Operation) => pathTemplate(operation.path).flatMap(({ names }) => names).length;
  const byPath = contract.operations.toSorted((one, other) => countParameters(one) - countParameters(other));
  return {
    findOperation: (method, target) =>
      byPath.find(
        (operation) => operation.method === method && pathValues(operation.path, target.segments) !== undefined,
      ),
    judge: async (operation, request) => (await judges.get(operation)?.(request)) ?? [],
    example: (operation, choice = {}) => answers.get(operation)?.examples.get(choiceKey(choice)),
    generate: async (operation, status) => {
      const resource = answers.get(operation)?.resource;
      // Prism would make one of any status by the contract's default, which is for refusals.
      if (status !== undefined && !operation.responses.some((each) => each.status === status)) return undefined;
      const code = status === undefined ? undefined : Number(status);
      return resource && answerWith(resource, { dynamic: true, code });
    },
  };
}

/** Creates the function that asks Prism's validators about a request. */
function createJudge(
  { body }: Operation,
  resource: PrismOperation,
): (request: MockRequest) => Promise<readonly Finding[]> {
  const pathOnly = { ...resource, request: { path: resource.request?.path ?? [] } } as PrismOperation;
  const withoutPath = { ...resource, request: { ...resource.request, path: [] } } as PrismOperation;
  const kept = new Map<string, readonly Finding[]>();
  const [usual, ...others] = body?.content ?? [];
  const ask = async (asked: PrismOperation, request: IHttpRequest, checkSecurity: boolean) => {
    const outcome = await validator.request(request, [asked], { ...configuration, checkSecurity })();
    if (outcome._tag === 'Left') throw outcome.left;
    const findings = outcome.right.output.body as readonly Finding[];
    // The others are warnings, of a deprecated parameter for example.
    return findings.filter(({ severity }) => Number(severity) === 0);
  };
  return async ({ target, headers, mediaType, bodyLength, body: value }) => {
    const method = resource.method as IHttpRequest['method'];
    const url = { path: target.path, query: target.query as Record<string, string> };
    const known = kept.get(target.path) ?? (await ask(pathOnly, { method, url }, false));
    if (kept.size >= keptPaths) kept.clear();
    kept.set(target.path, known);
    // Without these headers Prism takes the body for one of the first media type, which is quicker to judge.
    const isUsual = mediaType === usual?.name && others.length === 0;
    const described = isUsual ? headers : { ...headers, 'content-type': mediaType, 'content-length': `${bodyLength}` };
    return [...known, ...(await ask(withoutPath, { method, url, headers: described, body: value }, true))];
  };
}

/** Reads the answers that Prism makes of an operation's examples: its own choice, one of each status, each by its name. */
async function readExamples(operation: Operation, resource: PrismOperation): Promise<Map<string, Answer>> {
  const choices = operation.responses.flatMap(({ status, content }): ExampleChoice[] => {
    const names = content.flatMap(({ examples }) => [...examples.keys()]);
    return [{ status }, ...names.map((name) => ({ status, name }))];
  });
  const known = new Map<string, Answer>();
  for (const choice of [{}, ...choices] as ExampleChoice[]) {
    const code = choice.status === undefined ? undefined : Number(choice.status);
    const answer = await answerWith(resource, { dynamic: false, code, exampleKey: choice.name });
    if (answer !== undefined) known.set(choiceKey(choice), answer);
  }
  return known;
}

/** Resolves with the answer that Prism makes of an operation, or with undefined if it has none of the status. */
async function answerWith(
  resource: PrismOperation,
  mock: { dynamic: boolean; code: number | undefined; exampleKey?: string | undefined },
): Promise<Answer | undefined> {
  const request = { method: resource.method as IHttpRequest['method'], url: { path: resource.path } };
  const outcome = await answerer.request(request, [resource], { ...unchecked, mock } as IHttpConfig)();
  if (outcome._tag === 'Left') return undefined;
  const { statusCode, body, headers: shown = {} }: IHttpResponse = outcome.right.output;
  // Where a status lacks an example, Prism takes one of another status.
  if (mock.code !== undefined && statusCode !== mock.code) return undefined;
  const { 'Content-type': mediaType = '', ...headers } = shown;
  return {
    statusCode,
    headers: body === undefined ? headers : { ...headers, 'content-type': mediaType },
    body: body as JsonValue | undefined,
  };
}

function choiceKey({ status, name }: ExampleChoice): string {
  return JSON.stringify([status, name || undefined]);
}
