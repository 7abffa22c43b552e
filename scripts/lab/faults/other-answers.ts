import type { Exchange } from '../servers/plain/behaviour.ts';
import { showing } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const otherId = 'c4d90aa1b7e25f604418';

const requests: readonly (readonly [
  name: string,
  requirement: string,
  says: string,
  where: (exchange: Exchange) => boolean,
])[] = [
  [
    'charset',
    'success/status',
    'declared with a charset',
    ({ request }) => /charset/i.test(String(request.headers['content-type'])),
  ],
  ['without-transfer-number', 'success/id', 'without transferNumber', ({ action }) => !action?.['transferNumber']],
  [
    'plain-path',
    'path/call-by-user-extension-and-id',
    'by User id, extension number and id',
    ({ address }) => address?.userId === '12' && address.extension !== '@self',
  ],
  ['me', 'path/user-me', 'for @me', ({ address }) => address?.userId === '@me'],
  ['viewer', 'path/user-viewer', 'for @viewer', ({ address }) => address?.userId === '@viewer'],
  ['owner', 'path/user-owner', 'for @owner', ({ address }) => address?.userId === '@owner'],
  ['self', 'path/extension-self', 'for @self', ({ address }) => address?.extension === '@self'],
  ['encoded-path', 'path/percent-encoding', 'with an encoded path', ({ request }) => /%/.test(request.url ?? '')],
  [
    'trailing-slash',
    'path/trailing-slash',
    'with a slash at the end',
    ({ request }) => request.url?.endsWith('/') ?? false,
  ],
  ['public-number', 'body/send-call-to-public-number', 'to a public number', sentTo(/^[0-9]+$/)],
  ['extension', 'body/send-call-to-extension', 'to an extension', sentTo(/\*/)],
  ['country-code', 'body/send-call-to-international-number', 'to a number that begins with a plus sign', sentTo(/^\+/)],
  [
    'transferring-extension',
    'body/transfer-from-either-party',
    'from the extension of the call',
    ({ action, calls }) => action?.['transferFromNumber'] === calls?.[0]?.extension,
  ],
  [
    'unknown-member',
    'body/unknown-members',
    'with a member that the documentation does not name',
    ({ action }) => Object.keys(action ?? {}).some((member) => !members.includes(member)),
  ],
];

const members = ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'];

/** Moves the right call, and answers about another one, for some requests only. */
export const otherAnswers: readonly FaultyServer[] = requests.map(([name, requirement, says, where]) =>
  fault(
    `other-answers/${name}`,
    requirement,
    `A transfer ${says} is answered with another call.`,
    showing((call, exchange) => (where(exchange) ? { ...call, id: otherId } : call)),
  ),
);

function sentTo(pattern: RegExp): (exchange: Exchange) => boolean {
  return ({ action }) => pattern.test(String(action?.['sendCallTo']));
}
