import type { JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { Requirement } from '../contract/requirements.ts';
import type { Surface, SurfaceOperation, SurfacePart } from '../contract/surface.ts';
import type { CaseResult, CaseViolation, Exchange } from './model.ts';

/** An answered exchange in the terms of the contract. */
export interface Evidence {
  readonly operation: SurfaceOperation;
  /** The path parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly requestMediaType: string;
  readonly requestBody: JsonValue | undefined;
  readonly status: string;
  readonly responseMediaType: string;
  readonly responseBody: JsonValue | undefined;
  readonly violations: readonly LocatedViolation[];
}

/** A violation with the place in the contract that its requirement is about. */
export interface LocatedViolation extends CaseViolation {
  readonly pointer: string;
}

/** Returns the answered exchanges of the cases that came to a verdict on the target. */
export function collectEvidence(
  cases: readonly CaseResult[],
  requirements: readonly Requirement[],
  { operations }: Surface,
): Evidence[] {
  const pointers = new Map(requirements.map(({ id, at }) => [id, at]));
  const paths = operations.map((operation) => ({ operation, pattern: pathPattern(operation.path) }));
  return cases
    .filter(({ verdict }) => verdict !== 'unreached' && verdict !== 'error')
    .flatMap(({ checks, exchanges }) => {
      const violations = checks.flatMap((check) =>
        check.violations.map((violation) => ({ ...violation, pointer: pointers.get(check.requirement) ?? '' })),
      );
      return exchanges.flatMap((exchange, index) => {
        const own = violations.filter((violation) => (violation.exchange ?? 0) === index);
        return readEvidence(exchange, own, paths);
      });
    });
}

function readEvidence(
  { request, response }: Exchange,
  violations: readonly LocatedViolation[],
  paths: readonly { readonly operation: SurfaceOperation; readonly pattern: RegExp }[],
): Evidence[] {
  if (response === undefined) return [];
  const path = (request.path.split('?')[0] ?? '').replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
  const matching = paths.find(({ operation, pattern }) => operation.method === request.method && pattern.test(path));
  if (matching === undefined) return [];
  const encoded = matching.pattern.exec(path)?.slice(1) ?? [];
  const segments = encoded.map((segment) => decodeSegment(segment) ?? segment);
  const names = [...matching.operation.path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? '');
  return [
    {
      operation: matching.operation,
      path: Object.fromEntries(names.map((name, index) => [name, segments[index] ?? ''])),
      requestMediaType: mediaTypeIn(request.headers),
      requestBody: parsed(request.body),
      status: String(response.status),
      responseMediaType: mediaTypeIn(response.headers),
      responseBody: parsed(response.body.text),
      violations,
    },
  ];
}

/** Returns the values at a place in a body, where `*` is any entry of an array; undefined for a property left out. */
export function valuesAt(body: JsonValue | undefined, { at }: Pick<SurfacePart, 'at'>): (JsonValue | undefined)[] {
  let values: (JsonValue | undefined)[] = [body];
  for (const token of at.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    values = values.flatMap((value) => {
      if (Array.isArray(value)) return token === '*' ? value : [];
      if (typeof value !== 'object' || value === null || token === '*') return [];
      return [Object.hasOwn(value, name) ? value[name] : undefined];
    });
  }
  return values;
}

/** Tells whether a violation is about a place in a body. */
export function isAbout({ at }: CaseViolation, part: Pick<SurfacePart, 'at'>): boolean {
  const wanted = part.at.split('/');
  const found = at.split('/');
  return found.length === wanted.length && wanted.every((token, index) => token === '*' || token === found[index]);
}

/** Makes a pattern for the end of a request's path from a path's template; each parameter is a group. */
function pathPattern(template: string): RegExp {
  const source = template.split(/(\{[^}]*\})/).map((text) => {
    return text.startsWith('{') ? '([^/]+)' : text.replaceAll(/[^\w/]/g, '\\$&');
  });
  return new RegExp(`${source.join('')}$`);
}

function mediaTypeIn(headers: Readonly<Record<string, string>>): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function parsed(text: string | undefined): JsonValue | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  } catch {
    return undefined;
  }
}
