import type { JsonObject, JsonValue } from '../contract/json.ts';
import { isJsonNumber } from './case.ts';

/** One way to break a constraint, made from a value that keeps it. */
export interface Breach {
  readonly name: string;
  /** The schema keyword that is broken. */
  readonly keyword: string;
  /** The broken value; undefined to leave the member out. */
  readonly value: JsonValue | undefined;
  /** The name under which the valid value is sent instead of the member's own. */
  readonly otherName?: string;
}

/** Ways to change a text that matches a pattern. Each is used only if the result does not match any more. */
const textBreaches: Readonly<Record<string, (text: string) => string>> = {
  empty: () => '',
  'blank-only': () => ' ',
  'blank-start': (text) => ` ${text}`,
  'blank-inside': (text) => inside(text, ' '),
  'blank-end': (text) => `${text} `,
  'tab-end': (text) => `${text}\t`,
  'newline-start': (text) => `\n${text}`,
  'newline-inside': (text) => inside(text, '\n'),
  'newline-end': (text) => `${text}\n`,
  'return-newline-end': (text) => `${text}\r\n`,
  'letter-start': (text) => `x${text}`,
  'letter-inside': (text) => inside(text, 'x'),
  'letter-end': (text) => `${text}x`,
  // As long as a number that was accepted before: a server may remember lengths.
  'letters-only': (text) => 'abc'.repeat(text.length).slice(0, Math.max(3, text.length)),
  'hyphen-inside': (text) => inside(text, '-'),
  'dot-inside': (text) => inside(text, '.'),
  'underscore-end': (text) => `${text}_`,
  'plus-start': (text) => `+${text}`,
  'plus-only': () => '+',
  'plus-twice': (text) => `++${text.replace(/^\+/, '')}`,
  'plus-inside': (text) => inside(text, '+'),
  'plus-end': (text) => `${text}+`,
  'hash-end': (text) => `${text}#`,
  'bracket-end': (text) => `${text})`,
  'quote-end': (text) => `${text}'`,
  'comma-list': (text) => `${text},${text}`,
  'accented-letter-end': (text) => `${text}é`,
  'arabic-digits': (text) => inDigits(text, 0x0660),
  'devanagari-digits': (text) => inDigits(text, 0x0966),
  'fullwidth-digits': (text) => inDigits(text, 0xff10),
  'arabic-digit-end': (text) => `${text}${inDigits('0', 0x0660)}`,
  'superscript-digit-end': (text) => `${text}²`,
  'zero-width-space-inside': (text) => inside(text, '\u200b'),
  'no-break-space-end': (text) => `${text}\u00a0`,
  'line-separator-end': (text) => `${text}\u2028`,
  'unknown-alias': () => '@viewers',
  'alias-without-sign': () => 'self',
  'sip-uri': (text) => `sip:${text}@example.org`,
  'telephone-uri': (text) => `tel:${text}`,
  'extension-after': (text) => `${text};ext=12`,
  'nul-end': (text) => `${text}\0`,
  'name-of-a-member': () => 'constructor',
  'too-large': (text) => `${text}${'x'.repeat(65_536)}`,
};

/** Ways to change a path parameter into what a database, a parser or a second decoding may read as the same value. */
const lookupBreaches: Readonly<Record<string, (text: string) => string>> = {
  'underscore-for-last': (text) => text.replace(/.$/u, '_'),
  'percent-for-last': (text) => text.replace(/.$/u, '%'),
  'dot-for-last': (text) => text.replace(/.$/u, '.'),
  'asterisk-for-last': (text) => text.replace(/.$/u, '*'),
  'percent-end': (text) => `${text}%`,
  'encoded-twice': (text) => text.replace(/[!-~]$/, (last) => `%${last.charCodeAt(0).toString(16)}`),
  'me-in-upper-case': () => '@ME',
  'self-in-upper-case': () => '@SELF',
  'me-and-more': () => '@me2',
  'me-inside': () => 'x@meat',
  'self-and-more': () => '@self2',
  'fullwidth-start': (text) => text.replace(/^[!-~]/, (first) => String.fromCharCode(first.charCodeAt(0) + 0xfee0)),
  'low-byte-start': (text) => text.replace(/^[!-~]/, (first) => String.fromCharCode(first.charCodeAt(0) + 0x100)),
  'json-suffix': (text) => `${text}.json`,
  // The alias of another parameter.
  'as-me': () => '@me',
  'as-self': () => '@self',
  'parameter-end': (text) => `${text};v=1`,
};

