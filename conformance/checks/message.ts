import type { Check } from './check.ts';

/** The answer is a complete HTTP message that came in time (RFC 9112). */
export const isCompleteMessage: Check = {
  name: 'is a complete HTTP message',
  requirement: 'http/message',
  run: ({ failure }) =>
    failure === undefined ? [] : [{ at: 'message', expected: 'a complete HTTP response', actual: failure.message }],
};
