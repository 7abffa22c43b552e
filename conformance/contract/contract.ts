import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asObject, isObject, pointerToken, valueAt, type JsonObject, type JsonValue } from './json.ts';
import { methods } from './parts.ts';

/** The generated contract of this repository. */
export const contractFile = fileURLToPath(new URL('../../generated/openapi.json', import.meta.url));

/** The bundled contract, and the operations in it. */
export interface Contract {
  readonly document: JsonObject;
  readonly operations: readonly Operation[];
}

/**
 * An operation, with everything that it refers to. Pointers lead to definitions, beyond every `$ref`. Responses are those
 * that are documented.
 */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly pointer: string;
  readonly profile: string;
  readonly parameters: readonly Parameter[];
  readonly body: RequestBody | undefined;
  readonly responses: readonly ContractResponse[];
  readonly security: readonly SecurityScheme[];
}

/** The answer to a request that breaks a part of the contract, as that part declares it. */
export interface ErrorBinding {
  readonly errorCode: string | undefined;
  readonly refusedWith: readonly string[] | undefined;
}

export interface Parameter extends ErrorBinding {
  readonly name: string;
  readonly place: string;
  readonly required: boolean;
  readonly pointer: string;
  readonly schema: JsonObject;
  readonly examples: ReadonlyMap<string, JsonValue>;
}

export interface RequestBody extends ErrorBinding {
  readonly pointer: string;
  readonly required: boolean;
  readonly content: readonly MediaType[];
}

export interface ContractResponse {
  readonly status: string;
  readonly pointer: string;
  readonly content: readonly MediaType[];
}

export interface MediaType {
  readonly name: string;
  readonly schema: JsonObject;
  readonly schemaPointer: string;
  readonly examples: ReadonlyMap<string, JsonValue>;
}

export interface SecurityScheme extends ErrorBinding {
  readonly name: string;
  readonly pointer: string;
  readonly refusedExamples: readonly string[];
  /** True if its requests carry `Authorization: Bearer`. */
  readonly isBearer: boolean;
}

/** Something in the contract that this toolkit cannot use, at its place. */
export class ContractError extends Error {
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

interface Located {
  readonly value: JsonObject;
  readonly pointer: string;
}

/**
 * Reads a bundled contract.
 *
 * @param file - The path of the bundle. Default: the bundle of this repository.
 * @throws Error with one line that names the file, if it cannot be read or is not an OpenAPI document.
 */
export function readContract(file: string = contractFile): Contract {
  const advice =
    file === contractFile ? 'Run `npm run generate`.' : 'Name an OpenAPI document that is bundled as JSON.';
  let document: JsonValue;
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
    document = JSON.parse(text) as JsonValue;
  } catch (error) {
    const lines = text.split('\n');
    const end = `end of JSON input (line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1})`;
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ').replace('end of JSON input', end);
    throw new Error(`The contract ${file} cannot be read: ${reason}. ${advice}`);
  }
  if (!isObject(document) || typeof document.openapi !== 'string' || !isObject(document.paths))
    throw new Error(`The contract ${file} is no OpenAPI document: it has no version openapi, or no paths. ${advice}`);
  return parseContract(document);
}

/** Reads the operations of a bundled document, in the document's order. */
export function parseContract(document: JsonObject): Contract {
  const operations = members(document, '/paths').flatMap((path) =>
    methods.filter((method) => isObject(path.value[method])).map((method) => readOperation(document, path, method)),
  );
  return { document, operations };
}

/**
 * Returns the operation with an id.
 *
 * @throws Error if the contract has none.
 */
export function operationById(contract: Contract, id: string): Operation {
  const operation = contract.operations.find((candidate) => candidate.id === id);
  if (operation === undefined) throw new Error(`The contract has no operation ${id}.`);
  return operation;
}

/** Finds what an operation documents for a status: the status itself, its range such as `2XX`, or `default` for errors. */
export function findResponse({ responses }: Operation, status: number): ContractResponse | undefined {
  const names = [String(status), `${Math.trunc(status / 100)}XX`, ...(status < 400 ? [] : ['default'])];
  return names.map((name) => responses.find((response) => response.status === name)).find((found) => found);
}

