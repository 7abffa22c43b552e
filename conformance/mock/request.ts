import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import type { Body } from './body.ts';
import type { MockRequest } from './prism.ts';
import { readTarget } from './target.ts';

/** A request as Prism takes it. */
export function mockRequest({ method = '', url = '', headers }: IncomingMessage, body: Body): MockRequest {
  const target = readTarget(url);
  // What a body is that nobody declares, a recipient may take for bytes (RFC 9110 section 8.3).
  const declared = headers['content-type'] ?? (body.length > 0 ? 'application/octet-stream' : undefined);
  const contentType = mediaTypeOf(declared);
  return {
    method: method.toLowerCase() as MockRequest['method'],
    url: { path: target.path, query: target.query },
    target,
    headers: headersForPrism(headers, contentType, body.length),
    body: body.value,
    bodyIsUnreadable: body.isUnreadable || contentType === undefined,
  };
}

/** The essence of a media type, '' where none is given, undefined where it is none. */
function mediaTypeOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return '';
  try {
    return new MIMEType(contentType).essence;
  } catch {
    return undefined;
  }
}

/**
 * Prism knows the scheme of the authorization by its usual capitals only, reads a media type only from a request that
 * states its length, throws on one that is none, and answers a wish for another media type with a problem.
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
