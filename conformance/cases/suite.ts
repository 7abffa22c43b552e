import type { Check } from '../checks/check.ts';
import { isCompleteMessage, isJsonAsDeclared } from '../checks/answer.ts';
import {
  keepsTheOtherParty,
  leavesOthers,
  leavesTheCall,
  returnsTheUpdatedCall,
  showsTheNumber,
} from '../checks/effects.ts';
import { phoneCallChecks, transferredCallChecks } from '../checks/phone-call.ts';
import { hasChallenge, hasCodeOfStatus, hasErrorBody, hasErrorMediaType, isRefusedWith } from '../checks/refusal.ts';
import { doesNotFail, hasNoContent, isSuccess } from '../checks/success.ts';
import type { Constraint } from '../contract/constraints.ts';
import { operationById, type Contract, type Operation } from '../contract/contract.ts';
import { findRefusal, type Refusal } from '../contract/refusal.ts';
import { answerRequirement, completeRegister, operationGroup, type Requirement } from '../contract/requirements.ts';
import { schemaValidator, type SchemaValidator } from '../contract/schemas.ts';
import type { Fixture } from '../call/fixture.ts';
import { isBlankSegment } from '../target/lenient-parse.ts';
import { wasRead } from '../call/readings.ts';
import { controlCase, readingCase, type Case } from './case.ts';
import {
  explainUnplanned,
  plannedOperation,
  planBulkTransfer,
  planReading,
  type PlannedOperation,
  type RequestPlan,
} from './plan.ts';

/** The source of all cases: the parts of the contract, and the register. */
export interface Suite extends PlannedOperation {
  readonly contract: Contract;
  readonly reading: Operation;
  readonly transferAll: Operation;
  /** The other operations, of which nothing but the contract is known: each as a suite with it in the transfer's place. */
  readonly others: readonly Suite[];
  readonly validate: SchemaValidator;
  /** The register, completed by the demands of the contract that it does not name. */
  readonly requirements: readonly Requirement[];
}

/** Creates a suite from a contract and a register. */
export function createSuite(contract: Contract, register: readonly Requirement[]): Suite {
  const [transfer, reading, transferAll] = ['transferPhoneCall', 'getPhoneCall', 'transferAllPhoneCalls'].map((id) =>
    operationById(contract, id),
  ) as [Operation, Operation, Operation];
  const main = plannedOperation(contract, transfer);
  const others = contract.operations
    .filter((operation) => ![transfer, reading, transferAll].includes(operation))
    .map((operation) => plannedOperation(contract, operation))
    .filter((each) => explainUnplanned(each) === undefined);
  const requirements = others.reduce(
    (known, { transfer: other, constraints }) => [
      ...completeRegister(known, other, constraints, operationGroup(other)),
      ...(other.method === 'GET' ? [answerRequirement(other)] : []),
    ],
    completeRegister(register, transfer, main.constraints),
  );
  const suite = {
    ...main,
    contract,
    reading,
    transferAll,
    others: [],
    validate: schemaValidator(contract),
    requirements,
  };
  return { ...suite, others: others.map((other) => ({ ...suite, ...other })) };
}

/**
 * Returns the refusal of the constraint with a name.
 *
 * @throws Error if the contract binds none to it.
 */
export function refusalFor({ transfer, constraints }: Suite, name: string): Refusal {
  const constraint = constraints.find((candidate) => candidate.name === name);
  const refusal = constraint && findRefusal(transfer, constraint);
  if (refusal === undefined) throw new Error(`The contract binds no error code to ${name}.`);
  return refusal;
}

/**
 * Returns the refusals that the contract binds to the values of a request, by code. A valid transfer of a call that cannot
 * be transferred any more may get any of them.
 *
 * @param place - The place of the values; everywhere, if left out.
 */
export function documentedRefusals({ transfer, constraints }: Suite, place?: Constraint['place']): Refusal[] {
  return constraints
    .filter((constraint) => place === undefined || constraint.place === place)
    .flatMap((constraint) => findRefusal(transfer, constraint) ?? [])
    .filter(({ code }) => code !== undefined);
}

/**
 * Returns the refusal of a request that cannot be read.
 *
 * @throws Error if the contract binds none to the body.
 */
export function unreadableRefusal({ transfer }: Suite): Refusal {
  const refusal = transfer.body && findRefusal(transfer, transfer.body);
  if (refusal === undefined) throw new Error(`The contract binds no error code to the body of ${transfer.id}.`);
  return refusal;
}

