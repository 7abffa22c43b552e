import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { Requirement } from '../contract/requirements.ts';
import type { Surface, SurfaceBody, SurfaceOperation, SurfacePart, SurfaceResponse } from '../contract/surface.ts';
import type { CaseResult, CaseViolation, CoverageItem } from './model.ts';

/** A part of the contract, with the tests that tell whether an exchange reached or broke it. */
interface Probe extends Pick<CoverageItem, 'kind' | 'of' | 'name' | 'at'> {
  readonly reached: (evidence: Evidence) => boolean;
  readonly violated: (evidence: Evidence) => boolean;
}

/**
 * Returns the statuses, codes, parameters, properties, media types and constraints of the contract, each with whether the
 * run reached it and whether it was broken. A request reaches a constraint by breaking it, an answer by having a value.
 */
export function measureCoverage(
  surface: Surface,
  requirements: readonly Requirement[],
  cases: readonly CaseResult[],
): CoverageItem[] {
  const evidence = collectEvidence(cases, requirements, surface);
  const probes = surface.operations.flatMap((operation) =>
    makeProbes(operation).map((probe) => ({
      ...probe,
      found: evidence.filter((one) => one.operation === operation && (probe.reached(one) || probe.violated(one))),
    })),
  );
  const byPart = Map.groupBy(probes, ({ kind, of, name, at }) => [kind, of, name, at].join('\n'));
  return [...byPart.values()].map((alike) => {
    const [{ kind, of, name, at }] = alike as [(typeof alike)[number]];
    const exchanges = new Set(alike.flatMap(({ found }) => found)).size;
    const violated = alike.some((probe) => probe.found.some(probe.violated));
    return { kind, of, name, at, outcome: violated ? 'violated' : exchanges > 0 ? 'met' : 'unreached', exchanges };
  });
}

function makeProbes(operation: SurfaceOperation): Probe[] {
  return [
    ...operation.responses.flatMap((response) => statusProbes(operation, response)),
    ...operation.parameters.flatMap((parameter) => requestProbes(parameter, ({ path }) => [path[parameter.name]])),
    ...operation.request.flatMap((body) => [
      requestMediaTypeProbe(operation, body),
      ...body.parts.flatMap((part) => requestProbes(part, ({ requestBody }) => valuesAt(requestBody, part))),
    ]),
    ...operation.responses.flatMap((response) =>
      response.content.flatMap((body) => [
        responseMediaTypeProbe(operation, response, body),
        ...body.parts.flatMap((part) => responseProbes(response, part)),
      ]),
    ),
  ];
}

function statusProbes({ id }: SurfaceOperation, { status, codes, pointer, content }: SurfaceResponse): Probe[] {
  const wrongStatus = ({ violations }: Evidence) => violations.filter(({ at }) => at === 'status');
  const wrongCode = ({ violations }: Evidence) => violations.filter(({ at }) => at === '/error/code');
  const schema = content[0]?.parts.find(({ at }) => at === '/error/code')?.pointer ?? pointer;
  return [
    {
      kind: 'status',
      of: id,
      name: status,
      at: pointer,
      reached: (evidence) => evidence.status === status && wrongStatus(evidence).length === 0,
      // Of several statuses that a server may choose from, the first stands for all.
      violated: (evidence) => wrongStatus(evidence).some(({ expected }) => expected.split(/[ ,]/)[0] === status),
    },
    ...codes.map((code): Probe => {
      // Where a server may choose from several codes, none of them is the missing one.
      const names = ({ expected }: { readonly expected: string }) => {
        const named = expected.split(/\W+/).filter((word) => codes.includes(word));
        return named.length === 1 && named[0] === code;
      };
      return {
        kind: 'code',
        of: `${id} ${status}`,
        name: code,
        at: schema,
        reached: (evidence) =>
          evidence.status === status &&
          valuesAt(evidence.responseBody, { at: '/error/code' })[0] === code &&
          [...wrongStatus(evidence), ...wrongCode(evidence)].length === 0,
        violated: (evidence) =>
          wrongStatus(evidence).some((violation) => violation.expected.startsWith(status) && names(violation)) ||
          (evidence.status === status && wrongCode(evidence).some(names)),
      };
    }),
  ];
}

