import type { Socket } from 'node:net';
import { errorAnswer, rejecting } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const aliases = ['me', 'viewer', 'owner'] as const;

/** Servers that are wrong in one situation only, so that one requirement alone finds them. */
export const narrow: readonly FaultyServer[] = [
  fault(
    'narrow/charset-refused',
    'success/status',
    'A body that is declared as application/json with a charset is refused.',
    rejecting('mediaType', (value) => /charset/i.test(String(value))),
  ),
  ...aliases.map((alias) =>
    fault(
      `narrow/${alias}-beside-an-extension-number-refused`,
      `path/user-${alias}`,
      `The userId @${alias} is refused with the number of an extension, unless it is percent-encoded.`,
      rejecting('userId', (_value, { request }) => request.url?.includes(`/@${alias}/0`) ?? false),
    ),
  ),
  fault(
    'narrow/self-for-viewer-refused',
    'path/extension-self',
    'The extension @self is refused for the User @viewer.',
    rejecting('extension', (value, { address }) => value === '@self' && address?.userId === '@viewer'),
  ),
  fault(
    'narrow/again-on-one-connection-answered-409',
    'effects/transfer-again',
    'A transfer that repeats the request before it on the same connection is answered with 409.',
    () => {
      let last: { readonly socket: Socket; readonly said: string } | undefined;
      return {
        finish: (answer, { request: { socket, method, url }, body }) => {
          const said = `${method} ${url} ${String(body)}`;
          const isRepetition = last?.socket === socket && last.said === said && answer.outcome === 'transferred';
          last = { socket, said };
          return isRepetition ? errorAnswer(409, 'already_transferred') : answer;
        },
      };
    },
  ),
];
