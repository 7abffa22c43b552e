import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Contract } from './contract.ts';
import { pointerToken, type JsonObject, type JsonValue } from './json.ts';

/** A violation of a schema: the place in the value, the demand of the schema, and the value there. */
export interface SchemaViolation {
  readonly at: string;
  readonly keyword: string;
  readonly expected: string;
  readonly actual: JsonValue | undefined;
}

/** Validates a value with the schema that a pointer names in the contract. */
export type SchemaValidator = (pointer: string, value: JsonValue) => SchemaViolation[];

const contractId = 'contract';

/** The most JSON values in one of which all violations are listed. Of a larger one it is the first: a server may send many. */
const mostListed = 1000;

/**
 * Creates a validator with the contract's schemas, which lists all violations of a value, or the first one if it is large.
 * Each schema is compiled at its first use.
 */
export function schemaValidator(contract: Contract): SchemaValidator {
  const compilers = new Map<boolean, Ajv2020>();
  const compiled = new Map<string, ValidateFunction>();

  function compilerOf(allErrors: boolean): Ajv2020 {
    const known = compilers.get(allErrors);
    if (known !== undefined) return known;
    const ajv = new Ajv2020({ strict: false, allErrors, verbose: true, validateSchema: false, logger: false });
    addRfcFormats(ajv);
    ajv.addSchema(contract.document, contractId);
    compilers.set(allErrors, ajv);
    return ajv;
  }

  function listViolations(name: string, schema: () => JsonObject, value: JsonValue): SchemaViolation[] {
    const allErrors = !isLarge(value);
    const key = `${allErrors} ${name}`;
    const validate = compiled.get(key) ?? compilerOf(allErrors).compile(schema());
    compiled.set(key, validate);
    return validate(value) ? [] : describe(validate.errors ?? []);
  }

  function describe(errors: readonly ErrorObject[]): SchemaViolation[] {
    const unions = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
    const outermost = unions.filter((union) => !unions.some((other) => isWithin(union, other)));
    const others = errors.filter((error) => !outermost.some((union) => error === union || belongsTo(error, union)));
    return [...others.map(translateError), ...outermost.flatMap(closestBranch)];
  }

  /** Lists the violations of the one of several schemas that the value comes closest to. */
  function closestBranch({ instancePath, schema, data }: ErrorObject): SchemaViolation[] {
    const branches = (schema as JsonObject[]).map((branch) => {
      return listViolations(JSON.stringify(branch), () => fromAnywhere(branch), data as JsonValue);
    });
    const [closest = []] = branches.toSorted((one, other) => distance(one) - distance(other));
    return closest.map((violation) => ({ ...violation, at: `${instancePath}${violation.at}` }));
  }

  return (pointer, value) => {
    return listViolations(pointer, () => ({ $ref: `${contractId}#${encodeURI(pointer)}` }), value);
  };
}

/** Tells of arrays and objects whether they are large, since many checks look at one body. */
const known = new WeakMap<object, boolean>();

/** Tells whether a value has more values in it, itself among them, than are listed. */
function isLarge(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const large = known.get(value) ?? countValues(value, mostListed) > mostListed;
  known.set(value, large);
  return large;
}

/** Counts the values in a value, itself among them, as far as a number. */
function countValues(value: JsonValue, most: number): number {
  const found = [value];
  for (let index = 0; index < found.length && found.length <= most; index++) {
    const next = found[index];
    if (typeof next === 'object' && next !== null) found.push(...Object.values(next).slice(0, most));
  }
  return found.length;
}

const character = "(?:[\\w.~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})";
const host = character.replace('@', '');
const segment = `(?:${character}|:)`;

/** The values that ajv-formats accepts beyond the RFCs: other separators and shorter offsets of dates, ports that are not numbers. */
const narrower: Readonly<Record<string, RegExp>> = {
  // RFC 3339 section 5.6
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i,
  // RFC 3986 section 4.1: with an authority, or a path whose first segment has a colon only behind a scheme
  'uri-reference': new RegExp(
    `^(?:(?:[A-Za-z][\\w+.-]*:)?(?://(?:(?:${host}|:)*@)?(?:\\[(?![^\\]]*\\.0\\d)[^\\]]*\\]|${host}*)` +
      `(?::\\d*)?(?:/${segment}*)*|/(?:${segment}+(?:/${segment}*)*)?)?` +
      `|[A-Za-z][A-Za-z0-9+.-]*:${segment}+(?:/${segment}*)*|${character}+(?:/${segment}*)*)` +
      `(?:\\?(?:${segment}|[/?])*)?(?:#(?:${segment}|[/?])*)?$`,
  ),
};

/** Adds the formats of a validator, as the RFCs have them. */
export function addRfcFormats(ajv: Ajv2020): void {
  addFormats.default(ajv);
  for (const [name, pattern] of Object.entries(narrower)) {
    const { [name]: format } = ajv.formats;
    const known = typeof format === 'object' && 'validate' in format ? format.validate : format;
    const isKnown = (text: string) =>
      known instanceof RegExp ? known.test(text) : typeof known !== 'function' || Boolean(known(text as never));
    // More digits than a number holds would round a second up.
    ajv.addFormat(name, (text: string) => pattern.test(text) && isKnown(text.replace(/(:\d\d)\.\d+/, '$1')));
  }
}

/** Rewrites the references of a schema so that they lead into the contract from anywhere. */
function fromAnywhere(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', `"$ref":"${contractId}#`)) as JsonObject;
}

function isWithin(inner: ErrorObject, outer: ErrorObject): boolean {
  return inner.instancePath.startsWith(`${outer.instancePath}/`);
}

function belongsTo(error: ErrorObject, union: ErrorObject): boolean {
  return error.instancePath === union.instancePath || isWithin(error, union);
}

/** Measures how far a branch is from a value: missing members count more than wrong details. */
function distance(violations: readonly SchemaViolation[]): number {
  const outline = violations.filter(({ at, keyword }) => keyword === 'required' && at.lastIndexOf('/') === 0).length;
  return outline * 1000 + violations.length;
}

function translateError({ instancePath, keyword, params, message, data }: ErrorObject): SchemaViolation {
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
