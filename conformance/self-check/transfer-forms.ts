import { operationById, type Contract } from '../contract/contract.ts';
import { decodeSegment } from '../contract/path-segment.ts';
import { listConstraints } from '../contract/constraints.ts';
import { findStatus } from '../contract/refusal.ts';
import type { Exchange } from '../target/exchange.ts';
import { namingAnotherCall } from './successes.ts';
import { readRequest, type ReadRequest } from './accepted-breaches.ts';
import { answering, family, isAcceptedTransfer, type WrongAnswer } from './wrong-answer.ts';

/** A form that a valid transfer can have. */
export interface TransferForm {
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

/** Forms of a valid transfer that servers forget. */
export const transferForms: readonly TransferForm[] = [
  ...['@me', '@viewer', '@owner'].map((alias) => aliased('userId', alias)),
  aliased('extension', '@self'),
  {
    name: 'percent-encoding',
    subject: 'A transfer with a percent-encoded path',
    parameter: 'extension',
    needs: liveCall,
    has: ({ segments }) => Object.values(segments).some((segment) => segment.includes('%')),
  },
  {
    name: 'trailing-slash',
    subject: 'A transfer with a slash behind the phoneCallId',
    parameter: 'phoneCallId',
    needs: liveCall,
    has: ({ trailingSlash }) => trailingSlash,
  },
  {
    name: 'to-extension',
    subject: 'A transfer to an extension',
    parameter: 'sendCallTo',
    needs: 'an extension in --send-to',
    has: isSentTo(/\*/),
  },
  {
    name: 'to-public-number',
    subject: 'A transfer to a public number',
    parameter: 'sendCallTo',
    needs: 'a public number in --send-to',
    has: isSentTo(/^\d+$/),
  },
  {
    name: 'to-international-number',
    subject: 'A transfer to a number with a plus sign',
    parameter: 'sendCallTo',
    needs: 'a number with a plus sign in --send-to',
    has: isSentTo(/^\+/),
  },
  {
    name: 'without-transfer-number',
    subject: 'A transfer without transferNumber',
    parameter: 'transferNumber',
    needs: liveCall,
    has: ({ action }) => action !== undefined && action.transferNumber === undefined,
  },
  {
    name: 'unknown-member',
    subject: 'A transfer with an undocumented member',
    parameter: 'sendCallTo',
    needs: liveCall,
    has: ({ action = {} }) => Object.keys(action).some((name) => !documentedMembers.includes(name)),
  },
  {
    name: 'charset',
    subject: 'A transfer with a charset behind its media type',
    parameter: 'sendCallTo',
    needs: liveCall,
    has: ({ mediaType = '' }) => mediaType.includes('charset'),
  },
  { name: 'any', subject: 'Every transfer', parameter: 'phoneCallId', needs: liveCall, has: () => true },
];

function aliased(parameter: 'userId' | 'extension', alias: string): TransferForm {
  return {
    name: `${parameter}-${alias.slice(1)}`,
    subject: `A transfer whose ${parameter} is ${alias}`,
    parameter,
    needs: liveCall,
    has: ({ segments }) => decodeSegment(segments[parameter] ?? '') === alias,
  };
}

function isSentTo(pattern: RegExp): TransferForm['has'] {
  return ({ action }) => typeof action?.sendCallTo === 'string' && pattern.test(action.sendCallTo);
}

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
