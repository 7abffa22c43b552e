import type { CaseResult } from '../../../run/result.ts';
import { describeDifference, type RequestDifference } from '../../request-differences.ts';

/** In what a request differs from a valid one, in words; undefined if it does not, or nothing is known. */
export function inShort(
  { control, exchanges }: CaseResult,
  index: number,
  differences: readonly RequestDifference[],
): string | undefined {
  if (differences.length === 0) return undefined;
  const isReading = exchanges[index]?.request.method === 'GET';
  const subject = control === undefined ? 'One that was accepted' : `A valid ${isReading ? 'reading' : 'transfer'}`;
  return `${subject}, but ${differences.map(describeDifference).join(', and ')}`;
}
