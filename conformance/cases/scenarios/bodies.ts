import { showsTheNumber } from '../../checks/effects.ts';
import type { Constraint } from '../../contract/constraints.ts';
import { findRefusal } from '../../contract/refusal.ts';
import type { JsonObject, JsonValue } from '../../contract/json.ts';
import { isExtension } from '../case.ts';
import { bodyObject, withBody, withPath, type PlannedBody, type RequestPlan } from '../plan.ts';
import { refusalFor, unreadableRefusal, type RefusedRow, type Suite } from '../suite.ts';

const text = (made: (json: string) => string) => (control: RequestPlan) => {
  return { kind: 'text' as const, text: made(JSON.stringify(bodyObject(control))) };
};
const value = (made: (control: RequestPlan) => JsonValue) => (control: RequestPlan) => {
  return { kind: 'json' as const, value: made(control) };
};

/** The body of a transfer as fields of a form. */
const asForm = text((json) => new URLSearchParams(JSON.parse(json) as Record<string, string>).toString());

/** Bodies without a JSON object. */
const unreadable: Readonly<Record<string, (control: RequestPlan) => PlannedBody>> = {
  missing: () => ({ kind: 'none' }),
  empty: text(() => ''),
  blank: text(() => ' \n'),
  'cut-short': text((json) => json.slice(0, -1)),
  'garbage-after': text((json) => `${json}}`),
  'form-fields': asForm,
  'no-json': text(() => 'Transfer'),
  null: value(() => null),
  true: value(() => true),
  number: value(() => 1),
  string: value(() => 'Transfer'),
  'json-in-string': value((control) => JSON.stringify(bodyObject(control))),
  'empty-array': value(() => []),
  array: value((control) => [bodyObject(control)]),
  'nested-arrays': text((json) => `${'['.repeat(90)}${json}${']'.repeat(90)}`),
};

/** A transfer in dialects of JSON, which a parser may read too (RFC 8259 section 9). */
const dialects: Readonly<Record<string, (control: RequestPlan) => PlannedBody>> = {
  'trailing-comma': text((json) => json.replace(/}$/, ',}')),
  'single-quotes': text((json) => json.replaceAll('"', "'")),
  'unquoted-names': text((json) => json.replaceAll(/"(\w+)":/g, '$1:')),
  'with-comment': text((json) => `/* transfer */ ${json}`),
};

/** Media types other than the documented one. */
const mediaTypes: Readonly<Record<string, string | undefined>> = {
  missing: undefined,
  text: 'text/plain',
  form: 'application/x-www-form-urlencoded',
  xml: 'application/xml',
  unknown: 'application/octet-stream',
};

/** Several faults in one request. */
const severalFaults: Readonly<Record<string, readonly string[]>> = {
  'both-numbers': ['sendCallTo', 'transferFromNumber'],
  'all-numbers': ['sendCallTo', 'transferFromNumber', 'transferNumber'],
  'transfer-numbers': ['transferFromNumber', 'transferNumber'],
  'phone-call-and-number': ['phoneCallId', 'sendCallTo'],
  'user-and-extension': ['userId', 'extension'],
  everywhere: ['userId', 'extension', 'phoneCallId', 'sendCallTo', 'transferFromNumber', 'transferNumber'],
};

/** Other actions of the same path, which this contract does not describe. */
const otherActions = [
  'OnHold',
  'OffHold',
  'Park',
  'UnPark',
  'PickUp',
  'BargeIn',
  'Whisper',
  'Monitor',
  'StartRecording',
  'StopRecording',
  'TransferToVoicemail',
];

/** Returns rows whose body is missing, is not an object, or has several faults. */
export function bodyRows(suite: Suite): RefusedRow[] {
  return [
    ...unreadableRows(suite),
    ...Object.entries(severalFaults).map(([name, faults]) => severalFaultsRow(suite, name, faults)),
    missingMembersRow(suite, 'empty-object', 'an empty object', () => ({})),
    missingMembersRow(suite, 'wrapped-object', 'an object within an object', (members) => ({ phoneCall: members })),
    missingMembersRow(suite, 'wrapped-in-data', 'an object within the member data', (data) => ({ data })),
    ...requiredMembers(suite).map((member) => inQueryRow(suite, member)),
    plusBeforeExtensionRow(suite),
    ...otherActions.map((action) => otherActionRow(suite, action)),
    bodyOfOtherActionRow(suite),
  ];
}

/** Returns rows whose body is missing, has no JSON object, or is declared as something else. */
export function unreadableRows(suite: Suite): RefusedRow[] {
  return [
    ...Object.entries(unreadable).map(([name, body]) => unreadableRow(suite, name, body)),
    ...Object.entries(dialects).map(([name, body]) => dialectRow(suite, name, body)),
    ...Object.entries(mediaTypes).map(([name, mediaType]) => mediaTypeRow(suite, name, mediaType)),
    {
      ...unreadableRow(suite, 'missing-and-undeclared', () => ({ kind: 'none' })),
      breaks: ['media type', 'body'],
      change: (control) => ({ ...control, contentType: undefined, body: { kind: 'none' } }),
    },
  ];
}