function requestMediaTypeProbe({ id }: SurfaceOperation, { mediaType, pointer }: SurfaceBody): Probe {
  const places = [pointer, pointer.slice(0, pointer.lastIndexOf('/'))];
  return {
    kind: 'media type',
    of: `${id} request`,
    name: mediaType,
    at: pointer,
    reached: ({ requestMediaType }) => requestMediaType === mediaType,
    violated: ({ violations }) => violations.some((violation) => places.includes(violation.pointer)),
  };
}

function responseMediaTypeProbe({ id }: SurfaceOperation, { status }: SurfaceResponse, body: SurfaceBody): Probe {
  return {
    kind: 'media type',
    of: `${id} ${status}`,
    name: body.mediaType,
    at: body.pointer,
    reached: (evidence) => evidence.status === status && evidence.responseMediaType === body.mediaType,
    violated: (evidence) =>
      evidence.status === status && evidence.violations.some(({ at }) => at === 'header content-type'),
  };
}

/** Probes a part of a request and its constraints. They are violated where a requirement about the part is. */
function requestProbes(part: SurfacePart, valuesIn: (evidence: Evidence) => ReturnType<typeof valuesAt>): Probe[] {
  const isViolated = ({ violations }: Evidence) => {
    return violations.some(({ pointer }) => pointer === part.pointer || pointer.startsWith(`${part.pointer}/`));
  };
  const breaks = (evidence: Evidence, keyword: string) =>
    valuesIn(evidence).some((value) => brokenKeywords(part.constraints, value).includes(keyword));
  const present = (evidence: Evidence) => valuesIn(evidence).some((value) => value !== undefined);
  return [
    ...memberProbe(part, present, (evidence) => part.kind !== 'value' && isViolated(evidence)),
    ...constraintProbes(part, (keyword) => ({
      reached: (evidence) => breaks(evidence, keyword),
      violated: (evidence) => breaks(evidence, keyword) && isViolated(evidence),
    })),
  ];
}

function responseProbes({ status }: SurfaceResponse, part: SurfacePart): Probe[] {
  const isViolated = ({ violations }: Evidence) => violations.some((violation) => isAbout(violation, part));
  const valuesIn = (evidence: Evidence) => (evidence.status === status ? valuesAt(evidence.responseBody, part) : []);
  const present = (evidence: Evidence) => valuesIn(evidence).some((value) => value !== undefined);
  const broken = (evidence: Evidence) => valuesIn(evidence).flatMap((value) => brokenKeywords(part.constraints, value));
  return [
    ...memberProbe(part, present, (evidence) => evidence.status === status && isViolated(evidence)),
    ...constraintProbes(part, (keyword) => ({
      reached: (evidence) => (keyword === 'required' ? valuesIn(evidence).length > 0 : present(evidence)),
      violated: (evidence) => isViolated(evidence) && broken(evidence).includes(keyword),
    })),
  ];
}

function memberProbe(part: SurfacePart, reached: Probe['reached'], violated: Probe['violated']): Probe[] {
  const { kind, name, pointer } = part;
  if (kind === 'value') return [];
  return [{ kind, of: ownerName(part), name, at: pointer, reached, violated }];
}

function constraintProbes(
  part: SurfacePart,
  makeTests: (keyword: string) => Pick<Probe, 'reached' | 'violated'>,
): Probe[] {
  return Object.entries(part.constraints).map(([keyword, demand]) => {
    const text = typeof demand === 'string' ? demand : JSON.stringify(demand);
    const name = demand === true ? keyword : `${keyword} ${text}`;
    const of = schemaName.exec(part.pointer)?.[1] ?? `${ownerName(part)} ${part.name}`.trim();
    return { kind: 'constraint', of, name, at: part.pointer, ...makeTests(keyword) };
  });
}

/** Matches the pointer of a whole schema. */
const schemaName = /^\/components\/schemas\/([^/]+)$/;

