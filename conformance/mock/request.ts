import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import type { JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { Body } from './listener.ts';

/** A request, translated as far as Prism needs it. */
export interface MockRequest {
  /** In capitals. */
  readonly method: string;
  readonly target: RequestTarget;
  /** Without the headers that describe the body. */
  readonly headers: Readonly<Record<string, string>>;
  /** The essence of the body's media type; '' if there is no body. */
  readonly mediaType: string;
  /** The body that was sent, or undefined if there was none or it cannot be read. */
  readonly body: JsonValue | undefined;
  readonly bodyLength: number;
  readonly bodyIsUnreadable: boolean;
}

/** A request target in the one form that all its spellings have in common. */
export interface RequestTarget {
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[]>>;
  /** The segments of the path, decoded. */
  readonly segments: readonly string[];
  /** The indices of the segments whose percent-encoding cannot be decoded. */
  readonly malformed: ReadonlySet<number>;
}

export function mockRequest(
  { method = '', url = '', headers }: Pick<IncomingMessage, 'method' | 'url' | 'headers'>,
  body: Body,
): MockRequest {
  // A body without a declared type may be treated as bytes (RFC 9110 section 8.3).
  const declared = headers['content-type'] ?? (body.length > 0 ? 'application/octet-stream' : undefined);
  const mediaType = readMediaType(declared);
  return {
    method,
    target: readTarget(url),
    headers: headersForPrism(headers),
    mediaType: mediaType ?? '',
    body: body.value,
    bodyLength: body.length,
    bodyIsUnreadable: body.isUnreadable || mediaType === undefined,
  };
}

/** Returns the essence of a media type, '' if none is given, and undefined if it is malformed. */
function readMediaType(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return '';
  if (contentType === 'application/json') return contentType;
  try {
    return new MIMEType(contentType).essence;
  } catch {
    return undefined;
  }
}

/**
 * Adapts headers to Prism, which knows the authorization scheme in its usual capitals only, and answers a wish for
 * another media type with a problem.
 */
function headersForPrism({
  accept: _,
  authorization,
  'content-type': __,
  'content-length': ___,
  ...headers
}: IncomingMessage['headers']): Record<string, string> {
  if (authorization !== undefined) headers.authorization = authorization.replace(/^bearer(?=\s)/i, 'Bearer');
  return headers as Record<string, string>;
}

/**
 * Reads a request target or a link in origin form or absolute form. Slashes may be doubled at the start, and there may
 * be one at the end. Segments are decoded and encoded again, because malformed percent-encoding crashes Prism.
 */
export function readTarget(target: string): RequestTarget {
  const relative = target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '');
  const [path = '', query] = relative.split(/\?(.*)/s);
  const decoded = path.replace(/^\/+/, '').replace(/\/$/, '').split('/').map(decodeSegment);
  const segments = decoded.map((segment) => segment ?? '\u{FFFD}');
  return {
    path: `/${segments.map(encodeURIComponent).join('/')}`,
    query: query === undefined ? {} : readQuery(new URLSearchParams(query)),
    segments,
    malformed: new Set(decoded.flatMap((segment, index) => (segment === undefined ? [index] : []))),
  };
}

/** Returns the values by name: a text, or a list where a name is repeated. */
function readQuery(query: URLSearchParams): Record<string, string | string[]> {
  const values = [...new Set(query.keys())].map((name) => [name, query.getAll(name)] as const);
  return Object.fromEntries(values.map(([name, all]) => [name, all.length > 1 ? all : (all[0] ?? '')]));
}
