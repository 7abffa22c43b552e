import type { Check } from '../checks/check.ts';
import type { Fixture } from '../call/fixture.ts';
import type { Exchange } from '../target/exchange.ts';
import type { RequestPlan } from './plan.ts';

/** A precondition of a case: something that the target or its fixture must have. */
export type Feature =
  | 'fixture'
  | 'extension number'
  | 'public number'
  | 'international number'
  | 'JSON number'
  | 'named token'
  | 'other contract'
  | 'loopback target'
  | 'several calls'
  | 'idle extension'
  | 'other extension'
  | 'foreign call'
  | 'other token';

/**
 * The effect of a case on the fixture's call: it reads the call; it keeps it where it is; it watches, after a while,
 * whether it is still there; it moves it; it moves every call of the extension; it looks at the end whether all has stayed.
 */
export type Effect = 'reads' | 'keeps' | 'watches' | 'moves' | 'moves all' | 'ends';

/** A test case: the requests to send, and the checks of their answers. */
export interface Case {
  /** A stable id, made of the subject of the case: `body/sendCallTo/blank-inside`. */
  readonly id: string;
  /** The main requirement of the case; its checks may prove others along the way. */
  readonly requirement: string;
  readonly title: string;
  /** The profile that runs it. Default: that of its requirement. */
  readonly profile?: string;
  readonly needs: readonly Feature[];
  readonly effect: Effect;
  /**
   * The parts of the request that break the contract, such as `body/sendCallTo`; none for a valid request. Before the
   * request is sent, the suite compares it with the contract and must find exactly these parts broken.
   */
  readonly breaks: readonly string[];
  /** Makes the id that the case sends as one of no call, from that of a live call. It is looked up first. */
  readonly madeUp?: (existing: string) => string;
  /** Says why an answer that breaks a check proves nothing of this target; undefined if it does. */
  readonly explainPointless?: (exchange: Exchange) => string | undefined;
  /** The accepted request that this one differs from by one fault. Without it a refusal proves nothing. */
  readonly control?: string;
  /** The case that has to run before, since its answers say what this one must come to. */
  readonly after?: string;
  /** The number of calls that a source must place for the case, in addition to the fixture's. */
  readonly calls?: { readonly sameExtension: number; readonly otherExtension: number };
  /**
   * The order of the requests. Default: one by one, each made of the call as the one before left it. `unchanged`: one by
   * one, as they are made before the first.
   */
  readonly order?: 'one by one' | 'unchanged' | 'at once';
  readonly send: Recipe;
  readonly checks: readonly [Check, ...Check[]];
}

/** Makes a case's requests from its control, the fixture, and the exchanges of those that were sent already. */
export type Recipe = (
  control: RequestPlan,
  fixture: Fixture,
  earlier?: readonly Exchange[],
) => readonly [RequestPlan, ...RequestPlan[]];

/** The id of the case that is the control of all refusals. */
export const controlCase = 'transfer/plain';
/** The id of the case that tells whether the same transfer succeeds again. */
export const twiceCase = 'transfer/twice';
/** The id of the case that is the control of all refusals of readings. */
export const readingCase = 'reading/plain';

/** Tells whether a number is that of an extension, like 0003*100. */
export function isExtension(number: string): boolean {
  return number.includes('*');
}

/** Tells whether a number begins with a plus sign. */
export function isInternational(number: string): boolean {
  return number.startsWith('+');
}

/** Tells whether a number is a public one without a plus sign. */
export function isPublic(number: string): boolean {
  return !isExtension(number) && !isInternational(number);
}

/** Tells whether a number can be written as a JSON number: it is public, not too long, and does not begin with 0. */
export function isJsonNumber(number: string): boolean {
  return String(Number(number)) === number;
}

/** Lists the features that a fixture has through its numbers. */
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
