import { randomBytes } from 'node:crypto';
import { isCompleteMessage } from '../../checks/answer.ts';
import { leavesTheCall } from '../../checks/effects.ts';
import { isRefusedWith } from '../../checks/refusal.ts';
import { controlCase, type Case } from '../case.ts';
import { withPath } from '../plan.ts';
import { otherPlace, refusalFor, unreadableRefusal, type RefusedRow, type Suite } from '../suite.ts';

interface Unknown {
  readonly parameter: 'userId' | 'extension' | 'phoneCallId';
  readonly requirement: string;
  /** Makes a well-formed value that names nothing from one that names something. */
  readonly value: (existing: string) => string;
  /** True if the value may name something, though not of the call. */
  readonly isCall?: true;
}

const random = randomBytes(64).toString('hex');

/** Makes an id as long as an existing one, by chance: no live call has it. */
export function randomId(existing: string): string {
  return random.slice(0, Math.min(128, Math.max(16, existing.length)));
}

const otherCharacter = (character: string): string => (character === '0' ? '1' : '0');
/** Returns a part of the number of an extension, or a longer one where too little would be left. */
const part = (existing: string, ...range: [start: number, end?: number]): string =>
  /^[\d*]{4,}$/.test(existing) ? existing.slice(...range) : `${existing.replaceAll('@self', '')}0000000`;
/** Replaces something in an extension with an asterisk; returns another number in place of one without. */
const starred = (existing: string, part: string | RegExp, replacement: string): string =>
  /\d\*\d/.test(existing) ? existing.replaceAll(part, replacement) : `${existing.replaceAll('@self', '')}0000000`;
const user = { parameter: 'userId', requirement: 'path/user-invalid' } as const;
const extension = { parameter: 'extension', requirement: 'path/extension-invalid' } as const;
const call = { parameter: 'phoneCallId', requirement: 'path/phone-call-unknown' } as const;

const unknown: Readonly<Record<string, Unknown>> = {
  'user/other-number': { ...user, value: (existing) => `${existing.replaceAll('@', '')}0000000` },
  'user/name': { ...user, value: () => 'nobody' },
  'user/letters-after': { ...user, value: (existing) => `${existing.replaceAll('@', '')}abc` },
  'user/fraction': { ...user, value: (existing) => `${existing.replaceAll('@', '')}.0` },
  'user/leading-zeros': { ...user, value: (existing) => `00${existing.replaceAll('@', '')}` },
  'user/minus-sign': { ...user, value: (existing) => `-${existing.replaceAll('@', '')}` },
  'user/exponent': { ...user, value: (existing) => `${existing.replaceAll('@', '')}e0` },
  'user/underscore-for-last': { ...user, value: (existing) => `${existing.replaceAll('@', '').slice(0, -1)}_` },
  'user/dot-for-last': { ...user, value: (existing) => `${existing.replaceAll('@', '').slice(0, -1)}.x` },
  'user/name-of-a-member': { ...user, value: () => 'constructor' },
  'user/other-alias': { ...user, value: () => 'me' },
  'extension/other-number': { ...extension, value: (existing) => `${existing.replaceAll('@self', '')}0000000` },
  'extension/cut-short': { ...extension, isCall: true, value: (existing) => part(existing, 0, -1) },
  'extension/without-first': { ...extension, isCall: true, value: (existing) => part(existing, 1) },
  'extension/without-asterisks': { ...extension, isCall: true, value: (existing) => starred(existing, '*', '') },
  // In a pattern an asterisk stands for any number of what is before it.
  'extension/asterisk-as-in-pattern': {
    ...extension,
    isCall: true,
    value: (existing) => starred(existing, /(.)\*/g, '$1$1$1'),
  },
  'extension/asterisk': { ...extension, value: () => '*' },
  'extension/asterisks': { ...extension, value: () => '****' },
  'phone-call/random': { ...call, value: randomId },
  'phone-call/last-character': { ...call, value: (existing) => existing.replace(/.$/, otherCharacter) },
  'phone-call/first-character': { ...call, value: (existing) => existing.replace(/^./, otherCharacter) },
  'phone-call/cut-short': { ...call, value: (existing) => existing.slice(0, -1) || '0' },
  'phone-call/without-first': { ...call, value: (existing) => existing.slice(1) || '0' },
  'phone-call/leading-zero': { ...call, value: (existing) => `0${existing}` },
  'phone-call/longer': { ...call, value: (existing) => `${existing}0` },
  'phone-call/long': { ...call, value: (existing) => existing.padEnd(200, '0') },
  'phone-call/name-of-a-member': { ...call, value: () => 'constructor' },
  'phone-call/short': { ...call, value: () => '0' },
};

