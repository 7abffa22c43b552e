import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { listConstraints, type Constraint } from '../../conformance/contract/constraints.ts';
import {
  ContractError,
  type Contract,
  type ErrorBinding,
  type Operation,
} from '../../conformance/contract/contract.ts';
import { findRefusal } from '../../conformance/contract/refusal.ts';
import { methodName } from './operations.ts';

/** Something in a contract that this toolkit cannot use, or that the suite cannot try. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
}

/** Words that name nothing in a module (ECMA-262 12.7.2), beyond those that are too short to be an operation's. */
const reserved =
  /^(?:await|break|case|catch|class|const|continue|debugger|default|delete|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|methods|sdk)$/;

/** Lists what keeps a contract from being generated from: names that no code can have, refusals without an answer. */
export function listProblems(contract: Contract): Problem[] {
  const names = contract.operations.map(({ id }) => methodName(id));
  return contract.operations.flatMap((operation, index) => {
    const { id, pointer, parameters, body, responses, security } = operation;
    const name = names[index] ?? '';
    const members = listConstraints(contract, operation);
    const twice = members.find((one, at) => members.findIndex((other) => other.name === one.name) !== at);
    return [
      ...(/^[a-z]\w*$/i.test(name) && !reserved.test(name)
        ? []
        : [
            {
              pointer: `${pointer}/operationId`,
              message: `${id} cannot name a method: an operationId must have a word of Latin letters that JavaScript does not reserve.`,
            },
          ]),
      ...(names.indexOf(name) === index
        ? []
        : [
            {
              pointer: `${pointer}/operationId`,
              message: `${id} and another operationId both name the method ${name}.`,
            },
          ]),
      ...(twice === undefined
        ? []
        : [
            {
              pointer: twice.pointer,
              message: `${id}: ${twice.name} is the name of two of its parameters or members, which one object cannot have.`,
            },
          ]),
      ...parameters.flatMap((parameter) => {
        const { place, name: called, schema } = parameter;
        if (place === 'cookie')
          return [
            {
              pointer: parameter.pointer,
              message: `${id}: the suite and the client send no cookies, such as ${called}.`,
            },
          ];
        const isText = ![schema.type].flat().some((type) => type === 'array' || type === 'object');
        if (!isText)
          return [
            { pointer: parameter.pointer, message: `${id}: the ${place} parameter ${called} must be a single value.` },
          ];
        return missingAnswer(operation, parameter, parameter.pointer, `the ${place} parameter ${called}`);
      }),
      ...(body === undefined ? [] : missingAnswer(operation, body, body.pointer, 'the request body')),
      ...(body === undefined || members.some(({ place }) => place === 'body')
        ? []
        : [{ pointer: body.pointer, message: `${id}: its body has no properties, which is what a method asks for.` }]),
      ...(responses.some(({ status }) => status.startsWith('2'))
        ? []
        : [
            {
              pointer: `${pointer}/responses`,
              message: `${id}: no response has a status of success, such as 200 or 2XX.`,
            },
          ]),
      ...security
        .filter(({ isBearer }) => !isBearer)
        .map((scheme) => ({
          pointer: scheme.pointer,
          message: `${id}: the suite and the client send bearer tokens only, which ${scheme.name} is not.`,
        })),
      ...security.flatMap((scheme) =>
        missingAnswer(operation, scheme, scheme.pointer, `the security scheme ${scheme.name}`),
      ),
      ...members
        .filter(({ place, errorCode }) => place === 'body' && errorCode !== undefined)
        .flatMap((member) => missingAnswer(operation, member, member.pointer, `the property ${member.name}`)),
    ];
  });
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
  /^(?:type|const|enum|pattern|format|m(?:in|ax)Length|m(?:in|ax)imum|exclusiveM(?:in|ax)imum|title|description|summary|default|deprecated|examples?|externalDocs|\$(?:comment|defs|id|anchor|dynamicAnchor)|x-.*|required|properties)$/;

/** Lists the demands on a request that no case of the suite breaks, because it knows no way to. */
export function listUntried(contract: Contract): Problem[] {
  const untried = contract.operations
    .filter(({ id }) => id === 'transferPhoneCall')
    .flatMap((operation) => {
      const keywordsOf = ({ schema, name }: Pick<Constraint, 'schema' | 'name'>, pointer: string): Problem[] =>
        Object.keys(schema)
          .filter((keyword) => !tried.test(keyword) && !(/^(?:any|one)Of$/.test(keyword) && schema.enum !== undefined))
          .map((keyword) => ({ pointer, message: `the suite has no case that breaks ${keyword} of ${name}.` }));
      const media = operation.body?.content[0];
      return [
        ...listConstraints(contract, operation).flatMap((constraint) =>
          keywordsOf(constraint, constraint.schemaPointer),
        ),
        ...(media === undefined
          ? []
          : keywordsOf({ schema: media.schema, name: 'the request body' }, media.schemaPointer)),
      ];
    });
  const { webhooks } = contract.document;
  if (webhooks !== undefined)
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
  const lineCounter = new LineCounter();
  let node: unknown = parseDocument(source, { lineCounter }).contents;
  let offset = 0;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const found: unknown = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === name)
      : isSeq(node)
        ? node.items[Number(name)]
        : undefined;
    if (found === undefined) break;
    const at = isPair(found) ? found.key : found;
    offset = (isNode(at) ? at.range?.[0] : undefined) ?? offset;
    node = isPair(found) ? found.value : found;
  }
  const { line, col } = lineCounter.linePos(offset);
  return `${file}:${line}:${col}: ${message}`;
}