/** The checks of every answer, by operation and open statuses: most cases have them. */
const checksOfAnswers = new WeakMap<Suite, Map<string, [Check, ...Check[]]>>();

/** Lists the checks of every answer of an operation. */
export function answerChecks(suite: Suite, operation: Operation, open: readonly string[] = []): [Check, ...Check[]] {
  const known = checksOfAnswers.get(suite) ?? new Map<string, [Check, ...Check[]]>();
  checksOfAnswers.set(suite, known);
  const key = `${operation.id} ${open.join()}`;
  const checks = known.get(key) ?? createAnswerChecks(suite, operation, open);
  known.set(key, checks);
  return checks;
}

function createAnswerChecks(suite: Suite, operation: Operation, open: readonly string[]): [Check, ...Check[]] {
  return [
    isCompleteMessage,
    isJsonAsDeclared,
    hasErrorBody(suite.contract, suite.validate),
    hasErrorMediaType(operation),
    hasCodeOfStatus(suite.contract, operation, open),
    hasChallenge,
    hasNoContent,
  ];
}

/** Lists the checks, for a requirement, of a request of an operation that must get one of some refusals. */
export function refusalChecks(
  suite: Suite,
  requirement: string,
  refusals: readonly Refusal[],
  operation = suite.transfer,
  others: readonly Refusal[] = [],
): [Check, ...Check[]] {
  const open = refusals.filter(({ code }) => code === undefined).flatMap(({ statuses }) => statuses);
  // A 401 carries its code even if the server may choose the status.
  const anyCode = open.filter((status) => !isAuthorizationStatus(suite, status));
  return [isRefusedWith(requirement, refusals, others), ...answerChecks(suite, operation, anyCode), leavesTheCall];
}

function isAuthorizationStatus({ transfer }: Suite, status: string): boolean {
  return transfer.security.some(({ refusedWith }) => refusedWith?.includes(status));
}

/** Lists the checks, for a requirement, of a case whose request must be accepted. */
export function acceptanceChecks(suite: Suite, requirement: string): [Check, ...Check[]] {
  return [isSuccess(requirement, suite.transfer), ...transferChecks(suite)];
}

/** Lists the checks of a transfer that is valid. */
export function transferChecks(suite: Suite): [Check, ...Check[]] {
  return [
    doesNotFail(suite.transfer),
    ...answerChecks(suite, suite.transfer),
    ...phoneCallChecks(suite.transfer, suite.validate, {
      schema: 'success/phone-call',
      noNullMembers: 'success/no-null-members',
      id: 'success/id',
      mediaType: 'success/media-type',
    }),
    ...transferredCallChecks(suite.transfer),
    showsTheNumber,
    keepsTheOtherParty,
    returnsTheUpdatedCall,
    leavesTheCall,
    leavesOthers('leaves other calls where they were', 'effects/other-call-stays'),
  ];
}

/** A row of a table of refusals: the parts of a case that differ. */
export interface RefusedRow extends Pick<Case, 'id' | 'requirement' | 'title' | 'breaks' | 'madeUp'> {
  /** Features that the case needs besides a fixture. */
  readonly needs?: Case['needs'];
  readonly effect?: Case['effect'];
  readonly refusals: readonly Refusal[];
  /** Refusals for another reason that the request has too. */
  readonly otherRefusals?: readonly Refusal[];
  /** Checks of the transfer besides those of every refusal. */
  readonly checks?: readonly Check[];
  /** The accepted requests that it differs from by one fault, where they are not the usual ones; no reading if none is. */
  readonly controls?: { readonly transfer: string; readonly reading?: string | undefined };
  /** True if the same change makes a valid request of a transfer of all calls. */
  readonly isOfOneCall?: true;
  /** Changes the control. */
  readonly change: (control: RequestPlan, fixture: Fixture) => RequestPlan;
}

/**
 * Creates the cases of a row: a transfer that differs from the control by one fault, and the same fault in each operation
 * that has the part of the request. What is demanded of the transfer's path, token and body is demanded there too.
 *
 * @param control - A valid transfer, which tells the parts that the row changes.
 */
