import type { Constraint } from '../contract/constraints.ts';
import type { JsonValue } from '../contract/json.ts';
import { findRefusal } from '../contract/refusal.ts';
import { requirementFor } from '../contract/requirements.ts';
import type { Fixture } from '../call/fixture.ts';
import { isBlankSegment } from '../target/lenient-parse.ts';
import { fieldBreaches, pathBreaches, propertyBreaches, type Breach } from './breaches.ts';
import { isJsonNumber } from './case.ts';
import { bodyObject, withBody, withPath, type RequestPlan } from './plan.ts';
import { unreadableRefusal, type RefusedRow, type Suite } from './suite.ts';

/** Returns a row for each way to break each constraint that has a refusal, from the values of a valid transfer. */
export function derivedRows(suite: Suite, control: RequestPlan): RefusedRow[] {
  return suite.constraints.flatMap((constraint) => constraintRows(suite, constraint, control));
}

function constraintRows(suite: Suite, constraint: Constraint, control: RequestPlan): RefusedRow[] {
  const refusal = findRefusal(suite.transfer, constraint);
  if (refusal === undefined) return [];
  const part = `${constraint.place}/${constraint.name}`;
  const breaches = listBreaches(constraint, control).filter(({ value }) => isBroken(suite, constraint, value));
  return distinctNames(breaches).map((breach) => {
    const { name, keyword, value } = breach;
    const requirement = requirementFor(suite.requirements, constraint.pointer, keyword).id;
    const isDialled = constraint.name === 'sendCallTo' && typeof value === 'number';
    return {
      id: `${part}/${name}`,
      requirement,
      title: `refuses a transfer whose ${constraint.name} is broken: ${name.replaceAll('-', ' ')}`,
      needs: [
        // A live telephone system could move all calls of the extension.
        ...(isBlankCall(suite, constraint, value) ? (['loopback target'] as const) : []),
        ...(isDialled ? (['JSON number'] as const) : []),
      ],
      breaks: [part],
      // A server may refuse a member that it does not know before it misses another, and limit the depth (RFC 8259 section 9).
      refusals: breach.otherName === undefined && name !== 'too-deep' ? [refusal] : [refusal, unreadableRefusal(suite)],
      change: (valid, fixture) => breakConstraint(constraint, isDialled ? toJsonNumber(valid, fixture) : valid, breach),
    };
  });
}

/** Tells whether the schema refuses a value; a parameter is a text that may be read as a number or a boolean. */
function isBroken({ validate }: Suite, { place, schemaPointer }: Constraint, value: Breach['value']): boolean {
  if (value === undefined) return true;
  const readings: JsonValue[] = place === 'body' ? [value] : [value, ...readText(String(value))];
  return readings.every((reading) => validate(schemaPointer, reading).length > 0);
}

/** Reads a text as the number or the boolean that a lenient server could take it for. */
function readText(text: string): JsonValue[] {
  if (text === 'true' || text === 'false') return [text === 'true'];
  return text.trim() !== '' && Number.isFinite(Number(text)) ? [Number(text)] : [];
}

/** Keeps the first breach of each name, since cases are known by them. */
function distinctNames(breaches: readonly Breach[]): readonly Breach[] {
  return [...new Map(breaches.toReversed().map((breach) => [breach.name, breach])).values()].toReversed();
}

/** Changes a transfer to the number that is a JSON number, so that a server which dials it still reaches the fixture's. */
function toJsonNumber(control: RequestPlan, { sendTo }: Fixture): RequestPlan {
  return withBody(control, { sendCallTo: sendTo.find(isJsonNumber) ?? null });
}

/** Tells whether a value leaves the last segment of the path blank, as in the path of all calls of an extension. */
function isBlankCall({ transfer }: Suite, { place, name }: Constraint, value: Breach['value']): boolean {
  return place === 'path' && transfer.path.endsWith(`{${name}}`) && isBlankSegment(encodeURIComponent(String(value)));
}

/** The breaches of each constraint that were listed last: every case of the constraint asks for them, with one control. */
const listed = new WeakMap<Constraint, { readonly valid: JsonValue; readonly breaches: readonly Breach[] }>();

function listBreaches(constraint: Constraint, control: RequestPlan): readonly Breach[] {
  const { place, name, schema, required } = constraint;
  const part = place === 'body' ? bodyObject(control) : control[place];
  const valid = part?.[name] ?? (place === 'body' ? null : '');
  const known = listed.get(constraint);
  if (known?.valid === valid) return known.breaches;
  const breaches =
    place === 'body'
      ? propertyBreaches(schema, required, valid, name)
      : place === 'path'
        ? pathBreaches(schema, String(valid))
        : fieldBreaches(schema, required, String(valid));
  listed.set(constraint, { valid, breaches });
  return breaches;
}

/** Breaks one constraint of the control in a way that was found, with the value found if its own cannot be broken so. */
function breakConstraint(constraint: Constraint, control: RequestPlan, found: Breach): RequestPlan {
  const breach = listBreaches(constraint, control).find(({ name }) => name === found.name) ?? found;
  if (constraint.place === 'path') return withPath(control, { [constraint.name]: String(breach.value) });
  if (constraint.place !== 'body') {
    const value = breach.value === undefined ? undefined : String(breach.value);
    return { ...control, [constraint.place]: { ...control[constraint.place], [constraint.name]: value } };
  }
  const renamed = breach.otherName === undefined ? {} : { [breach.otherName]: bodyObject(control)[constraint.name] };
  return withBody(control, { [constraint.name]: breach.value as JsonValue | undefined, ...renamed });
}
