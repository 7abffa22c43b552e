import { UnsafeParameterError } from './errors.ts';

/**
 * Printable ASCII without what ends, splits or encodes a segment, since servers decode twice, trim, cut parameters off
 * a segment, or take other scripts' dots and slashes for their own.
 */
const segment = /^(?!\.{1,2}$)(?:(?![%/\\?#;])[!-~])+$/;

/**
 * Refuses a path parameter with which the path would collapse into another one: without its phoneCallId, the path of
 * one call is that of all calls of an extension.
 *
 * @throws UnsafeParameterError that names the parameter.
 */
export function guardPath(path: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(path)) {
    if (typeof value !== 'string' || !segment.test(value)) throw new UnsafeParameterError(name, value);
  }
}
