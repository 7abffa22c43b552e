import type { Contract, Operation } from './contract.ts';
import { resolve } from './contract.ts';
import { isObject, pointerToken, type JsonObject, type JsonValue } from './json.ts';
import { documentedCodes } from './refusal.ts';

/** Everything in the contract that a run can reach, as data. Pointers lead to where a part is defined, those of properties to where they are listed. */
export interface Surface {
  readonly operations: readonly SurfaceOperation[];
}

export interface SurfaceOperation {
  readonly id: string;
  readonly method: string;
  /** The path's template, with its parameters in braces. */
  readonly path: string;
  readonly pointer: string;
  /** The path parameters; each is at its name. */
  readonly parameters: readonly SurfacePart[];
  readonly request: readonly SurfaceBody[];
  readonly responses: readonly SurfaceResponse[];
}

export interface SurfaceResponse {
  readonly status: string;
  readonly pointer: string;
  /** The error codes that are documented for the status. */
  readonly codes: readonly string[];
  readonly content: readonly SurfaceBody[];
}

export interface SurfaceBody {
  readonly mediaType: string;
  readonly pointer: string;
  /** The body itself, its properties, and their entries and properties, as deep as the schemas go. */
  readonly parts: readonly SurfacePart[];
}

/** A parameter, or a value in a body. */
export interface SurfacePart {
  readonly name: string;
  readonly kind: 'parameter' | 'property' | 'value';
  readonly pointer: string;
  /** Where it stands in a body, as a JSON pointer in which `*` is any entry of an array. */
  readonly at: string;
  /** What its schema demands, by keyword; `required` is true where its parent's schema demands it. */
  readonly constraints: Readonly<Record<string, JsonValue>>;
}

/** Keywords that describe a value, or lead to other values, but demand nothing of the value itself. */
const notConstraints =
  /^(?:\$.*|x-.*|title|description|default|deprecated|examples?|properties|required|items|(?:any|one|all)Of)$/;

/** What the operations of some profiles offer to be reached. */
export function listSurface(contract: Contract, profiles: readonly string[]): Surface {
  const chosen = contract.operations.filter(({ profile }) => profiles.includes(profile));
  return { operations: chosen.map((operation) => surfaceOfOperation(contract, operation)) };
}

function surfaceOfOperation(contract: Contract, operation: Operation): SurfaceOperation {
  const { id, method, path, pointer, parameters, body, responses } = operation;
  return {
    id,
    method,
    path,
    pointer,
    parameters: parameters
      .filter(({ place }) => place === 'path')
      .map((parameter) => ({
        name: parameter.name,
        kind: 'parameter',
        pointer: parameter.pointer,
        at: parameter.name,
        constraints: constraintsInPath(parameter.schema),
      })),
    request: body === undefined ? [] : bodiesOf(contract, body),
    responses: responses.map((response) => ({
      status: response.status,
      pointer: response.pointer,
      codes: documentedCodes(contract, operation, response.status) ?? [],
      content: bodiesOf(contract, response),
    })),
  };
}

const wholeBody = { kind: 'value', at: '', required: false } as const;

function bodiesOf(
  { document }: Contract,
  { pointer, content }: Pick<Operation['responses'][number], 'pointer' | 'content'>,
): SurfaceBody[] {
  return content.map(({ name, schemaPointer }) => ({
    mediaType: name,
    pointer: `${pointer}/content/${pointerToken(name)}`,
    parts: partsOf(document, { ...wholeBody, name: schemaPointer.split('/').at(-1) ?? '' }, schemaPointer),
  }));
}

/** Where a value stands, and whether it must. */
type Place = Pick<SurfacePart, 'name' | 'kind' | 'at'> & { readonly required: boolean };

/**
 * A value, and everything in it; where a schema has alternatives, what any of them has.
 *
 * @param within - The schemas around it: one that contains itself is not entered again.
 */
function partsOf(
  document: JsonObject,
  place: Place,
  schemaPointer: string,
  within: readonly string[] = [],
): SurfacePart[] {
  const { value: schema, pointer } = resolve(document, schemaPointer);
  if (within.includes(pointer)) return [];
  const { required, ...part } = place;
  const constraints = { ...constraintsIn(schema), ...(required ? { required } : {}) };
  const inner = [...propertiesOf(schema, part), ...entriesOf(schema, part), ...alternativesOf(schema, part)];
  return [
    { ...part, pointer: part.kind === 'property' ? schemaPointer : pointer, constraints },
    ...inner.flatMap(([innerPlace, step]) => partsOf(document, innerPlace, `${pointer}${step}`, [...within, pointer])),
  ];
}

function propertiesOf({ properties, required }: JsonObject, { at }: Omit<Place, 'required'>): [Place, string][] {
  const demanded = Array.isArray(required) ? required : [];
  return Object.keys(isObject(properties) ? properties : {}).map((name) => {
    const token = pointerToken(name);
    return [
      { name, kind: 'property', at: `${at}/${token}`, required: demanded.includes(name) },
      `/properties/${token}`,
    ];
  });
}

function entriesOf({ items }: JsonObject, { name, at }: Omit<Place, 'required'>): [Place, string][] {
  if (!isObject(items)) return [];
  return [[{ name: `each of ${name}`, kind: 'value', at: `${at}/*`, required: false }, '/items']];
}

function alternativesOf(schema: JsonObject, part: Omit<Place, 'required'>): [Place, string][] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => {
    const alternatives = schema[keyword];
    if (!Array.isArray(alternatives)) return [];
    return alternatives.map((_, index): [Place, string] => [{ ...part, required: false }, `/${keyword}/${index}`]);
  });
}

function constraintsIn(schema: JsonObject): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !notConstraints.test(keyword)));
}

/** In a path everything is text, so that nothing can break the demand for it. */
function constraintsInPath(schema: JsonObject): Record<string, JsonValue> {
  const { type, ...constraints } = constraintsIn(schema);
  return type === undefined || type === 'string' ? constraints : { type, ...constraints };
}
