import { answering, errorAnswer, without, type Members } from '../servers/plain/variations.ts';
import { codeOf, rewritingCode, rewritingJson } from '../servers/proxied/rewriting.ts';
import { startProxiedMock, type Rewriting } from '../servers/proxied/start.ts';
import type { FaultyServer } from '../servers/server.ts';
import { lengthOf } from './broken-messages.ts';
import { message, raw, sending } from './wire.ts';

type Row = readonly [name: string, requirement: string, says: string, rewriting: Rewriting];

const otherId = 'c4d90aa1b7e25f604418';

const codes: readonly (readonly [code: string, requirement: string, name: string, instead: string])[] = [
  ['user_invalid', 'path/user-invalid', 'swapped', 'extension_invalid'],
  ['extension_invalid', 'path/extension-invalid', 'misspelt', 'extention_invalid'],
  ['pc_phoncall_invalid', 'path/phone-call-unknown', 'misspelt', 'pc_phonecall_invalid'],
  ['pc_phoncall_invalid', 'path/phone-call-malformed', 'upper-case', 'PC_PHONCALL_INVALID'],
  ['pc_sendcallto_invalid', 'body/send-call-to-invalid', 'generic', 'bad_request'],
  ['pc_sendcallto_invalid', 'body/send-call-to-missing', 'empty', ''],
  ['pc_transfer_from_number_invalid', 'body/transfer-from-invalid', 'swapped', 'pc_transfer_number_invalid'],
  ['pc_transfer_from_number_invalid', 'body/transfer-from-missing', 'generic', 'bad_request'],
  ['pc_transfer_number_invalid', 'body/transfer-number-invalid', 'misspelt', 'pc_transfernumber_invalid'],
  ['access_denied', 'errors/codes-by-status', 'misspelt', 'access_denided'],
];

const statuses: readonly (readonly [code: string, requirement: string, status: number])[] = [
  ['user_invalid', 'path/user-invalid', 404],
  ['extension_invalid', 'path/extension-invalid', 500],
  ['pc_phoncall_invalid', 'path/phone-call-unknown', 404],
  ['pc_sendcallto_invalid', 'body/send-call-to-invalid', 422],
  ['pc_transfer_from_number_invalid', 'body/transfer-from-invalid', 200],
  ['pc_transfer_number_invalid', 'body/transfer-number-invalid', 500],
  ['access_denied', 'authorization/token-invalid', 400],
  ['request_not_implemented', 'body/action', 200],
];

const shapes: readonly (readonly [name: string, says: string, shape: (code: string) => unknown])[] = [
  ['flat', 'a flat one, as OAuth knows it', (code) => ({ error: code })],
  ['message-missing', 'without a message', (code) => ({ error: { code } })],
  ['array', 'inside an array', (code) => [{ error: { code, message: '' } }]],
];

const payloads: readonly (readonly [
  name: string,
  requirement: string,
  says: string,
  change: (call: Members) => unknown,
])[] = [
  ['id-missing', 'success/phone-call', 'no id', (call) => without(call, 'id')],
  ['id-of-another-call', 'success/id', 'the id of another call', (call) => ({ ...call, id: otherId })],
  ['extension-null', 'success/no-null-members', 'null for an extension', (call) => ({ ...call, extension: null })],
  ['extension-missing', 'success/extension', 'no extension', (call) => without(call, 'extension')],
  ['link-missing', 'success/link', 'no link', (call) => without(call, 'link')],
  ['link-text', 'success/phone-call', 'text for a link', (call) => ({ ...call, link: '/uapi' })],
  ['self-of-the-root', 'success/link-names-the-call', 'a self that is /', (call) => ({ ...call, link: { self: '/' } })],
  ['array', 'success/phone-call', 'an array around it', (call) => [call]],
  ['envelope', 'success/phone-call', 'an envelope around it', (call) => ({ phoneCall: call })],
];

