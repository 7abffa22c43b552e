import { resolve, type Contract, type ContractResponse, type MediaType, type Operation } from '../contract/contract.ts';
import { asObject, isObject, parseIfJson, pointerToken, pointerTokens } from '../contract/json.ts';
import type { JsonObject, JsonValue } from '../contract/json.ts';
import { documentedCodes } from '../contract/refusal.ts';
import type { Requirement } from '../contract/requirements.ts';
import type { CaseViolation, CoverageItem, Exchange } from './model.ts';
import type { Outcome } from './verdict.ts';

/** A part of the contract, the exchanges that reached it, and whether one of them broke it. */
interface Measured extends Pick<CoverageItem, 'kind' | 'of' | 'name' | 'at'> {
  readonly reached: readonly Exchange[];
  readonly isBroken: boolean;
}

type Part = Omit<Measured, 'reached' | 'isBroken'>;

interface Answer {
  readonly exchange: Exchange;
  readonly status: string;
  readonly mediaType: string;
  readonly body: JsonValue | undefined;
  readonly violations: readonly CaseViolation[];
}

/**
 * Returns the statuses, codes, parameters, properties, media types and constraints of the contract, each with whether the
 * run reached it and whether it was broken. Parts of requests are judged by the requirements about them, those of answers
 * by the answers that have them.
 */
export function measureCoverage(contract: Contract, profiles: readonly string[], outcome: Outcome): CoverageItem[] {
  const measured = contract.operations
    .filter(({ profile }) => profiles.includes(profile))
    .flatMap((operation) => [
      ...measureAnswers(contract, operation, listAnswers(operation, outcome)),
      ...measureRequest(contract, operation, outcome),
    ]);
  // Operations share schemas, and so have parts in common.
  const alike = Map.groupBy(measured, ({ kind, of, name, at }) => [kind, of, name, at].join('\n'));
  return [...alike.values()].map((all) => {
    const [{ kind, of, name, at }] = all as [Measured];
    const exchanges = new Set(all.flatMap(({ reached }) => reached)).size;
    const isBroken = all.some((one) => one.isBroken);
    return { kind, of, name, at, outcome: isBroken ? 'violated' : exchanges > 0 ? 'met' : 'unreached', exchanges };
  });
}

function measureRequest(
  { document }: Contract,
  { id, parameters, body }: Operation,
  { requirements, cases }: Outcome,
): Measured[] {
  const byRequirements = (part: Part, isAbout: (requirement: Requirement) => boolean): Measured => {
    const about = requirements.filter(({ requirement }) => isAbout(requirement));
    const proved = about.filter(({ outcome }) => ['met', 'violated', 'warned', 'known'].includes(outcome));
    const ids = proved.flatMap((result) => result.cases);
    const reached = cases.filter((result) => ids.includes(result.id)).flatMap(({ exchanges }) => exchanges);
    return { ...part, reached, isBroken: proved.some(({ outcome }) => outcome !== 'met') };
  };
  const measurePlace = (place: Place, whole?: string) =>
    measureParts(
      place,
      (part) => byRequirements(part, ({ at }) => `${at}/`.startsWith(`${place.pointer}/`)),
      (part, keyword) =>
        byRequirements(part, ({ at, keywords = [] }) => {
          // A constant is bundled as an enumeration of one value too.
          const isMeant = ['*', keyword, ...(keyword === 'enum' ? ['const'] : [])].some((one) =>
            keywords.includes(one),
          );
          return at === whole || (isMeant && `${at}/`.startsWith(`${place.pointer}/`));
        }),
    );
  const inPath = parameters.flatMap(({ name, place, pointer, schema }) => {
    const { type, ...constraints } = constraintsIn(schema);
    // A parameter is text, so that nothing in it can break this type.
    const all = type === undefined || type === 'string' ? constraints : { type, ...constraints };
    return measurePlace({ kind: 'parameter', owner: place, name, at: '', pointer, constraints: all });
  });
  const inBody = (body?.content ?? []).flatMap((content) => {
    const at = `${body?.pointer}/content/${pointerToken(content.name)}`;
    const part: Part = { kind: 'media type', of: `${id} request`, name: content.name, at };
    return [
      byRequirements(part, (requirement) => [at, `${body?.pointer}/content`].includes(requirement.at)),
      ...listPlaces(document, content).flatMap((place) => measurePlace(place, place.at === '' ? body?.pointer : '')),
    ];
  });
  return [...inPath, ...inBody];
}

