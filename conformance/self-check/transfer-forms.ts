import { operationById, type Contract } from '../contract/contract.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import { listConstraints } from '../contract/constraints.ts';
import { findStatus } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { namingAnotherCall } from './successes.ts';
import { readRequest, type ReadRequest } from './accepted-breaches.ts';
import { answering, family, isAcceptedTransfer, type WrongAnswer } from './wrong-answer.ts';

/** A form that a valid transfer can have. */
interface TransferForm {
  readonly name: string;
  /** The subject of a sentence about transfers of this form. */
  readonly subject: string;
  /** The parameter that a server rejects which does not support the form. */
  readonly parameter: string;
  /** The part of the fixture that a run needs to send such a transfer. */
  readonly needs: string;
  readonly has: (request: ReadRequest) => boolean;
}

const liveCall = 'a live call';
const documentedMembers = ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'];

const isAliased =
  (parameter: string, alias: string): TransferForm['has'] =>
  ({ segments }) =>
    decodeSegment(segments[parameter] ?? '') === alias;

const isSentTo =
  (pattern: RegExp): TransferForm['has'] =>
  ({ action }) =>
    typeof action?.sendCallTo === 'string' && pattern.test(action.sendCallTo);

type FormRow = readonly [name: string, subject: string, parameter: string, has: TransferForm['has'], needs?: string];

const forms: readonly FormRow[] = [
  ...['@me', '@viewer', '@owner', '@self'].map((alias): FormRow => {
    const parameter = alias === '@self' ? 'extension' : 'userId';
    const subject = `A transfer whose ${parameter} is ${alias}`;
    return [`${parameter}-${alias.slice(1)}`, subject, parameter, isAliased(parameter, alias)];
  }),
  [
    'percent-encoding',
    'A transfer with a percent-encoded path',
    'extension',
    ({ segments }) => Object.values(segments).some((segment) => segment.includes('%')),
  ],
  [
    'trailing-slash',
    'A transfer with a slash behind the phoneCallId',
    'phoneCallId',
    ({ trailingSlash }) => trailingSlash,
  ],
  ['to-extension', 'A transfer to an extension', 'sendCallTo', isSentTo(/\*/), 'an extension in --send-to'],
  [
    'to-public-number',
    'A transfer to a public number',
    'sendCallTo',
    isSentTo(/^\d+$/),
    'a public number in --send-to',
  ],
  [
    'to-international-number',
    'A transfer to a number with a plus sign',
    'sendCallTo',
    isSentTo(/^\+/),
    'a number with a plus sign in --send-to',
  ],
  [
    'without-transfer-number',
    'A transfer without transferNumber',
    'transferNumber',
    ({ action }) => action !== undefined && action.transferNumber === undefined,
  ],
  [
    'unknown-member',
    'A transfer with an undocumented member',
    'sendCallTo',
    ({ action = {} }) => Object.keys(action).some((name) => !documentedMembers.includes(name)),
  ],
  [
    'charset',
    'A transfer with a charset behind its media type',
    'sendCallTo',
    ({ mediaType = '' }) => mediaType.includes('charset'),
  ],
  ['any', 'Every transfer', 'phoneCallId', () => true],
];

/** Forms of a valid transfer that servers forget. */
export const transferForms: readonly TransferForm[] = forms.map(([name, subject, parameter, has, needs = liveCall]) => {
  return { name, subject, parameter, needs, has };
});

/** Returns the wrong answers to one form of a valid transfer each: a refusal, and a success about another call. */
export function mistakenForms(contract: Contract): WrongAnswer[] {
  const transfer = operationById(contract, 'transferPhoneCall');
  const codes = new Map(listConstraints(contract, transfer).map(({ name, errorCode }) => [name, errorCode]));
  return transferForms.flatMap(({ name, subject, parameter, needs, has }) => {
    const concerns = (exchange: Exchange) => isAcceptedTransfer(exchange) && has(readRequest(exchange.request));
    const code = codes.get(parameter) ?? '';
    const status = findStatus(transfer, code);
    const refuse = answering(Number(status), { error: { code, message: 'The request was refused.' } });
    return [
      ...family('refuses', needs, concerns, [[name, `${subject} is refused with ${status} and ${code}.`, refuse]]),
      ...family('confuses', needs, concerns, [[name, `${subject} is answered with another call.`, namingAnotherCall]]),
    ];
  });
}
