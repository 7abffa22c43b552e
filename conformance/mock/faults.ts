import type { IPrismDiagnostic } from '@stoplight/prism-core';
import { isObject, type JsonValue } from '../contract/json.ts';
import type { Answer } from './answer.ts';
import type { Judgement } from './prism.ts';
import { parameterKey, type PropertyRefusal, type Refusals } from './refusals.ts';

/** Whether Prism found the request without the authorization that its operation demands. */
export function isUnauthorized({ findings }: Judgement): boolean {
  // Only its findings about security carry tags: the schemes that would do.
  return findings.some(({ tags }) => tags !== undefined);
}

/** The refusal of the first parameter, in the contract's order, that is missing or invalid. */
export function parameterRefusal(judgement: Judgement, refusals: Refusals): Answer | undefined {
  const broken = new Set([...invalidParameters(judgement.findings), ...unreadableParameters(judgement, refusals)]);
  if (broken.size === 0) return undefined;
  for (const [key, answer] of refusals.parameters) if (broken.has(key)) return answer;
  return undefined;
}

/** The refusal of the body, or of its first property in the contract's order that is missing or invalid. */
export function bodyRefusal({ findings, request }: Judgement, refusals: Refusals): Answer | undefined {
  if (refusals.body === undefined) return undefined;
  if (request.bodyIsUnreadable) return refusals.body;
  const ofBody = findings.filter(({ path, tags }) => tags === undefined && (path?.[0] ?? 'body') === 'body');
  if (ofBody.length === 0) return undefined;
  return firstProperty(ofBody, request.body, refusals.properties)?.answer ?? refusals.body;
}

function invalidParameters(findings: readonly IPrismDiagnostic[]): string[] {
  return findings.flatMap(({ path }) => {
    const [place, name] = path ?? [];
    return place === undefined || place === 'body' || name === undefined ? [] : [parameterKey(place, name)];
  });
}

/** Path parameters that Prism cannot name: the empty ones, and those whose percent-encoding is malformed. */
function unreadableParameters({ request: { target } }: Judgement, { path }: Refusals): string[] {
  return [...path.names]
    .filter(([index]) => target.malformed.has(index) || target.segments[index] === '')
    .map(([, name]) => parameterKey('path', name));
}

function firstProperty(
  findings: readonly IPrismDiagnostic[],
  body: JsonValue | undefined,
  properties: readonly PropertyRefusal[],
): PropertyRefusal | undefined {
  const named = new Set(findings.map(({ path }) => path?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~')));
  const isMissing = ({ name, required }: PropertyRefusal) => required && isObject(body) && !Object.hasOwn(body, name);
  const broken = properties.filter((property) => named.has(property.name) || isMissing(property));
  // A missing property with an open refusal tells the client less than any documented code.
  return broken.find((property) => !(property.open && isMissing(property))) ?? broken[0];
}
