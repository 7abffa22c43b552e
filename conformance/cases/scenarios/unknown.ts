import type { Case } from '../case.ts';
import { withPath } from '../plan.ts';
import { refusalFor, refusedCase, unreadableRefusal, type Suite } from '../suite.ts';

interface Unknown {
  readonly parameter: 'userId' | 'extension' | 'phoneCallId';
  readonly requirement: string;
  /** Makes a well-formed value that names nothing from one that names something. */
  readonly value: (existing: string) => string;
}

const unknown: Readonly<Record<string, Unknown>> = {
  'user/other-number': {
    parameter: 'userId',
    requirement: 'path/user-invalid',
    value: (existing) => `${existing.replaceAll('@', '')}0000000`,
  },
  'user/name': { parameter: 'userId', requirement: 'path/user-invalid', value: () => 'nobody' },
  'user/other-alias': { parameter: 'userId', requirement: 'path/user-invalid', value: () => 'me' },
  'extension/other-number': {
    parameter: 'extension',
    requirement: 'path/extension-invalid',
    value: (existing) => `${existing.replaceAll('@self', '')}0000000`,
  },
  'extension/asterisks': { parameter: 'extension', requirement: 'path/extension-invalid', value: () => '****' },
  'phone-call/last-character': {
    parameter: 'phoneCallId',
    requirement: 'path/phone-call-unknown',
    value: (existing) => existing.replace(/.$/, (character) => (character === '0' ? '1' : '0')),
  },
  'phone-call/first-character': {
    parameter: 'phoneCallId',
    requirement: 'path/phone-call-unknown',
    value: (existing) => existing.replace(/^./, (character) => (character === '0' ? '1' : '0')),
  },
  'phone-call/cut-short': {
    parameter: 'phoneCallId',
    requirement: 'path/phone-call-unknown',
    value: (existing) => existing.slice(0, -1) || '0',
  },
  'phone-call/longer': {
    parameter: 'phoneCallId',
    requirement: 'path/phone-call-unknown',
    value: (existing) => `${existing}0`,
  },
  'phone-call/long': {
    parameter: 'phoneCallId',
    requirement: 'path/phone-call-unknown',
    value: (existing) => existing.padEnd(200, '0'),
  },
  'phone-call/short': { parameter: 'phoneCallId', requirement: 'path/phone-call-unknown', value: () => '0' },
};

/** Creates cases whose path parameters name nothing. */
export function unknownCases(suite: Suite): Case[] {
  return [...wellFormedCases(suite), undecodableCase(suite)];
}

/**
 * Creates the case of a percent sign without an encoding (RFC 3986 section 2.1). Servers refuse it before they know which
 * parameter it belongs to.
 */
function undecodableCase(suite: Suite): Case {
  return refusedCase(suite, {
    id: 'path/phoneCallId/percent-sign-alone',
    requirement: 'path/phone-call-malformed',
    title: 'refuses a phoneCallId with a percent sign that begins no encoding',
    breaks: ['path/phoneCallId'],
    refusals: [unreadableRefusal(suite)],
    change: (control) => ({ ...control, rawSuffix: { phoneCallId: '%zz' } }),
  });
}

function wellFormedCases(suite: Suite): Case[] {
  return Object.entries(unknown).map(([name, { parameter, requirement, value }]) =>
    refusedCase(suite, {
      id: `unknown/${name}`,
      requirement,
      title: `refuses a ${parameter} that names nothing: ${name.split('/')[1]?.replaceAll('-', ' ')}`,
      breaks: [],
      refusals: [refusalFor(suite, parameter)],
      change: (control) => withPath(control, { [parameter]: value(control.path[parameter] ?? '') }),
    }),
  );
}
