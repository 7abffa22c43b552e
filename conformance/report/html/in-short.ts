import type { Exchange } from '../../target/exchange.ts';
import type { Report } from '../report.ts';
import { describeDifference, requestDifferences, type RequestDifference } from '../request-differences.ts';

/** In what a request of a case differs from the request of its control. */
export function differencesFromControl(
  exchange: Exchange | undefined,
  control: string | undefined,
  { cases }: Report,
): RequestDifference[] {
  const accepted = cases.find(({ id }) => id === control)?.exchanges[0];
  return exchange && accepted ? requestDifferences(exchange.request, accepted.request) : [];
}

/** What is wrong with a request, in words; undefined if nothing is. */
export function inShort(differences: readonly RequestDifference[]): string | undefined {
  if (differences.length === 0) return undefined;
  return `A valid transfer, but ${differences.map(describeDifference).join(', and ')}`;
}
