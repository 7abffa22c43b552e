import { constraintsOf } from '../contract/constraints.ts';
import { resolve, type Contract, type ErrorBinding, type Operation } from '../contract/contract.ts';
import { codeOf, statusOfCode } from '../contract/refusal.ts';
import type { Answer } from './answer.ts';
import type { Prism } from './prism.ts';
import { pathTemplate, type PathTemplate } from './target.ts';

/** The answers to the requests that break each part of an operation's, compiled from the contract's bindings. */
export interface Refusals {
  readonly path: PathTemplate;
  readonly security: Answer | undefined;
  /** By place and lower-cased name, as Prism reports them, in the contract's order. */
  readonly parameters: ReadonlyMap<string, Answer>;
  readonly body: Answer | undefined;
  /** In the contract's order. */
  readonly properties: readonly PropertyRefusal[];
}

export interface PropertyRefusal {
  readonly name: string;
  readonly required: boolean;
  /** Whether the documentation leaves the refusal open. */
  readonly open: boolean;
  readonly answer: Answer;
}

/**
 * Compiles the refusals of an operation.
 *
 * @throws Error if a part of a request has no error code, or one that no example of the operation shows.
 */
export function refusalsOf(contract: Contract, prism: Prism, operation: Operation): Refusals {
  const refuse = (binding: ErrorBinding) => refusalWith(prism, operation, binding);
  const body = operation.body && refuse(operation.body);
  return {
    path: pathTemplate(operation),
    security: securityRefusal(contract, prism, operation),
    parameters: new Map(
      operation.parameters.map((parameter) => {
        const { place, name } = parameter;
        const answer = refuse(parameter) ?? missingCode(`the ${place} parameter ${name}`, operation);
        return [parameterKey(place, name), answer];
      }),
    ),
    body: operation.body && (body ?? missingCode('the request body', operation)),
    properties: constraintsOf(contract, operation)
      .filter(({ place }) => place === 'body')
      .map((property) => ({
        name: property.name,
        required: property.required,
        open: property.refusedWith !== undefined,
        answer: refuse(property) ?? body ?? missingCode(`the property ${property.name}`, operation),
      })),
  };
}

/** The name under which the refusal of a parameter is kept: Prism tells names in lower case only. */
export function parameterKey(place: string, name: string): string {
  return `${place} ${name.toLowerCase()}`;
}

/**
 * The answer of a status, whichever operation shows it, for requests that are for none.
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

function refusalWith(prism: Prism, operation: Operation, { errorCode }: ErrorBinding): Answer | undefined {
  if (errorCode === undefined) return undefined;
  const status = statusOfCode(operation, errorCode);
  const response = operation.responses.find((candidate) => candidate.status === status);
  const examples = response?.content.flatMap((mediaType) => [...mediaType.examples]) ?? [];
  const name = examples.find(([, example]) => codeOf(example) === errorCode)?.[0];
  const answer = prism.example(operation, { status, name });
  if (answer === undefined) {
    throw new Error(`The example of ${errorCode} stands under ${status}, which is no single status: give it its own.`);
  }
  return answer;
}

function securityRefusal(contract: Contract, prism: Prism, operation: Operation): Answer | undefined {
  const [scheme] = operation.security;
  if (scheme === undefined) return undefined;
  const answer = refusalWith(prism, operation, scheme) ?? missingCode(`the security scheme ${scheme.name}`, operation);
  const { value } = resolve(contract.document, scheme.pointer);
  if (typeof value.scheme !== 'string') return answer;
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': value.scheme } };
}

function missingCode(part: string, operation: Operation): never {
  throw new Error(
    `The contract does not say what answers a request of ${operation.id} that breaks ${part}: add x-error-code to it.`,
  );
}
