import type { Operation } from '../contract/contract.ts';
import type { MockRequest } from './request.ts';

/** The answer that a client asks for, each part as it was written. */
export interface Preference {
  readonly code?: string;
  readonly example?: string;
  readonly dynamic?: string;
}

const names: readonly string[] = ['code', 'example', 'dynamic'] satisfies (keyof Preference)[];

/**
 * Reads the answer that a client asks for by `Prefer: code=403, example=tokenExpired`, or by `?__code=403` for what the
 * header leaves open. Of several preferences with one name the first counts; unknown ones are ignored (RFC 7240).
 */
export function readPreference({ headers: { prefer }, target }: MockRequest): Preference | undefined {
  const wanted = new Map(prefer === undefined ? [] : parsePrefer(prefer));
  for (const name of names) {
    const value = target.query[`__${name}`];
    if (value !== undefined && !wanted.has(name)) wanted.set(name, [value].flat()[0] ?? '');
  }
  return wanted.size === 0 ? undefined : Object.fromEntries(wanted);
}

/** Lists the known preferences of a header, and their known parameters: `code=400; example=userInvalid`. */
function parsePrefer(header: string): [string, string][] {
  const split = (text: string, separator: ',' | ';') =>
    text.match(separator === ',' ? /(?:"(?:\\.|[^"\\])*"?|[^",])+/g : /(?:"(?:\\.|[^"\\])*"?|[^";])+/g) ?? [];
  const found = split(header, ',').flatMap((preference) => {
    const pairs = split(preference, ';').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const unquoted = value.trim().replace(/^"(.*)"$/s, (_, text: string) => text.replaceAll(/\\(.)/gs, '$1'));
      return [name.trim().toLowerCase(), unquoted];
    });
    return names.includes(pairs[0]?.[0] ?? '') ? pairs.filter(([name]) => names.includes(name)) : [];
  });
  // The last entry of a name wins in a map.
  return found.toReversed();
}

/** Says why a preference cannot be met, and what can be asked for. */
export function describeUnmet({ id, responses }: Operation, { code, example, dynamic }: Preference): string {
  const asked = [
    code === undefined ? '' : `code=${code}`,
    example === undefined ? '' : `example=${example}`,
    dynamic === undefined ? '' : `dynamic=${dynamic}`,
  ];
  const named = responses.flatMap(({ status, content }) =>
    content.flatMap(({ examples }) => [...examples.keys()].map((name) => `${name} (${status})`)),
  );
  return [
    `The contract has no answer of ${id} for the preference ${asked.filter(Boolean).join(', ')}.`,
    `It has the codes ${responses.map(({ status }) => status).join(', ')},`,
    `the examples ${named.join(', ')}, and dynamic=true or false.`,
  ].join(' ');
}
