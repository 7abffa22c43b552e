import type { Report, ReportRequirement } from '../report.ts';
import type { RequirementOutcome } from '../verdict.ts';
import { blankLine, type Line } from './layout.ts';

/** Why requirements were not reached or had no object, each reason once. */
export function reasonLines(outcome: RequirementOutcome, { requirements }: Report): Line[] {
  const rows = requirements.filter((requirement) => requirement.outcome === outcome);
  const byReason = Map.groupBy(rows, ({ reason }) => reason ?? 'no reason');
  const heading = `${outcome.slice(0, 1).toUpperCase()}${outcome.slice(1)}`;
  return [...byReason].flatMap(([reason, about]): Line[] => [
    { text: `${heading}: ${reason}`, style: outcome === 'unreached' ? 'warned' : 'faint' },
    { text: namesOf(about), indent: 2 },
    blankLine,
  ]);
}

/** The ids of requirements, those of a group together. */
export function namesOf(requirements: readonly Pick<ReportRequirement, 'id'>[]): string {
  const groups = Map.groupBy(requirements, ({ id }) => id.slice(0, id.indexOf('/')));
  return [...groups.values()].map((group) => group.map(({ id }) => id).join(', ')).join('; ');
}
