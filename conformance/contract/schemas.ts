import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Contract } from './contract.ts';
import { pointerToken, type JsonValue } from './json.ts';

/** What a value breaks of a schema: the place in the value, what the schema demands there, and what stands there. */
export interface SchemaViolation {
  readonly at: string;
  readonly keyword: string;
  readonly expected: string;
  readonly actual: JsonValue | undefined;
}

/** Holds a value against the schema that a pointer names in the contract. */
export type SchemaValidator = (pointer: string, value: JsonValue) => SchemaViolation[];

const contractId = 'contract';

/** Compiles the contract's schemas, each when it is first asked for. */
export function schemaValidator(contract: Contract): SchemaValidator {
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(contract.document, contractId);
  const compiled = new Map<string, ValidateFunction>();
  return (pointer, value) => {
    let validate = compiled.get(pointer);
    if (validate === undefined) {
      validate = ajv.compile({ $ref: `${contractId}#${encodeURI(pointer)}` });
      compiled.set(pointer, validate);
    }
    return validate(value) ? [] : relevant(validate.errors ?? []).map(violationOf);
  };
}

/** Of the errors below an `anyOf` only those of the branch that comes closest: the one with the fewest. */
function relevant(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return unions.reduce<ErrorObject[]>((remaining, union) => closestBranch(remaining, union), [...errors]);
}

function closestBranch(errors: readonly ErrorObject[], union: ErrorObject): ErrorObject[] {
  const branches = Map.groupBy(
    errors.filter((error) => error !== union && error.instancePath.startsWith(union.instancePath)),
    branchOf,
  );
  const closest = [...branches.values()].toSorted((one, other) => distance(one) - distance(other))[0] ?? [];
  const outside = errors.filter((error) => error !== union && !error.instancePath.startsWith(union.instancePath));
  return [...outside, ...closest];
}

function branchOf({ schemaPath }: ErrorObject): string {
  return schemaPath.split('/').slice(0, 4).join('/');
}

/** A branch that does not even fit the value's outline is further away than one that breaks in detail. */
function distance(errors: readonly ErrorObject[]): number {
  const outline = errors.filter(({ instancePath, keyword }) => instancePath === '' && keyword === 'required').length;
  return outline * 1000 + errors.length;
}

function violationOf({ instancePath, keyword, params, message, data }: ErrorObject): SchemaViolation {
  if (keyword === 'required') {
    const { missingProperty } = params as { missingProperty: string };
    const at = `${instancePath}/${pointerToken(missingProperty)}`;
    return { at, keyword, expected: `the member ${missingProperty}`, actual: undefined };
  }
  return { at: instancePath, keyword, expected: expectation(keyword, params, message), actual: data as JsonValue };
}

function expectation(keyword: string, params: Record<string, unknown>, message: string | undefined): string {
  switch (keyword) {
    case 'type':
      return `a value of type ${[params.type].flat().join(' or ')}`;
    case 'const':
      return JSON.stringify(params.allowedValue);
    case 'enum':
      return `one of ${(params.allowedValues as JsonValue[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'pattern':
      return `text that matches ${String(params.pattern)}`;
    case 'format':
      return `text in the format ${String(params.format)}`;
    default:
      return message ?? keyword;
  }
}
