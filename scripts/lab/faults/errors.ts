import type { Answer, Behaviour, Reason, Refusal } from '../servers/plain/behaviour.ts';
import { documented } from '../servers/plain/documented.ts';
import { answering, refusal } from '../servers/plain/variations.ts';
import type { FaultyServer } from '../servers/server.ts';
import { fault } from './fault.ts';

const codes: readonly (readonly [reason: Reason, requirement: string, misspelt: string, swapped: string])[] = [
  ['userId', 'path/user-invalid', 'user_invaild', 'extension_invalid'],
  ['extension', 'path/extension-invalid', 'extention_invalid', 'user_invalid'],
  ['phoneCallId', 'path/phone-call-unknown', 'pc_phonecall_invalid', 'pc_sendcallto_invalid'],
  ['sendCallTo', 'body/send-call-to-invalid', 'pc_send_call_to_invalid', 'pc_phoncall_invalid'],
  ['transferFromNumber', 'body/transfer-from-invalid', 'pc_transferfromnumber_invalid', 'pc_transfer_number_invalid'],
  ['transferNumber', 'body/transfer-number-invalid', 'pc_transfernumber_invalid', 'pc_transfer_from_number_invalid'],
];

const shapes: readonly (readonly [name: string, says: string, show: (refusal: Refusal) => unknown])[] = [
  ['flat', 'a flat one, as OAuth knows it', ({ code, message }) => ({ error: code, error_description: message })],
  ['code-missing', 'without a code', ({ message }) => ({ error: { message } })],
  ['message-missing', 'without a message', ({ code }) => ({ error: { code } })],
  ['code-null', 'whose code is null', ({ message }) => ({ error: { code: null, message } })],
  ['message-null', 'whose message is null', ({ code }) => ({ error: { code, message: null } })],
  ['code-number', 'whose code is its status', ({ status, message }) => ({ error: { code: status, message } })],
  ['code-array', 'whose code is an array', ({ code, message }) => ({ error: { code: [code], message } })],
  [
    'message-object',
    'whose message is an object',
    ({ code, message }) => ({ error: { code, message: { en: message } } }),
  ],
  ['not-nested', 'whose code and message stand at the top', ({ code, message }) => ({ code, message })],
  ['list', 'that is a list of errors', ({ code, message }) => ({ errors: [{ code, message }] })],
  ['error-array', 'whose error is an array', ({ code, message }) => ({ error: [{ code, message }] })],
  ['error-null', 'whose error is null', () => ({ error: null })],
  ['array', 'inside an array', ({ code, message }) => [{ error: { code, message } }]],
  ['capitals', 'with capital letters', ({ code, message }) => ({ Error: { Code: code, Message: message } })],
  ['problem', 'that is a problem detail', ({ status, code }) => ({ type: 'about:blank', title: code, status })],
  ['fault', 'whose error is called fault', ({ code, message }) => ({ fault: { code, message } })],
  ['null', 'that is null', () => null],
  ['text', 'that is text', ({ message }) => message],
];

const shapesOfAccessDenied = ['flat', 'code-missing', 'message-missing', 'not-nested', 'problem', 'null'];

const statusesWithoutBody = [400, 401, 415, 501];

/** Answers refusals with other codes, and with bodies of another shape. */
export const errors: readonly FaultyServer[] = [
  ...codes.flatMap(([reason, requirement, misspelt, swapped]) =>
    [
      ['misspelt', misspelt],
      ['swapped', swapped],
      ['generic', 'bad_request'],
      ['upper-case', documented.refusals[reason].code.toUpperCase()],
      ['empty', ''],
    ].map(([kind, code = '']) =>
      fault(
        `errors/${reason}-code-${kind}`,
        requirement,
        `An invalid ${reason} is refused with the code "${code}".`,
        refusal(reason, { code }),
      ),
    ),
  ),
  ...shapes.map(([name, says, show]) =>
    fault(`errors/shape-400-${name}`, 'errors/body', `A 400 carries an error ${says}.`, shaping(400, show)),
  ),
  ...shapes
    .filter(([name]) => shapesOfAccessDenied.includes(name))
    .map(([name, says, show]) =>
      fault(`errors/shape-401-${name}`, 'errors/body', `A 401 carries an error ${says}.`, shaping(401, show)),
    ),
  ...statusesWithoutBody.map((status) =>
    fault(
      `errors/empty-${status}`,
      'errors/body',
      `A ${status} carries no body.`,
      replacing(status, (answer) => ({ ...answer, headers: {}, body: '' })),
    ),
  ),
  ...[400, 401].map((status) =>
    fault(
      `errors/html-${status}`,
      'errors/media-type',
      `A ${status} carries a page for people.`,
      replacing(status, (answer) => ({
        ...answer,
        headers: { 'content-type': 'text/html' },
        body: '<html><body><h1>Bad Request</h1></body></html>',
      })),
    ),
  ),
  fault(
    'errors/access-denied-misspelt',
    'errors/codes-by-status',
    'A 401 carries the code access_denided, as an example of the vendor has it.',
    refusal('authorization', { code: 'access_denided' }),
  ),
  fault(
    'errors/access-denied-generic',
    'errors/codes-by-status',
    'A 401 carries the code unauthorized.',
    refusal('authorization', { code: 'unauthorized' }),
  ),
];

function shaping(status: number, show: (refused: Refusal) => unknown): Partial<Behaviour> {
  return { showRefusal: (refused) => (refused.status === status ? show(refused) : documented.showRefusal(refused)) };
}

function replacing(status: number, change: (answer: Answer) => Answer): Partial<Behaviour> {
  return answering('refused', (answer) => (answer.status === status ? change(answer) : answer));
}
