import { resolve } from '../../conformance/contract/contract.ts';
import { isObject, pointerToken, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';
import { filterMembers, mapParts, type Part } from '../../conformance/contract/parts.ts';

/** Returns the contract without vendor extensions, for validators that stop at a keyword that they do not know. */
export function withoutExtensions(document: JsonObject): JsonObject {
  const isKept = (name: string): boolean => !name.startsWith('x-');
  return mapParts(document, ({ value }) => (isObject(value) ? filterMembers(value, isKept) : value));
}

/** Returns the contract without webhooks, and without the responses that no source documents, to write a client of. */
export function documentedOnly({ webhooks: _, ...document }: JsonObject): JsonObject {
  return mapParts(document, ({ kind, value, pointer }) => {
    if (kind !== 'operation' || !isObject(value) || !isObject(value.responses)) return value;
    const isDocumented = (status: string): boolean =>
      resolve(document, `${pointer}/responses/${pointerToken(status)}`).value['x-undocumented'] !== true;
    return { ...value, responses: filterMembers(value.responses, isDocumented) };
  });
}

/** Keywords of JSON Schema that OpenAPI 3.0 lacks and that constrain values. */
const missing =
  /^(?:if|then|else|prefixItems|patternProperties|contains|(?:min|max)Contains|propertyNames|unevaluated\w+|dependent\w+)$/;
/** Keywords that OpenAPI 3.0 lacks and that constrain nothing. */
const silent = /^(?:\$(?:comment|defs|schema|id|anchor)|examples|content(?:Encoding|MediaType|Schema))$/;

/**
 * Returns the contract as OpenAPI 3.0.3, without vendor extensions and examples in schemas. Its description names each
 * constraint that OpenAPI 3.0 cannot express.
 */
export function asOpenApi30(document: JsonObject): JsonObject {
  const lost: string[] = [];
  const { jsonSchemaDialect: _, webhooks, ...rest } = withoutExtensions(document);
  if (webhooks !== undefined) lost.push('/webhooks');
  const copy = mapParts(rest, (part) => (part.kind === 'schema' ? translate(part, lost) : part.value));
  const { summary: __, license, ...info } = copy.info as JsonObject;
  const { identifier: ___, ...named } = isObject(license) ? license : {};
  const left = lost.length > 0 ? `\n\nOpenAPI 3.0 cannot express: ${lost.join(', ')}.` : '';
  return {
    ...copy,
    openapi: '3.0.3',
    info: {
      ...info,
      description: `${String(info.description ?? '')}${left}`,
      ...(license !== undefined && { license: named }),
    },
  };
}

function translate({ value, pointer }: Part, lost: string[]): JsonObject {
  if (!isObject(value)) return value ? {} : { not: {} };
  if (typeof value.$ref === 'string' && Object.keys(value).length > 1) {
    const { $ref, ...siblings } = value;
    return translate(
      { kind: 'schema', pointer, value: { ...siblings, allOf: [{ $ref }, ...listOf(value.allOf)] } },
      lost,
    );
  }
  const { const: only, type, ...others } = value;
  const schema: JsonObject = {};
  for (const [name, member] of Object.entries(others)) {
    if (missing.test(name)) lost.push(`${pointer}/${name}`);
    else if (name.startsWith('exclusiveM') && typeof member === 'number') {
      schema[name.replace('exclusiveM', 'm')] = member;
      schema[name] = true;
    } else if (!silent.test(name)) schema[name] = member;
  }
  if (only !== undefined) schema.enum = [only];
  const types = [type ?? []].flat();
  const [first, ...more] = types.filter((name) => name !== 'null');
  if (types.includes('null')) schema.nullable = true;
  if (first !== undefined && more.length === 0) schema.type = first;
  if (more.length === 0) return schema;
  const alternatives = [first ?? null, ...more].map((name) => ({ type: name }));
  if (schema.anyOf === undefined) return { ...schema, anyOf: alternatives };
  return { ...schema, allOf: [...listOf(schema.allOf), { anyOf: alternatives }] };
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
