import { resolve, type Contract, type ContractResponse, type Operation } from './contract.ts';
import { asObject, isObject, pointerToken, type JsonObject, type JsonValue } from './json.ts';
import { documentedCodes } from './refusal.ts';

/** Everything in the contract that a run can reach. Pointers lead to definitions, those of properties to the list of properties. */
export interface Surface {
  readonly operations: readonly SurfaceOperation[];
}

export interface SurfaceOperation extends Pick<Operation, 'id' | 'method' | 'path' | 'pointer'> {
  /** The path parameters; each is at its name. */
  readonly parameters: readonly SurfacePart[];
  readonly request: readonly SurfaceBody[];
  readonly responses: readonly SurfaceResponse[];
}

export interface SurfaceResponse extends Pick<ContractResponse, 'status' | 'pointer'> {
  /** The error codes that are documented for the status. */
  readonly codes: readonly string[];
  readonly content: readonly SurfaceBody[];
}

interface SurfaceBody {
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
  const inPath = parameters.filter(({ place }) => place === 'path');
  return {
    id,
    method,
    path,
    pointer,
    parameters: inPath.map((parameter) => {
      const { name, pointer: defined, schema } = parameter;
      return { name, kind: 'parameter', pointer: defined, at: name, constraints: constraintsInPath(schema) };
    }),
    request: body === undefined ? [] : listBodies(contract, body),
    responses: responses.map((response) => ({
      status: response.status,
      pointer: response.pointer,
      codes: documentedCodes(contract, operation, response.status) ?? [],
      content: listBodies(contract, response),
    })),
  };
}

function listBodies(
  { document }: Contract,
  { pointer, content }: Pick<ContractResponse, 'pointer' | 'content'>,
): SurfaceBody[] {
  return content.map(({ name, schemaPointer }) => {
    const body: Place = { kind: 'value', at: '', required: false, name: schemaPointer.split('/').at(-1) ?? '' };
    const parts = listParts(document, body, schemaPointer);
    return { mediaType: name, pointer: `${pointer}/content/${pointerToken(name)}`, parts };
  });
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
  return [
    { ...part, pointer: part.kind === 'property' ? schemaPointer : pointer, constraints },
    ...listInner(schema, part).flatMap(([inner, step]) =>
      listParts(document, inner, `${pointer}${step}`, [...within, pointer]),
    ),
  ];
}

/** Lists the properties, the entries and the alternatives of a value, each with the way from its schema to theirs. */
function listInner(schema: JsonObject, part: Omit<Place, 'required'>): [Place, string][] {
  const { name, at } = part;
  const demanded = Array.isArray(schema.required) ? schema.required : [];
  const properties = Object.keys(asObject(schema.properties)).map((key): [Place, string] => {
    const token = pointerToken(key);
    const required = demanded.includes(key);
    return [{ name: key, kind: 'property', at: `${at}/${token}`, required }, `/properties/${token}`];
  });
  const each: Place = { name: `each of ${name}`, kind: 'value', at: `${at}/*`, required: false };
  const alternatives = ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) =>
    Object.keys(schema[keyword] ?? []).map((index): [Place, string] => [
      { ...part, required: false },
      `/${keyword}/${index}`,
    ]),
  );
  return [...properties, ...(isObject(schema.items) ? [[each, '/items'] as [Place, string]] : []), ...alternatives];
}

function constraintsIn(schema: JsonObject): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !notConstraints.test(keyword)));
}

/** Leaves out the type string, which nothing in a path can break. */
function constraintsInPath(schema: JsonObject): Record<string, JsonValue> {
  const { type, ...constraints } = constraintsIn(schema);
  return type === undefined || type === 'string' ? constraints : { type, ...constraints };
}
