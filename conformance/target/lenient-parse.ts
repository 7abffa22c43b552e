import { isObject, type JsonValue } from '../contract/json.ts';

/**
 * The characters that separate the digits of a telephone number for people (RFC 3966 section 5.1.1), or that are not
 * seen at all.
 */
const separators = /[-.()/\s\p{Cf}]/gu;

/**
 * Lists what servers may read in a path segment. They may read it as it is, with its percent-encoding undone once or
 * twice, without its parameters, or with its characters folded to those that they resemble.
 */
export function readingsOfSegment(segment: string): readonly string[] {
  const once = percentDecoded(segment);
  const decoded = [segment, once, percentDecoded(once)];
  // Servlet containers drop parameters before they decode (RFC 3986 section 3.3).
  const [bare = ''] = segment.split(';');
  return [...new Set([...decoded, ...decoded.map(folded), bare, percentDecoded(bare)])];
}

/**
 * Tells whether a server that trims or drops what is not seen could read a path segment as empty. It would read the path
 * as that of all calls of an extension. A plus sign is a blank in forms.
 */
export function isBlankSegment(segment: string): boolean {
  return readingsOfSegment(segment).some((reading) => /^[\s+\p{C}]*$/u.test(reading));
}

/** Lists the values that servers may read for a member of a body, however leniently they parse it. */
export function readingsOfMember(body: string, member: string): readonly string[] {
  const values = valuesInJson(body, member) ?? valuesInText(body, member);
  const readings = values
    .flatMap((value) => [value, percentDecoded(value)])
    .flatMap((value) => [value, value.trim(), value.replace(/^\s*(?:tel|sip):/i, '').replaceAll(separators, '')]);
  return [...new Set(readings)];
}

/**
 * Counts how often a body names a member, in whatever case and encoding. Of several, one server uses the first, another
 * the last.
 */
export function occurrencesOfMember(body: string, member: string): number {
  return unescaped(body).toLowerCase().split(member.toLowerCase()).length - 1;
}

function valuesInJson(body: string, member: string): string[] | undefined {
  try {
    const values = membersNamed(JSON.parse(body) as JsonValue, member);
    return values.every(isWithoutNumbers) ? values.flatMap(textsIn) : numbersAsWritten(body, member);
  } catch {
    return undefined;
  }
}

/** A number counts as it is written, too: it may have more digits than JavaScript keeps. */
function numbersAsWritten(body: string, member: string): string[] {
  const revive = (_: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? [String(value), context?.source ?? ''] : value;
  return membersNamed(JSON.parse(body, revive) as JsonValue, member).flatMap(textsIn);
}

function isWithoutNumbers(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'number';
  return Object.values(value).every(isWithoutNumbers);
}

function membersNamed(value: JsonValue, member: string): JsonValue[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, own]) => {
    const isMeant = isObject(value) && percentDecoded(name).toLowerCase().includes(member.toLowerCase());
    return isMeant ? [own] : membersNamed(own, member);
  });
}

function textsIn(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Lists what follows a name in text that is not JSON: form data, or text that a lenient parser accepts as JSON. */
function valuesInText(body: string, member: string): string[] {
  const text = unescaped(body);
  const start = text.toLowerCase().indexOf(member.toLowerCase());
  if (start === -1) return [];
  const [value = ''] = text.slice(start + member.length).split(/[,;&]/);
  return value.split(/["'{}[\]<>=]+/).map((part) => part.replace(/^[\s:]+/, ''));
}

function unescaped(body: string): string {
  const characters = body.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return percentDecoded(characters.replaceAll(/\\[nrtbfv]/g, ' '));
}

/** Each percent-encoded byte as a character, where there is one; anything else as it is. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** A text of bytes as UTF-8, its characters as the plain ones that they resemble. */
function folded(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  return Buffer.from(bytes, 'latin1').toString('utf8').normalize('NFKC');
}

/** Tells whether a text has characters of ASCII only, which resemble nothing but themselves. */
export function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /^[\0-\x7f]*$/.test(text);
}
