import type { JsonValue } from '../../contract/json.ts';
import type { Case } from '../case.ts';
import {
  bearer,
  bodyObject,
  encodeAsUsual,
  encodeEverything,
  encodeReserved,
  planReading,
  withPath,
  type RequestPlan,
} from '../plan.ts';
import { acceptanceChecks, movingCase, transferChecks, type Suite } from '../suite.ts';
import { readingChecks } from './reading.ts';
import { isAcceptedOr } from './transfers.ts';

/** A row: what a request is written with, and the change. */
type Notations = Readonly<Record<string, (control: RequestPlan) => RequestPlan>>;

const json = (write: (control: RequestPlan) => string) => (control: RequestPlan) => {
  return { ...control, body: { kind: 'text' as const, text: write(control) } };
};
const headers = (changed: RequestPlan['headers']) => (control: RequestPlan) => ({ ...control, headers: changed });
const escape = (text: string) =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const members = (control: RequestPlan) => Object.entries(bodyObject(control));

/** The same JSON, written in another way (RFC 8259 sections 1, 2 and 7). */
const jsonNotations: Notations = {
  'members-in-reverse': json((control) => JSON.stringify(Object.fromEntries(members(control).toReversed()))),
  'white-space': json((control) => {
    const lines = members(control).map(([name, value]) => `\t${JSON.stringify(name)} :  ${JSON.stringify(value)}`);
    return `\r\n {\r\n${lines.join(' ,\r\n\r\n')}\n\t}\n `;
  }),
  'escaped-values': json((control) => {
    const write = (value: JsonValue) => (typeof value === 'string' ? `"${escape(value)}"` : JSON.stringify(value));
    return `{${members(control).map(([name, value]) => `${JSON.stringify(name)}:${write(value)}`)}}`;
  }),
  'escaped-names': json((control) => {
    const texts = members(control).map(([name, value]) => `"${escape(name)}":${JSON.stringify(value)}`);
    return `{${texts.join()}}`;
  }),
};

/** The same header fields, or fields that ask for the same (RFC 9110 sections 8.3.1, 11.1 and 12.5.1, RFC 9112 section 7.1). */
const headerNotations: Notations = {
  'accept-anything': headers({ accept: '*/*' }),
  'accept-left-out': headers({ accept: undefined }),
  'accept-several': headers({ accept: 'text/html, application/json;q=0.9, */*;q=0.1' }),
  'scheme-in-lower-case': (control) => ({ ...control, authorization: (token) => bearer(token).replace('B', 'b') }),
  'media-type-in-capitals': (control) => ({ ...control, contentType: control.contentType?.replace('a', 'A') }),
  chunked: headers({ 'transfer-encoding': 'chunked' }),
};

/** The same path (RFC 3986 section 6.2.2). */
const pathNotations: Notations = {
  'user-encoded': encodes('userId'),
  'extension-encoded': encodes('extension'),
  'phone-call-encoded': encodes('phoneCallId'),
  'lower-case-hex-digits': (control) => {
    const aliased = withPath(control, { userId: '@me' });
    return { ...aliased, encode: (value) => encodeReserved(value).toLowerCase() };
  },
};

function encodes(parameter: string): (control: RequestPlan) => RequestPlan {
  const encode = (value: string, name: string) => (name === parameter ? encodeEverything(value) : encodeAsUsual(value));
  return (control) => ({ ...control, encode });
}

/** Creates cases of requests that mean the same as the control and are written in another way. */
export function notationCases(suite: Suite): Case[] {
  return [
    ...Object.entries(jsonNotations).map((row) => transferCase(suite, 'body/json-notation', row)),
    ...Object.entries(headerNotations).map((row) => transferCase(suite, 'http/header-notation', row)),
    ...Object.entries(pathNotations).map((row) => transferCase(suite, 'path/percent-encoding', row)),
    ...Object.entries(pathNotations).map((row) => readingCase(suite, row)),
  ];
}

function transferCase(suite: Suite, requirement: string, [name, change]: [string, Notations[string]]): Case {
  // A server may demand a length of a message (RFC 9112 section 6.3).
  const lengthRequired = { statuses: ['411'], code: undefined };
  return movingCase({
    id: `notation/${name}`,
    requirement,
    title: `takes a transfer for the same that is written otherwise: ${name.replaceAll('-', ' ')}`,
    send: (control) => [change(control)],
    checks:
      name === 'chunked'
        ? [isAcceptedOr(suite, requirement, [lengthRequired]), ...transferChecks(suite)]
        : acceptanceChecks(suite, requirement),
  });
}

function readingCase(suite: Suite, [name, change]: [string, Notations[string]]): Case {
  return {
    id: `reading/${name}`,
    requirement: 'path/percent-encoding',
    title: `reads the call by a path that is written otherwise: ${name.replaceAll('-', ' ')}`,
    needs: ['fixture'],
    effect: 'reads',
    breaks: [],
    send: (control) => [planReading(change(control))],
    checks: readingChecks(suite, 'path/percent-encoding'),
  };
}
