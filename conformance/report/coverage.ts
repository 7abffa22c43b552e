import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { Requirement } from '../contract/requirements.ts';
import type { Surface, SurfaceBody, SurfaceOperation, SurfacePart, SurfaceResponse } from '../contract/surface.ts';
import type { CaseResult, CaseViolation, CoverageItem } from './model.ts';

/** A part of the contract, with a judgement of an exchange: true if it kept to the part, undefined if it did not reach it. */
interface Probe extends Pick<CoverageItem, 'kind' | 'of' | 'name' | 'at'> {
  readonly judge: (evidence: Evidence) => boolean | undefined;
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
    makeProbes(operation).map((probe) => {
      const judged = evidence
        .filter((one) => one.operation === operation)
        .map((one) => [one, probe.judge(one)] as const);
      return { ...probe, found: judged.filter(([, isKept]) => isKept !== undefined) };
    }),
  );
  const byPart = Map.groupBy(probes, ({ kind, of, name, at }) => [kind, of, name, at].join('\n'));
  return [...byPart.values()].map((alike) => {
    const [{ kind, of, name, at }] = alike as [(typeof alike)[number]];
    const found = alike.flatMap((probe) => probe.found);
    const exchanges = new Set(found.map(([one]) => one)).size;
    const isViolated = found.some(([, isKept]) => isKept === false);
    return { kind, of, name, at, outcome: isViolated ? 'violated' : exchanges > 0 ? 'met' : 'unreached', exchanges };
  });
}

function makeProbes(operation: SurfaceOperation): Probe[] {
  return [
    ...operation.responses.flatMap((response) => statusProbes(operation, response)),
    ...operation.parameters.flatMap((parameter) => requestProbes(parameter, ({ path }) => [path[parameter.name]])),
    ...operation.request.flatMap((body) => [
      mediaTypeProbe(`${operation.id} request`, body, ({ violations, requestMediaType }) => {
        const places = [body.pointer, body.pointer.slice(0, body.pointer.lastIndexOf('/'))];
        const isBroken = violations.some(({ pointer }) => places.includes(pointer));
        return judgement(isBroken, requestMediaType === body.mediaType);
      }),
      ...body.parts.flatMap((part) => requestProbes(part, ({ requestBody }) => valuesAt(requestBody, part))),
    ]),
    ...operation.responses.flatMap((response) =>
      response.content.flatMap((body) => [
        mediaTypeProbe(`${operation.id} ${response.status}`, body, (evidence) => {
          const isBroken = evidence.violations.some(({ at }) => at === 'header content-type');
          return answers(evidence, response) && judgement(isBroken, evidence.responseMediaType === body.mediaType);
        }),
        ...body.parts.flatMap((part) => responseProbes(response, part)),
      ]),
    ),
  ];
}

function mediaTypeProbe(of: string, { mediaType, pointer }: SurfaceBody, judge: Probe['judge']): Probe {
  return { kind: 'media type', of, name: mediaType, at: pointer, judge };
}

/** Tells whether an exchange was answered with the status of a response; undefined if it was not. */
function answers(evidence: Evidence, { status }: SurfaceResponse): true | undefined {
  return evidence.status === status || undefined;
}

/** Judges what was broken and what was reached; what is broken counts as reached. */
function judgement(isBroken: boolean, isReached: boolean): boolean | undefined {
  return isBroken ? false : isReached || undefined;
}

function statusProbes({ id }: SurfaceOperation, { status, codes, pointer, content }: SurfaceResponse): Probe[] {
  const differing = ({ violations }: Evidence, at: string) => violations.filter((violation) => violation.at === at);
  const schema = content[0]?.parts.find(({ at }) => at === '/error/code')?.pointer ?? pointer;
  return [
    {
      kind: 'status',
      of: id,
      name: status,
      at: pointer,
      judge: (evidence) => {
        const wrong = differing(evidence, 'status');
        // Of several statuses that a server may choose from, the first stands for all.
        const isMissing = wrong.some(({ expected }) => expected.split(/[ ,]/)[0] === status);
        return judgement(isMissing, evidence.status === status && wrong.length === 0);
      },
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
        judge: (evidence) => {
          const [wrongStatus, wrongCode] = [differing(evidence, 'status'), differing(evidence, '/error/code')];
          const isSent = evidence.status === status;
          const isMissing = wrongStatus.some((one) => one.expected.startsWith(status) && names(one));
          const isCode = valuesAt(evidence.responseBody, { at: '/error/code' })[0] === code;
          return judgement(
            isMissing || (isSent && wrongCode.some(names)),
            isSent && isCode && wrongStatus.length + wrongCode.length === 0,
          );
        },
      };
    }),
  ];
}

/** Probes a part of a request and its constraints. They are violated where a requirement about the part is. */
function requestProbes(part: SurfacePart, valuesIn: (evidence: Evidence) => ReturnType<typeof valuesAt>): Probe[] {
  const isViolated = ({ violations }: Evidence) =>
    violations.some(({ pointer }) => pointer === part.pointer || pointer.startsWith(`${part.pointer}/`));
  return partProbes(
    part,
    (evidence) => judgement(isViolated(evidence), isPresent(valuesIn(evidence))),
    (keyword) => (evidence) => {
      const isBroken = valuesIn(evidence).some((value) => brokenKeywords(part.constraints, value).includes(keyword));
      return isBroken ? !isViolated(evidence) : undefined;
    },
  );
}

function responseProbes(response: SurfaceResponse, part: SurfacePart): Probe[] {
  const valuesIn = ({ responseBody }: Evidence) => valuesAt(responseBody, part);
  const isViolated = ({ violations }: Evidence) => violations.some((violation) => isAbout(violation, part));
  return partProbes(
    part,
    (one) => answers(one, response) && judgement(isViolated(one), isPresent(valuesIn(one))),
    (keyword) => (one) => {
      const values = valuesIn(one);
      const isBroken = values.some((value) => brokenKeywords(part.constraints, value).includes(keyword));
      const isReached = keyword === 'required' ? values.length > 0 : isPresent(values);
      return answers(one, response) && judgement(isViolated(one) && isBroken, isReached);
    },
  );
}

function isPresent(values: readonly (JsonValue | undefined)[]): boolean {
  return values.some((value) => value !== undefined);
}

/** Makes the probe of a part, unless it is but a value, and those of its constraints. */
function partProbes(part: SurfacePart, judge: Probe['judge'], judgeBy: (keyword: string) => Probe['judge']): Probe[] {
  const { kind, name, pointer: at, constraints } = part;
  const own: Probe[] = kind === 'value' ? [] : [{ kind, of: ownerName(part), name, at, judge }];
  return [
    ...own,
    ...Object.entries(constraints).map(([keyword, demand]): Probe => {
      const text = typeof demand === 'string' ? demand : JSON.stringify(demand);
      const of = schemaName.exec(at)?.[1] ?? `${ownerName(part)} ${name}`.trim();
      const constraint = demand === true ? keyword : `${keyword} ${text}`;
      return { kind: 'constraint', of, name: constraint, at, judge: judgeBy(keyword) };
    }),
  ];
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