const readings: readonly (readonly [
  name: string,
  requirement: string,
  says: string,
  change: (call: Members) => unknown,
])[] = [
  ['read-id-of-another-call', 'read-back/id', 'the id of another call', (call) => ({ ...call, id: otherId })],
  ['read-nonce-null', 'read-back/no-null-members', 'null for a nonce', (call) => ({ ...call, nonce: null })],
  ['read-published-seconds', 'read-back/phone-call', 'published in seconds', (call) => ({ ...call, published: 13 })],
  ['read-entry-empty', 'read-back/details', 'an empty list in its place', () => ({ entry: [] })],
];

const others: readonly Row[] = [
  [
    'success-201',
    'success/status',
    'Every transfer is answered with 201.',
    answering('transferred', (answer) => ({ ...answer, status: 201 })),
  ],
  [
    'valid-refused-409',
    'success/status',
    'Every transfer is answered with 409.',
    answering('transferred', () => errorAnswer(409, 'conflict')),
  ],
  [
    'success-media-type-text',
    'success/media-type',
    'A transferred call is declared as text/plain.',
    answering('transferred', (answer) => ({ ...answer, headers: { 'content-type': 'text/plain' } })),
  ],
  [
    'success-cut-short',
    'http/json',
    'A transferred call is JSON without its end.',
    answering('transferred', (answer) => ({ ...answer, body: answer.body.slice(0, -1) })),
  ],
  [
    'success-body-empty',
    'success/phone-call',
    'A transfer is answered without a body.',
    answering('transferred', (answer) => ({ ...answer, body: '' })),
  ],
  [
    'errors-html',
    'errors/media-type',
    'A refusal is declared as text/html.',
    answering('refused', (answer) => ({ ...answer, headers: { 'content-type': 'text/html' } })),
  ],
  [
    'dropped',
    'http/message',
    'The connection is dropped in place of an answer to a transfer.',
    sending('transferred', (_answer, { request }) => void request.socket.destroy()),
  ],
  [
    'body-cut-short',
    'http/message',
    'The answer to a transfer has fewer bytes than its content-length.',
    sending(
      'transferred',
      raw((answer) => message(answer, 'content-length: 4096')),
    ),
  ],
  [
    'no-content-with-length',
    'success/no-content',
    'A transfer is answered with 204, a content-length and a body.',
    sending(
      'transferred',
      raw((answer) => message({ ...answer, status: 204 }, lengthOf(answer))),
    ),
  ],
];

/** The mock behind a proxy that breaks one thing: the catalogue does not hang on one implementation. */
export const proxiedMocks: readonly FaultyServer[] = [
  ...codes.map(([code, requirement, name, instead]) =>
    mocked(
      `${requirement.replace(/^\w+\//, '')}-code-${name}`,
      requirement,
      `A refusal carries the code "${instead}" in place of ${code}.`,
      rewritingCode(code, (answer) => errorAnswer(answer.status, instead)),
    ),
  ),
  ...statuses.map(([code, requirement, status]) =>
    mocked(
      `${requirement.replace(/^\w+\//, '')}-status-${status}`,
      requirement,
      `A refusal with the code ${code} is answered with ${status}.`,
      rewritingCode(code, (answer) => ({ ...answer, status })),
    ),
  ),
  ...shapes.map(([name, says, shape]) =>
    mocked(
      `errors-shape-${name}`,
      'errors/body',
      `A refusal carries an error ${says}.`,
      rewritingJson('refused', (_refusal, answer) => shape(codeOf(answer))),
    ),
  ),
  ...payloads.map(([name, requirement, says, change]) =>
    mocked(
      `success-${name}`,
      requirement,
      `The PhoneCall that a transfer returns has ${says}.`,
      rewritingJson('transferred', change),
    ),
  ),
  ...readings.map(([name, requirement, says, change]) =>
    mocked(name, requirement, `The call that is read has ${says}.`, rewritingJson('read', change)),
  ),
  ...others.map((row) => mocked(...row)),
];

function mocked(name: string, requirement: string, says: string, rewriting: Rewriting): FaultyServer {
  return { id: `mock/${name}`, requirement, says, start: () => startProxiedMock(rewriting) };
}
