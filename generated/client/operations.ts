// Generated from the contract by `npm run generate`; do not change it by hand.
import * as sdk from './sdk.gen.ts';
import type { AnswerTo, Operation, RequestTo } from './operation.ts';
import type { RequestOptions } from './options.ts';

/** The name by which the client makes itself known to servers. */
export const userAgent = 'transfer-contract/0.1.0';

/** The values that a request has where its caller gives none. */
export const defaults = { userId: '@me' } as const;

/** The error codes that the contract documents. */
export const errorCodes = ["pc_phoncall_invalid","user_invalid","extension_invalid","access_denied","internal_server_error","request_not_implemented","pc_sendcallto_invalid","pc_transfer_from_number_invalid","pc_transfer_number_invalid"] as const;

/** An error code that the contract documents. */
export type ErrorCode = (typeof errorCodes)[number];

/** The error codes that the contract documents, by operation and status. */
export interface DocumentedCodes {
  'getPhoneCall': { "400": "pc_phoncall_invalid" | "user_invalid" | "extension_invalid"; "401": "access_denied"; "500": "internal_server_error"; "501": "request_not_implemented" };
  'transferPhoneCall': { "400": "pc_phoncall_invalid" | "pc_sendcallto_invalid" | "pc_transfer_from_number_invalid" | "pc_transfer_number_invalid" | "user_invalid" | "extension_invalid"; "401": "access_denied"; "500": "internal_server_error"; "501": "request_not_implemented" };
  'transferAllPhoneCalls': { "400": "pc_phoncall_invalid" | "pc_sendcallto_invalid" | "pc_transfer_from_number_invalid" | "pc_transfer_number_invalid" | "user_invalid" | "extension_invalid"; "401": "access_denied"; "500": "internal_server_error"; "501": "request_not_implemented" };
}

export const getPhoneCall: Operation<'getPhoneCall'> = {
  name: "getPhoneCall",
  method: "GET",
  path: ["userId","extension","phoneCallId"],
  answers: {"200":"object","204":"nothing","400":"object","401":"object","403":"object","500":"object","501":"object"},
  tokenRefusals: [401,403],
  safe: true,
  describe: sdk.getPhoneCall,
};

export const transferPhoneCall: Operation<'transferPhoneCall'> = {
  name: "transferPhoneCall",
  method: "PUT",
  path: ["userId","extension","phoneCallId"],
  body: ["sendCallTo","transferFromNumber","transferNumber"],
  constants: {"action":"Transfer"},
  answers: {"200":"object","202":"object","204":"nothing","400":"object","401":"object","403":"object","500":"object","501":"object"},
  tokenRefusals: [401,403],
  safe: false,
  describe: sdk.transferPhoneCall,
};

export const transferAllPhoneCalls: Operation<'transferAllPhoneCalls'> = {
  name: "transferAllPhoneCalls",
  method: "PUT",
  path: ["userId","extension"],
  body: ["sendCallTo","transferFromNumber","transferNumber"],
  constants: {"action":"Transfer"},
  answers: {"200":"object","202":"object","204":"nothing","400":"object","401":"object","403":"object","500":"object","501":"object"},
  tokenRefusals: [401,403],
  safe: false,
  describe: sdk.transferAllPhoneCalls,
};

/** The request of each operation. */
export interface Requests {
  'getPhoneCall': RequestTo<'getPhoneCall'>;
  'transferPhoneCall': RequestTo<'transferPhoneCall', "action">;
  'transferAllPhoneCalls': RequestTo<'transferAllPhoneCalls', "action">;
}

/** The operations that are methods of a client. */
export const methods = { getPhoneCall, transferPhoneCall };

/** A client of one installation. */
export interface TransferClient {
  /**
   * Read one phone call.
   *
   * Returns the details of a phone call, so that the effect of a transfer can be seen.
   * This is the part of the List PhoneCalls request that the Transfer page shows.
   * It does so again, a few times, if no answer comes or the server is busy.
   *
   * @returns The answer, one of those that the contract documents.
   * @throws UnsafeParameterError before anything is sent, if a parameter would make the path another one.
   * @throws InvalidRequestError before anything is sent, if validation is asked for and finds something.
   * @throws InvalidTokenError before anything is sent, if the token cannot travel in a header.
   * @throws NetworkError or TimedOutError if no answer came: read the call to see whether it moved.
   * @throws UnexpectedAnswerError if an answer came that the contract does not have.
   * @example
   * const answer = await client.getPhoneCall({
   *   "userId": "12",
   *   "extension": "0003*210",
   *   "phoneCallId": "b817d2618fe6f1804333"
   * });
   */
  getPhoneCall(request: Requests['getPhoneCall'], options?: RequestOptions): Promise<AnswerTo<'getPhoneCall'>>;
  /**
   * Transfer one phone call.
   *
   * Connects the other party of a live call to a third number.
   * The request comes from an App that acts for a User.
   * The answer carries the phone call that was updated, or nothing.
   *
   * @returns The answer, one of those that the contract documents.
   * @throws UnsafeParameterError before anything is sent, if a parameter would make the path another one.
   * @throws InvalidRequestError before anything is sent, if validation is asked for and finds something.
   * @throws InvalidTokenError before anything is sent, if the token cannot travel in a header.
   * @throws NetworkError or TimedOutError if no answer came: read the call to see whether it moved.
   * @throws UnexpectedAnswerError if an answer came that the contract does not have.
   * @example
   * const answer = await client.transferPhoneCall({
   *   "userId": "12",
   *   "extension": "0003*210",
   *   "phoneCallId": "b817d2618fe6f1804333",
   *   "sendCallTo": "3235742879",
   *   "transferFromNumber": "0003*024",
   *   "transferNumber": "0003*210"
   * });
   */
  transferPhoneCall(request: Requests['transferPhoneCall'], options?: RequestOptions): Promise<AnswerTo<'transferPhoneCall'>>;
}
