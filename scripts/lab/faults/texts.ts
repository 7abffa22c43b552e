import type { Answer } from '../servers/plain/behaviour.ts';
import { answering } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

type Outcome = Answer['outcome'];

const outcomes: readonly (readonly [outcome: Outcome, family: string, subject: string])[] = [
  ['transferred', 'success', 'The answer to a transfer'],
  ['read', 'read-back', 'The call that is read'],
  ['refused', 'errors', 'A refusal'],
];

const mediaTypeRequirements: Record<Outcome, string> = {
  transferred: 'success/media-type',
  read: 'read-back/media-type',
  refused: 'errors/media-type',
};

const mediaTypes: readonly (readonly [name: string, mediaType: string | undefined, outcomes: readonly Outcome[]])[] = [
  ['media-type-missing', undefined, ['transferred', 'read', 'refused']],
  ['media-type-html', 'text/html; charset=utf-8', ['transferred', 'read', 'refused']],
  ['media-type-text', 'text/plain', ['transferred', 'refused']],
  ['media-type-problem', 'application/problem+json', ['transferred', 'refused']],
  ['media-type-xml', 'application/xml', ['transferred']],
  ['media-type-binary', 'application/octet-stream', ['transferred']],
  ['media-type-prefix-only', 'application/jsonp', ['transferred']],
];

type Row = readonly [
  name: string,
  says: string,
  outcomes: readonly Outcome[],
  change: (text: string) => string | Buffer,
];

const notJson: readonly Row[] = [
  ['words', 'is no JSON', ['transferred', 'read', 'refused'], () => 'OK'],
  ['html', 'is a page', ['transferred', 'refused'], () => '<!doctype html><title>OK</title>'],
  ['cut-short', 'is JSON without its end', ['transferred', 'refused'], (text) => text.slice(0, -1)],
  ['trailing-garbage', 'is JSON with something after it', ['transferred'], (text) => `${text};`],
  ['twice', 'is two JSON texts', ['transferred', 'read'], (text) => text + text],
  ['byte-order-mark', 'begins with a byte order mark', ['transferred', 'read'], (text) => `\ufeff${text}`],
  ['single-quotes', 'has single quotes', ['transferred', 'refused'], (text) => text.replaceAll('"', "'")],
  ['bare-names', 'has names without quotes', ['transferred'], (text) => text.replace(/"(\w+)":/g, '$1:')],
  ['trailing-comma', 'has a comma after its last member', ['transferred'], (text) => text.replace(/\}$/, ',}')],
  ['not-a-number', 'has NaN for a value', ['transferred'], (text) => text.replace(/\}$/, ',"nonce":NaN}')],
  ['comment', 'has a comment', ['transferred'], (text) => `/* the call */${text}`],
  ['callback', 'is a call of a function', ['transferred'], (text) => `callback(${text})`],
  ['guard-prefix', 'has a prefix against script inclusion', ['transferred'], (text) => `)]}',\n${text}`],
  ['control-character', 'has a raw newline in a string', ['transferred'], (text) => named(text, 'one\ntwo')],
  ['invalid-utf-8', 'is not UTF-8', ['transferred', 'read'], (text) => Buffer.from(named(text, 'Caf\u00e9'), 'latin1')],
  ['utf-16', 'is UTF-16', ['transferred'], (text) => Buffer.from(text, 'utf16le')],
];

/** Answers with bodies that are not what their declaration says. */
export const texts: readonly FaultyServer[] = [
  ...mediaTypes.flatMap(([name, mediaType, affected]) =>
    concerned(affected).map(([outcome, family, subject]) =>
      fault(
        `${family}/${name}`,
        mediaTypeRequirements[outcome],
        `${subject} is declared as ${mediaType ?? 'nothing'}.`,
        answering(outcome, (answer) => ({ ...answer, headers: mediaType ? { 'content-type': mediaType } : {} })),
      ),
    ),
  ),
  ...notJson.flatMap(([name, says, affected, change]) =>
    concerned(affected).map(([outcome, family, subject]) =>
      fault(
        `${family}/text-${name}`,
        'http/json',
        `${subject} is declared as JSON, but ${says}.`,
        answering(outcome, (answer) => ({ ...answer, body: change(String(answer.body)) })),
      ),
    ),
  ),
  fault(
    'success/body-empty',
    'success/phone-call',
    'A transfer is answered with 200 and no body.',
    answering('transferred', (answer) => ({ ...answer, body: '' })),
  ),
  fault(
    'read-back/body-empty',
    'read-back/details',
    'A call that is read is answered with 200 and no body.',
    answering('read', (answer) => ({ ...answer, body: '' })),
  ),
];

function concerned(affected: readonly Outcome[]) {
  return outcomes.filter(([outcome]) => affected.includes(outcome));
}

function named(text: string, ownerName: string): string {
  return text.replace(/\}$/, `,"ownerName":"${ownerName}"}`);
}