/**
 * Follows `$ref` from an object to its definition. Siblings of the reference win over the definition. The schemas true
 * and false are the objects that mean the same.
 *
 * @throws ContractError if there is nothing at the pointer, or a reference leads back to itself.
 */
export function resolve(document: JsonObject, pointer: string, within: readonly string[] = []): Located {
  const value = valueAt(document, pointer);
  if (typeof value === 'boolean') return { value: value ? {} : { not: {} }, pointer };
  if (!isObject(value)) throw new ContractError(pointer, `The contract has no object at ${pointer}.`);
  if (typeof value.$ref !== 'string') return { value, pointer };
  if (within.includes(pointer)) throw new ContractError(pointer, `The reference ${value.$ref} leads back to itself.`);
  const target = resolve(document, referencedPointer(value.$ref), [...within, pointer]);
  const { $ref: _, ...siblings } = value;
  return { value: { ...target.value, ...siblings }, pointer: target.pointer };
}

function readOperation(document: JsonObject, path: Located & { readonly name: string }, method: string): Operation {
  const pointer = `${path.pointer}/${method}`;
  const { value } = resolve(document, pointer);
  return {
    id: String(value.operationId),
    method: method.toUpperCase(),
    path: path.name,
    pointer,
    profile: typeof value['x-profile'] === 'string' ? value['x-profile'] : 'core',
    parameters: readParameters(document, [path.pointer, pointer]),
    body: value.requestBody === undefined ? undefined : readBody(document, resolve(document, `${pointer}/requestBody`)),
    responses: members(document, `${pointer}/responses`)
      .filter((response) => response.value['x-undocumented'] !== true)
      .map(({ name, ...response }) => ({
        status: name,
        pointer: response.pointer,
        content: readContent(document, response.pointer),
      })),
    security: readSecurity(document, value),
  };
}

/** Reads the parameters of a path and of an operation, whose parameters replace those of the path. */
function readParameters(document: JsonObject, owners: readonly string[]): Parameter[] {
  const all = owners.flatMap((owner) => members(document, `${owner}/parameters`));
  const named = all.map((one): [string, Located] => [`${String(one.value.in)} ${String(one.value.name)}`, one]);
  return [...new Map(named).values()].map((one) => readParameter(document, one));
}

function readParameter(document: JsonObject, { value, pointer }: Located): Parameter {
  if (value.content !== undefined) {
    const message = `The parameter ${String(value.name)} must have a schema, since nothing here reads its content.`;
    throw new ContractError(`${pointer}/content`, message);
  }
  return {
    name: String(value.name),
    place: String(value.in),
    required: value.required === true || value.in === 'path',
    pointer,
    schema: readSchema(document, `${pointer}/schema`),
    examples: readExamples(document, pointer),
    ...readBinding(value),
  };
}

function readBody(document: JsonObject, { value, pointer }: Located): RequestBody {
  return {
    pointer,
    required: value.required === true,
    content: readContent(document, pointer),
    ...readBinding(value),
  };
}

function readSecurity(document: JsonObject, operation: JsonObject): SecurityScheme[] {
  const alternatives = (operation.security ?? document.security ?? []) as JsonObject[];
  return [...new Set(alternatives.flatMap((alternative) => Object.keys(alternative)))].map((name) => {
    const scheme = resolve(document, `/components/securitySchemes/${pointerToken(name)}`);
    const refused = scheme.value['x-refused-examples'];
    return {
      name,
      pointer: scheme.pointer,
      refusedExamples: Array.isArray(refused) ? refused.map(String) : [],
      isBearer: /^(?:oauth2|openIdConnect|http bearer)$/i.test(
        [scheme.value.type, scheme.value.scheme ?? []].flat().join(' '),
      ),
      ...readBinding(scheme.value),
    };
  });
}

function readContent(document: JsonObject, owner: string): MediaType[] {
  return members(document, `${owner}/content`).map(({ name, pointer }) => {
    return {
      name,
      schema: readSchema(document, `${pointer}/schema`),
      schemaPointer: followReference(document, `${pointer}/schema`),
      examples: readExamples(document, pointer),
    };
  });
}

