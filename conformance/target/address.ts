import type { SentRequest } from './exchange.ts';

/** The call, or the extension with all its calls, that a request is about. */
export interface RequestAddress {
  readonly user: string;
  readonly extension: string;
  readonly call: string | undefined;
}

/** What a request's path names. */
export function addressOf({ path }: SentRequest): RequestAddress {
  const segments = path.slice(path.indexOf('/uapi/phoneCalls/')).replace(/\/$/, '').split('/').slice(3).map(decoded);
  return { user: segments[0] ?? '', extension: segments[1] ?? '', call: segments[2] };
}

/** A path segment without its percent-encoding, or as it is if that cannot be undone. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
