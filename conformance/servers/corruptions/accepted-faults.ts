import { operationById, type Contract } from '../../contract/contract.ts';
import { constraintsOf, type Constraint } from '../../contract/constraints.ts';
import { isObject, type JsonObject, type JsonValue } from '../../contract/json.ts';
import type { Exchange } from '../../target/exchange.ts';
import { answering, isRefusedTransfer } from './answers.ts';
import { family, type Change, type Corruption, type Row } from './corruption.ts';
import { refusedWith } from './refusals.ts';
import { brokenParts, decodedSegment, readRequest, valueOf, type ReadRequest } from './requests.ts';

type Predicate<Subject> = (subject: Subject) => boolean;

/** Ways to break a property. */
const values: readonly Row<Predicate<JsonValue | undefined>>[] = [
  ['missing', 'that is missing', (value) => value === undefined],
  ['null', 'that is null', (value) => value === null],
  ['empty', 'that is empty', (value) => value === ''],
  ['number', 'that is a number', (value) => typeof value === 'number'],
  ['boolean', 'that is true or false', (value) => typeof value === 'boolean'],
  ['array', 'that is an array', Array.isArray],
  ['object', 'that is an object', isObject],
  ['line-feed', 'with a line feed at its end', (value) => /[^\n]\n$/.test(textOf(value))],
  ['blanks', 'with blanks around it', (value) => /^\S+$/.test(textOf(value).trim()) && /^ | $/.test(textOf(value))],
  ['other-digits', 'with digits of other scripts', (value) => /(?![0-9])\p{Nd}/u.test(textOf(value))],
  ['other-text', 'that is any other text', (value) => /^[!-~]+$/.test(textOf(value))],
];

/** Bodies that hold no object. */
const bodies: readonly Row<Predicate<string | undefined>>[] = [
  ['missing', 'that is missing', (text) => text === undefined || text === ''],
  ['not-json', 'that is not JSON', (text) => text !== undefined && text !== '' && valueOf(text) === undefined],
  ['array', 'that is an array', (text) => Array.isArray(valueOf(text))],
  ['null', 'that is null', (text) => valueOf(text) === null],
  ['text', 'that is a JSON string', (text) => typeof valueOf(text) === 'string'],
  ['number', 'that is a number', (text) => typeof valueOf(text) === 'number'],
];

const headers: readonly Row<Predicate<string | undefined>>[] = [
  ['missing', 'without a token', (header) => header === undefined || header.trim() === ''],
  ['scheme-only', 'with the scheme only', (header) => header?.trim() === 'Bearer'],
  ['basic', 'with the scheme Basic', (header) => /^Basic\b/.test(header ?? '')],
  ['other-scheme', 'with an unknown scheme', (header) => /^(?!Bearer\b|Basic\b)\w+ \S/.test(header ?? '')],
  ['no-scheme', 'with a token without a scheme', (header) => /^(?!Bearer$)\S+$/.test(header ?? '')],
];

/** Requests that must be refused, and are answered as if they had been accepted. */
export function acceptedFaults(contract: Contract): Corruption[] {
  const transfer = operationById(contract, 'transferPhoneCall');
  const partsOf = brokenParts(contract);
  const breaksOnly = (part: string) => (exchange: Exchange) =>
    isRefusedTransfer(exchange) && partsOf(exchange.request).join() === part;
  const isWellFormed = (exchange: Exchange) => partsOf(exchange.request).length === 0;
  const accept = accepting(contract);
  const rows = <Subject>(
    subject: string,
    kinds: readonly Row<Predicate<Subject>>[],
    subjectOf: (request: ReadRequest) => Subject,
  ) =>
    kinds.map(([name, says, is]): Row<Change> => {
      const change: Change = (exchange) =>
        is(subjectOf(readRequest(exchange.request))) ? accept(exchange) : undefined;
      return [name, `${subject} ${says} is accepted.`, change];
    });
  const ofPath = ({ name, errorCode = '' }: Constraint): Corruption[] => [
    ...family(`accepts-${name}`, refusedRequests, breaksOnly(name), [
      ['malformed', `A malformed ${name} is accepted.`, accept],
    ]),
    ...family(
      `accepts-${name}`,
      refusedRequests,
      (exchange) => refusedWith(errorCode)(exchange) && isWellFormed(exchange),
      [['unknown', `A ${name} that names nothing is accepted.`, accept]],
    ),
  ];
  const ofBody = ({ name }: Constraint): Corruption[] =>
    family(
      `accepts-${name}`,
      refusedRequests,
      breaksOnly(name),
      rows(`A ${name}`, values, ({ action }) => action?.[name]),
    );
  return [
    ...constraintsOf(contract, transfer).flatMap((constraint) =>
      constraint.place === 'path' ? ofPath(constraint) : ofBody(constraint),
    ),
    ...family(
      'accepts-body',
      refusedRequests,
      breaksOnly('body'),
      rows('A body', bodies, ({ text }) => text),
    ),
    ...family('accepts-body', refusedRequests, breaksOnly('media type'), [
      ['other-media-type', 'A body that is not declared as JSON is accepted.', accept],
    ]),
    ...family(
      'accepts-authorization',
      refusedRequests,
      breaksOnly('authorization'),
      rows('A request', headers, ({ authorization }) => authorization),
    ),
    ...transfer.security.flatMap(({ errorCode = '' }) =>
      family(
        'accepts-authorization',
        'a token that is named',
        (exchange) => refusedWith(errorCode)(exchange) && isWellFormed(exchange),
        [['invalid-token', 'A token that was never issued is accepted.', accept]],
      ),
    ),
    ...family(
      'accepts-several-faults',
      refusedRequests,
      (exchange) => isRefusedTransfer(exchange) && partsOf(exchange.request).length > 1,
      [['all', 'A request with several faults is accepted.', accept]],
    ),
  ];
}

const refusedRequests = 'requests that are refused for this reason';

/** The success that the contract shows, for the call that the request names. */
function accepting(contract: Contract): Change {
  const { responses } = operationById(contract, 'transferPhoneCall');
  const response = responses.find(({ status, content }) => status.startsWith('2') && content.length > 0);
  const [example] = response?.content[0]?.examples.values() ?? [];
  return (exchange) => {
    const { phoneCallId = '' } = readRequest(exchange.request).segments;
    const link = { self: exchange.request.path };
    const call: JsonObject = { ...(example as JsonObject), id: decodedSegment(phoneCallId), link };
    return answering(Number(response?.status), call)(exchange);
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
