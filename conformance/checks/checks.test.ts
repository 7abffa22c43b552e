import { describe, expect, test } from 'vitest';
import { operationById, readContract } from '../contract/contract.ts';
import { schemaValidator } from '../contract/schemas.ts';
import { receivedBody } from '../target/body.ts';
import type { CallReading, Exchange, OtherReadings, Readings } from '../target/exchange.ts';
import {
  isAcceptedAtOnce,
  keepsTheOtherParty,
  returnsTheUpdatedCall,
  showsTheTransfer,
  leavesOthers,
  leavesTheCall,
  movesAllCalls,
  showsOneOfTheNumbers,
  showsTheNumber,
} from './effects.ts';
import { isCompleteMessage, isJsonAsDeclared } from './answer.ts';
import { formatValue, type Check } from './check.ts';
import { carriesPhoneCalls, isAboutTheCall, phoneCallChecks, transferredCallChecks } from './phone-call.ts';
import { isRead } from './success.ts';
import { hasChallenge, hasCodeOfStatus, hasErrorBody, hasErrorMediaType, isRefusedWith } from './refusal.ts';
import { doesNotFail, hasNoContent, leadsToTheCall, isSuccess, isSuccessWithoutContent } from './success.ts';

const contract = readContract();
const validate = schemaValidator(contract);
const transfer = operationById(contract, 'transferPhoneCall');
const reading = operationById(contract, 'getPhoneCall');
const transferAll = operationById(contract, 'transferAllPhoneCalls');
const ranged = { ...transfer, responses: transfer.responses.slice(0, 1).map((only) => ({ ...only, status: '2XX' })) };

const json = { 'content-type': 'application/json' };
const call = { id: 'b817', extension: '0003*210', link: { self: '/uapi/phoneCalls/12/0003*210/b817' } };
const error = (code: unknown) => ({ error: { code, message: 'no' } });

/** An answer to the transfer of call b817: a value is sent as JSON, a text as it is. */
function answer(status: number, body?: unknown, headers: Record<string, string> = json): Exchange {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  const request = { method: 'PUT', path: '/uapi/phoneCalls/12/0003*210/b817', headers: {}, body: undefined };
  return {
    request,
    response: { status, headers, body: receivedBody(Buffer.from(text)), duration: 1 },
    failure: undefined,
  };
}

const failed: Exchange = { ...answer(200), response: undefined, failure: { kind: 'time-out', message: 'too late' } };
const nothing: Exchange = { ...failed, failure: undefined };

function at(...destinations: string[]): CallReading {
  return { outcome: 'read', sources: [], destinations, description: 'reading the call was answered with 200' };
}
const from = (...sources: string[]): CallReading => ({ ...at(), sources });
const gone: CallReading = { ...at(), outcome: 'unknown', description: 'refused with 400 pc_phoncall_invalid' };
const unread: CallReading = {
  outcome: 'failed',
  sources: [],
  destinations: [],
  description: 'reading the call was answered with 500',
};
function readings(
  before: CallReading,
  after: CallReading,
  sentTo: string[] = [],
  others: OtherReadings[] = [],
): Exchange {
  const seen: Readings = { before, after, sentTo, others };
  return { ...answer(200, call), readings: seen };
}
const refused = (exchange: Exchange): Exchange => ({ ...exchange, response: answer(400, error('any')).response });
function other(before: CallReading, after: CallReading, sentTo: string[] = []): OtherReadings {
  return { extension: '0003*210', call: 'c4d9', before, after, sentTo };
}

/** A call of two parties, or of more. */
const both = (source: string, ...destinations: string[]): CallReading => ({
  ...at(...destinations),
  sources: [source],
});
/** A PhoneCall that shows its parties. */
const between = (source: string, destination: string) => {
  return { id: 'b817', phoneCallView: [{ source: [source], destination: [destination] }] };
};
/** The answer to a reading or a transfer, after the call was sent to 2. */
function seenBy(method: string, body: unknown): Exchange {
  const exchange = { ...answer(200, body), ...pick(readings(both('1', '3'), both('1', '2'), ['2'])) };
  return { ...exchange, request: { ...exchange.request, method, body: JSON.stringify({ sendCallTo: '2' }) } };
}
const pick = ({ readings: seen }: Exchange) => ({ readings: seen as Readings });
/** A transfer by 2 to 9, and where the call was before and after. */
function leg(before: CallReading, after: CallReading): Exchange {
  const exchange = readings(before, after, ['9']);
  return { ...exchange, request: { ...exchange.request, body: JSON.stringify({ transferFromNumber: '2' }) } };
}

