import type { Exchange } from '../target/exchange.ts';

/** One thing that an answer breaks. */
export interface Violation {
  /** `status`, `header content-type`, or a JSON pointer into the body such as `/error/code`. */
  readonly at: string;
  readonly expected: string;
  readonly actual: string;
}

/** A demand on an exchange. It is pure: the same exchange has the same violations, and nothing is thrown. */
export interface Check {
  readonly name: string;
  /** The id of the requirement that demands it. */
  readonly requirement: string;
  /** The part of the exchange that the check looks at. Default: the answer. */
  readonly looksAt?: 'calls';
  /** Tells whether the check applies to this exchange. Default: always. */
  readonly applies?: (exchange: Exchange) => boolean;
  readonly run: (exchange: Exchange) => readonly Violation[];
}

/** The longest value that is shown whole, in characters. */
const longestValue = 200;

/** Formats a value as JSON, cut to 200 characters. */
export function formatValue(value: unknown): string {
  // A server may send a megabyte.
  if (typeof value === 'string' && value.length > longestValue) {
    return `${JSON.stringify(value.slice(0, longestValue)).slice(0, longestValue)}… (${value.length} characters)`;
  }
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}… (${text.length} characters)` : text;
}

/** Returns the checks that some exchange breaks. */
export function findViolated(checks: readonly Check[], exchanges: readonly Exchange[]): Check[] {
  return checks.filter(({ applies = () => true, run }) =>
    exchanges.some((exchange) => applies(exchange) && run(exchange).length > 0),
  );
}
