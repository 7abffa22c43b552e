import type { IPrismDiagnostic } from '@stoplight/prism-core';
import {
  createInstance,
  getHttpOperationsFromSpec,
  type IHttpConfig,
  type IHttpRequest,
  type PrismHttpComponents,
} from '@stoplight/prism-http';
import type { Contract, Operation } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import type { Answer } from './listener.ts';
import type { MockRequest } from './request.ts';

/** Prism's judgement of a request: its operation, and everything in it that breaks the contract. */
export interface Judgement {
  readonly operation: Operation;
  readonly request: MockRequest;
  readonly findings: readonly IPrismDiagnostic[];
}

/** The example that is wanted of an operation; Prism chooses what is left open. */
export interface ExampleChoice {
  readonly status?: string | undefined;
  readonly name?: string | undefined;
}

/** Prism as the mock uses it: router, validator and source of examples. */
export interface Prism {
  /** Judges a request; resolves with undefined if the contract has no operation for it. */
  judge(request: MockRequest): Promise<Judgement | undefined>;
  /** Returns the answer that an example shows, or undefined if the operation has no such example. */
  example(operation: Operation, choice?: ExampleChoice): Answer | undefined;
}

type PrismOperation = Awaited<ReturnType<typeof getHttpOperationsFromSpec>>[number];
type Found = Pick<Judgement, 'findings'> & { readonly resource: PrismOperation };
type Components = Partial<PrismHttpComponents> & Pick<PrismHttpComponents, 'logger'>;

const configuration: IHttpConfig = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: false,
  errors: false,
  upstreamProxy: undefined,
  mock: { dynamic: false },
};

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'success'];
const logger = Object.assign(Object.fromEntries(levels.map((level) => [level, () => {}])), {
  child: () => logger,
}) as unknown as PrismHttpComponents['logger'];

const loaded = new WeakMap<Contract, Promise<Prism>>();

/** Loads a contract into Prism, once: all mocks of a contract share what Prism compiles. */
export function loadPrism(contract: Contract): Promise<Prism> {
  const prism = loaded.get(contract) ?? load(contract);
  loaded.set(contract, prism);
  return prism;
}

async function load(contract: Contract): Promise<Prism> {
  // Prism resolves references in place.
  const resources = await getHttpOperationsFromSpec(structuredClone(contract.document));
  const operations = new Map(contract.operations.map((operation) => [routeKey(operation), operation]));
  const ask = createJudge(resources);
  const examples = new Map<Operation, Map<string, Answer>>();
  for (const resource of resources) {
    const operation = operations.get(routeKey(resource));
    if (operation !== undefined) examples.set(operation, await readExamples(operation, resource));
  }
  return {
    judge: async (request) => {
      const found = await ask(request);
      const operation = found && operations.get(routeKey(found.resource));
      return operation && { operation, request, findings: found.findings };
    },
    example: (operation, choice = {}) => examples.get(operation)?.get(choiceKey(choice)),
  };
}

/** Creates the function that asks Prism for the operation of a request and for what its validators find. */
function createJudge(resources: PrismOperation[]): (request: IHttpRequest) => Promise<Found | undefined> {
  const mock = (({ resource, input }) => {
    return () => ({ _tag: 'Right', right: { resource, findings: input.validations } as never });
  }) satisfies PrismHttpComponents['mock'];
  const instance = createInstance(configuration, { logger, mock } as Components as PrismHttpComponents);
  return async (request) => {
    const outcome = await instance.request(request, resources)();
    return outcome._tag === 'Right' ? (outcome.right.output as unknown as Found) : undefined;
  };
}

/** Reads the answers that Prism makes of an operation's examples: its own choice, one of each status, each by its name. */
async function readExamples(operation: Operation, resource: PrismOperation): Promise<Map<string, Answer>> {
  const choices = operation.responses.flatMap(({ status, content }): ExampleChoice[] => {
    const names = content.flatMap(({ examples }) => [...examples.keys()]);
    return [{ status }, ...names.map((name) => ({ status, name }))];
  });
  const route = (() => ({ _tag: 'Right', right: resource })) as unknown as PrismHttpComponents['route'];
  const unchecked: IHttpConfig = { ...configuration, checkSecurity: false, validateRequest: false };
  const instance = createInstance(unchecked, { logger, route } as Components as PrismHttpComponents);
  const request: IHttpRequest = { method: resource.method as IHttpRequest['method'], url: { path: resource.path } };
  const known = new Map<string, Answer>();
  for (const choice of [{}, ...choices] as ExampleChoice[]) {
    const code = choice.status === undefined ? undefined : Number(choice.status);
    const mock = { dynamic: false, code, exampleKey: choice.name };
    const outcome = await instance.request(request, [resource], { ...unchecked, mock })();
    if (outcome._tag === 'Left') continue;
    const { statusCode, body } = outcome.right.output;
    // Where a status lacks an example, Prism takes one of another status.
    if (choice.status !== undefined && String(statusCode) !== choice.status) continue;
    const { 'Content-type': mediaType = '', ...headers } = outcome.right.output.headers ?? {};
    known.set(choiceKey(choice), {
      statusCode,
      headers: body === undefined ? headers : { ...headers, 'content-type': mediaType },
      body: body as JsonValue | undefined,
    });
  }
  return known;
}

function choiceKey({ status, name }: ExampleChoice): string {
  return JSON.stringify([status, name || undefined]);
}

function routeKey({ method, path }: { method: string; path: string }): string {
  return `${method.toUpperCase()} ${path}`;
}
