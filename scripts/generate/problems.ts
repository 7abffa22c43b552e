import { listConstraints, type Constraint } from '../../conformance/contract/constraints.ts';
import {
  ContractError,
  schemaLayers,
  type Contract,
  type ErrorBinding,
  type Operation,
} from '../../conformance/contract/contract.ts';
import { explainUnplanned, findWithoutValue, plannedOperation } from '../../conformance/cases/plan.ts';
import { findRefusal } from '../../conformance/contract/refusal.ts';
import { schemaValidator } from '../../conformance/contract/schemas.ts';
import { neverHarmless } from '../../conformance/target/guard.ts';
import { mapParts } from '../../conformance/contract/parts.ts';
import { parseYaml } from '../../conformance/contract/yaml-source.ts';
import { methodName } from './operations.ts';

/** Something in a contract that this toolkit cannot use, or that the suite cannot try. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
}

/** The operations and members that the suite, its guard, the client and the mock know by name. */
const known: Readonly<Record<string, { readonly request: string; readonly members: readonly string[] }>> = {
  getPhoneCall: { request: 'GET /uapi/phoneCalls/{userId}/{extension}/{phoneCallId}', members: [] },
  transferPhoneCall: {
    request: 'PUT /uapi/phoneCalls/{userId}/{extension}/{phoneCallId}',
    members: ['action', 'sendCallTo', 'transferFromNumber', 'transferNumber'],
  },
  transferAllPhoneCalls: { request: 'PUT /uapi/phoneCalls/{userId}/{extension}', members: ['action', 'sendCallTo'] },
};

/** Words that name nothing in a module (ECMA-262 12.7.2), beyond those that are too short to be an operation's. */
const reserved =
  /^(?:await|break|case|catch|class|const|continue|debugger|default|delete|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|methods|sdk)$/;

/** Lists what keeps a contract from being generated from: names that no code can have, refusals without an answer. */
export function listProblems(contract: Contract): Problem[] {
  const names = contract.operations.map(({ id }) => methodName(id));
  const foreign = listForeignFields(contract)
    .filter(({ isInTheWay }) => isInTheWay)
    .map(({ operation, parameter: { place, name, pointer } }) => {
      return {
        pointer,
        message: `${operation.id}: the suite sends the parameters of transferPhoneCall, which has no such ${place} parameter ${name}: let both refer to one of components.`,
      };
    });
  const found = contract.operations.flatMap((operation, index): Problem[] => {
    const { id, pointer, body, responses } = operation;
    const [name = '', place] = [names[index], `${pointer}/operationId`];
    const members = listConstraints(contract, operation);
    const twice = members.find((one, at) => members.findIndex((other) => other.name === one.name) !== at);
    const found: Problem[] = [];
    const tell = (at: string, message: string): void => void found.push({ pointer: at, message: `${id}${message}` });
    if (!/^[a-z]\w*$/i.test(name) || reserved.test(name))
      tell(
        place,
        ' cannot name a method: an operationId must have a word of Latin letters that JavaScript does not reserve.',
      );
    if (names.indexOf(name) !== index) tell(place, ` and another operationId both name the method ${name}.`);
    if (twice !== undefined)
      tell(
        twice.pointer,
        `: ${twice.name} is the name of two of its parameters or members, which one object cannot have.`,
      );
    if (body !== undefined && !members.some((member) => member.place === 'body'))
      tell(body.pointer, ': its body has no properties, which is what a method asks for.');
    if (!responses.some(({ status }) => status.startsWith('2')))
      tell(`${pointer}/responses`, ': no response has a status of success, such as 200 or 2XX.');
    const parts = responses.map((response) => ({ ...response, name: `response ${response.status}` }));
    for (const { name, content, pointer: at } of [...parts, ...(body ? [{ ...body, name: 'request body' }] : [])]) {
      const others = content.filter((media) => media.name !== 'application/json').map((media) => media.name);
      if (content.length > 0 && others.length === content.length)
        tell(at, `: its ${name} must have application/json, which is what the client and the suite read.`);
      else if (name === 'request body' && others.length > 0)
        tell(at, `: its request body can be application/json only; nothing here sends or takes ${others.join(', ')}.`);
    }
    return [...found, ...listFixedProblems(operation, members), ...listRefusalProblems(operation, members)];
  });
  const bare = contract.operations
    .filter(({ id }) => Object.hasOwn(known, id))
    .flatMap((operation) => findWithoutValue(plannedOperation(contract, operation)) ?? [])
    .map(({ name, pointer }) => ({
      pointer,
      message: `${name} is required: give it an example, which transfers can have.`,
    }));
  return [...foreign, ...found, ...bare, ...listUnread(contract)];
}