const invalidNumber = { statuses: ['400'], code: 'pc_sendcallto_invalid' };
const goneCall = { statuses: ['400'], code: 'pc_phoncall_invalid' };
const anyRefusal = { statuses: ['4XX', '501'], code: undefined };
const parts = { schema: 'schema', noNullMembers: 'no-null', id: 'id', mediaType: 'media-type' };
const named = (checks: readonly Check[]) => Object.fromEntries(checks.map((check) => [check.requirement, check]));
const phoneCall = named(phoneCallChecks(transfer, validate, parts));
const transferred = named(transferredCallChecks(transfer));
const part = (checks: Record<string, Check>, requirement: string): Check => {
  const check = checks[requirement];
  if (check === undefined) throw new Error(`No check is about ${requirement}.`);
  return check;
};

/** Exchanges on which no check may throw. */
const oddities: Readonly<Record<string, Exchange>> = {
  'nothing at all': nothing,
  'a failure': failed,
  ...Object.fromEntries(
    [200, 202, 204, 304, 400, 401, 418, 500, 0].flatMap((status) =>
      ['', 'null', '[]', '{}', '""', '0', '[null]', '{"id":null}', '{"id":{},"link":[],"entry":null}', '{"error":null}']
        .concat('{"error":[]}', '{"entry":[null,[],"b817"]}', '{"__proto__":null}', '\uFFFF', '{"link":{"self":"%zz"}}')
        .flatMap((body) => [json, {}].map((headers) => [status, body, headers] as const))
        .map(([code, body, headers]) => [
          `${code} ${body} ${Object.keys(headers).join()}`,
          answer(code, body, headers),
        ]),
    ),
  ),
  'a path without a call': {
    ...answer(200, call),
    request: { method: 'PUT', path: '/', headers: {}, body: undefined },
  },
  'a path that cannot be decoded': {
    ...answer(200, call),
    request: { method: 'PUT', path: '/%zz/%/%', headers: {}, body: '' },
  },
  'readings that failed': readings(unread, unread, ['2'], [other(unread, unread)]),
};

interface Trial {
  readonly check: Check;
  readonly met: Record<string, Exchange>;
  /** Exchanges that break the demand, each with the place and what came there. */
  readonly violated: Record<string, [exchange: Exchange, at: string, actual: string]>;
  /** Exchanges that are not its business. */
  readonly skipped?: Record<string, Exchange>;
}