/** Breaches that something between client and server could misread in a path segment. */
const notInPath = new Set(['too-large', 'nul-end', 'hash-end', 'return-newline-end', 'newline-start']);

/** Lists the ways to break the schema of a path parameter. */
export function pathBreaches(schema: JsonObject, valid: string): readonly Breach[] {
  return parameterBreaches(schema, valid, { ...textBreaches, ...lookupBreaches }).filter(
    // A lone dot is a step in the path.
    ({ name, value }) => value !== '' && value !== '.' && !notInPath.has(name),
  );
}

/** Lists the ways to break the schema of a header or query parameter, and to leave it out if it is required. */
export function fieldBreaches(schema: JsonObject, required: boolean, valid: string): readonly Breach[] {
  // A recipient takes off what surrounds a field's value, and beyond ASCII a value has no meaning (RFC 9110 section 5.5).
  const isSent = ({ value }: Breach): boolean => /^[!-~](?:[ -~]*[!-~])?$/.test(String(value));
  return [
    ...(required ? [{ name: 'missing', keyword: 'required', value: undefined }] : []),
    ...parameterBreaches(schema, valid, textBreaches).filter((breach) => breach.name !== 'too-large' && isSent(breach)),
  ];
}

/**
 * Lists the ways to break the schema of a parameter, whose values are texts whatever their type. Some may break nothing:
 * the schema tells.
 */
function parameterBreaches(schema: JsonObject, valid: string, breaches: typeof textBreaches): readonly Breach[] {
  const asTexts = [...breachesOfConst(schema), ...breachesOfBounds(schema)].map((breach) => {
    return { ...breach, value: String(breach.value) };
  });
  return [...breachesOfText(schema, valid, breaches, true), ...asTexts];
}

/**
 * Lists the ways to break the schema of a body's property, and to leave it out or misspell its name if it is required.
 *
 * @param property - The name of the property.
 */
export function propertyBreaches(
  schema: JsonObject,
  required: boolean,
  valid: JsonValue,
  property = '',
): readonly Breach[] {
  return [
    ...(required ? breachesOfName(property) : []),
    ...breachesOfType(schema, valid),
    ...breachesOfConst(schema),
    ...breachesOfBounds(schema),
    ...(typeof valid === 'string' && schema.const === undefined && schema.enum === undefined
      ? breachesOfText(schema, valid)
      : []),
  ];
}

function breachesOfName(property: string): Breach[] {
  const otherNames: Record<string, string> = {
    'name-in-lower-case': property.toLowerCase(),
    'name-in-upper-case': property.toUpperCase(),
    'name-in-snake-case': property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    'name-with-blank': `${property} `,
  };
  return [
    { name: 'missing', keyword: 'required', value: undefined },
    ...Object.entries(otherNames)
      .filter(([, otherName]) => property !== '' && otherName !== property)
      .map(([name, otherName]) => ({ name, keyword: 'required', value: undefined, otherName })),
  ];
}

function breachesOfType(schema: JsonObject, valid: JsonValue): Breach[] {
  const allowed = [schema.type].flat();
  if (schema.type === undefined) return [];
  const values: Record<string, [type: string, value: JsonValue]> = {
    null: ['null', null],
    number: ['integer', asNumber(valid)],
    boolean: ['boolean', true],
    array: ['array', [valid]],
    'empty-array': ['array', []],
    object: ['object', { value: valid }],
    'empty-object': ['object', {}],
    'too-deep': ['array', nested(valid, 60)],
  };
  return Object.entries(values)
    .filter(([, [type]]) => !allowed.includes(type) && !(type === 'integer' && allowed.includes('number')))
    .map(([name, [, value]]) => ({ name, keyword: 'type', value }));
}

