import { decodeSegment } from '../contract/path-segment.ts';
import type { Operation } from '../contract/contract.ts';

/** The path and query of a request target, in the one form that every spelling of it comes down to. */
export interface Target {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The segments of the path, decoded. */
  readonly segments: readonly string[];
  /** The indices of the segments whose percent-encoding cannot be decoded. */
  readonly malformed: ReadonlySet<number>;
}

const schemeAndAuthority = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;
const undecodable = '\u{FFFD}';

/**
 * Reads a request target or a link: origin form or absolute form, slashes doubled at the start, one slash at the end.
 * Its segments are decoded and encoded anew, because what Prism makes of malformed percent-encoding ends the process.
 */
export function readTarget(target: string): Target {
  const [path = '', query] = target
    .replace(schemeAndAuthority, '')
    .replace(/#.*$/s, '')
    .split(/\?(.*)/s);
  const malformed = new Set<number>();
  const segments = path
    .replace(/^\/+/, '')
    .replace(/\/$/, '')
    .split('/')
    .map((segment, index) => {
      const decoded = decodeSegment(segment);
      if (decoded === undefined) malformed.add(index);
      return decoded ?? undecodable;
    });
  return {
    path: `/${segments.map(encodeURIComponent).join('/')}`,
    query: query === undefined ? {} : Object.fromEntries(new URLSearchParams(query)),
    segments,
    malformed,
  };
}

/** The path of an operation, taken apart. */
export interface PathTemplate {
  readonly segments: readonly string[];
  /** The names of its parameters, by the index of the segment that each stands for. */
  readonly names: ReadonlyMap<number, string>;
}

/** Takes the path of an operation apart. */
export function pathTemplate({ path }: Operation): PathTemplate {
  const segments = path.split('/').slice(1);
  const names = segments.flatMap((segment, index) => {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    return name === undefined ? [] : [[index, name] as const];
  });
  return { segments, names: new Map(names) };
}

/** The values that a target gives to the parameters of a path, or undefined where it leads elsewhere. */
export function pathValues({ segments, names }: PathTemplate, target: Target): Record<string, string> | undefined {
  const fits =
    segments.length === target.segments.length &&
    segments.every((segment, index) => names.has(index) || segment === target.segments[index]);
  if (!fits) return undefined;
  return Object.fromEntries([...names].map(([index, name]) => [name, target.segments[index] ?? '']));
}

/** A path with values in place of its parameters. */
export function pathWith({ segments, names }: PathTemplate, values: Readonly<Record<string, string>>): string {
  const filled = segments.map((segment, index) => {
    const name = names.get(index);
    return name === undefined ? segment : encodeURIComponent(values[name] ?? '');
  });
  return `/${filled.join('/')}`;
}
