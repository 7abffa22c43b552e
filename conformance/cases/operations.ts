import { carriesPhoneCalls } from '../checks/phone-call.ts';
import { isSuccess } from '../checks/success.ts';
import { leavesTheCall } from '../checks/effects.ts';
import type { RequestBody } from '../contract/contract.ts';
import { isObject, parseIfJson } from '../contract/json.ts';
import { pathTemplate } from '../contract/path-segment.ts';
import { findRefusal, formatRefusal } from '../contract/refusal.ts';
import { answerRequirement, operationGroup } from '../contract/requirements.ts';
import { summarizeAnswer } from '../call/readings.ts';
import type { Fixture } from '../call/fixture.ts';
import type { Exchange } from '../target/exchange.ts';
import type { Case } from './case.ts';
import { derivedRows } from './derived.ts';
import { controlTransfer, knownValues, type RequestPlan } from './plan.ts';
import { authorizationRows } from './scenarios/authorization.ts';
import { unreadableRows } from './scenarios/bodies.ts';
import { answerChecks, refusalChecks, type RefusedRow, type Suite } from './suite.ts';

/**
 * Creates the cases of the operations of which nothing but the contract is known: what it binds to their path, token,
 * parameters and body. A reading is also sent as the examples show it, and must be answered. Nothing says what an accepted
 * request of another method changes, so none is sent, and those that must be refused go to this machine only.
 */
export function operationCases({ others }: Suite, fixture: Fixture): Case[] {
  return others.flatMap((own) => {
    const control = planRequest(own, fixture);
    const { body, method, security } = own.transfer;
    const rows = [
      ...derivedRows(own, control),
      ...(body === undefined ? [] : unreadableRows(own).filter((row) => mustBeRefused(row, body, control, fixture))),
      ...(security.length === 0 ? [] : authorizationRows(own)),
    ];
    const refused = rows.filter((row) => isOnePath(row.change(control, fixture))).map((row) => refusedCase(own, row));
    return method === 'GET' ? [acceptedCase(own), ...refused] : refused;
  });
}

function planRequest(own: Suite, fixture: Fixture): RequestPlan {
  return controlTransfer(own, fixture, fixture.sendTo[0] ?? '');
}

/** Tells whether a path has one reading: between two parameters of one segment, other characters could separate them. */
function isOnePath({ template, path }: RequestPlan): boolean {
  const shared = pathTemplate(template).filter(({ names }) => names.length > 1);
  return shared.every(({ names }) => names.every((name) => /^\w+$/.test(path[name] ?? '')));
}

/** Tells whether a row has no object in its body, which a body without members has in many notations, and must have one. */
function mustBeRefused(
  { id, change }: RefusedRow,
  { required }: RequestBody,
  control: RequestPlan,
  fixture: Fixture,
): boolean {
  const { body, contentType } = change(control, fixture);
  if (!required && /\/(?:missing|empty|blank|null)/.test(id)) return false;
  const value = body.kind === 'text' ? parseIfJson(body.text) : body.kind === 'json' ? body.value : undefined;
  return contentType !== control.contentType || !isObject(value);
}

function acceptedCase(own: Suite): Case {
  const { transfer, validate } = own;
  const { id: requirement } = answerRequirement(transfer);
  return {
    id: `${operationGroup(transfer)}plain`,
    requirement,
    title: `${transfer.id}: answers a valid request`,
    profile: transfer.profile,
    needs: ['fixture'],
    effect: 'reads',
    breaks: [],
    explainPointless: (exchange) => explainPointless(own, exchange),
    send: (_, fixture) => [planRequest(own, fixture)],
    checks: [
      isSuccess(requirement, transfer),
      ...answerChecks(own, transfer),
      { ...carriesPhoneCalls(transfer, validate, requirement), name: 'carries what its schema describes' },
    ],
  };
}

function refusedCase(own: Suite, row: RefusedRow): Case {
  const { id, requirement, title, breaks, needs = [], refusals, otherRefusals, change } = row;
  const { transfer } = own;
  const isReading = transfer.method === 'GET';
  const checks = refusalChecks(own, requirement, refusals, transfer, otherRefusals);
  return {
    id: `${operationGroup(transfer)}${id}`,
    requirement,
    title: `${transfer.id}: ${title.replace('a transfer', 'a request')}`,
    profile: transfer.profile,
    needs: ['fixture', ...needs, ...(isReading ? [] : (['loopback target'] as const))],
    effect: isReading ? 'reads' : 'keeps',
    breaks,
    ...(isReading && { control: `${operationGroup(transfer)}plain` }),
    explainPointless: (exchange) => explainPointless(own, exchange),
    send: (_, fixture) => [change(planRequest(own, fixture), fixture)],
    checks: isReading ? (checks.filter((check) => check !== leavesTheCall) as typeof checks) : checks,
  };
}

/** Says why an answer proves nothing: the target lacks the operation, or does not know an example of the contract. */
function explainPointless({ transfer, constraints }: Suite, exchange: Exchange): string | undefined {
  const answer = summarizeAnswer(exchange);
  const status = String(exchange.response?.status);
  if (status === '501' && transfer.responses.some((response) => response.status === '501'))
    return `the target does not have ${transfer.id}: it answered ${answer}`;
  const known = knownValues({} as Fixture, '');
  // One of a closed set needs no object that the target would have to know.
  const presumed = constraints.filter(
    ({ place, name, schema }) => place !== 'body' && !known.has(name) && schema.enum === undefined,
  );
  const unknown = presumed.find((constraint) => {
    const refusal = findRefusal(transfer, constraint);
    return (status === '404' && constraint.place === 'path') || (refusal && formatRefusal(refusal) === answer);
  });
  return unknown && `the contract's example of ${unknown.name} is not known to the target, which answered ${answer}`;
}