/** Creates the case of a segment behind the id, as servers overlook that take a path apart without counting. */
export function surplusSegmentCase(suite: Suite): Case {
  const requirement = 'path/phone-call-malformed';
  const refusals = [unreadableRefusal(suite), ...otherPlace, { statuses: ['501'], code: undefined }];
  return {
    id: 'path/phoneCallId/segment-after',
    requirement,
    title: 'refuses a path with a segment after the phoneCallId',
    needs: ['fixture'],
    effect: 'keeps',
    // In a path of another form no segment is a parameter.
    breaks: ['path/userId', 'path/extension', 'path/phoneCallId'],
    control: controlCase,
    send: (control) => [{ ...control, rawSuffix: { userId: '', extension: '', phoneCallId: '/x0' } }],
    // It leads to nothing of the documentation, so that the body of the answer is free.
    checks: [isRefusedWith(requirement, refusals), isCompleteMessage, leavesTheCall],
  };
}

/** Returns rows whose path parameters name nothing. */
export function unknownRows(suite: Suite): RefusedRow[] {
  return [
    ...Object.entries(unknown).map(([name, { parameter, requirement, value, isCall }]): RefusedRow => ({
      id: `unknown/${name}`,
      requirement,
      title: `refuses a ${parameter} that names nothing: ${name.split('/')[1]?.replaceAll('-', ' ')}`,
      breaks: [],
      refusals: [refusalFor(suite, parameter)],
      ...(parameter === 'phoneCallId' && { madeUp: value }),
      // It could be an extension with other calls.
      ...(isCall && { isOfOneCall: true as const, otherRefusals: [refusalFor(suite, 'phoneCallId')] }),
      change: (control) => withPath(control, { [parameter]: value(control.path[parameter] ?? '') }),
    })),
    {
      // The path names the call, whatever else does: a server may refuse such a query by any code.
      id: 'unknown/phone-call/with-another-in-query',
      requirement: 'path/phone-call-unknown',
      title: 'refuses a phoneCallId that names nothing, though the query names a call',
      breaks: [],
      refusals: [{ ...refusalFor(suite, 'phoneCallId'), code: undefined }],
      madeUp: randomId,
      change: (control) => ({
        ...withPath(control, { phoneCallId: randomId(control.path.phoneCallId ?? '') }),
        query: { ...control.query, phoneCallId: control.path.phoneCallId },
      }),
    },
    {
      // A gateway that decodes a path before it passes it on takes it for a fragment, which a server cuts off.
      id: 'path/phoneCallId/fragment-after',
      requirement: 'path/phone-call-malformed',
      title: 'refuses a phoneCallId with an encoded number sign and a letter after it',
      breaks: ['path/phoneCallId'],
      refusals: [refusalFor(suite, 'phoneCallId')],
      change: (control) => withPath(control, { phoneCallId: `${control.path.phoneCallId}#x` }),
    },
    {
      // A percent sign without an encoding (RFC 3986 section 2.1): servers refuse it before they know its parameter.
      id: 'path/phoneCallId/percent-sign-alone',
      requirement: 'path/phone-call-malformed',
      title: 'refuses a phoneCallId with a percent sign that begins no encoding',
      breaks: ['path/phoneCallId'],
      refusals: [unreadableRefusal(suite)],
      change: (control) => ({ ...control, rawSuffix: { phoneCallId: '%zz' } }),
    },
  ];
}