const trials: readonly Trial[] = [
  {
    check: isCompleteMessage,
    met: { 'any response': answer(500) },
    violated: { 'a failure': [failed, 'message', 'too late'] },
  },
  {
    check: isSuccess('any', transfer),
    met: { 200: answer(200), 202: answer(202), 204: answer(204) },
    violated: {
      'a refusal': [answer(400, error('user_invalid')), 'status', '400 user_invalid'],
      'another success': [answer(201, call), 'status', '201'],
      'a redirection': [answer(307), 'status', '307'],
    },
    skipped: { 'no response': failed },
  },
  {
    check: isSuccess('any', ranged),
    met: { 200: answer(200), 299: answer(299) },
    violated: { 'a redirection': [answer(307), 'status', '307'] },
  },
  {
    check: carriesPhoneCalls(ranged, validate, 'any'),
    met: { 'a call with 201': answer(201, call) },
    violated: { 'no id with 201': [answer(201, {}), '/id', 'nothing'] },
    skipped: { 'a redirection': answer(307), 'a refusal': answer(400, error('user_invalid')) },
  },
  {
    check: isSuccessWithoutContent('any', transferAll),
    met: { 204: answer(204) },
    violated: { 'a list': [answer(200, { entry: [] }), 'status', '200'] },
  },
  {
    check: hasNoContent,
    met: { 'no length': answer(204, undefined, {}), 'the length 0': answer(204, undefined, { 'content-length': '0' }) },
    violated: {
      'a length': [answer(204, undefined, { 'content-length': '2' }), 'header content-length', '2'],
      chunks: [answer(204, undefined, { 'transfer-encoding': 'chunked' }), 'header transfer-encoding', 'chunked'],
    },
    skipped: { 'another status': answer(200, call, { 'content-length': '2' }) },
  },
  {
    check: isRefusedWith('any', [invalidNumber]),
    met: { 'status and code': answer(400, error('pc_sendcallto_invalid')) },
    violated: {
      'a success': [answer(200, call), 'status', '200'],
      'another status': [answer(404, error('pc_sendcallto_invalid')), 'status', '404 pc_sendcallto_invalid'],
      'another code': [answer(400, error('user_invalid')), '/error/code', '"user_invalid"'],
      'the code in capitals': [answer(400, error('PC_SENDCALLTO_INVALID')), '/error/code', '"PC_SENDCALLTO_INVALID"'],
      'no code': [answer(400, { error: {} }), '/error/code', 'nothing'],
      'a code that is a number': [answer(400, error(400)), '/error/code', '400'],
      'an array': [answer(400, [error('pc_sendcallto_invalid')]), '/error/code', 'nothing'],
      'no body': [answer(400), '/error/code', 'nothing'],
    },
    skipped: { 'no response': failed },
  },
  {
    check: isRefusedWith('any', [anyRefusal, goneCall]),
    met: { 'any code': answer(418, error('teapot')), 'no body': answer(400), 501: answer(501) },
    violated: {
      'a failure of the server': [answer(500, error('internal_server_error')), 'status', '500 internal_server_error'],
    },
  },
  {
    check: hasErrorBody(contract, validate),
    met: { 'an error response': answer(400, error('any')), 'further members': answer(503, { ...error('any'), id: 1 }) },
    violated: {
      'no body': [answer(400), 'body', 'the body is empty'],
      HTML: [answer(502, '<h1>', { 'content-type': 'text/html' }), 'body', expect.stringContaining('<h1>')],
      null: [answer(400, null), 'body', 'null'],
      'an array': [answer(400, []), 'body', '[]'],
      'a flat error': [answer(401, { error: 'invalid_client' }), '/error', '"invalid_client"'],
      'no message': [answer(400, { error: { code: 'any' } }), '/error/message', 'nothing'],
      'an empty code': [answer(400, error('')), '/error/code', '""'],
    },
    skipped: { 'a success': answer(200, call), 'a redirection': answer(307), 'no response': failed },
  },
  {
    check: hasErrorMediaType(transfer),
    met: {
      JSON: answer(400, error('any')),
      'JSON with a charset': answer(400, error('any'), { 'content-type': 'application/JSON ; charset=utf-8' }),
    },
    violated: {
      text: [answer(400, error('any'), { 'content-type': 'text/plain' }), 'header content-type', '"text/plain"'],
      nothing: [answer(400, error('any'), {}), 'header content-type', 'nothing'],
    },
    skipped: { 'no body': answer(400, undefined, {}), 'a success': answer(200, call, {}) },
  },
  {
    check: hasChallenge,
    met: {
      'a scheme': answer(401, error('any'), { 'www-authenticate': 'Bearer' }),
      'several schemes': answer(401, error('any'), { 'www-authenticate': 'Bearer realm="a, b", Basic realm="x"' }),
    },
    violated: {
      nothing: [answer(401, error('any')), 'header www-authenticate', 'nothing'],
      'an empty one': [answer(401, error('any'), { 'www-authenticate': '' }), 'header www-authenticate', '""'],
    },
    skipped: { 'another status': answer(403, error('any')) },
  },
  {
    check: doesNotFail(transfer),
    met: { 'a success': answer(200, call), 'a refusal': answer(400, error('any')), 'none such': answer(501) },
    violated: { 'a failure': [answer(500, error('internal_server_error')), 'status', '500 internal_server_error'] },
    skipped: { 'no answer': failed },
  },
  {
    check: hasCodeOfStatus(contract, transfer, []),
    met: {
      'the code of 401': answer(401, error('access_denied')),
      'the code of 501': answer(501, error('request_not_implemented')),
    },
    violated: {
      'another code with 401': [answer(401, error('access_denided')), '/error/code', '"access_denided"'],
      'an array with 500': [answer(500, []), '/error/code', '[]'],
    },
    skipped: {
      'a status with several codes': answer(400, error('any')),
      'a status with none': answer(403, error('any')),
    },
  },
  {
    check: hasCodeOfStatus(contract, transfer, ['501']),
    met: { 'the code of 401': answer(401, error('access_denied')) },
    violated: { 'another code with 401': [answer(401, error('any')), '/error/code', '"any"'] },
    skipped: { 'another code with 501, which is open': answer(501, error('any')) },
  },
  {
    check: isJsonAsDeclared,
    met: {
      JSON: answer(200, call),
      'a JSON of its own': answer(400, {}, { 'content-type': 'application/problem+json' }),
    },
    violated: {
      text: [answer(200, 'Transferred'), 'body', expect.stringContaining('not valid JSON')],
      nothing: [answer(200), 'body', 'the body is empty'],
    },
    skipped: {
      HTML: answer(500, '<h1>', { 'content-type': 'text/html' }),
      'no media type': answer(200, 'Transferred', {}),
      'no content': answer(204),
    },
  },
  {
    check: part(phoneCall, 'schema'),
    met: {
      'a PhoneCall': answer(200, call),
      'one with members without a value': answer(202, { ...call, nonce: null }),
    },
    violated: {
      'no body': [answer(200), 'body', 'the body is empty'],
      'a list': [answer(200, { entry: [call] }), '/id', 'nothing'],
      'an array': [answer(202, [call]), 'body', expect.stringContaining('b817')],
      null: [answer(200, null), 'body', 'null'],
      'an id without a value': [answer(200, { ...call, id: null }), '/id', 'nothing'],
      'a date that is none': [answer(200, { ...call, answered: 'today' }), '/answered', '"today"'],
    },
    skipped: { 'no content': answer(204), 'a refusal': answer(400, error('any')) },
  },
  {
    check: part(phoneCall, 'no-null'),
    met: { 'a PhoneCall': answer(200, call), 'an empty text': answer(200, { ...call, nonce: '' }) },
    violated: {
      'a member': [answer(200, { ...call, nonce: null }), '/nonce', 'null'],
      'the epoch': [
        answer(200, { ...call, answered: '1970-01-01T01:00:00+01:00' }),
        '/answered',
        '"1970-01-01T01:00:00+01:00"',
      ],
      'a member within': [
        answer(200, { ...call, phoneCallView: [{ holder: null }] }),
        '/phoneCallView/0/holder',
        'null',
      ],
    },
    skipped: { 'no body': answer(200), 'a refusal': answer(400, { error: null }) },
  },
  {
    check: part(phoneCall, 'media-type'),
    met: { JSON: answer(200, call) },
    violated: { text: [answer(200, call, { 'content-type': 'text/json' }), 'header content-type', '"text/json"'] },
    skipped: { 'no body': answer(200, undefined, {}), 'a refusal': answer(400, call, {}) },
  },
  {
    check: isAboutTheCall('any'),
    met: { 'the call': answer(200, call), 'the call as an entry': answer(200, { entry: [{ id: 'c4d9' }, call] }) },
    violated: {
      'another call': [answer(200, { id: 'c4d9' }), '/id', '"c4d9"'],
      'the call in capitals': [answer(202, { id: 'B817' }), '/id', '"B817"'],
      'a reading of other calls too': [seenBy('GET', { entry: [call, { id: 'c4d9' }] }), '/id', '"b817", "c4d9"'],
    },
    skipped: { 'no call': answer(200, {}), 'no body': answer(204), 'a refusal': answer(400, { id: 'c4d9' }) },
  },
  {
    check: carriesPhoneCalls(transferAll, validate, 'any'),
    met: { 'one call': answer(200, call), 'a list': answer(202, { entry: [call, { id: 'c4d9' }] }) },
    violated: { 'a list with what is no call': [answer(200, { entry: [{ id: 1 }] }), '/entry/0/id', '1'] },
  },
  {
    check: part(transferred, 'success/link-names-the-call'),
    met: {
      'its path': answer(200, call),
      'an address with a doubled slash and a query': answer(200, {
        id: 'b817',
        link: { self: 'https://x.x.x.x//uapi/phoneCalls/12/0003*210/b817?b' },
      }),
      links: answer(200, { id: 'b817', links: { self: 'b817' } }),
    },
    violated: {
      'another call': [answer(200, { id: 'b817', link: { self: '/uapi/c4d9' } }), '/link/self', '"/uapi/c4d9"'],
      'a longer id': [answer(200, { id: 'b817', link: { self: '/b8170' } }), '/link/self', '"/b8170"'],
    },
    skipped: { 'no link': answer(200, { id: 'b817' }), 'a link that is no text': answer(200, { link: { self: 1 } }) },
  },
  {
    check: part(transferred, 'success/extension'),
    met: { 'an extension': answer(200, call) },
    violated: { 'no extension': [answer(200, { id: 'b817' }), '/extension', 'nothing'] },
    skipped: { 'no content': answer(204), null: answer(200, null), 'a refusal': answer(400, {}) },
  },
  {
    check: part(transferred, 'success/link'),
    met: { 'a link': answer(200, call) },
    violated: {
      'no link': [answer(200, { id: 'b817' }), '/link/self', 'nothing'],
      'an empty link': [answer(200, { id: 'b817', link: {} }), '/link/self', 'nothing'],
    },
    skipped: { 'no content': answer(204), 'an array': answer(200, []) },
  },
  {
    check: isRead('read-back/details', reading),
    met: { 'the call': answer(200, call), 'a list': answer(200, { entry: [call] }) },
    violated: {
      'a call that is unknown': [answer(400, error('pc_phoncall_invalid')), 'status', '400 pc_phoncall_invalid'],
      'no content': [answer(204), 'status', '204'],
      'an empty list': [answer(200, { entry: [] }), 'body', '{"entry":[]}'],
      'no body': [answer(200), 'body', 'nothing'],
    },
    skipped: { 'an operation that is not offered': answer(501), 'no response': failed },
  },
  {
    check: showsTheNumber,
    met: {
      'a call that moved': readings(at('1'), at('2'), ['2']),
      'without its plus sign': readings(at('1'), at('2'), ['+2']),
      'a call whose caller transferred it': readings(at('1'), from('2'), ['2']),
    },
    violated: {
      'a call that stayed': [readings(at('1'), at('1'), ['2']), 'call', 'a call from nothing to 1'],
      'a call that went elsewhere': [readings(at('1'), at('3', '4'), ['2']), 'call', 'a call from nothing to 3, 4'],
    },
    skipped: {
      'a call that cannot be read any more': readings(at('1'), unread, ['2']),
      'a call that has ended': readings(at('1'), gone, ['2']),
      'a call that was there already': readings(at('2'), at('2'), ['2']),
      'a call that was never read': readings(unread, unread, ['2']),
      'no transfer': readings(at('1'), at('1')),
      'no readings': answer(200, call),
    },
  },
  {
    check: showsTheTransfer('effects/call-moves', 'shows the transfer', () => true),
    met: { 'the number': seenBy('GET', between('1', '2')) },
    violated: {
      'the call as it was': [seenBy('GET', between('1', '3')), 'call', 'a call from 1 to 3'],
      'no call': [seenBy('GET', []), 'call', expect.stringContaining('200')],
    },
    skipped: { 'a transfer': seenBy('PUT', between('1', '2')), 'no readings': answer(200, call) },
  },
  {
    check: keepsTheOtherParty,
    met: { 'a call without the one that left': leg(both('1', '2'), both('1', '9')) },
    violated: {
      'a call that the wrong one left': [leg(both('1', '2'), both('9', '2')), 'call', 'a call from 9 to 2'],
      'a call that nobody left': [leg(both('1', '2'), both('1', '9', '2')), 'call', 'a call from 1 to 9, 2'],
      'a call that both left': [leg(both('1', '2'), both('9', '9')), 'call', 'a call from 9 to 9'],
    },
    skipped: {
      'parties that are not on the call': leg(both('1', '3'), both('1', '9')),
      'a call that stayed': leg(both('1', '2'), both('1', '2')),
      'a call that was not read': leg(unread, unread),
    },
  },
  {
    check: returnsTheUpdatedCall,
    met: { 'the number': seenBy('PUT', between('1', '2')) },
    violated: { 'the call before': [seenBy('PUT', between('1', '3')), '/phoneCallView', 'a call from 1 to 3'] },
    skipped: { 'no parties': answer(200, call), 'a reading': seenBy('GET', between('1', '3')) },
  },
  {
    check: leadsToTheCall('link'),
    met: {
      'the call': { ...answer(200, call), readings: { before: at('1'), after: at('1'), sentTo: [], others: [] } },
    },
    violated: {
      'no such call': [{ ...readings(at('1'), at('1')), response: answer(404).response }, 'status', '404'],
    },
    skipped: { 'calls that cannot be read': readings(unread, unread), 'no readings': answer(404) },
  },
  {
    check: leavesTheCall,
    met: { 'a call that stayed': refused(readings(at('1', '2'), at('1', '2'))) },
    violated: {
      'a call that moved': [refused(readings(at('1'), at('2'))), 'call', 'a call from nothing to 2'],
      'a call that ended': [refused(readings(at('1'), at())), 'call', 'a call from nothing to nothing'],
      'a call that was ended': [refused(readings(at('1'), gone)), 'call', gone.description],
      'a call that the other party left': [
        refused(readings(from('1'), at())),
        'call',
        'a call from nothing to nothing',
      ],
    },
    skipped: {
      'a transfer': readings(at('1'), at('2'), ['2']),
      'a reading that failed': refused(readings(at('1'), unread)),
      'an accepted transfer': readings(at('1'), at('2')),
      'no readings': answer(400),
    },
  },
  {
    check: leavesOthers('leaves other calls', 'effects/other-call-stays'),
    met: { 'another call that stayed': readings(at('1'), at('2'), ['2'], [other(at('5'), at('5'))]) },
    violated: {
      'another call that moved': [
        readings(at('1'), at('2'), ['2'], [other(at('5'), at('2'))]),
        'call c4d9',
        'a call from nothing to 2',
      ],
    },
    skipped: {
      'no other call': readings(at('1'), at('2'), ['2']),
      'another call that was sent away too': readings(at('1'), at('2'), ['2'], [other(at('5'), at('2'), ['2'])]),
      'another call that was never read': readings(at('1'), at('2'), ['2'], [other(unread, at('2'))]),
    },
  },
  {
    check: movesAllCalls,
    met: { 'calls that moved': readings(at('1'), at('2'), ['2'], [other(at('5'), at('2'), ['2'])]) },
    violated: {
      'one that stayed': [
        readings(at('1'), at('2'), ['2'], [other(at('5'), at('5'), ['2'])]),
        'call c4d9',
        'a call from nothing to 5',
      ],
      'its own that stayed': [readings(at('1'), at('1'), ['2']), 'call of the fixture', 'a call from nothing to 1'],
    },
    skipped: { 'no transfer': readings(at('1'), at('1')), 'no readings': answer(200) },
  },
  {
    check: isAcceptedAtOnce(transfer, [goneCall]),
    met: { 'a success': answer(202, call), 'a call that is gone': answer(400, error('pc_phoncall_invalid')) },
    violated: {
      'another refusal': [answer(400, error('user_invalid')), 'status', '400 user_invalid'],
      'a failure of the server': [answer(500), 'status', '500'],
      'no answer': [failed, 'message', 'too late'],
    },
  },
  {
    check: isAcceptedAtOnce(transfer),
    met: { 'a success': answer(204) },
    violated: {
      'a call that is gone': [answer(400, error('pc_phoncall_invalid')), 'status', '400 pc_phoncall_invalid'],
    },
  },
  {
    check: showsOneOfTheNumbers,
    met: {
      'the last number': readings(at('1'), at('3'), ['2', '3']),
      'where it was already': readings(at('2'), at('2'), ['2', '3']),
    },
    violated: {
      'another number': [readings(at('1'), at('4'), ['2', '3', '2']), 'call', 'a call from nothing to 4'],
    },
    skipped: {
      'no reading': readings(at('1'), unread, ['2']),
      'no transfer': readings(at('1'), at('4')),
      'no readings': answer(200),
    },
  },
];