function measureAnswers(contract: Contract, operation: Operation, answers: readonly Answer[]): Measured[] {
  const { id, responses } = operation;
  return responses.flatMap((response) => {
    const { status, pointer, content } = response;
    const own = answers.filter((answer) => answer.status === status);
    const codes = documentedCodes(contract, operation, status) ?? [];
    return [
      judgeAll({ kind: 'status', of: id, name: status, at: pointer }, answers, (answer) => judgeStatus(answer, status)),
      ...codes.map((name) => {
        const at = `${content[0]?.schemaPointer}/properties/error/properties/code`;
        const part: Part = { kind: 'code', of: `${id} ${status}`, name, at };
        return judgeAll(part, answers, (answer) => judgeCode(answer, response, name, codes));
      }),
      ...content.flatMap((media) => {
        const at = `${pointer}/content/${pointerToken(media.name)}`;
        const part: Part = { kind: 'media type', of: `${id} ${status}`, name: media.name, at };
        return [
          judgeAll(part, own, ({ violations, mediaType }) => {
            return judgement(
              violations.some((one) => one.at === 'header content-type'),
              mediaType === media.name,
            );
          }),
          ...listPlaces(contract.document, media).flatMap((place) => measureShown(place, own)),
        ];
      }),
    ];
  });
}

function judgeAll(part: Part, answers: readonly Answer[], judge: (answer: Answer) => boolean | undefined): Measured {
  const judged = answers.map((answer) => ({ answer, isKept: judge(answer) }));
  const reached = judged.filter(({ isKept }) => isKept !== undefined);
  return {
    ...part,
    reached: reached.map(({ answer }) => answer.exchange),
    isBroken: reached.some(({ isKept }) => isKept === false),
  };
}

/** Judges what was broken and what was reached; what is broken counts as reached. */
function judgement(isBroken: boolean, isReached: boolean): boolean | undefined {
  return isBroken ? false : isReached || undefined;
}

function judgeStatus(answer: Answer, status: string): boolean | undefined {
  const wrong = answer.violations.filter(({ at }) => at === 'status');
  // Of several statuses that a server may choose from, the first stands for all.
  const isMissing = wrong.some(({ expected }) => expected.split(/[ ,]/)[0] === status);
  return judgement(isMissing, answer.status === status && wrong.length === 0);
}

function judgeCode(answer: Answer, { status }: ContractResponse, code: string, codes: readonly string[]) {
  const isSent = answer.status === status;
  const wrong = answer.violations.filter(({ at }) => at === 'status' || at === '/error/code');
  const isMissing = wrong.some(({ at, expected }) => {
    // Where a server may choose from several codes, none of them is the missing one.
    const expectedCodes = expected.split(/\W+/).filter((word) => codes.includes(word));
    return expectedCodes.join() === code && (at === 'status' ? expected.startsWith(status) : isSent);
  });
  return judgement(isMissing, isSent && findValues(answer.body, '/error/code')[0] === code && wrong.length === 0);
}

/** Measures a place in the answers of a status. A violation there breaks each demand on the value, or that there is one. */
function measureShown(place: Place, answers: readonly Answer[]): Measured[] {
  const pattern = new RegExp(`^${place.at.split('*').map(RegExp.escape).join('[^/]*')}$`);
  const isThere = (value: JsonValue | undefined) => value !== undefined;
  const measure = (part: Part, keyword?: string) =>
    judgeAll(part, answers, ({ violations, body }) => {
      const values = findValues(body, place.at);
      const isReached = keyword === 'required' ? values.length > 0 : values.some(isThere);
      const isBroken = violations.some(({ at }) => pattern.test(at));
      return judgement(isBroken && (isReached || keyword === undefined), isReached);
    });
  return measureParts(place, measure, measure);
}

/** Measures a place itself, unless it is but a value, and each of its constraints. */
function measureParts(
  { kind, owner, name, pointer: at, constraints }: Place,
  measure: (part: Part) => Measured,
  measureKeyword: (part: Part, keyword: string) => Measured,
): Measured[] {
  const itself = kind === 'value' ? [] : [measure({ kind, of: owner, name, at })];
  return [
    ...itself,
    ...Object.entries(constraints).map(([keyword, demand]) => {
      const text = typeof demand === 'string' ? demand : JSON.stringify(demand);
      const of = [...new Set([owner, name])].filter(Boolean).join(' ');
      return measureKeyword(
        { kind: 'constraint', of, name: demand === true ? keyword : `${keyword} ${text}`, at },
        keyword,
      );
    }),
  ];
}

