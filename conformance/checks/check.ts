import type { Exchange } from '../target/exchange.ts';

/** One thing that an answer breaks. */
export interface Violation {
  /** `status`, `header content-type`, or a JSON pointer into the body such as `/error/code`. */
  readonly at: string;
  readonly expected: string;
  readonly actual: string;
}

/** A demand on an exchange. Pure: the same exchange has the same violations, and nothing is ever thrown. */
export interface Check {
  readonly name: string;
  /** The id of the requirement that demands it. */
  readonly requirement: string;
  /** What the demand looks at; the answer, if left out. */
  readonly looksAt?: 'calls';
  /** Whether the demand has an object in this exchange; always, if left out. */
  readonly applies?: (exchange: Exchange) => boolean;
  readonly run: (exchange: Exchange) => readonly Violation[];
}

/** A value in as few words as an implementer needs to recognise it. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}
