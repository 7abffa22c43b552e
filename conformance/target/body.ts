import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { JsonValue } from '../contract/json.ts';
import type { ReceivedBody } from './exchange.ts';
import { IncompleteExchange } from './failure.ts';

/** The longest body that is read, in bytes, before and after content decoding. */
export const longestBody = 1024 * 1024;

/** The deepest JSON that is parsed, and the most values in it. */
export const [deepestJson, mostJson] = [100, 50_000];

/** The most content codings that are undone, one after the other. */
const mostCodings = 5;

type Decoder = (content: Buffer, options: { maxOutputLength: number }) => Buffer;

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  // RFC 9110 section 8.4.1.2 notes that some servers leave out the zlib wrapper.
  deflate: (content, options) => ((content[0] ?? 0) % 16 === 8 ? inflateSync : inflateRawSync)(content, options),
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
  identity: (content) => content,
};

/**
 * Undoes the content codings of a body, the last one first (RFC 9110 section 8.4).
 *
 * @throws IncompleteExchange if the content is not encoded as declared, grows beyond the bound or is encoded too often.
 */
export function decodeContent(content: Buffer, contentEncoding: string | undefined): Buffer {
  const codings = (contentEncoding ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter(Boolean);
  if (codings.length > mostCodings) {
    throw new IncompleteExchange(
      'too large',
      `The body is encoded ${codings.length} times over, the limit is ${mostCodings}`,
    );
  }
  return codings.reduceRight((encoded, coding) => decodeOne(encoded, coding), content);
}

function decodeOne(content: Buffer, coding: string): Buffer {
  const decode = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
  if (decode === undefined)
    throw new IncompleteExchange('encoding', `The body is encoded as ${coding}, which was not asked for`);
  if (content.length === 0) return content;
  try {
    return decode(content, { maxOutputLength: longestBody });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const came = `${content.length} bytes of ${coding} came`;
      throw new IncompleteExchange(
        'too large',
        `The body is longer than ${longestBody} bytes, the limit, once it is decompressed: ${came}`,
      );
    }
    throw new IncompleteExchange(
      'encoding',
      `The body is declared as ${coding}, but cannot be decoded: ${(error as Error).message}`,
    );
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The shortest body that is remembered, in bytes: to parse a megabyte for each answer takes a minute in all. */
const shortestKept = 16 * 1024;

let latest: { readonly content: Buffer; readonly body: ReceivedBody } | undefined;

/** Returns a decoded body as text and, if it is JSON, as a value. A long one that comes again is the same object. */
export function receivedBody(content: Buffer): ReceivedBody {
  if (content.length < shortestKept) return readBody(content);
  if (latest?.content.equals(content) !== true) latest = { content, body: readBody(content) };
  return latest.body;
}

function readBody(content: Buffer): ReceivedBody {
  const length = content.length;
  let text: string;
  try {
    text = utf8.decode(content);
  } catch {
    return { length, text: content.toString('latin1'), json: undefined, problem: 'the body is not UTF-8' };
  }
  const oversized = oversizedJson(text);
  if (oversized !== undefined) return { length, text, json: undefined, problem: oversized };
  try {
    return { length, text, json: { value: JSON.parse(text) as JsonValue }, problem: undefined };
  } catch (error) {
    return { length, text, json: undefined, problem: length === 0 ? 'the body is empty' : describeJsonError(error) };
  }
}

/** Returns the words of the JSON parser without “token”, which a server's token may be too and would be concealed. */
function describeJsonError(error: unknown): string {
  const words = (error as Error).message.replace(
    /^Unexpected token .*?, (.*) is not valid JSON$/s,
    'not valid JSON: $1',
  );
  return words.replaceAll(/[ \t\r\n]+/g, ' ');
}

/** Describes the bound that a JSON text is beyond, if there is one. */
function oversizedJson(text: string): string | undefined {
  // What is so short cannot be nested so deep.
  if (text.length <= deepestJson) return undefined;
  const { depth, values } = measureJson(text);
  if (depth > deepestJson) return `the body is nested ${depth} deep, the limit is ${deepestJson}`;
  return values > mostJson ? `the body has ${values} values, the limit is ${mostJson}` : undefined;
}

/** Measures how deep the brackets of a JSON text are nested, and how many values it has at most, names of members apart. */
export function measureJson(text: string): { readonly depth: number; readonly values: number } {
  let depth = 0;
  let deepest = 0;
  let values = 1;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === quote) index = endOfText(text, index);
    else if (character === comma) values++;
    else if (character === bracket || character === brace) {
      values++;
      deepest = Math.max(deepest, ++depth);
    } else if (character === bracket + 2 || character === brace + 2) depth--;
  }
  return { depth: deepest, values };
}

const [quote, comma, bracket, brace, backslash] = [0x22, 0x2c, 0x5b, 0x7b, 0x5c];

/** Returns the index of the quotation mark that ends a text, or the length of the whole if there is none. */
function endOfText(json: string, start: number): number {
  for (let index = start + 1; index < json.length; index++) {
    const character = json.charCodeAt(index);
    if (character === quote) return index;
    if (character === backslash) index++;
  }
  return json.length;
}