/** A parameter, or the place of a value in a body. */
interface Place {
  readonly kind: 'parameter' | 'property' | 'value';
  readonly owner: string;
  readonly name: string;
  /** Its place in a body, as a JSON pointer in which `*` is any entry of an array. */
  readonly at: string;
  readonly pointer: string;
  /** The demands of its schema, by keyword; `required` is true if the schema of its parent demands it. */
  readonly constraints: Readonly<Record<string, JsonValue>>;
}

/** Keywords that describe a value or lead to other values, but do not constrain the value itself. */
const notConstraints =
  /^(?:\$.*|x-.*|title|description|default|deprecated|examples?|properties|required|items|(?:any|one|all)Of)$/;

function constraintsIn(schema: JsonObject): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !notConstraints.test(keyword)));
}

/** Lists a body and everything in it, as deep as its schemas go. If a schema has alternatives, their parts are all listed. */
function listPlaces(document: JsonObject, { schemaPointer }: MediaType): Place[] {
  const enter = (
    place: Omit<Place, 'owner' | 'pointer' | 'constraints'>,
    isRequired: boolean,
    from: string,
    within: readonly string[],
  ): Place[] => {
    const { value: schema, pointer } = resolve(document, from);
    // A schema that contains itself is not entered again.
    if (within.includes(pointer)) return [];
    const inner = (part: Partial<Place>, step: string, required = false) =>
      enter({ ...place, ...part }, required, `${pointer}/${step}`, [...within, pointer]);
    const required = Array.isArray(schema.required) ? schema.required : [];
    const own = place.kind === 'property' ? from : pointer;
    const [, owner = '', inside] = /^\/components\/schemas\/([^/]+)(\/.)?/.exec(own) ?? [];
    const constraints = { ...constraintsIn(schema), ...(isRequired && { required: true }) };
    const name = inside === undefined && owner !== '' ? owner : place.name;
    return [
      { ...place, name, owner, pointer: own, constraints },
      ...Object.keys(asObject(schema.properties)).flatMap((key) => {
        const token = pointerToken(key);
        const part = { name: key, kind: 'property', at: `${place.at}/${token}` } as const;
        return inner(part, `properties/${token}`, required.includes(key));
      }),
      ...(isObject(schema.items)
        ? inner({ name: `each of ${name}`, kind: 'value', at: `${place.at}/*` }, 'items')
        : []),
      ...['anyOf', 'oneOf', 'allOf'].flatMap((keyword) =>
        Object.keys(schema[keyword] ?? []).flatMap((index) => inner({}, `${keyword}/${index}`)),
      ),
    ];
  };
  return enter({ kind: 'value', name: schemaPointer.split('/').at(-1) ?? '', at: '' }, false, schemaPointer, []);
}

/** Returns the values at a place in a body, where `*` is any entry of an array; undefined for a property that is left out. */
function findValues(body: JsonValue | undefined, at: string): readonly (JsonValue | undefined)[] {
  let values = [body];
  for (const name of pointerTokens(at)) {
    values = values.flatMap((value) => {
      if (name === '*') return Array.isArray(value) ? value : [];
      return isObject(value) ? [Object.hasOwn(value, name) ? value[name] : undefined] : [];
    });
  }
  return values;
}

/** Returns the answers of an operation in the cases that came to a verdict on the target. */
function listAnswers({ method, path }: Operation, { cases }: Outcome): Answer[] {
  const pattern = new RegExp(
    `${path
      .split(/\{\w+\}/)
      .map(RegExp.escape)
      .join('[^/]+')}$`,
  );
  const judged = cases.filter(({ verdict }) => verdict !== 'unreached' && verdict !== 'error');
  return judged.flatMap(({ checks, exchanges }) =>
    exchanges.flatMap((exchange, index): Answer[] => {
      const { request, response } = exchange;
      const sent = (request.path.split('?')[0] ?? '').replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
      if (response === undefined || request.method !== method || !pattern.test(sent)) return [];
      const violations = checks.flatMap((check) => check.violations.filter(({ exchange: at = 0 }) => at === index));
      const [type = ''] = (response.headers['content-type'] ?? '').split(';');
      const [status, mediaType] = [String(response.status), type.trim().toLowerCase()];
      return [{ exchange, status, mediaType, body: parseIfJson(response.body.text), violations }];
    }),
  );
}
