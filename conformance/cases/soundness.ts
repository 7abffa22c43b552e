import { Validator, type Schema } from '@cfworker/json-schema';
import { isObject, parseIfJson, type JsonObject, type JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import { bearer } from './plan.ts';
import type { Suite } from './suite.ts';
import type { SentRequest } from '../target/exchange.ts';

/**
 * Finds the parts of a serialised transfer that break the contract, by parsing it back. It shares neither code nor
 * validator with the maker of the request. So it finds cases that no longer break what they claim to break.
 */
export type RequestInspector = (request: SentRequest, basePath: string, token: string) => string[];

/** Creates an inspector for the transfers of a suite. */
export function requestInspector({ contract, constraints, mediaType }: Suite): RequestInspector {
  const { components, paths } = withoutExamples(contract.document);
  const validators = new Map(
    constraints.map(({ pointer, place, name, schema }) => {
      const root = place === 'body' ? { $ref: `#${pointer}`, components, paths } : { ...schema, components };
      return [`${place}/${name}`, new Validator(root as Schema, '2020-12')];
    }),
  );
  const keeps = (part: string, value: JsonValue) => validators.get(part)?.validate(value).valid === true;
  const inPath = constraints.filter(({ place }) => place === 'path');
  const inFields = constraints.filter(({ place }) => place === 'header' || place === 'query');
  const inBody = constraints.filter(({ place }) => place === 'body');

  const brokenInPath = (path: string): readonly string[] => {
    const segments = path.replace(/^\/+/, '/').replace(/\?.*$/s, '').replace(/\/$/, '').split('/').slice(3);
    // A path without a phoneCallId belongs to the transfer of all calls.
    return inPath
      .slice(0, segments.length)
      .map(({ name }) => `path/${name}`)
      .filter((part, index) => !keeps(part, decodeSegment(segments[index] ?? '') ?? null));
  };
  const brokenInFields = (path: string, headers: SentRequest['headers']): readonly string[] => {
    const query = new URLSearchParams(/\?(.*)$/s.exec(path)?.[1]);
    return inFields.flatMap(({ place, name, required }) => {
      const sent = place === 'query' ? (query.get(name) ?? undefined) : headers[name];
      const part = `${place}/${name}`;
      const isKept = sent === undefined ? !required : keeps(part, sent) || keeps(part, parseIfJson(sent) ?? sent);
      return isKept ? [] : [part];
    });
  };
  const brokenInBody = (body: JsonObject) =>
    inBody
      .filter(({ name, required }) =>
        Object.hasOwn(body, name) ? !keeps(`body/${name}`, body[name] ?? null) : required,
      )
      .map(({ name }) => `body/${name}`);

  // Many requests in a row have the same path.
  let latest: { readonly path: string; readonly broken: readonly string[] } | undefined;

  return ({ method, path, headers, body }, basePath, token) => {
    if (latest?.path !== path) latest = { path, broken: brokenInPath(path.slice(basePath.length)) };
    const broken = [...latest.broken];
    // The name of a scheme has no case (RFC 9110 section 11.1).
    if (headers.authorization?.replace(/^bearer /i, 'Bearer ') !== bearer(token)) broken.push('authorization');
    if (method === 'GET') return broken;
    if (headers['content-type']?.split(';')[0]?.toLowerCase() !== mediaType) broken.push('media type');
    broken.push(...brokenInFields(path, headers));
    const value = parseIfJson(body);
    return [...broken, ...(isObject(value) ? brokenInBody(value) : ['body'])];
  };
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
