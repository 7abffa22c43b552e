import type { Report, ReportRequirement } from '../../report.ts';
import type { RequirementOutcome } from '../../verdict.ts';
import { blankLine, type Line } from './layout.ts';

/** Why requirements were not reached or had no object, each reason once. */
export function reasonLines(outcome: RequirementOutcome, { requirements }: Report): Line[] {
  const rows = requirements.filter((requirement) => requirement.outcome === outcome);
  const byReason = Map.groupBy(rows, ({ reason }) => reason ?? 'no reason');
  const applicable = requirements.filter((requirement) => requirement.outcome !== 'excluded');
  const heading = `${outcome.slice(0, 1).toUpperCase()}${outcome.slice(1)}`;
  return [...byReason].flatMap(([reason, about]): Line[] => [
    { text: `${heading}: ${reason}`, style: outcome === 'unreached' ? 'warned' : 'faint' },
    {
      text:
        about.length === applicable.length && about.length > 1 ? `all ${about.length} requirements` : namesOf(about),
      indent: 2,
    },
    blankLine,
  ]);
}

/** What to give where so much of the fixture is missing that nothing was sent. */
export function missingFixtureLines({ cases, target }: Report): Line[] {
  const reasons = new Set(cases.map(({ reason }) => reason));
  const [reason = ''] = reasons;
  const missing = reason.split(':')[0]?.match(/--[a-z-]+/g) ?? [];
  if (reasons.size !== 1 || missing.length === 0) return [];
  const options = missing.map((flag) => `${flag} …`).join(' ');
  return [
    { text: 'Nothing was sent. Name a live call, the parties, and where it may go:', style: 'warned' },
    { text: `npm run conformance -- ${target.name} ${options}`, whole: true },
    blankLine,
  ];
}

/** The ids of requirements, those of a group together. */
export function namesOf(requirements: readonly Pick<ReportRequirement, 'id'>[]): string {
  const groups = Map.groupBy(requirements, ({ id }) => id.slice(0, id.indexOf('/')));
  return [...groups.values()].map((group) => group.map(({ id }) => id).join(', ')).join('; ');
}
