import type { OperationName } from './operation.ts';
import type { Problem } from './errors.ts';
import type { Validation } from './options.ts';

/** A schema as ajv compiles it. */
export interface CompiledSchema {
  (value: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string; readonly params: object }[] | null;
}

/** The compiled schemas of an operation's request, as `{ path, query, headers, body }`, and of its answers' bodies by status. */
export interface CompiledOperation {
  readonly request: CompiledSchema;
  readonly answers: Readonly<Record<string, CompiledSchema | undefined>>;
}

/** Makes a validation from compiled schemas. */
export function createValidation(compiled: Readonly<Record<OperationName, CompiledOperation>>): Validation {
  return {
    requestProblems: (operation, request) => problemsOf(compiled[operation].request, request),
    answerProblems(operation, status, body) {
      const { answers } = compiled[operation];
      const names = [String(status), `${Math.trunc(status / 100)}XX`, 'default'];
      const schema = answers[names.find((name) => name in answers) ?? ''];
      return schema === undefined ? [] : problemsOf(schema, body);
    },
  };
}

/** The number of problems that are told of one value; a value can have one for each of its members. */
const toldProblems = 20;

function problemsOf(schema: CompiledSchema, value: unknown): readonly Problem[] {
  if (schema(value)) return [];
  const errors = schema.errors ?? [];
  const problems = errors.slice(0, toldProblems).map(({ instancePath, message = 'is invalid', params }) => {
    if ('missingProperty' in params)
      return { at: `${instancePath}/${String(params.missingProperty)}`, message: 'is missing' };
    if ('allowedValues' in params) return { at: instancePath, message: `${message}: ${String(params.allowedValues)}` };
    return { at: instancePath, message };
  });
  const others = errors.length - problems.length;
  return others > 0 ? [...problems, { at: '', message: `has ${others} more problems` }] : problems;
}
