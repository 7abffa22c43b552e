/** Generated from the contract; do not change it by hand. */

/** The documented statuses of each operation, and whether an answer with that status has a body. */
export const documentedAnswers = {
  getPhoneCall: { 200: true, 204: false, 400: true, 401: true, 403: true, 500: true, 501: true },
  transferPhoneCall: { 200: true, 202: true, 204: false, 400: true, 401: true, 403: true, 500: true, 501: true },
  transferAllPhoneCalls: { 200: true, 202: true, 204: false, 400: true, 401: true, 403: true, 500: true, 501: true },
} as const;

/** The statuses that tell a client to renew its token. */
export const tokenRefusals: readonly number[] = [401, 403];