export function refusedCases(suite: Suite, row: RefusedRow, control: RequestPlan, fixture: Fixture): Case[] {
  const changed = row.change(control, fixture);
  const isInBody = changed.body !== control.body || changed.contentType !== control.contentType;
  const isInCall = changed.path.phoneCallId !== control.path.phoneCallId || changed.rawSuffix !== undefined;
  // Without a security scheme there is no token to miss.
  const isOpen = ({ security }: Operation): boolean =>
    security.length === 0 && row.requirement.startsWith('authorization/');
  // Other operations need not have the headers and the query of a transfer.
  const lacksFields = ({ parameters }: Operation): boolean =>
    (['header', 'query'] as const).some((place) => {
      const [was = {}, is = {}] = [control[place], changed[place]];
      const names = Object.keys({ ...was, ...is }).filter((name) => was[name] !== is[name]);
      const shared = parameters.filter(({ pointer }) =>
        suite.transfer.parameters.some((one) => one.pointer === pointer),
      );
      return names.some((name) => !shared.some((one) => one.place === place && one.name === name));
    });
  return [
    refusedCase(suite, row),
    ...(isInBody || lacksFields(suite.reading) || isOpen(suite.reading) || (row.controls && !row.controls.reading)
      ? []
      : [refusedReading(suite, row)]),
    ...(isInCall ||
    lacksFields(suite.transferAll) ||
    isOpen(suite.transferAll) ||
    row.isOfOneCall ||
    row.effect === 'moves'
      ? []
      : [refusedTransferOfAll(suite, row, isBlankSegment(changed.path.extension ?? ''))]),
  ];
}

function refusedCase(suite: Suite, { needs = [], effect = 'keeps', ...row }: RefusedRow): Case {
  const { refusals, otherRefusals, checks = [], isOfOneCall: _, controls, change, ...common } = row;
  return {
    ...common,
    needs: ['fixture', ...needs],
    effect,
    control: controls?.transfer ?? controlCase,
    send: (control, fixture) => [change(control, fixture)],
    checks: [...refusalChecks(suite, row.requirement, refusals, suite.transfer, otherRefusals), ...checks],
  };
}

/** The refusal of a path that leads to nothing (RFC 9110 section 15.5.5): the documentation is that of the transfer. */
export const notFound: Refusal = { statuses: ['404'], code: undefined };

/** The refusals of a path that a server need not know: it leads to nothing, or a redirection leads to the usual one. */
export const otherPlace: readonly Refusal[] = [
  notFound,
  { statuses: ['301', '302', '303', '307', '308'], code: undefined },
];

/** Creates the case of a reading, which is refused as the transfer is, or as not found, if calls can be read at all. */
function refusedReading(
  suite: Suite,
  { refusals, otherRefusals, change, title, id, checks: _, isOfOneCall, controls, ...row }: RefusedRow,
): Case {
  const paths = documentedRefusals(suite, 'path').map(({ code }) => code);
  const isOfPath = refusals.some(({ code }) => paths.includes(code));
  const accepted = isOfPath ? [...refusals, notFound] : refusals;
  const [isRefused, ...others] = refusalChecks(suite, row.requirement, accepted, suite.reading, otherRefusals);
  return {
    ...row,
    id: id === 'authorization/none' ? 'authorization/reading-without-token' : `reading/${id}`,
    title: `reading the call: ${title.replace('a transfer', 'a request')}`,
    needs: ['fixture', ...(row.needs ?? [])],
    effect: 'reads',
    control: controls?.reading ?? readingCase,
    send: (control, fixture) => [planReading(change(control, fixture))],
    checks: [
      { ...isRefused, applies: ({ response, readings }) => response !== undefined && wasRead(readings?.before) },
      ...others.filter((check) => check !== leavesTheCall),
    ],
  };
}

/** Creates the case of a transfer of all calls, which is refused as that of one call is if it is implemented at all. */
function refusedTransferOfAll(
  suite: Suite,
  { refusals, otherRefusals, change, title, id, needs = [], checks: _, isOfOneCall, controls, ...row }: RefusedRow,
  isBlank: boolean,
): Case {
  const [isRefused, ...others] = refusalChecks(suite, row.requirement, refusals, suite.transferAll, otherRefusals);
  return {
    ...row,
    id: `bulk/${id}`,
    title: `transferring all calls: ${title}`,
    profile: suite.transferAll.profile,
    // Without an extension, a live telephone system could move all calls of the User.
    needs: ['fixture', ...needs, ...(isBlank ? (['loopback target'] as const) : [])],
    effect: 'keeps',
    send: (control, fixture) => [planBulkTransfer(change(control, fixture))],
    checks: [{ ...isRefused, applies: ({ response }) => response !== undefined && response.status !== 501 }, ...others],
  };
}

/** Creates a case of valid requests that move the call. */
export function movingCase(row: Pick<Case, 'id' | 'requirement' | 'title' | 'send' | 'checks'> & Partial<Case>): Case {
  return { effect: 'moves', breaks: [], ...row, needs: ['fixture', ...(row.needs ?? [])] };
}
