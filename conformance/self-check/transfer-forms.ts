import { operationById, type Contract } from '../contract/contract.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import { listConstraints } from '../contract/constraints.ts';
import { findStatus } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { namingAnotherCall } from './successes.ts';
import { readRequest, type ReadRequest } from './accepted-breaches.ts';
import { answering, family, isAcceptedTransfer, type WrongAnswer } from './wrong-answer.ts';

type Has = (request: ReadRequest) => boolean;

const documentedMembers = ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'];

const isAliased =
  (parameter: string, alias: string): Has =>
  ({ segments }) =>
    decodeSegment(segments[parameter] ?? '') === alias;

const isSentTo =
  (pattern: RegExp): Has =>
  ({ action }) =>
    typeof action?.sendCallTo === 'string' && pattern.test(action.sendCallTo);

/** The parameter of a form is the one that a server rejects which does not support the form. */
type FormRow = readonly [name: string, says: string, parameter: string, has: Has, needs?: string];

const aliases = Object.entries({ '@me': 'userId', '@viewer': 'userId', '@owner': 'userId', '@self': 'extension' });

const forms: readonly FormRow[] = [
  ...aliases.map(([alias, parameter]): FormRow => {
    return [`${parameter}-${alias.slice(1)}`, `whose ${parameter} is ${alias}`, parameter, isAliased(parameter, alias)];
  }),
  [
    'percent-encoding',
    'with a percent-encoded path',
    'extension',
    ({ segments }) => /%/.test(Object.values(segments).join()),
  ],
  ['trailing-slash', 'with a slash behind the phoneCallId', 'phoneCallId', ({ trailingSlash }) => trailingSlash],
  ['to-extension', 'to an extension', 'sendCallTo', isSentTo(/\*/), 'an extension in --send-to'],
  ['to-public-number', 'to a public number', 'sendCallTo', isSentTo(/^\d+$/), 'a public number in --send-to'],
  [
    'to-international-number',
    'to a number with a plus sign',
    'sendCallTo',
    isSentTo(/^\+/),
    'a number with a plus sign in --send-to',
  ],
  [
    'without-transfer-number',
    'without transferNumber',
    'transferNumber',
    ({ action }) => action !== undefined && action.transferNumber === undefined,
  ],
  [
    'unknown-member',
    'with an undocumented member',
    'sendCallTo',
    ({ action = {} }) => Object.keys(action).some((name) => !documentedMembers.includes(name)),
  ],
  ['charset', 'with a charset behind its media type', 'sendCallTo', ({ mediaType = '' }) => /charset/.test(mediaType)],
  ['any', '', 'phoneCallId', () => true],
];

/** Forms of a valid transfer that servers forget, each with the part of the fixture that a run needs to send it. */
export const transferForms = forms.map(([name, says, parameter, has, needs = 'a live call']) => {
  return { name, subject: says === '' ? 'Every transfer' : `A transfer ${says}`, parameter, has, needs };
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