/** The parts of a contract at which its vendor extensions are read, by their kind and name. */
const read =
  /^(?:(?:parameter|body|scheme) x-(?:error-code|refused-with)|operation x-profile|response x-undocumented|scheme x-refused-examples)$/;

/** Lists the vendor extensions that stand where nothing reads them, such as a code of a property of a property. */
function listUnread({ document, operations }: Contract): Problem[] {
  const bound = operations.flatMap((operation) =>
    listConstraints({ document, operations }, operation).filter(({ place }) => place === 'body'),
  );
  const layers = new Set(bound.flatMap(({ pointer }) => schemaLayers(document, pointer)).map(({ pointer }) => pointer));
  const unread: Problem[] = [];
  mapParts(document, ({ kind, pointer, value }) => {
    for (const name of Object.keys(value)) {
      const isKnown = /^x-(?:error-code|refused-with|refused-examples|profile|undocumented)$/.test(name);
      const isRead = read.test(`${kind} ${name}`) || (/^x-(?:error|refused-with)/.test(name) && layers.has(pointer));
      if (!isKnown || isRead) continue;
      const message = `${name} is not read here: bind it to a parameter, a body, a property of a body or a security scheme.`;
      unread.push({ pointer: `${pointer}/${name}`, message });
    }
    return value;
  });
  return unread;
}

/** Lists what must stay as it is, since code knows it by name. */
function listFixedProblems(
  { id, method, path, pointer, body, security }: Operation,
  members: readonly Constraint[],
): Problem[] {
  const fixed = Object.hasOwn(known, id) ? known[id] : undefined;
  if (fixed === undefined) return [];
  const isKnown = (name: string) => members.some((member) => member.place === 'body' && member.name === name);
  const missing = fixed.members.filter((name) => !isKnown(name));
  return [
    ...(`${method} ${path}` === fixed.request
      ? []
      : [{ pointer, message: `${id} must stay ${fixed.request}, as the suite, its guard and the mock know it.` }]),
    ...(missing.length === 0
      ? []
      : [{ pointer: body?.pointer ?? pointer, message: `${id}: the suite needs the members ${missing.join(', ')}.` }]),
    ...(id !== 'transferPhoneCall' || security.length > 0
      ? []
      : [{ pointer, message: `${id}: it must demand a token: whoever moves a call must be allowed to.` }]),
    ...(body === undefined || body.required
      ? []
      : [{ pointer: body.pointer, message: `${id}: its body must be required: without it nothing can be done.` }]),
  ];
}

/** Lists the parameters of a reading, and of a transfer of all calls, which the transfer that they are made of does not have. */
function listForeignFields({ operations }: Contract) {
  const sent = operations.find(({ id }) => id === 'transferPhoneCall')?.parameters ?? [];
  return operations
    .filter(({ id }) => Object.hasOwn(known, id))
    .flatMap((operation) =>
      operation.parameters
        .filter(({ pointer }) => !sent.some((one) => one.pointer === pointer))
        .map((parameter) => {
          const { place, name, required } = parameter;
          const isInTheWay = required || sent.some((one) => one.place === place && one.name === name);
          return { operation, parameter, isInTheWay };
        }),
    );
}

/** Lists the parts of an operation's requests that this toolkit cannot send, or whose breaking nothing answers. */
function listRefusalProblems(operation: Operation, members: readonly Constraint[]): Problem[] {
  const { id, parameters, body, security } = operation;
  return [
    ...parameters.flatMap((parameter) => {
      const { place, name, schema, pointer } = parameter;
      if (place === 'cookie')
        return [{ pointer, message: `${id}: the suite and the client send no cookies, such as ${name}.` }];
      if (place === 'header' && /^(?:accept|content-type|authorization)$/i.test(name))
        return [{ pointer, message: `${id}: OpenAPI ignores a header parameter ${name}: leave it out.` }];
      if (place !== 'path' && neverHarmless.test(name))
        return [
          {
            pointer,
            message: `${id}: the suite never sends a ${place} parameter ${name}, which could make another request of it.`,
          },
        ];
      if ([schema.type].flat().some((type) => type === 'array' || type === 'object'))
        return [{ pointer, message: `${id}: the ${place} parameter ${name} must be a single value.` }];
      return missingAnswer(operation, parameter, pointer, `the ${place} parameter ${name}`);
    }),
    ...(body === undefined ? [] : missingAnswer(operation, body, body.pointer, 'the request body')),
    ...security.flatMap((scheme) => {
      const { name, pointer, isBearer } = scheme;
      const message = `${id}: the suite and the client send bearer tokens only, which ${name} is not.`;
      const unanswered = missingAnswer(operation, scheme, pointer, `the security scheme ${name}`);
      return isBearer ? unanswered : [{ pointer, message }, ...unanswered];
    }),
    ...members
      .filter(({ place, errorCode }) => place === 'body' && errorCode !== undefined)
      .flatMap((member) => missingAnswer(operation, member, member.pointer, `the property ${member.name}`)),
  ];
}

