/** Undoes the percent-encoding of a path segment. Returns undefined if the encoding is malformed (RFC 3986 section 2.1). */
export function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
