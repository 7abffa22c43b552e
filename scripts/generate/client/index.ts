/** What `import … from 'transfer-contract'` gives. */
export type { AnswerTo, BulkTransferAnswer, OperationName, PhoneCallAnswer, TransferAnswer } from './answer.ts';
export {
  createTransferClient,
  type PhoneCallRequest,
  type TransferClient,
  type TransferRequest,
} from './create-transfer-client.ts';
export {
  InvalidRequestError,
  NetworkError,
  TimedOutError,
  TransferClientError,
  UnexpectedAnswerError,
  UnsafeParameterError,
  type Problem,
} from './errors.ts';
export type { RequestOptions, TokenSource, TransferClientOptions, Validation } from './options.ts';
export { phoneCallsOf } from './phone-calls-of.ts';
export { transferEveryPhoneCallOfTheExtension, type BulkTransferRequest } from './transfer-every-phone-call.ts';
export type {
  AccessDenied,
  ErrorResponse,
  InvalidPath,
  InvalidRequest,
  Link,
  NotImplemented,
  PhoneCall,
  PhoneCallAction,
  PhoneCallList,
  PhoneCallView,
  ServerFailed,
} from '../../../generated/types.ts';
