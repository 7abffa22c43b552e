import type { Constraint } from '../contract/constraints.ts';
import type { JsonValue } from '../contract/json.ts';
import { percentDecoded } from '../target/lenient-parse.ts';
import { dialled } from './fuzz-characters.ts';

/** The members that name a party of the call: whatever a server reads there, the call goes nowhere else. */
const parties: readonly string[] = ['transferFromNumber', 'transferNumber'];

/** What a path cannot carry without the risk of being taken for something else by a proxy on its way. */
const notInPath = /[/\\%#?\0\r\n]/;

/** The longest encoded path segment; beyond it a server may refuse the request target as such (RFC 9110 section 4.1). */
const longestSegment = 400;

/**
 * Whether a broken value can do no harm, however lenient the server: what it could dial or look up is nothing, or one of
 * the valid values of the fixture, and a path keeps all its segments.
 */
export function isHarmless({ place, name }: Constraint, value: JsonValue, valid: readonly string[]): boolean {
  if (place === 'path' && !isSafeSegment(String(value))) return false;
  if (parties.includes(name)) return true;
  const texts = textsOf(value);
  // A server may take all texts of a value together, or one of them, and decode it once more.
  const taken = [texts.join(''), ...texts];
  const decoded = new Set([...taken, ...taken.map(percentDecoded)]);
  const harmless = new Set(['', ...valid.map(dialled)]);
  return [...decoded].every((text) => harmless.has(dialled(text)));
}

/** Whether a text stays a path segment of its own even where a server trims, strips, folds or decodes it again. */
function isSafeSegment(text: string): boolean {
  const isLost = !/[a-z0-9]/i.test(text);
  return !isLost && !notInPath.test(text.normalize('NFKC')) && encodeURIComponent(text).length <= longestSegment;
}

/** All texts, numbers and names in a value. */
function textsOf(value: JsonValue): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    ...(Array.isArray(value) ? [] : [name]),
    ...textsOf(member),
  ]);
}