/**
 * Reads a schema with everything that holds with it, by `$ref` or `allOf`, as one: properties and required names are
 * joined, and of other keywords the outermost counts. Alternatives of single values become their `enum`. The result tells
 * what a value may look like; whether one is valid is for the schema itself to say.
 */
export function readSchema(document: JsonObject, pointer: string): JsonObject {
  const layers = schemaLayers(document, pointer).map(({ value }) => value);
  const required = new Set(layers.flatMap((layer) => (Array.isArray(layer.required) ? layer.required : [])));
  const properties = layers.flatMap((layer) => Object.entries(asObject(layer.properties)));
  const { allOf: _, ...whole } = Object.assign({}, ...layers.toReversed()) as JsonObject;
  return {
    ...whole,
    ...(required.size > 0 && { required: [...required] }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties.toReversed()) }),
    ...enumOfAlternatives(document, whole),
  };
}

/** Lists the schemas that hold at a pointer, the outermost first: its own, what it refers to, and their `allOf`. */
export function schemaLayers(
  document: JsonObject,
  pointer: string,
  within: readonly string[] = [],
): readonly Located[] {
  const value = valueAt(document, pointer);
  if (!isObject(value)) return [resolve(document, pointer)];
  if (within.includes(pointer)) return [];
  const { $ref, allOf, ...own } = value;
  const others = [
    ...(typeof $ref === 'string' ? [referencedPointer($ref)] : []),
    ...(Array.isArray(allOf) ? [...allOf.keys()].map((index) => `${pointer}/allOf/${index}`) : []),
  ];
  return [{ value: own, pointer }, ...others.flatMap((other) => schemaLayers(document, other, [...within, pointer]))];
}

/** Returns the pointer that a reference within the document has as its fragment (RFC 6901 section 6). */
function referencedPointer(reference: string): string {
  return decodeURIComponent(reference.replace(/^#/, ''));
}

/** Follows references that have no siblings, and returns where they lead. */
function followReference(document: JsonObject, pointer: string, within: readonly string[] = []): string {
  const value = valueAt(document, pointer);
  if (!isObject(value) || typeof value.$ref !== 'string' || Object.keys(value).length > 1) return pointer;
  if (within.includes(pointer)) throw new ContractError(pointer, `The reference ${value.$ref} leads back to itself.`);
  return followReference(document, referencedPointer(value.$ref), [...within, pointer]);
}

function enumOfAlternatives(document: JsonObject, schema: JsonObject): JsonObject {
  const branches = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (branches === undefined || schema.enum !== undefined || schema.const !== undefined) return {};
  const values = branches.map((branch) => {
    const { const: only, enum: several } = resolve({ ...document, branch }, '/branch').value;
    return only === undefined ? several : [only];
  });
  return values.every(Array.isArray) ? { enum: values.flat() } : {};
}

/** Reads `examples`, or the one of `example` or of the schema, which is named `default` as Prism names it. */
function readExamples(document: JsonObject, owner: string): ReadonlyMap<string, JsonValue> {
  const named = members(document, `${owner}/examples`);
  if (named.length > 0) return new Map(named.map(({ name, value }) => [name, value.value ?? null]));
  const schema = valueAt(document, `${owner}/schema`) === undefined ? {} : resolve(document, `${owner}/schema`).value;
  const shown = Array.isArray(schema.examples) ? schema.examples[0] : schema.example;
  const example = valueAt(document, `${owner}/example`) ?? shown;
  return new Map(example === undefined ? [] : [['default', example]]);
}

/** Reads the error binding in the vendor extensions of an object of the contract. */
export function readBinding(value: JsonObject): ErrorBinding {
  const refusedWith = value['x-refused-with'];
  return {
    errorCode: typeof value['x-error-code'] === 'string' ? value['x-error-code'] : undefined,
    refusedWith: Array.isArray(refusedWith) ? refusedWith.map(String) : undefined,
  };
}

function members(document: JsonObject, owner: string): (Located & { name: string })[] {
  const value = valueAt(document, owner);
  const names = Array.isArray(value) ? [...value.keys()].map(String) : isObject(value) ? Object.keys(value) : [];
  return names.map((name) => ({ name, ...resolve(document, `${owner}/${pointerToken(name)}`) }));
}