/** Returns the name of the schema that has a property. */
function ownerName({ kind, pointer }: SurfacePart): string {
  if (kind === 'parameter') return 'path';
  return /^\/components\/schemas\/([^/]+)\/./.exec(pointer)?.[1] ?? '';
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
addFormats.default(ajv);
const validators = new WeakMap<object, ValidateFunction>();

/**
 * Returns the keywords of a schema that a value breaks.
 *
 * @param value - Undefined for a property that is left out.
 */
function brokenKeywords(constraints: SurfacePart['constraints'], value: JsonValue | undefined): string[] {
  const { required, ...schema } = constraints;
  if (value === undefined) return required === undefined ? [] : ['required'];
  const validate = validators.get(constraints) ?? ajv.compile(schema);
  validators.set(constraints, validate);
  return validate(value) ? [] : (validate.errors ?? []).map(({ keyword }) => keyword);
}

/** An answered exchange in the terms of the contract. */
interface Evidence {
  readonly operation: SurfaceOperation;
  /** The path parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly requestMediaType: string;
  readonly requestBody: JsonValue | undefined;
  readonly status: string;
  readonly responseMediaType: string;
  readonly responseBody: JsonValue | undefined;
  /** Each with the place in the contract that its requirement is about. */
  readonly violations: readonly (CaseViolation & { readonly pointer: string })[];
}

/** Returns the answered exchanges of the cases that came to a verdict on the target. */
function collectEvidence(
  cases: readonly CaseResult[],
  requirements: readonly Requirement[],
  { operations }: Surface,
): Evidence[] {
  const pointers = new Map(requirements.map(({ id, at }) => [id, at]));
  const paths = operations.map((operation) => ({ operation, pattern: pathPattern(operation.path) }));
  return cases
    .filter(({ verdict }) => verdict !== 'unreached' && verdict !== 'error')
    .flatMap(({ checks, exchanges }) => {
      const violations = checks.flatMap(({ requirement, violations: own }) =>
        own.map((violation) => ({ ...violation, pointer: pointers.get(requirement) ?? '' })),
      );
      return exchanges.flatMap(({ request, response }, index): Evidence[] => {
        const path = (request.path.split('?')[0] ?? '').replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
        const found = paths.find(({ operation, pattern }) => operation.method === request.method && pattern.test(path));
        if (response === undefined || found === undefined) return [];
        return [
          {
            operation: found.operation,
            path: readParameters(found, path),
            requestMediaType: mediaTypeIn(request.headers),
            requestBody: parsed(request.body),
            status: String(response.status),
            responseMediaType: mediaTypeIn(response.headers),
            responseBody: parsed(response.body.text),
            violations: violations.filter(({ exchange = 0 }) => exchange === index),
          },
        ];
      });
    });
}

/** Makes a pattern for the end of a request's path from a path's template; each parameter is a group. */
function pathPattern(template: string): RegExp {
  const source = template.split(/(\{[^}]*\})/).map((text) => {
    return text.startsWith('{') ? '([^/]+)' : text.replaceAll(/[^\w/]/g, '\\$&');
  });
  return new RegExp(`${source.join('')}$`);
}

function readParameters(
  { operation, pattern }: { readonly operation: SurfaceOperation; readonly pattern: RegExp },
  path: string,
): Record<string, string> {
  const segments = pattern.exec(path)?.slice(1) ?? [];
  const names = [...operation.path.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(
    names.map((name, index) => [name, decodeSegment(segments[index] ?? '') ?? segments[index] ?? '']),
  );
}

/** Returns the values at a place in a body, where `*` is any entry of an array; undefined for a property left out. */
function valuesAt(body: JsonValue | undefined, { at }: Pick<SurfacePart, 'at'>): (JsonValue | undefined)[] {
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
function isAbout({ at }: CaseViolation, part: Pick<SurfacePart, 'at'>): boolean {
  const wanted = part.at.split('/');
  const found = at.split('/');
  return found.length === wanted.length && wanted.every((token, index) => token === '*' || token === found[index]);
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
