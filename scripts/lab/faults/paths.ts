import type { Behaviour } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { accepting, matching, refusal, refusing, rejecting } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const notUnderstood: readonly (readonly [name: string, requirement: string, says: string, values: RegExp])[] = [
  ['me', 'path/user-me', 'The userId @me', /^@me$/],
  ['viewer', 'path/user-viewer', 'The userId @viewer', /^@viewer$/],
  ['owner', 'path/user-owner', 'The userId @owner', /^@owner$/],
  ['user-id', 'path/call-by-user-extension-and-id', 'The id of a User', /^12$/],
];

/** Accepts paths that name nothing, and refuses those that do. */
export const paths: readonly FaultyServer[] = [
  ...notUnderstood.map(([name, requirement, says, values]) =>
    fault(`path/${name}-not-understood`, requirement, `${says} is refused.`, rejecting('userId', matching(values))),
  ),
  fault(
    'path/extension-number-not-understood',
    'path/call-by-user-extension-and-id',
    'The number of an extension is refused.',
    rejecting('extension', (value) => value !== '@self'),
  ),
  fault('path/self-not-understood', 'path/extension-self', 'The extension @self is refused.', {
    ...rejecting('extension', (value) => value === '@self'),
  }),
  fault('path/self-finds-no-call', 'path/extension-self', 'The extension @self matches no extension.', {
    find: (address, switchboard) => (address.extension === '@self' ? undefined : documented.find(address, switchboard)),
  }),
  fault(
    'path/self-finds-the-first-call',
    'path/extension-self',
    'With @self the first call is meant, whatever the id.',
    {
      find: (address, switchboard) =>
        address.extension === '@self' ? switchboard.calls.slice(1, 2) : documented.find(address, switchboard),
    },
  ),
  fault(
    'path/me-with-self-not-understood',
    'path/extension-self',
    'The extension @self is refused for the User @me.',
    rejecting('extension', (value, { address }) => value === '@self' && address?.userId === '@me'),
  ),
  fault('path/at-sign-not-decoded', 'path/percent-encoding', 'A percent-encoded @ is taken literally.', {
    decode: (segment) => (/%40/.test(segment) ? segment : documented.decode(segment)),
  }),
  fault('path/asterisk-not-decoded', 'path/percent-encoding', 'A percent-encoded * is taken literally.', {
    decode: (segment) => (/%2a/i.test(segment) ? segment : documented.decode(segment)),
  }),
  fault('path/nothing-decoded', 'path/percent-encoding', 'Percent-encoded characters are taken literally.', {
    decode: (segment) => segment,
  }),
  fault('path/decoding-fails', 'path/percent-encoding', 'Percent-encoded characters make the server fail.', {
    decode: (segment) => {
      if (segment.includes('%')) throw new Error('not prepared for an encoded segment');
      return segment;
    },
  }),
  fault('path/trailing-slash-unknown', 'path/trailing-slash', 'A slash after the phoneCallId names no operation.', {
    route: (path) => (path.endsWith('/') ? undefined : documented.route(path)),
  }),
  fault('path/trailing-slash-404', 'path/trailing-slash', 'A slash after the phoneCallId is answered with 404.', {
    route: (path) => (path.endsWith('/') ? undefined : documented.route(path)),
    ...refusal('operation', { status: 404, code: 'not_found' }),
  }),
  fault('path/trailing-slash-redirected', 'path/trailing-slash', 'A slash after the phoneCallId is redirected away.', {
    route: (path) => (path.endsWith('/') ? undefined : documented.route(path)),
    ...refusing('operation', (answer, { request, base }) => {
      const location = base + (request.url ?? '').replace(/\/$/, '');
      return { ...answer, status: 308, headers: { location }, body: '' };
    }),
  }),
  fault('path/unknown-user-accepted', 'path/user-invalid', 'Any id is accepted for a User.', {
    ...accepting('userId', matching(/^[A-Za-z0-9_.-]+$/)),
  }),
  fault('path/malformed-user-accepted', 'path/user-invalid', 'A userId with characters that no id has is accepted.', {
    ...accepting('userId', matching(/[^A-Za-z0-9_.:@-]/)),
  }),
  fault('path/unknown-alias-accepted', 'path/user-invalid', 'Any userId that begins with @ is accepted.', {
    ...accepting('userId', matching(/^@/)),
  }),
  fault(
    'path/user-ignored',
    'path/user-invalid',
    'The userId is not looked at.',
    accepting('userId', () => true),
  ),
  fault(
    'path/unknown-extension-accepted',
    'path/extension-invalid',
    'The number of no extension is accepted if the call is known.',
    findingById(matching(/^[0-9*]+$/)),
  ),
  fault(
    'path/malformed-extension-accepted',
    'path/extension-invalid',
    'An extension with other characters is accepted if the call is known.',
    findingById(matching(/[^0-9*]/)),
  ),
  fault(
    'path/extension-ignored',
    'path/extension-invalid',
    'The extension is not looked at.',
    findingById(() => true),
  ),
];

/** Accepts numbers of extensions that do not exist, and then finds the call by its id alone. */
function findingById(also: (value: unknown) => boolean): Partial<Behaviour> {
  return {
    ...accepting('extension', also),
    find: (address, switchboard) => {
      const isKnown = switchboard.extensions.includes(address.extension) || !also(address.extension);
      const extension = isKnown || address.phoneCallId === undefined ? address.extension : '@self';
      return documented.find({ ...address, extension }, switchboard);
    },
  };
}
