import { expectTypeOf, test } from 'vitest';

import type * as client from '../../../generated/client/types.gen.ts';
import type { components, operations } from '../../../generated/types.ts';
import type { AnswerTo, OperationName, PhoneCallRequest, TransferRequest } from './index.ts';

// The assertions of this file are about types: it is tsc that checks them, in `npm test`.

interface SchemasOfTheClient {
  PhoneCallAction: client.PhoneCallAction;
  PhoneCall: client.PhoneCall;
  PhoneCallView: client.PhoneCallView;
  PhoneCallList: client.PhoneCallList;
  Link: client.Link;
  ErrorResponse: client.ErrorResponse;
  InvalidRequest: client.InvalidRequest;
  InvalidPath: client.InvalidPath;
  AccessDenied: client.AccessDenied;
  ServerFailed: client.ServerFailed;
  NotImplemented: client.NotImplemented;
}

interface AnswersOfTheClient {
  getPhoneCall: client.GetPhoneCallResponses & client.GetPhoneCallErrors;
  transferPhoneCall: client.TransferPhoneCallResponses & client.TransferPhoneCallErrors;
  transferAllPhoneCalls: client.TransferAllPhoneCallsResponses & client.TransferAllPhoneCallsErrors;
}

type ContentOf<Documented> = Documented extends { content: { 'application/json': infer Body } } ? Body : void;
type ContentsOf<Documented> = { [Status in keyof Documented]: ContentOf<Documented[Status]> };
type Flat<Type> = { [Key in keyof Type]: Type[Key] };

test('both generators make the same types of the schemas', () => {
  expectTypeOf<SchemasOfTheClient>().toEqualTypeOf<components['schemas']>();
});

test('both generators make the same types of requests and answers', () => {
  expectTypeOf<keyof AnswersOfTheClient>().toEqualTypeOf<OperationName>();
  expectTypeOf<{ [Name in OperationName]: Flat<AnswersOfTheClient[Name]> }>().toEqualTypeOf<{
    [Name in OperationName]: ContentsOf<operations[Name]['responses']>;
  }>();
  expectTypeOf<
    client.TransferPhoneCallData['path'] & Omit<client.TransferPhoneCallData['body'], 'action'>
  >().branded.toEqualTypeOf<{ -readonly [Key in keyof TransferRequest]: TransferRequest[Key] }>();
  expectTypeOf<Readonly<client.GetPhoneCallData['path']>>().toEqualTypeOf<PhoneCallRequest>();
});

test('a status narrows the codes to those that are documented for it', () => {
  type CodeOf<Operation extends OperationName, Status> = Extract<
    AnswerTo<Operation>,
    { status: Status; error: { code: unknown } }
  >['error']['code'];
  expectTypeOf<CodeOf<'getPhoneCall', 400>>().toEqualTypeOf<
    'pc_phoncall_invalid' | 'user_invalid' | 'extension_invalid'
  >();
  expectTypeOf<CodeOf<OperationName, 401>>().toEqualTypeOf<'access_denied'>();
  expectTypeOf<CodeOf<OperationName, 403>>().toEqualTypeOf<string>();
});

test('an answer has data exactly if it is ok and something is returned', () => {
  type Answer = AnswerTo<OperationName>;
  expectTypeOf<Extract<Answer, { data: unknown }>['ok']>().toEqualTypeOf<true>();
  expectTypeOf<Extract<Answer, { error: unknown }>['ok']>().toEqualTypeOf<false>();
  expectTypeOf<Extract<Answer, { ok: false }>['status']>().toEqualTypeOf<400 | 401 | 403 | 500 | 501>();
  expectTypeOf<Exclude<Answer, { data: unknown } | { error: unknown }>['status']>().toEqualTypeOf<204>();
});
