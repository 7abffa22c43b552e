import { isDeepStrictEqual } from 'node:util';

import { parseContract, type Contract, type Operation } from '../../conformance/contract/contract.ts';
import type { JsonObject } from '../../conformance/contract/json.ts';
import type { Change, Side } from './change.ts';
import { changeOf, compareSchemas, goneOf, type Place } from './compare-schemas.ts';
import { findDifferences, normalise } from './normalise.ts';

/** Finds what is different between two contracts for those who send requests, and for those who answer them. */
export function compareContracts(earlier: Contract, later: Contract): readonly Change[] {
  const [before, after] = [earlier, later].map(({ document }) => parseContract(normalise(document) as JsonObject)) as [
    Contract,
    Contract,
  ];
  const changes = compareOperations(before, after);
  const differences = findDifferences(withoutVersion(before), withoutVersion(after));
  const renames = differences.some(isComponent);
  const unknown = differences.filter((pointer) => {
    if (isUnseen(pointer)) return true;
    return changes.length === 0 && !isComponent(pointer) && !(renames && pointer.endsWith('/$ref'));
  });
  return [...changes, ...unknown.map(unknownChange)];
}

/** Parts that the comparison of operations does not look into. */
const unseen =
  /\/(?:servers|security|securitySchemes|headers|prefixItems|patternProperties|not|if|then|else|contains|dependentSchemas|discriminator|callbacks|webhooks|links)(?:\/|$)|\/additionalProperties\/|\/items$|\/parameters\/.*\/(?:required|style|explode|schema|content)$|\/parameters$|\/(?:jsonSchemaDialect|openapi)$/;

function isUnseen(pointer: string): boolean {
  return unseen.test(pointer);
}

/** Names of components mean nothing: what they hold is compared where it is referred to. */
function isComponent(pointer: string): boolean {
  return /^\/components\/[^/]+\/[^/]+$/.test(pointer);
}

function unknownChange(pointer: string): Change {
  return { at: pointer, subject: pointer.split('/').at(-1) ?? '', says: 'differs: look at it', verdict: 'unknown' };
}

function withoutVersion({ document }: Contract): JsonObject {
  const { version: _, ...info } = document.info as JsonObject;
  return { ...document, info };
}

function compareOperations(before: Contract, after: Contract): readonly Change[] {
  return pairs(before.operations, after.operations, ({ method, path }) => `${method} ${path}`).flatMap(([was, is]) => {
    const place = placeOf('request', was ?? is, '');
    if (is === undefined) return [goneOf(place)];
    if (was === undefined) return [changeOf(place, 'added', 'is new')];
    return [
      ...compareNames(was, is, place),
      ...compareParameters(before, after, was, is),
      ...compareBodies(before, after, was, is),
      ...compareResponses(before, after, was, is),
    ];
  });
}

function compareNames(was: Operation, is: Operation, place: Place): readonly Change[] {
  const changes: Change[] = [];
  // The name of an operation is that of a function, of nothing that travels.
  if (was.id !== is.id) changes.push({ ...goneOf(place), says: `was named ${was.id}` });
  if (!isDeepStrictEqual(was.security, is.security)) changes.push(changeOf(place, 'replaced', 'security has changed'));
  return changes;
}

function compareParameters(before: Contract, after: Contract, was: Operation, is: Operation): readonly Change[] {
  return pairs(was.parameters, is.parameters, ({ place, name }) => `${place} ${name}`).flatMap(([old, now]) => {
    const place = placeOf('request', is, `parameter ${(now ?? old)?.name}`, (now ?? old)?.name);
    if (now === undefined) return [changeOf(place, 'replaced', 'is gone')];
    if (old === undefined) return [changeOf(place, 'replaced', 'is new')];
    return [
      ...bindingChanges(old, now, place),
      ...compareSchemas(
        { document: before.document, pointer: `${old.pointer}/schema` },
        { document: after.document, pointer: `${now.pointer}/schema` },
        place,
      ),
    ];
  });
}

function compareBodies(before: Contract, after: Contract, was: Operation, is: Operation): readonly Change[] {
  const place = placeOf('request', is, 'request body', 'body');
  const [old, now] = [was.body, is.body];
  if (old === undefined && now === undefined) return [];
  if (old === undefined || now === undefined) {
    return [changeOf(place, 'replaced', old === undefined ? 'is new' : 'is gone')];
  }
  const required = old.required === now.required ? [] : [changeOf(place, 'replaced', 'required has changed')];
  return [...required, ...bindingChanges(old, now, place), ...compareContents(before, after, [old, now], place)];
}

function compareResponses(before: Contract, after: Contract, was: Operation, is: Operation): readonly Change[] {
  return pairs(was.responses, is.responses, ({ status }) => status).flatMap(([old, now]) => {
    const status = (now ?? old)?.status ?? '';
    const place = placeOf('answer', is, `answer ${status}`, status);
    if (now === undefined) return [changeOf(place, 'narrowed', 'is gone')];
    if (old === undefined) return [changeOf(place, 'widened', 'is new')];
    return compareContents(before, after, [old, now], place);
  });
}

type WithContent = Pick<Operation['responses'][number], 'content'>;

function compareContents(
  before: Contract,
  after: Contract,
  [old, now]: readonly [WithContent, WithContent],
  place: Place,
): readonly Change[] {
  return pairs(old.content, now.content, ({ name }) => name).flatMap(([was, is]) => {
    if (is === undefined) return [changeOf(place, 'narrowed', `${was?.name} is gone`)];
    if (was === undefined) return [changeOf(place, 'widened', `${is.name} is new`)];
    return compareSchemas(
      { document: before.document, pointer: was.schemaPointer },
      { document: after.document, pointer: is.schemaPointer },
      place,
    );
  });
}

interface Bound {
  readonly errorCode: string | undefined;
  readonly refusedWith: readonly string[] | undefined;
}

function bindingChanges(old: Bound, now: Bound, place: Place): readonly Change[] {
  const binding = ({ errorCode, refusedWith }: Bound): string => `${errorCode} ${refusedWith?.join(', ') ?? ''}`.trim();
  if (binding(old) === binding(now)) return [];
  return [changeOf(place, 'replaced', `was refused with ${binding(old)} and is with ${binding(now)}`)];
}

function placeOf(side: Side, operation: Operation | undefined, part: string, subject?: string): Place {
  const id = operation?.id ?? '';
  return { side, at: `${id} ${part}`.trim(), subject: subject ?? id };
}

/** Pairs the things of the same key; a thing that only one side has is alone. */
function pairs<Thing>(
  before: readonly Thing[],
  after: readonly Thing[],
  keyOf: (thing: Thing) => string,
): readonly (readonly [Thing | undefined, Thing | undefined])[] {
  const [was, is] = [before, after].map((things) => new Map(things.map((thing) => [keyOf(thing), thing])));
  const keys = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
  return [...keys].map((key) => [was?.get(key), is?.get(key)]);
}
