import type { Feature } from './case.ts';

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