describe.each(trials.map((trial) => [trial.check.name, trial] as const))('%s:', (_, trial) => {
  const { check, met, violated, skipped = {} } = trial;
  const applies = (exchange: Exchange) => check.applies?.(exchange) ?? true;

  test.each(Object.entries(met))('is met by %s', (_name, exchange) => {
    expect([applies(exchange), check.run(exchange)]).toEqual([true, []]);
  });

  test.each(Object.entries(violated))('is violated by %s', (_name, [exchange, place, actual]) => {
    expect(applies(exchange)).toBe(true);
    expect(check.run(exchange)).toEqual([{ at: place, expected: expect.stringMatching(/./), actual }]);
  });

  test.each(Object.entries(skipped))('is not about %s', (_name, exchange) => {
    expect(applies(exchange)).toBe(false);
  });

  test('stumbles over nothing', () => {
    for (const [name, exchange] of Object.entries(oddities)) {
      const violations = applies(exchange) ? check.run(exchange) : [];
      const wordless = violations.filter(({ expected, actual }) => expected === '' || actual === '');
      expect(wordless, name).toEqual([]);
    }
  });
});

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  ['text', '"text"'],
  ['\u001B[31m', '"\\u001b[31m"'],
  [{ a: [1] }, '{"a":[1]}'],
  ['x'.repeat(300), `"${'x'.repeat(199)}… (300 characters)`],
])('%j is formatValue as %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});
