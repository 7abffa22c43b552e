import type { PhoneCall, PhoneCallList } from '../../../generated/types.ts';

/**
 * The phone calls of an answer that has one by itself or in a list, since installations differ in that.
 *
 * @example
 * const [call] = phoneCallsOf(answer.data);
 */
export function phoneCallsOf(data: PhoneCall | PhoneCallList): readonly PhoneCall[] {
  return 'entry' in data ? data.entry : [data];
}
