import type { Check } from '../../checks/check.ts';
import { isAboutTheCall, linksToTheCall, phoneCallChecks } from '../../checks/phone-call.ts';
import { isRead } from '../../checks/success.ts';
import { controlCase, readingCase, type Case } from '../case.ts';
import { planReading, withOtherToken, withPath, type RequestPlan } from '../plan.ts';
import { answerChecks, type Suite } from '../suite.ts';
import { noCall, pathTo } from './identity.ts';

const readings: Readonly<Record<string, (control: RequestPlan) => RequestPlan>> = {
  plain: (control) => control,
  'user-me': (control) => withPath(control, { userId: '@me' }),
  'user-viewer': (control) => withPath(control, { userId: '@viewer' }),
  'user-owner': (control) => withPath(control, { userId: '@owner' }),
  'extension-self': (control) => withPath(control, { extension: '@self' }),
  aliases: (control) => withPath(control, { userId: '@me', extension: '@self' }),
};

/** Creates cases that read the call before anything moves it. */
export function readingCases(suite: Suite): Case[] {
  const own = Object.entries(readings).map(([name, change]): Case => {
    return {
      id: `reading/${name}`,
      requirement: 'read-back/details',
      title: `reads the call: ${name.replaceAll('-', ' ')}`,
      needs: ['fixture'],
      effect: 'reads',
      breaks: [],
      // If a transfer is refused with the same answer, the call is not live.
      control: controlCase,
      send: (control) => [planReading(change(control))],
      checks: readingChecks(suite, 'read-back/details'),
    };
  });
  return [...own, ...readingsOfOther(suite)];
}

/** Reads the call of another User with that User's token, by its path and by @me. */
function readingsOfOther(suite: Suite): Case[] {
  const [isShown, ...others] = readingChecks(suite, 'read-back/details');
  const common = {
    needs: ['fixture', 'foreign call', 'other token'],
    effect: 'reads',
    breaks: ['authorization'],
  } as const;
  const plan = (control: RequestPlan, path: Readonly<Record<string, string>>): [RequestPlan] => [
    { ...withPath(planReading(control), path), authorization: withOtherToken },
  ];
  const id = 'reading/of-another-user';
  return [
    {
      ...common,
      id,
      requirement: 'read-back/details',
      title: 'reads the call of another User with the token of that User',
      control: readingCase,
      send: (control, { foreignCall = noCall }) => plan(control, pathTo(foreignCall)),
      // The call may have ended.
      checks: [
        { ...isShown, applies: ({ response }) => response !== undefined && !/^4|501/.test(`${response.status}`) },
        ...others,
      ],
    },
    {
      ...common,
      id: `${id}-by-me`,
      requirement: 'path/user-me',
      title: 'takes @me for the other User, where the token is that of this User',
      control: id,
      send: (control, { foreignCall = noCall }) => plan(control, { ...pathTo(foreignCall), userId: '@me' }),
      checks: [isRead('path/user-me', suite.reading), isAboutTheCall('path/user-me')],
    },
  ];
}

/** Lists the checks, for a requirement, of a case that reads the call. */
export function readingChecks(suite: Suite, requirement: string): [Check, ...Check[]] {
  return [
    isRead(requirement, suite.reading),
    ...answerChecks(suite, suite.reading),
    ...phoneCallChecks(suite.reading, suite.validate, {
      schema: 'read-back/phone-call',
      noNullMembers: 'read-back/no-null-members',
      id: 'read-back/id',
      mediaType: 'read-back/media-type',
    }),
    linksToTheCall('read-back/link-names-the-call', suite.reading),
  ];
}
