/** An answer that the documentation allows. */
export interface AllowedAnswer {
  readonly status: number;
  /** The error code; absent where it is free, or where the answer is no error. */
  readonly code?: string;
}

/** One request of the hand-written script, and what the documentation says of its answer. */
export interface ScriptedRequest {
  /** Unique, of letters, digits and hyphens. */
  readonly id: string;
  readonly method: 'GET' | 'PUT';
  readonly userId: string;
  readonly extension: string;
  readonly phoneCallId: string;
  /** The bearer token; absent where the request carries none. */
  readonly token?: string;
  /** The members of the body, or the body itself where it is no JSON. */
  readonly body?: Readonly<Record<string, string>> | string;
  readonly allowed: readonly AllowedAnswer[];
  /** The number that the call must show when it is read back after a success. */
  readonly movesTo?: string;
}

/** The live call that every faulty server and every control holds, and the token that it takes. */
export const liveCall = { userId: '12', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' } as const;
export const validToken = 'proof-token';

const transferred: readonly AllowedAnswer[] = [{ status: 200 }, { status: 202 }, { status: 204 }];
const read: readonly AllowedAnswer[] = [
  { status: 200 },
  { status: 204 },
  { status: 501, code: 'request_not_implemented' },
];
const denied: readonly AllowedAnswer[] = [{ status: 401, code: 'access_denied' }, { status: 403 }];
const unreadable: readonly AllowedAnswer[] = [400, 404, 409, 413, 415, 422].map((status) => ({ status }));
const otherAction: readonly AllowedAnswer[] = [...unreadable, { status: 501 }];

const transfer = { action: 'Transfer', sendCallTo: '3235742879', transferFromNumber: '0003*024' } as const;
const completeTransfer = { ...transfer, transferNumber: '0003*210' } as const;
const withToken = { ...liveCall, token: validToken } as const;

function put(id: string, change: Partial<ScriptedRequest> = {}): ScriptedRequest {
  return { id, method: 'PUT', ...withToken, body: completeTransfer, allowed: transferred, ...change };
}

function refused(id: string, code: string, change: Partial<ScriptedRequest>): ScriptedRequest {
  return put(id, { allowed: [{ status: 400, code }], ...change });
}

/** A body without one of its members. */
function lacking(name: keyof typeof completeTransfer): Record<string, string> {
  return Object.fromEntries(Object.entries(completeTransfer).filter(([member]) => member !== name));
}

function to(sendCallTo: string): Partial<ScriptedRequest> {
  return { body: { ...completeTransfer, sendCallTo }, movesTo: sendCallTo };
}

/** The requests that a person would write from the documentation: each documented success and each documented error. */
export const script: readonly ScriptedRequest[] = [
  { id: 'read', method: 'GET', ...withToken, allowed: read },
  refused('unknown-user', 'user_invalid', { userId: '99999999' }),
  refused('unknown-extension', 'extension_invalid', { extension: '0009*999' }),
  refused('unknown-call', 'pc_phoncall_invalid', { phoneCallId: 'ffffffffffffffffffff' }),
  refused('malformed-call', 'pc_phoncall_invalid', { phoneCallId: 'not-alphanumeric' }),
  refused('send-call-to-missing', 'pc_sendcallto_invalid', { body: lacking('sendCallTo') }),
  refused('send-call-to-invalid', 'pc_sendcallto_invalid', { body: { ...completeTransfer, sendCallTo: 'nobody' } }),
  refused('transfer-from-missing', 'pc_transfer_from_number_invalid', { body: lacking('transferFromNumber') }),
  refused('transfer-from-invalid', 'pc_transfer_from_number_invalid', {
    body: { ...completeTransfer, transferFromNumber: 'nobody' },
  }),
  refused('transfer-number-invalid', 'pc_transfer_number_invalid', {
    body: { ...completeTransfer, transferNumber: 'nobody' },
  }),
  put('action-missing', { allowed: otherAction, body: lacking('action') }),
  put('action-other', { allowed: otherAction, body: { ...completeTransfer, action: 'Dance' } }),
  put('body-not-json', { allowed: unreadable, body: '{"action": "Transfer"' }),
  put('body-no-object', { allowed: unreadable, body: '[]' }),
  put('token-missing', { allowed: denied, token: undefined }),
  put('token-wrong', { allowed: denied, token: 'invalid-token' }),
  {
    id: 'read-unknown-call',
    method: 'GET',
    ...withToken,
    phoneCallId: 'ffffffffffffffffffff',
    allowed: [
      { status: 400, code: 'pc_phoncall_invalid' },
      { status: 501, code: 'request_not_implemented' },
    ],
  },
  put('to-public-number', to('3235742879')),
  put('to-short-number', to('3334444')),
  put('to-international-number', { body: { ...completeTransfer, sendCallTo: '+13235742879' } }),
  put('to-extension', to('0003*100')),
  put('from-the-extension', {
    body: { ...transfer, sendCallTo: '3235742879', transferFromNumber: '0003*210', transferNumber: '0003*024' },
    movesTo: '3235742879',
  }),
  put('without-transfer-number', { body: { ...transfer, sendCallTo: '3334444' }, movesTo: '3334444' }),
  put('user-me', { userId: '@me', ...to('3235742879') }),
  put('user-viewer', { userId: '@viewer', ...to('3334444') }),
  put('user-owner', { userId: '@owner', ...to('3235742879') }),
  put('extension-self', { extension: '@self', ...to('3334444') }),
];

/** The path of a scripted request. */
export function pathOf({ userId, extension, phoneCallId }: ScriptedRequest): string {
  return `/uapi/phoneCalls/${userId}/${extension}/${phoneCallId}`;
}