/** The mock has to answer a request that breaks a part of the contract, with an example of a single status. */
function missingAnswer(operation: Operation, binding: ErrorBinding, pointer: string, part: string): Problem[] {
  const { id } = operation;
  if (binding.errorCode === undefined)
    return [{ pointer, message: `${id}: nothing says what answers a request that breaks ${part}: add x-error-code.` }];
  try {
    const statuses = findRefusal(operation, { errorCode: binding.errorCode, refusedWith: undefined })?.statuses ?? [];
    const range = statuses.find((status) => !/^\d{3}$/.test(status));
    if (range === undefined) return [];
    const message = `${id}: the example of ${binding.errorCode} stands under ${range}: give it a single status.`;
    return [{ pointer, message }];
  } catch (error) {
    return [{ pointer, message: (error as Error).message }];
  }
}

/** Keywords whose demands the suite tries to break, or that demand nothing. */
const tried =
  /^(?:type|const|enum|pattern|format|m(?:in|ax)Length|m(?:in|ax)imum|exclusiveM(?:in|ax)imum|title|description|summary|default|deprecated|examples?|externalDocs|\$(?:comment|defs|id|anchor|dynamicAnchor)|x-.*)$/;

const wholeBody = 'the request body';

/** Lists the demands on requests that no case of the suite breaks, because it knows no way to. */
export function listUntried(contract: Contract): Problem[] {
  const validate = schemaValidator(contract);
  const untried = contract.operations
    .filter(({ id }) => id === 'transferPhoneCall' || !Object.hasOwn(known, id))
    .flatMap((operation) => {
      const bodies = operation.body?.content.slice(0, 1).map((media) => ({ ...media, name: wholeBody })) ?? [];
      return [...listConstraints(contract, operation), ...bodies].flatMap(
        ({ schema, schemaPointer, name }): Problem[] => {
          const isTried = (keyword: string): boolean =>
            (keyword === 'format'
              ? validate(schemaPointer, `no <${String(schema.format)}>`).length > 0
              : tried.test(keyword)) ||
            (/^(?:any|one)Of$/.test(keyword) && schema.enum !== undefined) ||
            (/^(?:required|properties)$/.test(keyword) && name === wholeBody);
          const keywords = Object.keys(schema).filter((keyword) => !isTried(keyword));
          return keywords.map((keyword) => {
            return { pointer: schemaPointer, message: `the suite has no case that breaks ${keyword} of ${name}.` };
          });
        },
      );
    });
  for (const operation of contract.operations) {
    const { id, method, pointer } = operation;
    if (Object.hasOwn(known, id)) continue;
    const reason = explainUnplanned(plannedOperation(contract, operation));
    if (reason !== undefined) untried.push({ pointer, message: `the suite has no case of ${id}: ${reason}.` });
    else if (method !== 'GET')
      untried.push({
        pointer,
        message: `${id}: the suite sends what must be refused, and to this machine only: nothing says what an accepted ${method} changes.`,
      });
  }
  for (const { operation, parameter } of listForeignFields(contract))
    untried.push({
      pointer: parameter.pointer,
      message: `the suite has no case of the ${parameter.place} parameter ${parameter.name} of ${operation.id}.`,
    });
  if (contract.document.webhooks !== undefined)
    untried.push({ pointer: '/webhooks', message: 'neither the suite nor the client has webhooks.' });
  return [...new Map(untried.map((problem) => [problem.message, problem])).values()];
}

/** Returns an error as a problem of the contract, if it has a place there. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ContractError) return { pointer: error.pointer, message: error.message };
  return { pointer: '', message: (error as Error).message };
}

/** Formats a problem with the line and column of its place in the contract's source, or of what is nearest to it. */
export function formatProblem({ pointer, message }: Problem, file: string, source: string): string {
  const path = pointer.split('/').slice(1);
  const names = path.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  const place = parseYaml(source, file).placeOf(names, 'key');
  return `${place === file ? `${file}:1:1` : place}: ${message}`;
}
