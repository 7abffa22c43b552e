import type { Check } from '../checks/check.ts';
import type { Fixture } from '../call/fixture.ts';
import type { RequestPlan } from './plan.ts';

/** What a target or its fixture must have for a case to be run. */
export type Feature =
  | 'fixture'
  | 'extension number'
  | 'public number'
  | 'international number'
  | 'JSON number'
  | 'named token'
  | 'loopback target'
  | 'several calls'
  | 'idle extension';

/**
 * What a case does to the call of the fixture: it reads it; it leaves it where it is; it watches whether it is still
 * there, after a while; it moves it; it moves every call of the extension.
 */
export type Effect = 'reads' | 'keeps' | 'watches' | 'moves' | 'moves all';

/** What is sent, and what is demanded of the answer. */
export interface Case {
  /** Stable for ever, made of what the case is about: `body/sendCallTo/blank-inside`. */
  readonly id: string;
  /** The requirement that the case exists for; its checks may prove others along the way. */
  readonly requirement: string;
  readonly title: string;
  readonly needs: readonly Feature[];
  readonly effect: Effect;
  /**
   * The parts of the request that break the contract, such as `body/sendCallTo`: none for a valid one. The suite holds
   * the serialised request against the contract before it is sent, and must find exactly these.
   */
  readonly breaks: readonly string[];
  /** The accepted request that this one differs from by one fault. Without it a refusal proves nothing. */
  readonly control?: string;
  /** How many calls beside the fixture's own a source must place for the case. */
  readonly calls?: { readonly sameExtension: number; readonly otherExtension: number };
  /** How the requests of the case are sent; one by one if left out. */
  readonly order?: 'one by one' | 'at once';
  readonly send: Recipe;
  readonly checks: readonly [Check, ...Check[]];
}

/** Makes a case's requests from its control and the fixture. */
export type Recipe = (control: RequestPlan, fixture: Fixture) => readonly [RequestPlan, ...RequestPlan[]];

/** The case that all refusals have as their control. */
export const controlCase = 'transfer/plain';
/** Whether a number is that of an extension, like 0003*100. */
export function isExtension(number: string): boolean {
  return number.includes('*');
}

/** Whether a number begins with a plus sign. */
export function isInternational(number: string): boolean {
  return number.startsWith('+');
}

/** Whether a number is a public one without a plus sign. */
export function isPublic(number: string): boolean {
  return !isExtension(number) && !isInternational(number);
}

/** Whether a number has the same digits as a number of JSON: it is public, and neither too long nor begins with 0. */
export function isJsonNumber(number: string): boolean {
  return String(Number(number)) === number;
}

/** The features that a fixture has through its numbers. */
export function numberFeatures(sendTo: readonly string[]): Feature[] {
  const kinds: Partial<Record<Feature, (number: string) => boolean>> = {
    'public number': isPublic,
    'extension number': isExtension,
    'international number': isInternational,
    'JSON number': isJsonNumber,
  };
  return Object.entries(kinds)
    .filter(([, kind]) => sendTo.some(kind))
    .map(([feature]) => feature as Feature);
}
