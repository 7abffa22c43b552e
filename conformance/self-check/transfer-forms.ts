import { decodeSegment } from '../contract/path-segment.ts';
import type { ReadRequest } from './requests.ts';

/** A form that a valid transfer can have. */
export interface TransferForm {
  readonly name: string;
  /** What has this form, as the subject of a sentence. */
  readonly subject: string;
  /** The parameter that a server takes for invalid which does not know the form. */
  readonly parameter: string;
  /** What a run needs, so that there is such a transfer. */
  readonly needs: string;
  readonly has: (request: ReadRequest) => boolean;
}

const liveCall = 'a live call';
const documentedMembers = ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'];

/** The forms of a valid transfer that a server may forget. */
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
    subject: 'A transfer with a member that the documentation does not name',
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
