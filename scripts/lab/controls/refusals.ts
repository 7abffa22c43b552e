import type { Behaviour } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { accepting, errorAnswer, matching, refusal, refusing, rejecting } from '../servers/plain/variations.ts';
import type { UnusualServer } from '../servers/server.ts';
import { control } from './control.ts';

const messages: readonly (readonly [name: string, says: string, message: string])[] = [
  ['empty', 'empty', ''],
  ['unicode', 'in other scripts', 'Num\u0103r nevalid \u2014 \u7121\u52b9\u306a\u756a\u53f7 \u{1f4f5}'],
  ['markup', 'markup', '<p class="error">Not \\"valid\\" &amp; refused</p>\n'],
  ['long', 'long', 'The number is not valid. '.repeat(400)],
];

const otherActions: readonly (readonly [status: number, code: string])[] = [
  [400, 'action_invalid'],
  [400, 'pc_sendcallto_invalid'],
  [404, 'action_not_found'],
  [422, 'action_unknown'],
  [501, 'not_implemented'],
];

const unreadableBodies: readonly (readonly [status: number, code: string])[] = [
  [400, 'malformed_json'],
  [415, 'unsupported_media_type'],
  [422, 'unprocessable_body'],
];

/** Servers whose refusals the documentation leaves open, or that deserve a warning only. */
export const refusals: readonly UnusualServer[] = [
  ...messages.map(([name, says, message]) =>
    control(`refusals/message-${name}`, `Messages are ${says}.`, withMessages(message)),
  ),
  control(
    'refusals/forbidden',
    'A request that is not authorized is refused with 403.',
    refusal('authorization', { status: 403, code: 'token_expired' }),
  ),
  control(
    'refusals/forbidden-for-wrong-tokens',
    'A missing token is refused with 401, a wrong one with 403.',
    refusing('authorization', (answer, { request }) =>
      request.headers.authorization === undefined ? answer : errorAnswer(403, 'access_denied'),
    ),
  ),
  control(
    'refusals/challenge',
    'A 401 carries a challenge.',
    refusing('authorization', (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'www-authenticate': 'Bearer realm="uapi", error="invalid_token", Basic realm="x"' },
    })),
  ),
  ...otherActions.map(([status, code]) =>
    control(
      `refusals/action-${status}-${code.replaceAll('_', '-')}`,
      `Another action is refused with ${status} and ${code}.`,
      refusal('action', { status, code }),
    ),
  ),
  ...unreadableBodies.map(([status, code]) =>
    control(
      `refusals/body-${status}`,
      `An unreadable body is refused with ${status} and ${code}.`,
      refusal('body', { status, code }),
    ),
  ),
  control(
    'refusals/media-type-400',
    'A body of another media type is refused with 400 and pc_sendcallto_invalid.',
    refusal('mediaType', { status: 400, code: 'pc_sendcallto_invalid' }),
  ),
  control(
    'refusals/any-media-type',
    'JSON is read whatever it is declared as.',
    accepting('mediaType', () => true),
    { warns: ['body/media-type'] },
  ),
  control(
    'refusals/transfer-number-required',
    'A request without transferNumber is refused with 400 and pc_transfer_number_invalid.',
    rejecting('transferNumber', (value) => value === undefined),
    { warns: ['body/transfer-number-optional'] },
  ),
  control(
    'refusals/no-country-codes',
    'A sendCallTo that begins with a plus sign is refused with 400 and pc_sendcallto_invalid.',
    rejecting('sendCallTo', matching(/^\+/)),
    { warns: ['body/send-call-to-international-number'] },
  ),
  control('refusals/call-found-in-any-case', 'A call is found by its id in upper or lower case.', {
    find: ({ phoneCallId, ...address }, switchboard) =>
      documented.find({ ...address, phoneCallId: phoneCallId?.toLowerCase() }, switchboard),
  }),
  control(
    'refusals/unknown-members',
    'A member that the documentation does not name is refused.',
    {
      ...rejecting('body', (value) => Object.keys(value as object).some((name) => !documentedMembers.includes(name))),
      ...refusal('body', { code: 'unknown_member' }),
    },
    { warns: ['body/unknown-members'] },
  ),
  control(
    'refusals/trailing-slash',
    'A slash after the phoneCallId is answered with 404.',
    {
      route: (path) => (path.endsWith('/') ? undefined : documented.route(path)),
      ...refusal('operation', { status: 404, code: 'not_found' }),
    },
    { warns: ['path/trailing-slash'] },
  ),
];

const documentedMembers: readonly string[] = ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'];

function withMessages(message: string): Partial<Behaviour> {
  return { showRefusal: ({ code }) => ({ error: { code, message } }) };
}
