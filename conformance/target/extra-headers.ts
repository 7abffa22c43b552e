import { neverHarmless } from './guard.ts';

/** A header that requests carry besides their own: a gateway's key, for example. Serialisable. */
export interface ExtraHeader {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
  /** Stands for the value wherever a request is shown. */
  readonly shown: string;
}

/** The token of requests where the user named none. */
export const unnamedToken = 'token';

/** Matches names that the suite's own headers have, or that make a request conditional or partial. */
const refused = /^(?:content-.*|accept|if-.*|range|prefer)$/;

/**
 * Reads a header as it was typed.
 *
 * @throws Error with one line that does not repeat the value, if it has no name or value, or one that a request cannot
 *   or must not have.
 */
export function parseHeader(field: string): { readonly name: string; readonly value: string } {
  const [, typed = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*([^]*?)[ \t]*$/.exec(field) ?? [];
  const name = typed.toLowerCase();
  if (name === '') throw new Error("expected 'NAME: VALUE', got no name.");
  if (!/^[\x20-\x7e]+$/.test(value))
    throw new Error(`${typed} has no value of printable ASCII: expected 'NAME: VALUE'.`);
  if (neverHarmless.test(name) || refused.test(name))
    throw new Error(`${typed} could make another request of what the suite sends: leave it out.`);
  return { name, value };
}

/**
 * Adds headers to those of a request. Authorization replaces only a token that the user did not name: some cases are
 * about a request without a token, or with another one.
 *
 * @param form - The values as they are sent, or as they are shown.
 */
export function addHeaders(
  own: Readonly<Record<string, string>>,
  extra: readonly ExtraHeader[] = [],
  form: 'value' | 'shown' = 'value',
): Record<string, string> {
  const added = extra.filter(({ name }) => {
    return name !== 'authorization' || own.authorization === `Bearer ${unnamedToken}`;
  });
  return { ...own, ...Object.fromEntries(added.map((header) => [header.name, header[form]])) };
}
