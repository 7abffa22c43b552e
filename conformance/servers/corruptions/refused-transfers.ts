import { operationById, type Contract } from '../../contract/contract.ts';
import { constraintsOf } from '../../contract/constraints.ts';
import { statusOfCode } from '../../contract/refusal.ts';
import { answering, isAcceptedTransfer } from './answers.ts';
import { family, type Change, type Corruption } from './corruption.ts';
import { decodedSegment, readRequest, type ReadRequest } from './requests.ts';

/** Forms of a valid transfer that a server may forget, and the parameter that it then takes for invalid. */
const forms: readonly (readonly [
  name: string,
  says: string,
  parameter: string,
  needs: string,
  has: (request: ReadRequest) => boolean,
])[] = [
  ['user-me', 'The userId @me', 'userId', 'a live call', named('userId', '@me')],
  ['user-viewer', 'The userId @viewer', 'userId', 'a live call', named('userId', '@viewer')],
  ['user-owner', 'The userId @owner', 'userId', 'a live call', named('userId', '@owner')],
  ['extension-self', 'The extension @self', 'extension', 'a live call', named('extension', '@self')],
  [
    'percent-encoding',
    'A percent-encoded path',
    'extension',
    'a live call',
    ({ segments }) => Object.values(segments).some((segment) => segment.includes('%')),
  ],
  [
    'trailing-slash',
    'A slash behind the phoneCallId',
    'phoneCallId',
    'a live call',
    ({ trailingSlash }) => trailingSlash,
  ],
  ['to-extension', 'A transfer to an extension', 'sendCallTo', 'an extension in --send-to', sentTo(/\*/)],
  ['to-public-number', 'A transfer to a public number', 'sendCallTo', 'a public number in --send-to', sentTo(/^\d+$/)],
  [
    'to-international-number',
    'A transfer to a number with a plus sign',
    'sendCallTo',
    'a number with + in --send-to',
    sentTo(/^\+/),
  ],
  [
    'without-transfer-number',
    'A transfer without transferNumber',
    'transferNumber',
    'a live call',
    ({ action }) => action !== undefined && action.transferNumber === undefined,
  ],
  [
    'unknown-member',
    'A member that the documentation does not name',
    'sendCallTo',
    'a live call',
    ({ action = {} }) => Object.keys(action).some((name) => !documentedMembers.includes(name)),
  ],
  [
    'charset',
    'A charset behind the media type',
    'sendCallTo',
    'a live call',
    ({ mediaType = '' }) => mediaType.includes('charset'),
  ],
  ['all', 'Every transfer', 'phoneCallId', 'a live call', () => true],
];

const documentedMembers = ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'];

/** Transfers that must be accepted, and are answered as if they broke something. */
export function refusedTransfers(contract: Contract): Corruption[] {
  const transfer = operationById(contract, 'transferPhoneCall');
  const codes = new Map(constraintsOf(contract, transfer).map(({ name, errorCode }) => [name, errorCode]));
  return forms.flatMap(([name, says, parameter, needs, has]) => {
    const code = codes.get(parameter);
    if (code === undefined) return [];
    const status = statusOfCode(transfer, code);
    const refuse: Change = (exchange) =>
      has(readRequest(exchange.request)) ? answering(Number(status), refusal(code))(exchange) : undefined;
    return family('refuses', needs, isAcceptedTransfer, [
      [name, `${says} is refused with ${status} and ${code}.`, refuse],
    ]);
  });
}

function refusal(code: string) {
  return { error: { code, message: 'The request was refused.' } };
}

function named(parameter: string, alias: string): (request: ReadRequest) => boolean {
  return ({ segments }) => decodedSegment(segments[parameter] ?? '') === alias;
}

function sentTo(pattern: RegExp): (request: ReadRequest) => boolean {
  return ({ action }) => typeof action?.sendCallTo === 'string' && pattern.test(action.sendCallTo);
}
