import type { SelfCheck, TriedWrongAnswer } from '../run/self-check.ts';

/** The number of wrong answers that a run would have caught. */
export interface SelfCheckTotals {
  readonly tried: number;
  readonly caught: number;
  /** The caught ones that break recommendations only. */
  readonly warned: number;
  readonly notApplicable: number;
  /** caught / tried, from 0 to 1; undefined if none was tried. */
  readonly share: number | undefined;
}

/** The figures of a self-check, for programs. */
export function selfCheckTotals({ tried, notApplicable }: SelfCheck): SelfCheckTotals {
  const caught = tried.filter(isCaught).length;
  return {
    tried: tried.length,
    caught,
    warned: tried.filter(({ warnsOnly }) => warnsOnly).length,
    notApplicable: notApplicable.length,
    share: tried.length === 0 ? undefined : caught / tried.length,
  };
}

/** The share of wrong answers that a run would have caught, what escapes it and what would reach that, as lines. */
export function selfCheckLines(selfCheck: SelfCheck | undefined): string[] {
  if (selfCheck === undefined) return [];
  const { tried, caught, warned, notApplicable } = selfCheckTotals(selfCheck);
  if (tried === 0) return ['Self-check: no wrong answer could be tried, since no case was run to its end'];
  const escaped = Map.groupBy(
    selfCheck.tried.filter((wrongAnswer) => !isCaught(wrongAnswer)),
    ({ reason }) => reason ?? '',
  );
  const asWarning = warned === 0 ? '' : `, ${warned} of them as a warning`;
  return [
    `Self-check: ${caught} of ${tried} wrong answers would have been caught (${percent(caught, tried)})${asWarning}`,
    ...[...escaped].flatMap(([reason, missed]) => [
      `  not caught: ${reason}`,
      ...missed.map(({ says }) => `    - ${says}`),
    ]),
    ...(notApplicable === 0 ? [] : [`  not tried, since no answer gave occasion: ${notApplicable}`]),
    ...lacks(selfCheck),
  ];
}

function isCaught({ caughtBy }: TriedWrongAnswer): boolean {
  return caughtBy.length > 0;
}

/** A share, not rounded up to all of them. */
function percent(part: number, whole: number): string {
  return `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`;
}

function lacks({ notApplicable }: SelfCheck): string[] {
  const byNeeds = [...Map.groupBy(notApplicable, ({ needs }) => needs)];
  return byNeeds
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([needs, missed]) => `    - ${missed.length} for want of ${needs}`);
}
