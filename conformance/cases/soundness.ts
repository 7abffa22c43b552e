import { Validator, type Schema } from '@cfworker/json-schema';
import { listConstraints } from '../contract/constraints.ts';
import type { Contract, Operation } from '../contract/contract.ts';
import { isObject, parseIfJson, type JsonObject, type JsonValue } from '../contract/json.ts';
import { decodeSegment, pathValues } from '../contract/path-segment.ts';
import { bearer } from './plan.ts';
import type { Suite } from './suite.ts';
import type { SentRequest } from '../target/exchange.ts';

/**
 * Finds the parts of a serialised request that break the contract, by parsing it back. It shares neither code nor
 * validator with the maker of the request. So it finds cases that no longer break what they claim to break.
 */
export type RequestInspector = (request: SentRequest, basePath: string, token: string) => string[];

/** Creates an inspector for the requests of a suite. */
export function requestInspector({ contract, transfer }: Suite): RequestInspector {
  const document = withoutExamples(contract.document);
  // Of several paths that match, the one with the fewest parameters is meant (OpenAPI 3.1.1, Paths Object).
  const countParameters = ({ path }: Operation): number => path.split('{').length;
  const operations = contract.operations.toSorted((one, other) => countParameters(one) - countParameters(other));
  const inspectors = new Map(contract.operations.map((each) => [each, createPartsInspector(contract, each, document)]));

  // Many requests in a row have the same path.
  let latest:
    { readonly request: string; readonly operation: Operation; readonly broken: readonly string[] } | undefined;

  return (request, basePath, token) => {
    const { method, path, headers } = request;
    const key = `${method} ${path}`;
    if (latest?.request !== key) {
      const plain = path
        .slice(basePath.length)
        .replace(/\?.*$/s, '')
        .replaceAll(/^\/+|\/$/g, '');
      const segments = plain.split('/');
      const operation =
        operations.find((each) => each.method === method && pathValues(each.path, segments)) ?? transfer;
      latest = { request: key, operation, broken: inspectors.get(operation)?.inPath(segments) ?? [] };
    }
    // The name of a scheme has no case (RFC 9110 section 11.1).
    const isBearer = headers.authorization?.replace(/^bearer /i, 'Bearer ') === bearer(token);
    const others = inspectors.get(latest.operation)?.besidesPath(request) ?? [];
    return [...latest.broken, ...(isBearer ? [] : ['authorization']), ...others];
  };
}

function createPartsInspector(contract: Contract, operation: Operation, { components, paths }: JsonObject) {
  const constraints = listConstraints(contract, operation);
  const validators = new Map(
    constraints.map(({ pointer, place, name, schema }) => {
      const root = place === 'body' ? { $ref: `#${pointer}`, components, paths } : { ...schema, components };
      return [`${place}/${name}`, new Validator(root as Schema, '2020-12')];
    }),
  );
  const keeps = (part: string, value: JsonValue) => validators.get(part)?.validate(value).valid === true;
  // A parameter is a text that may be read as a number or a boolean.
  const keepsAsText = (part: string, text: string) => {
    const read = parseIfJson(text) ?? text;
    return keeps(part, text) || (typeof read !== 'string' && keeps(part, read));
  };
  const listIn = (...places: string[]) => constraints.filter(({ place }) => places.includes(place));
  const [path, fields, members] = [listIn('path'), listIn('header', 'query'), listIn('body')];

  const inPath = (segments: readonly string[]): string[] => {
    const values = pathValues(operation.path, segments);
    return path
      .map(({ name }) => [`path/${name}`, decodeSegment(values?.[name] ?? '%')] as const)
      .filter(([part, value]) => value === undefined || !keepsAsText(part, value))
      .map(([part]) => part);
  };
  const inFields = ({ path: target, headers }: SentRequest): string[] => {
    const query = new URLSearchParams(/\?(.*)$/s.exec(target)?.[1]);
    return fields.flatMap(({ place, name, required }) => {
      const sent = place === 'query' ? (query.get(name) ?? undefined) : headers[name];
      const part = `${place}/${name}`;
      return (sent === undefined ? !required : keepsAsText(part, sent)) ? [] : [part];
    });
  };
  const inBody = (body: JsonObject): string[] =>
    members
      .filter(({ name, required }) =>
        Object.hasOwn(body, name) ? !keeps(`body/${name}`, body[name] ?? null) : required,
      )
      .map(({ name }) => `body/${name}`);
  const besidesPath = (request: SentRequest): string[] => {
    const mediaType = operation.body?.content[0]?.name;
    if (mediaType === undefined || (request.body === undefined && !operation.body?.required)) return inFields(request);
    const declared = request.headers['content-type']?.split(';')[0]?.toLowerCase();
    const value = parseIfJson(request.body);
    return [
      ...(declared === mediaType ? [] : ['media type']),
      ...inFields(request),
      ...(isObject(value) ? inBody(value) : ['body']),
    ];
  };
  return { inPath, besidesPath };
}

/** Describes the difference between the expected and the found broken parts; undefined if there is none. */
export function disagreement(expected: readonly string[], found: readonly string[]): string | undefined {
  const missing = expected.filter((part) => !found.includes(part));
  const surplus = found.filter((part) => !expected.includes(part));
  if (missing.length === 0 && surplus.length === 0) return undefined;
  return [
    ...missing.map((part) => `${part} must break the contract but does not`),
    ...surplus.map((part) => `${part} breaks the contract but must not`),
  ].join('; ');
}

/** Leaves out examples, whose members this validator would read as schemas. */
function withoutExamples(document: JsonObject): JsonObject {
  const text = JSON.stringify(document, (name, value: unknown) => (/^examples?$/.test(name) ? undefined : value));
  return JSON.parse(text) as JsonObject;
}
