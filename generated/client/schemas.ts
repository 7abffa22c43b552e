// Generated from the contract by `npm run generate`; do not change it by hand.
import type { components } from '../types.ts';

/**
 * A request to transfer a phone call.
 */
export type PhoneCallAction = components['schemas']['PhoneCallAction'];

/**
 * A live phone call.
 * Members without a value are left out.
 */
export type PhoneCall = components['schemas']['PhoneCall'];

/**
 * One leg of a phone call.
 * Members without a value are left out.
 */
export type PhoneCallView = components['schemas']['PhoneCallView'];

/**
 * Phone calls as installations list them.
 */
export type PhoneCallList = components['schemas']['PhoneCallList'];

/**
 * Where the phone call can be read.
 */
export type Link = components['schemas']['Link'];

/**
 * The body of every answer with a 4xx or 5xx status.
 */
export type ErrorResponse = components['schemas']['ErrorResponse'];

/**
 * An error response to a request with an invalid parameter.
 */
export type InvalidRequest = components['schemas']['InvalidRequest'];

/**
 * An error response to a request with an invalid path parameter.
 */
export type InvalidPath = components['schemas']['InvalidPath'];

/**
 * An error response to a request that is not authorized.
 */
export type AccessDenied = components['schemas']['AccessDenied'];

/**
 * An error response of a server that failed.
 */
export type ServerFailed = components['schemas']['ServerFailed'];

/**
 * An error response to an operation that is not implemented.
 */
export type NotImplemented = components['schemas']['NotImplemented'];
