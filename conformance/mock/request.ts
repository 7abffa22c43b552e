import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import type { IHttpRequest } from '@stoplight/prism-http';
import type { Operation } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import type { Body } from './listener.ts';

/** A request in Prism's form, with what that form cannot express. */
export interface MockRequest extends IHttpRequest {
  readonly headers: Record<string, string>;
  readonly target: RequestTarget;
  /** The body that was sent, or undefined if there was none or it cannot be read. */
  readonly body: JsonValue | undefined;
  readonly bodyIsUnreadable: boolean;
}

/** A request target in the one form that all its spellings have in common. */
export interface RequestTarget {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The segments of the path, decoded. */
  readonly segments: readonly string[];
  /** The indices of the segments whose percent-encoding cannot be decoded. */
  readonly malformed: ReadonlySet<number>;
}

/** Translates a request into Prism's form. */
export function mockRequest({ method = '', url = '', headers }: IncomingMessage, body: Body): MockRequest {
  const target = readTarget(url);
  // A body without a declared type may be treated as bytes (RFC 9110 section 8.3).
  const declared = headers['content-type'] ?? (body.length > 0 ? 'application/octet-stream' : undefined);
  const contentType = mediaTypeEssence(declared);
  return {
    method: method.toLowerCase() as MockRequest['method'],
    url: { path: target.path, query: target.query },
    target,
    headers: headersForPrism(headers, contentType, body.length),
    body: body.value,
    bodyIsUnreadable: body.isUnreadable || contentType === undefined,
  };
}

/** Returns the essence of a media type, '' if none is given, and undefined if it is malformed. */
function mediaTypeEssence(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return '';
  try {
    return new MIMEType(contentType).essence;
  } catch {
    return undefined;
  }
}

/**
 * Adapts headers to Prism, which knows the authorization scheme in its usual capitals only, reads a media type only if
 * a length is stated, throws on a malformed one, and answers a wish for another media type with a problem.
 */
function headersForPrism(
  { accept: _, authorization, 'content-type': __, ...headers }: IncomingMessage['headers'],
  contentType: string | undefined,
  length: number,
): Record<string, string> {
  return {
    ...(headers as Record<string, string>),
    ...(authorization !== undefined && { authorization: authorization.replace(/^bearer(?=\s)/i, 'Bearer') }),
    ...(contentType && { 'content-type': contentType }),
    'content-length': String(length),
  };
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
    query: query === undefined ? {} : Object.fromEntries(new URLSearchParams(query)),
    segments,
    malformed: new Set(decoded.flatMap((segment, index) => (segment === undefined ? [index] : []))),
  };
}

/** Returns the names of an operation's path parameters, each at the index of its segment. */
export function pathParameters({ path }: Operation): (string | undefined)[] {
  return path
    .split('/')
    .slice(1)
    .map((segment) => /^\{(.+)\}$/.exec(segment)?.[1]);
}

/** Returns the values of an operation's path parameters in a target, or undefined if the target has another path. */
export function pathValues(operation: Operation, { segments }: RequestTarget): Record<string, string> | undefined {
  const names = pathParameters(operation);
  const template = operation.path.split('/').slice(1);
  const fits = segments.every((segment, index) => names[index] !== undefined || segment === template[index]);
  if (!fits || segments.length !== template.length) return undefined;
  return Object.fromEntries(
    names.flatMap((name, index) => (name === undefined ? [] : [[name, segments[index] ?? '']])),
  );
}
