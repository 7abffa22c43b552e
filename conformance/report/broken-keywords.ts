import type { JsonValue } from '../contract/json.ts';

/** Whether a value breaks what a keyword demands. A keyword is silent about values of other types than its own. */
const tests: Readonly<Record<string, (value: JsonValue | undefined, demand: JsonValue) => boolean>> = {
  required: (value) => value === undefined,
  type: (value, types) => value !== undefined && ![types].flat().some((type) => isOfType(value, String(type))),
  const: (value, demand) => value !== undefined && !isSame(value, demand),
  enum: (value, demand) => value !== undefined && ![demand].flat().some((allowed) => isSame(value, allowed)),
  pattern: (value, pattern) => typeof value === 'string' && !new RegExp(String(pattern), 'u').test(value),
  minLength: (value, limit) => typeof value === 'string' && [...value].length < Number(limit),
  maxLength: (value, limit) => typeof value === 'string' && [...value].length > Number(limit),
  minimum: (value, limit) => typeof value === 'number' && value < Number(limit),
  maximum: (value, limit) => typeof value === 'number' && value > Number(limit),
};

/**
 * The keywords of a schema that a value breaks, as far as that can be told of a keyword by itself; no format can.
 *
 * @param value - Undefined for a property that is left out.
 */
export function brokenKeywords(
  constraints: Readonly<Record<string, JsonValue>>,
  value: JsonValue | undefined,
): string[] {
  return Object.entries(constraints)
    .filter(([keyword, demand]) => tests[keyword]?.(value, demand))
    .map(([keyword]) => keyword);
}

function isOfType(value: JsonValue, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array' || type === 'null') return type === (value === null ? 'null' : Array.isArray(value) && 'array');
  return typeof value === type && value !== null && !Array.isArray(value);
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
