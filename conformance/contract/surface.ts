import type { Contract, Operation } from './contract.ts';
import { resolve } from './contract.ts';
import { isObject, pointerToken, type JsonObject, type JsonValue } from './json.ts';
import { documentedCodes } from './refusal.ts';

/** Everything in the contract that a run can reach. Pointers lead to definitions, those of properties to the list of properties. */
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
  /** Its place in a body, as a JSON pointer in which `*` is any entry of an array. */
  readonly at: string;
  /** The demands of its schema, by keyword; `required` is true if the schema of its parent demands it. */
  readonly constraints: Readonly<Record<string, JsonValue>>;
}

/** Keywords that describe a value or lead to other values, but do not constrain the value itself. */
const notConstraints =
  /^(?:\$.*|x-.*|title|description|default|deprecated|examples?|properties|required|items|(?:any|one|all)Of)$/;

/** Lists everything that can be reached in the operations of some profiles. */
export function listSurface(contract: Contract, profiles: readonly string[]): Surface {
  const chosen = contract.operations.filter(({ profile }) => profiles.includes(profile));
  return { operations: chosen.map((operation) => operationSurface(contract, operation)) };
}

function operationSurface(contract: Contract, operation: Operation): SurfaceOperation {
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
    request: body === undefined ? [] : listBodies(contract, body),
    responses: responses.map((response) => ({
      status: response.status,
      pointer: response.pointer,
      codes: documentedCodes(contract, operation, response.status) ?? [],
      content: listBodies(contract, response),
    })),
  };
}

const wholeBody = { kind: 'value', at: '', required: false } as const;

function listBodies(
  { document }: Contract,
  { pointer, content }: Pick<Operation['responses'][number], 'pointer' | 'content'>,
): SurfaceBody[] {
  return content.map(({ name, schemaPointer }) => ({
    mediaType: name,
    pointer: `${pointer}/content/${pointerToken(name)}`,
    parts: listParts(document, { ...wholeBody, name: schemaPointer.split('/').at(-1) ?? '' }, schemaPointer),
  }));
}

/** The place of a value, and whether the value is required. */
type Place = Pick<SurfacePart, 'name' | 'kind' | 'at'> & { readonly required: boolean };

/**
 * Lists a value and everything in it. If a schema has alternatives, their parts are all listed.
 *
 * @param within - The schemas around it. A schema that contains itself is not entered again.
 */
function listParts(
  document: JsonObject,
  place: Place,
  schemaPointer: string,
  within: readonly string[] = [],
): SurfacePart[] {
  const { value: schema, pointer } = resolve(document, schemaPointer);
  if (within.includes(pointer)) return [];
  const { required, ...part } = place;
  const constraints = { ...constraintsIn(schema), ...(required ? { required } : {}) };
  const inner = [...listProperties(schema, part), ...listEntries(schema, part), ...listAlternatives(schema, part)];
  return [
    { ...part, pointer: part.kind === 'property' ? schemaPointer : pointer, constraints },
    ...inner.flatMap(([innerPlace, step]) =>
      listParts(document, innerPlace, `${pointer}${step}`, [...within, pointer]),
    ),
  ];
}

function listProperties({ properties, required }: JsonObject, { at }: Omit<Place, 'required'>): [Place, string][] {
  const demanded = Array.isArray(required) ? required : [];
  return Object.keys(isObject(properties) ? properties : {}).map((name) => {
    const token = pointerToken(name);
    return [
      { name, kind: 'property', at: `${at}/${token}`, required: demanded.includes(name) },
      `/properties/${token}`,
    ];
  });
}

function listEntries({ items }: JsonObject, { name, at }: Omit<Place, 'required'>): [Place, string][] {
  if (!isObject(items)) return [];
  return [[{ name: `each of ${name}`, kind: 'value', at: `${at}/*`, required: false }, '/items']];
}

function listAlternatives(schema: JsonObject, part: Omit<Place, 'required'>): [Place, string][] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => {
    const alternatives = schema[keyword];
    if (!Array.isArray(alternatives)) return [];
    return alternatives.map((_, index): [Place, string] => [{ ...part, required: false }, `/${keyword}/${index}`]);
  });
}

function constraintsIn(schema: JsonObject): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !notConstraints.test(keyword)));
}

/** Leaves out the type string, which nothing in a path can break. */
function constraintsInPath(schema: JsonObject): Record<string, JsonValue> {
  const { type, ...constraints } = constraintsIn(schema);
  return type === undefined || type === 'string' ? constraints : { type, ...constraints };
}
