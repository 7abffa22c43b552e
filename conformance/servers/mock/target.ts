import type { Operation } from '../../contract/contract.ts';

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
      try {
        return decodeURIComponent(segment);
      } catch {
        malformed.add(index);
        return undecodable;
      }
    });
  return {
    path: `/${segments.map(encodeURIComponent).join('/')}`,
    query: query === undefined ? {} : Object.fromEntries(new URLSearchParams(query)),
    segments,
    malformed,
  };
}

/** The names of an operation's path parameters, by the index of the segment that each stands for. */
export function parameterNames(operation: Operation): ReadonlyMap<number, string> {
  const segments = operation.path.split('/').slice(1);
  return new Map(
    segments.flatMap((segment, index) => {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      return name === undefined ? [] : [[index, name] as const];
    }),
  );
}

/** The values that a target gives to an operation's path parameters, or undefined where its path is another one. */
export function pathValues(operation: Operation, target: Target): Record<string, string> | undefined {
  const names = parameterNames(operation);
  const template = operation.path.split('/').slice(1);
  const fits =
    template.length === target.segments.length &&
    template.every((segment, index) => names.has(index) || segment === target.segments[index]);
  if (!fits) return undefined;
  return Object.fromEntries([...names].map(([index, name]) => [name, target.segments[index] ?? '']));
}

/** An operation's path with values in place of its parameters. */
export function pathWith(operation: Operation, values: Readonly<Record<string, string>>): string {
  return operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}
