import { operationById, type Contract } from '../contract/contract.ts';
import type { JsonValue } from '../contract/json.ts';
import { mediaTypes, noObjects } from './contents.ts';
import { lacking, memberRows, otherCalls, otherLinks, otherLists } from './phone-calls.ts';
import {
  answering,
  answeringNothing,
  family,
  isAcceptedTransfer,
  isReadCall,
  saying,
  withHeader,
  withStatus,
  type Change,
  type Row,
  type WrongAnswer,
} from './wrong-answer.ts';

const accepted = 'a transfer that is accepted';
const returned = 'a transfer that is answered with its call';
const readable = 'a call that can be read back';
const carried = 'an answer that carries the member';

const failed: JsonValue = { error: { code: 'internal_server_error', message: 'The server failed.' } };

/** Statuses that are not a documented success of a transfer. 429 and 503 are left out, since the suite then asks again. */
const otherStatuses = [201, 203, 206, 301, 302, 303, 307, 400, 404, 409, 422, 500, 502, 504];

/** The same for readings, without the statuses that say that reading is not offered. */
const otherStatusesOfReading = [201, 202, 203, 206, 301, 302, 307, 400, 409, 500, 502];

/** Returns the wrong answers to accepted transfers and to readings. */
export function successes(contract: Contract): WrongAnswer[] {
  const { responses } = operationById(contract, 'transferPhoneCall');
  const schema = responses.find(({ status }) => status === '200')?.content[0]?.schemaPointer ?? '';
  const members = memberRows(contract, schema);
  return [
    ...family('transfer', accepted, isAcceptedTransfer, saying('A transfer is answered', transferStatuses)),
    ...family(
      'transfer',
      returned,
      returnsCall,
      saying('A transfer is answered', [...noObjects, ...mediaTypes, ...otherCalls, ...otherLinks, ...lacking]),
    ),
    ...family(
      'transfer',
      carried,
      returnsCall,
      saying(
        'A transfer is answered',
        members.filter(([name]) => !name.startsWith('phoneCallView-')),
      ),
    ),
    ...family(
      'reading',
      readable,
      isReadCall,
      saying('A call is read', [...readingStatuses, ...noObjects, ...mediaTypes, ...otherCalls, ...otherLists]),
    ),
    ...family('reading', carried, isReadCall, saying('A call is read', [...otherLinks, ...members])),
  ];
}

const transferStatuses: readonly Row<Change>[] = [
  ...otherStatuses.map((status): Row<Change> => [`status-${status}`, `with ${status}`, withStatus(status)]),
  ['failed', 'with 500 and internal_server_error', answering(500, failed)],
  ['empty-201', 'with 201 and no body', answeringNothing(201)],
  ['empty-200', 'with 200 and no body', answeringNothing(200)],
  ['error-200', 'with 200 and an error response', answering(200, failed)],
  ['content-of-204', 'with 204 and the length of a body', lengthWith204],
  ['chunks-of-204', 'with 204 and a body in chunks', chunksWith204],
];

const readingStatuses: readonly Row<Change>[] = [
  ...otherStatusesOfReading.map((status): Row<Change> => [`status-${status}`, `with ${status}`, withStatus(status)]),
  ['failed', 'with 500 and internal_server_error', answering(500, failed)],
  ['nothing', 'with 204', answeringNothing(204)],
  ['error-200', 'with 200 and an error response', answering(200, failed)],
];

function returnsCall(exchange: Parameters<Change>[0]): boolean {
  return isAcceptedTransfer(exchange) && (exchange.response?.body.length ?? 0) > 0;
}

function lengthWith204(exchange: Parameters<Change>[0]): ReturnType<Change> {
  const empty = answeringNothing(204)(exchange);
  return empty && withHeader('content-length', '12')(empty);
}

function chunksWith204(exchange: Parameters<Change>[0]): ReturnType<Change> {
  const empty = answeringNothing(204)(exchange);
  return empty && withHeader('transfer-encoding', 'chunked')(empty);
}
