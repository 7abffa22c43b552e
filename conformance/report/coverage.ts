import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isObject, parseIfJson, pointerTokens, type JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { Requirement } from '../contract/requirements.ts';
import type { Surface, SurfaceOperation, SurfacePart, SurfaceResponse } from '../contract/surface.ts';
import type { CaseResult, CaseViolation, CoverageItem } from './model.ts';

/** A part of the contract, with a judgement of an exchange: true if it kept to the part, undefined if it did not reach it. */
interface Probe extends Pick<CoverageItem, 'kind' | 'of' | 'name' | 'at'> {
  readonly judge: (evidence: Evidence) => boolean | undefined;
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

/** The values at a place of a body; undefined for a property that is left out. */
type Values = readonly (JsonValue | undefined)[];

/**
 * Returns the statuses, codes, parameters, properties, media types and constraints of the contract, each with whether the
 * run reached it and whether it was broken. A request reaches a constraint by breaking it, an answer by having a value.
 */
export function measureCoverage(
  { operations }: Surface,
  requirements: readonly Requirement[],
  cases: readonly CaseResult[],
): CoverageItem[] {
  const evidence = Map.groupBy(collectEvidence(cases, requirements, operations), ({ operation }) => operation);
  const probes = operations.flatMap((operation) =>
    makeProbes(operation).map(({ judge, ...part }) => {
      const judged = (evidence.get(operation) ?? []).map((one) => [one, judge(one)] as const);
      return { part, reached: judged.filter(([, isKept]) => isKept !== undefined) };
    }),
  );
  // Operations share schemas, and so have parts in common.
  const alike = Map.groupBy(probes, ({ part: { kind, of, name, at } }) => [kind, of, name, at].join('\n'));
  return [...alike.values()].map((all) => {
    const [{ part }] = all as [(typeof all)[number]];
    const reached = all.flatMap((probe) => probe.reached);
    const isViolated = reached.some(([, isKept]) => isKept === false);
    const outcome = isViolated ? 'violated' : reached.length > 0 ? 'met' : 'unreached';
    return { ...part, outcome, exchanges: new Set(reached.map(([one]) => one)).size };
  });
}

function makeProbes({ id, parameters, request, responses }: SurfaceOperation): Probe[] {
  return [
    ...responses.flatMap((response) => [
      statusProbe(id, response),
      ...response.codes.map((code) => codeProbe(id, response, code)),
    ]),
    ...parameters.flatMap((part) => requestProbes(part, ({ path }) => [path[part.name]])),
    ...request.flatMap(({ mediaType, pointer, parts }): Probe[] => [
      {
        kind: 'media type',
        of: `${id} request`,
        name: mediaType,
        at: pointer,
        judge: ({ violations, requestMediaType }) => {
          const places = [pointer, pointer.slice(0, pointer.lastIndexOf('/'))];
          return judgement(
            violations.some((one) => places.includes(one.pointer)),
            requestMediaType === mediaType,
          );
        },
      },
      ...parts.flatMap((part) => requestProbes(part, ({ requestBody }) => findValues(requestBody, part.at))),
    ]),
    ...responses.flatMap(({ status, content }) =>
      content.flatMap(({ mediaType, pointer, parts }): Probe[] => [
        {
          kind: 'media type',
          of: `${id} ${status}`,
          name: mediaType,
          at: pointer,
          judge: ({ violations, responseMediaType, ...evidence }) => {
            if (evidence.status !== status) return undefined;
            return judgement(
              violations.some(({ at }) => at === 'header content-type'),
              responseMediaType === mediaType,
            );
          },
        },
        ...parts.flatMap((part) => responseProbes(part, status)),
      ]),
    ),
  ];
}

/** Judges what was broken and what was reached; what is broken counts as reached. */
function judgement(isBroken: boolean, isReached: boolean): boolean | undefined {
  return isBroken ? false : isReached || undefined;
}

function statusProbe(operation: string, { status, pointer }: SurfaceResponse): Probe {
  return {
    kind: 'status',
    of: operation,
    name: status,
    at: pointer,
    judge: (evidence) => {
      const wrong = evidence.violations.filter(({ at }) => at === 'status');
      // Of several statuses that a server may choose from, the first stands for all.
      const isMissing = wrong.some(({ expected }) => expected.split(/[ ,]/)[0] === status);
      return judgement(isMissing, evidence.status === status && wrong.length === 0);
    },
  };
}

function codeProbe(operation: string, { status, codes, pointer, content }: SurfaceResponse, code: string): Probe {
  // Where a server may choose from several codes, none of them is the missing one.
  const names = ({ expected }: CaseViolation) =>
    expected
      .split(/\W+/)
      .filter((word) => codes.includes(word))
      .join() === code;
  return {
    kind: 'code',
    of: `${operation} ${status}`,
    name: code,
    at: content[0]?.parts.find(({ at }) => at === '/error/code')?.pointer ?? pointer,
    judge: (evidence) => {
      const isSent = evidence.status === status;
      const wrong = evidence.violations.filter(({ at }) => at === 'status' || at === '/error/code');
      const isMissing = wrong.some((one) => {
        return names(one) && (one.at === 'status' ? one.expected.startsWith(status) : isSent);
      });
      const isCode = findValues(evidence.responseBody, '/error/code')[0] === code;
      return judgement(isMissing, isSent && isCode && wrong.length === 0);
    },
  };
}

/** Probes a part of a request. It is violated where a requirement about the part is. */
function requestProbes(part: SurfacePart, valuesIn: (evidence: Evidence) => Values): Probe[] {
  const isViolated = ({ violations }: Evidence) =>
    violations.some(({ pointer }) => pointer === part.pointer || pointer.startsWith(`${part.pointer}/`));
  return partProbes(
    part,
    (evidence) => judgement(isViolated(evidence), isPresent(valuesIn(evidence))),
    (keyword, evidence) => (breaks(part, valuesIn(evidence), keyword) ? !isViolated(evidence) : undefined),
  );
}

/** Probes a part of the answers with a status. It is violated where it differs from what was expected. */
function responseProbes(part: SurfacePart, status: string): Probe[] {
  const place = new RegExp(`^${part.at.split('*').map(RegExp.escape).join('[^/]*')}$`);
  const isViolated = ({ violations }: Evidence) => violations.some(({ at }) => place.test(at));
  const judge = (evidence: Evidence, isBroken: (values: Values) => boolean, isReached = isPresent) => {
    if (evidence.status !== status) return undefined;
    const values = findValues(evidence.responseBody, part.at);
    return judgement(isViolated(evidence) && isBroken(values), isReached(values));
  };
  return partProbes(
    part,
    (evidence) => judge(evidence, () => true),
    (keyword, evidence) =>
      judge(
        evidence,
        (values) => breaks(part, values, keyword),
        keyword === 'required' ? (values) => values.length > 0 : isPresent,
      ),
  );
}

function isPresent(values: Values): boolean {
  return values.some((value) => value !== undefined);
}

/** Makes the probe of a part, unless it is but a value, and those of its constraints. */
function partProbes(
  { kind, name, pointer: at, constraints }: SurfacePart,
  judge: Probe['judge'],
  judgeKeyword: (keyword: string, evidence: Evidence) => boolean | undefined,
): Probe[] {
  const [, schema = '', within] = /^\/components\/schemas\/([^/]+)(\/.)?/.exec(at) ?? [];
  const owner = kind === 'parameter' ? 'path' : within === undefined ? '' : schema;
  return [
    ...(kind === 'value' ? [] : [{ kind, of: owner, name, at, judge }]),
    ...Object.entries(constraints).map(([keyword, demand]): Probe => {
      const text = typeof demand === 'string' ? demand : JSON.stringify(demand);
      return {
        kind: 'constraint',
        // The constraint of a whole schema is its own.
        of: within === undefined && schema !== '' ? schema : `${owner} ${name}`.trim(),
        name: demand === true ? keyword : `${keyword} ${text}`,
        at,
        judge: (evidence) => judgeKeyword(keyword, evidence),
      };
    }),
  ];
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
addFormats.default(ajv);
const validators = new WeakMap<object, ValidateFunction>();

/** Tells whether one of some values breaks a keyword of a part's schema. */
function breaks({ constraints }: SurfacePart, values: Values, keyword: string): boolean {
  const { required, ...schema } = constraints;
  const validate = validators.get(constraints) ?? ajv.compile(schema);
  validators.set(constraints, validate);
  return values.some((value) => {
    if (value === undefined) return keyword === 'required' && required !== undefined;
    return !validate(value) && validate.errors?.some((error) => error.keyword === keyword);
  });
}

/** Returns the answered exchanges of the cases that came to a verdict on the target. */
function collectEvidence(
  cases: readonly CaseResult[],
  requirements: readonly Requirement[],
  operations: readonly SurfaceOperation[],
): Evidence[] {
  const pointers = new Map(requirements.map(({ id, at }) => [id, at]));
  const paths = operations.map((operation) => ({ operation, pattern: makePattern(operation.path) }));
  const judged = cases.filter(({ verdict }) => verdict !== 'unreached' && verdict !== 'error');
  return judged.flatMap(({ checks, exchanges }) => {
    const violations = checks.flatMap(({ requirement, violations: own }) =>
      own.map((violation) => ({ ...violation, pointer: pointers.get(requirement) ?? '' })),
    );
    return exchanges.flatMap(({ request, response }, index) => {
      const path = (request.path.split('?')[0] ?? '').replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
      const found = paths.find(({ operation, pattern }) => operation.method === request.method && pattern.test(path));
      if (response === undefined || found === undefined) return [];
      const segments = Object.entries(found.pattern.exec(path)?.groups ?? {});
      return {
        operation: found.operation,
        path: Object.fromEntries(segments.map(([name, segment]) => [name, decodeSegment(segment) ?? segment])),
        requestMediaType: readMediaType(request.headers),
        requestBody: parseIfJson(request.body),
        status: String(response.status),
        responseMediaType: readMediaType(response.headers),
        responseBody: parseIfJson(response.body.text),
        violations: violations.filter(({ exchange = 0 }) => exchange === index),
      };
    });
  });
}

/** Makes a pattern for the end of a request's path from a path's template; each parameter is a group of its name. */
function makePattern(template: string): RegExp {
  const parts = template.split(/\{(\w+)\}/);
  return new RegExp(
    `${parts.map((text, index) => (index % 2 === 0 ? RegExp.escape(text) : `(?<${text}>[^/]+)`)).join('')}$`,
  );
}

/** Returns the values at a place in a body, where `*` is any entry of an array. */
function findValues(body: JsonValue | undefined, at: string): Values {
  let values: Values = [body];
  for (const name of pointerTokens(at)) {
    values = values.flatMap((value) => {
      if (name === '*') return Array.isArray(value) ? value : [];
      if (!isObject(value)) return [];
      return [Object.hasOwn(value, name) ? value[name] : undefined];
    });
  }
  return values;
}

function readMediaType(headers: Readonly<Record<string, string>>): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
