import { expect, expectTypeOf, test } from 'vitest';

import type * as client from '../../../generated/client/types.gen.ts';
import type { components, operations } from '../../../generated/types.ts';
import {
  errorCodes,
  type AnswerTo,
  type ErrorCode,
  type OperationName,
  type PhoneCallRequest,
  type TransferRequest,
  type UndocumentedCode,
} from './index.ts';

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
  expectTypeOf<SchemasOfTheClient>().toEqualTypeOf<Pick<components['schemas'], keyof SchemasOfTheClient>>();
});

test('both generators make the same types of requests and answers', () => {
  expectTypeOf<{ [Name in keyof AnswersOfTheClient]: Flat<AnswersOfTheClient[Name]> }>().toEqualTypeOf<{
    [Name in keyof AnswersOfTheClient]: ContentsOf<operations[Name]['responses']>;
  }>();
  type Given<Data> = Flat<Omit<Data, 'action' | 'userId'> & { readonly userId?: string }>;
  type Sent = client.TransferPhoneCallData['path'] & client.TransferPhoneCallData['body'];
  expectTypeOf<Given<Readonly<Sent>>>().toEqualTypeOf<TransferRequest>();
  expectTypeOf<Given<Readonly<client.GetPhoneCallData['path']>>>().toEqualTypeOf<PhoneCallRequest>();
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
  expectTypeOf<CodeOf<OperationName, 403>>().toEqualTypeOf<ErrorCode | UndocumentedCode>();
  expectTypeOf<UndocumentedCode>().toExtend<string>();
});

test('the error codes are a type and values', () => {
  expectTypeOf<(typeof errorCodes)[number]>().toEqualTypeOf<ErrorCode>();
  expect(errorCodes).toContain('pc_phoncall_invalid' satisfies ErrorCode);
});

test('what one writes first compiles, and a code that is misspelt does not', () => {
  const use = (answer: AnswerTo<'transferPhoneCall'>): unknown => {
    const { data, error } = answer;
    expectTypeOf(data?.id).toEqualTypeOf<string | undefined>();
    expectTypeOf(error?.message).toEqualTypeOf<string | undefined>();
    if (answer.ok) return answer.data;
    // @ts-expect-error It is pc_phoncall_invalid.
    if (answer.error.code === 'pc_phoncall_invaild') return undefined;
    if (answer.status !== 400) return String(answer.error.code);
    switch (answer.error.code) {
      case 'pc_phoncall_invalid':
      case 'pc_sendcallto_invalid':
      case 'pc_transfer_from_number_invalid':
      case 'pc_transfer_number_invalid':
      case 'user_invalid':
      case 'extension_invalid':
        return answer.error.message;
      default:
        return answer.error.code satisfies never;
    }
  };
  expect(use).toBeInstanceOf(Function);
});

test('an answer has data exactly if it is ok and something is returned', () => {
  type Answer = AnswerTo<OperationName>;
  expectTypeOf<Extract<Answer, { data: unknown }>['ok']>().toEqualTypeOf<true>();
  expectTypeOf<Extract<Answer, { error: unknown }>['ok']>().toEqualTypeOf<false>();
  expectTypeOf<Extract<Answer, { ok: false }>['data']>().toEqualTypeOf<undefined>();
  expectTypeOf<Exclude<Answer, { data: unknown } | { error: unknown }>['ok']>().toEqualTypeOf<true>();
});
