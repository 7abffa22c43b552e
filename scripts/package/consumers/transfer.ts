import {
  createTransferClient,
  phoneCallsOf,
  transferEveryPhoneCallOfTheExtension,
  UnexpectedAnswerError,
  UnsafeParameterError,
  type TransferAnswer,
} from 'transfer-contract';
import type { PhoneCall } from 'transfer-contract/types';
import * as validation from 'transfer-contract/validators';

declare const process: { readonly env: Readonly<Record<string, string | undefined>> };

const options = { baseUrl: process.env['BASE_URL'] ?? '', token: (): string => 'token', validation };
const client = createTransferClient(options);
const call = { userId: '@me', extension: '0003*210', phoneCallId: 'b817d2618fe6f1804333' };
const parties = { sendCallTo: '3235742879', transferFromNumber: '0003*024' };

function told(answer: TransferAnswer): string {
  switch (answer.status) {
    case 200:
    case 202: {
      const transferred: PhoneCall = answer.data;
      return `moved ${transferred.id}`;
    }
    case 204: {
      const nothing: undefined = answer.data;
      return `moved ${String(nothing)}`;
    }
    case 400: {
      const { code } = answer.error;
      // @ts-expect-error This is a code of another status.
      if (code === 'access_denied') return '';
      return `refused: ${code}`;
    }
    case 401:
    case 403:
    case 500:
    case 501:
      return `refused: ${answer.error.code}`;
    default: {
      const none: never = answer;
      return none;
    }
  }
}

async function nameOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.name : ''),
  );
}

const lines: string[] = [];
lines.push(told(await client.transferPhoneCall({ ...call, ...parties })));
const read = await client.getPhoneCall(call);
if (read.status === 200) lines.push(JSON.stringify(phoneCallsOf(read.data)[0]?.phoneCallView?.[0]?.destination));
lines.push(await nameOf(client.transferPhoneCall({ ...call, ...parties, sendCallTo: 'nobody' })));
const { validation: _, ...trusting } = options;
const trustingClient = createTransferClient(trusting);
lines.push(told(await trustingClient.transferPhoneCall({ ...call, ...parties, sendCallTo: 'nobody' })));
lines.push(await nameOf(trustingClient.transferPhoneCall({ ...call, ...parties, phoneCallId: '..' })));
lines.push(`${UnsafeParameterError.name} ${UnexpectedAnswerError.name}`);
const bulk = { userId: '12', extension: '0003*210', ...parties };
lines.push(String((await transferEveryPhoneCallOfTheExtension(options, bulk)).status));
lines.push(String(validation.answerProblems('getPhoneCall', 200, { id: 'a', link: { self: ' ' } })[0]?.at));
console.log(lines.join('\n'));

// @ts-expect-error A call is not named without its id.
export const withoutId = (): unknown => client.transferPhoneCall({ userId: '@me', extension: '@self', ...parties });