function unreadableRow(suite: Suite, name: string, body: (control: RequestPlan) => PlannedBody): RefusedRow {
  return {
    id: `body/${name}`,
    requirement: 'body/unreadable',
    title: `refuses a body that holds no JSON object: ${name.replaceAll('-', ' ')}`,
    breaks: ['body'],
    refusals: [unreadableRefusal(suite)],
    // Many parsers read null, or no body, as an object without members.
    otherRefusals: /^(?:null|empty|blank|missing.*)$/.test(name)
      ? listRequired(suite).flatMap((member) => findRefusal(suite.transfer, member) ?? [])
      : [],
    change: (control) => ({ ...control, body: body(control) }),
  };
}

function dialectRow(suite: Suite, name: string, body: (control: RequestPlan) => PlannedBody): RefusedRow {
  return {
    ...unreadableRow(suite, name, body),
    requirement: 'body/json-dialect',
    title: `refuses a body in a dialect of JSON: ${name.replaceAll('-', ' ')}`,
    effect: 'moves',
    checks: [showsTheNumber],
  };
}

function mediaTypeRow(suite: Suite, name: string, mediaType: string | undefined): RefusedRow {
  const isForm = name === 'form';
  return {
    id: `media-type/${name}`,
    requirement: 'body/media-type',
    title: `refuses a body declared as ${mediaType ?? 'nothing'}`,
    effect: 'moves',
    breaks: ['media type', ...(isForm ? ['body'] : [])],
    refusals: [unreadableRefusal(suite)],
    checks: [showsTheNumber],
    change: (control) => ({ ...control, contentType: mediaType, body: isForm ? asForm(control) : control.body }),
  };
}

function severalFaultsRow(suite: Suite, name: string, faults: readonly string[]): RefusedRow {
  const broken = suite.constraints.filter((constraint) => faults.includes(constraint.name));
  const replace = (part: Constraint['place'], value: string) =>
    Object.fromEntries(broken.filter(({ place }) => place === part).map((constraint) => [constraint.name, value]));
  return {
    id: `several-faults/${name}`,
    requirement: 'body/several-faults',
    title: `refuses a request with several faults for one of them: ${faults.join(', ')}`,
    breaks: broken.map(({ place, name: part }) => `${place}/${part}`),
    refusals: broken.map(({ name: part }) => refusalFor(suite, part)),
    change: (control) => withPath(withBody(control, replace('body', 'no number')), replace('path', 'no such thing')),
  };
}

/** Names the members that a body must have. */
function requiredMembers(suite: Suite): string[] {
  return listRequired(suite).map(({ name }) => name);
}

function listRequired({ constraints }: Suite): Constraint[] {
  return constraints.filter(({ place, required }) => place === 'body' && required);
}

function missingMembersRow(
  suite: Suite,
  name: string,
  title: string,
  body: (members: JsonObject) => JsonObject,
): RefusedRow {
  const required = requiredMembers(suite);
  return {
    id: `several-faults/${name}`,
    requirement: 'body/several-faults',
    title: `refuses ${title} for one of the members that are missing`,
    breaks: required.map((member) => `body/${member}`),
    refusals: required.map((member) => refusalFor(suite, member)),
    change: (control) => ({ ...control, body: { kind: 'json', value: body(bodyObject(control)) } }),
  };
}

/** A member that stands in the query, which a transfer does not have. A server may refuse such a query by any code. */
function inQueryRow(suite: Suite, name: string): RefusedRow {
  const { statuses } = refusalFor(suite, name);
  return {
    id: `body/${name}/in-query`,
    requirement: 'body/several-faults',
    title: `refuses a transfer whose ${name} stands in the query, in place of the body`,
    breaks: [`body/${name}`],
    refusals: [{ statuses, code: undefined }],
    change: (control) => ({
      ...withBody(control, { [name]: undefined }),
      query: { ...control.query, [name]: String(bodyObject(control)[name]) },
    }),
  };
}

/** An international number has digits only. */
function plusBeforeExtensionRow(suite: Suite): RefusedRow {
  return {
    id: 'body/sendCallTo/plus-before-extension',
    requirement: 'body/send-call-to-invalid',
    title: 'refuses a transfer to an extension with a plus sign before it',
    needs: ['extension number'],
    breaks: ['body/sendCallTo'],
    refusals: [refusalFor(suite, 'sendCallTo')],
    change: (control, { sendTo }) => withBody(control, { sendCallTo: `+${sendTo.find(isExtension) ?? '*'}` }),
  };
}

/** The parts that cases of other actions share. A live telephone system may know the action and perform it. */
const otherAction = { requirement: 'body/action', needs: ['loopback target'] } as const;

function otherActionRow(suite: Suite, action: string): RefusedRow {
  return {
    ...otherAction,
    id: `body/action/${action}`,
    title: `refuses the action ${action}`,
    breaks: ['body/action'],
    refusals: [refusalFor(suite, 'action')],
    change: (control) => withBody(control, { action }),
  };
}

function bodyOfOtherActionRow(suite: Suite): RefusedRow {
  return {
    ...otherAction,
    id: 'body/action/own-body',
    title: 'refuses the body of another action',
    breaks: ['body/action', 'body/sendCallTo', 'body/transferFromNumber'],
    refusals: [refusalFor(suite, 'action')],
    change: (control) => ({ ...control, body: { kind: 'json', value: { action: 'OnHold', phoneCallViewId: '01' } } }),
  };
}
