import { decodeSegment } from '../contract/path-segment.ts';
import type { SentRequest } from './exchange.ts';

/** The call, or the extension with all its calls, that a request is about. */
export interface RequestAddress {
  readonly user: string;
  readonly extension: string;
  readonly call: string | undefined;
}

/** Returns the names in a request's path. */
export function addressOf({ path }: SentRequest): RequestAddress {
  const segments = path
    .slice(path.indexOf('/uapi/phoneCalls/'))
    .replace(/\?.*$/s, '')
    .replace(/\/$/, '')
    .split('/')
    .slice(3);
  const [user = '', extension = '', call] = segments.map((segment) => decodeSegment(segment) ?? segment);
  return { user, extension, call };
}
