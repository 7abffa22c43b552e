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

/** The features that a fixture has through its numbers. */
export function numberFeatures(sendTo: readonly string[]): Feature[] {
  const kinds: Partial<Record<Feature, (number: string) => boolean>> = {
    'public number': isPublic,
    'extension number': isExtension,
    'international number': isInternational,
  };
  return Object.entries(kinds)
    .filter(([, kind]) => sendTo.some(kind))
    .map(([feature]) => feature as Feature);
}