/** Returns a number that is never read as another telephone number than the value itself. */
function asNumber(valid: JsonValue): number {
  return typeof valid === 'string' && isJsonNumber(valid) ? Number(valid) : -1;
}

function nested(value: JsonValue, depth: number): JsonValue {
  return depth === 0 ? value : [nested(value, depth - 1)];
}

function breachesOfConst(schema: JsonObject): Breach[] {
  const allowed = schema.const === undefined ? schema.enum : [schema.const];
  if (!Array.isArray(allowed)) return [];
  const text = String(allowed[0]);
  const values: Record<string, string> = {
    empty: '',
    'other-value': `No${text}`,
    'lower-case': text.toLowerCase(),
    'upper-case': text.toUpperCase(),
    'blank-start': ` ${text}`,
    'blank-end': `${text} `,
    'newline-end': `${text}\n`,
    'cut-short': text.slice(0, -1),
    longer: `${text}s`,
  };
  return Object.entries(values)
    .filter(([, value]) => !allowed.includes(value))
    .map(([name, value]) => ({ name, keyword: schema.const === undefined ? 'enum' : 'const', value }));
}

/** @param open - Lists changes of a text without a pattern too, some of which break nothing. */
function breachesOfText(schema: JsonObject, valid: string, breaches = textBreaches, open = false): Breach[] {
  const pattern = typeof schema.pattern === 'string' ? new RegExp(schema.pattern, 'u') : undefined;
  const keyword = pattern !== undefined ? 'pattern' : schema.format !== undefined ? 'format' : 'type';
  const fromPattern = Object.entries(breaches)
    .map(([name, breach]) => ({ name, keyword, value: breach(valid) }))
    .filter(({ value }) => (pattern === undefined ? open : !pattern.test(value)));
  return [...distinct(fromPattern), ...breachesOfLength(schema, valid), ...breachesOfFormat(schema)];
}

/** Fills and cuts by characters, as lengths count (JSON Schema Validation 6.3.1). */
function breachesOfLength({ minLength, maxLength }: JsonObject, valid: string): Breach[] {
  const characters = [...valid];
  const fill = characters.at(-1) ?? 'x';
  const long =
    typeof maxLength === 'number' ? [valid, ...Array(Math.max(maxLength + 1 - characters.length, 0)).fill(fill)] : [];
  return [
    ...(typeof minLength === 'number' && minLength > 0
      ? [{ name: 'too-short', keyword: 'minLength', value: characters.slice(0, minLength - 1).join('') }]
      : []),
    ...(typeof maxLength === 'number' ? [{ name: 'too-long', keyword: 'maxLength', value: long.join('') }] : []),
  ];
}

function breachesOfBounds(schema: JsonObject): Breach[] {
  const bounds = Object.entries({ minimum: -1, exclusiveMinimum: -1, maximum: 1, exclusiveMaximum: 1 });
  return bounds.flatMap(([keyword, step]) => {
    const bound = schema[keyword];
    if (typeof bound !== 'number') return [];
    // Beyond 2^53 a step of one is lost.
    const value = bound + step === bound ? bound + step * Math.abs(bound) : bound + step;
    return [{ name: step < 0 ? 'too-low' : 'too-high', keyword, value }];
  });
}

function breachesOfFormat({ format }: JsonObject): Breach[] {
  return typeof format === 'string' ? [{ name: 'malformed', keyword: 'format', value: `no <${format}>` }] : [];
}

function distinct(breaches: readonly (Breach & { value: string })[]): Breach[] {
  return [...new Map(breaches.toReversed().map((breach) => [breach.value, breach])).values()].toReversed();
}

function inside(text: string, insertion: string): string {
  const middle = Math.ceil(text.length / 2);
  return `${text.slice(0, middle)}${insertion}${text.slice(middle)}`;
}

/** Returns the digits of a text, written in another script. */
function inDigits(text: string, zero: number): string {
  return text.replaceAll(/[^0-9]/g, '').replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit)));
}
