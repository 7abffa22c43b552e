import { readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '../../../conformance/contract/json.ts';
import { isObject } from '../../../conformance/contract/json.ts';

/** The path of the bundled contract. */
export const contractFile = new URL('../../../generated/openapi.json', import.meta.url);

/**
 * The contract as tools want it that know no references: each inlined, the path's parameters moved into its operations,
 * the operations of other profiles left out, and the server under test named.
 */
export function preparedDocument(url: string): JsonObject {
  const document = JSON.parse(readFileSync(contractFile, 'utf8')) as JsonObject;
  const paths = Object.entries(inlined(document.paths ?? {}, document) as JsonObject)
    .map(([path, item]) => [path, ofCoreProfile(item as JsonObject)] as const)
    .filter(([, item]) => Object.keys(item).length > 0);
  return { ...document, servers: [{ url }], paths: Object.fromEntries(paths) };
}

/** The same in OpenAPI 3.0, as far as the words differ that the contract uses. */
export function asOpenApi30(document: JsonObject): JsonObject {
  const { jsonSchemaDialect: _dialect, info, components, ...rest } = document;
  const { title, version } = info as JsonObject;
  const paths = converted(rest.paths ?? {}) as JsonObject;
  const { securitySchemes = {} } = components as JsonObject;
  return {
    ...rest,
    openapi: '3.0.3',
    info: { title: title ?? '', version: version ?? '' },
    components: { securitySchemes },
    paths,
  };
}

function ofCoreProfile({ parameters = [], ...operations }: JsonObject): JsonObject {
  const kept = Object.entries(operations).filter(([, operation]) => !('x-profile' in (operation as JsonObject)));
  return Object.fromEntries(kept.map(([method, operation]) => [method, { parameters, ...(operation as JsonObject) }]));
}

function inlined(value: JsonValue, document: JsonObject): JsonValue {
  if (Array.isArray(value)) return value.map((item) => inlined(item, document));
  if (!isObject(value)) return value;
  if (typeof value.$ref === 'string') return inlined(valueAt(value.$ref, document), document);
  return mapped(value, (member) => inlined(member, document));
}

function valueAt(reference: string, document: JsonObject): JsonValue {
  const names = reference.replace(/^#\//, '').split('/');
  return names.reduce<JsonValue>((value, name) => (value as JsonObject)[name] ?? null, document);
}

function converted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(converted);
  if (!isObject(value)) return value;
  const { const: constant, examples, type, ...rest } = value;
  return {
    ...(mapped(rest, converted) as JsonObject),
    ...(constant === undefined ? {} : { enum: [constant] }),
    ...(examples === undefined ? {} : examplesOf(examples)),
    ...(type === undefined ? {} : typesOf(type)),
  };
}

/** Dredd reads `example` alone; the examples of a schema are a list, those of anything else have names and values. */
function examplesOf(examples: JsonValue): JsonObject {
  if (Array.isArray(examples)) return { example: examples[0] ?? null };
  const [first] = Object.values(examples as JsonObject);
  return { example: (first as JsonObject).value ?? null };
}

function typesOf(type: JsonValue): JsonObject {
  if (!Array.isArray(type)) return { type: converted(type) };
  return { anyOf: type.map((one) => ({ type: one })) };
}

function mapped(object: JsonObject, change: (value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value ?? null)]));
}

/** The schema of an operation's answer; that of any error where the status is not described. */
export function schemaOf(method: 'GET' | 'PUT', status: number): JsonObject {
  const [item] = Object.values(preparedDocument('').paths as JsonObject) as [JsonObject];
  const { responses } = item[method.toLowerCase()] as { responses: JsonObject };
  const { content } = (responses[String(status)] ?? responses['403']) as { content: JsonObject };
  return (content['application/json'] as { schema: JsonObject }).schema;
}
