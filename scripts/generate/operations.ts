import type { Contract, Operation } from '../../conformance/contract/contract.ts';
import { readSchema, resolve, schemaLayers } from '../../conformance/contract/contract.ts';
import { documentedCodes } from '../../conformance/contract/refusal.ts';
import { schemaValidator } from '../../conformance/contract/schemas.ts';
import { asObject, pointerToken, type JsonObject, type JsonValue } from '../../conformance/contract/json.ts';

const notice = '// Generated from the contract by `npm run generate`; do not change it by hand.';
const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Writes the operations of a contract as a module of the client, and returns its source: what the client has to know
 * of each when it runs, and its methods. An operation that has a special profile is not among the methods, since it
 * is never to be called by a slip; the runtime decides how it is offered.
 */
export function writeOperations(contract: Contract): string {
  const { operations } = contract;
  const methods = operations.filter(({ profile }) => profile === 'core');
  return [
    notice,
    `import * as sdk from './sdk.gen.ts';`,
    ...(operations.some(({ parameters }) => parameters.some(({ place }) => place === 'query'))
      ? [`import { createQuerySerializer } from './client/utils.gen.ts';`]
      : []),
    `import type { AnswerTo, Operation, RequestTo } from './operation.ts';`,
    `import type { RequestOptions } from './options.ts';`,
    '',
    '/** The name by which the client makes itself known to servers. */',
    `export const userAgent = 'transfer-contract/${String((contract.document.info as JsonObject).version)}';`,
    '',
    '/** The values that a request has where its caller gives none. */',
    `export const defaults = ${hasAlias(contract) ? "{ userId: '@me' }" : '{}'} as const;`,
    '',
    '/** The error codes that the contract documents. */',
    `export const errorCodes = ${JSON.stringify(listCodes(contract))} as const;`,
    '',
    '/** An error code that the contract documents. */',
    'export type ErrorCode = (typeof errorCodes)[number];',
    '',
    '/** The error codes that the contract documents, by operation and status. */',
    'export interface DocumentedCodes {',
    ...operations.map((operation) => `  ${quoted(operation.id)}: { ${writeCodes(contract, operation)} };`),
    '}',
    '',
    ...operations.map((operation) => writeOperation(contract, operation)),
    '/** The request of each operation. */',
    'export interface Requests {',
    ...operations.map((operation) => `  ${quoted(operation.id)}: ${writeRequest(contract, operation)};`),
    '}',
    '',
    '/** The operations that are methods of a client. */',
    `export const methods = { ${methods.map(({ id }) => methodName(id)).join(', ')} };`,
    '',
    '/** A client of one installation. */',
    'export interface TransferClient {',
    methods.map((operation) => writeMethod(contract, operation)).join('\n'),
    '}',
    '',
  ].join('\n');
}

/** Tells whether a User may be named by the alias of whoever the token was issued for. */
function hasAlias(contract: Contract): boolean {
  const user = contract.operations.flatMap(({ parameters }) => parameters).find(({ name }) => name === 'userId');
  return user !== undefined && schemaValidator(contract)(`${user.pointer}/schema`, '@me').length === 0;
}

/** Returns the name of the method of an operation: the words of its id, the first in small letters. */
export function methodName(operationId: string): string {
  const apart = operationId.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  const words = apart.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words
    .map((word) => word.toLowerCase())
    .map((word, index) => (index === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`))
    .join('');
}

/** Writes a module that exports the types of the contract's schemas, and returns its source. */
export function writeSchemas({ document }: Contract): string {
  const { schemas } = document.components as { schemas: JsonObject };
  const types = Object.entries(schemas).map(([name, schema]) => {
    const text = String(asObject(schema).description ?? `The schema ${name}.`);
    return `${comment(text.trim().split('\n'), '')}\nexport type ${name} = components['schemas']['${name}'];\n`;
  });
  return [notice, `import type { components } from '../types.ts';`, '', ...types].join('\n');
}

function listCodes(contract: Contract): readonly string[] {
  const codes = contract.operations.flatMap((operation) =>
    operation.responses.flatMap(({ status }) => documentedCodes(contract, operation, status) ?? []),
  );
  return [...new Set(codes)];
}

function writeCodes(contract: Contract, operation: Operation): string {
  const documented = operation.responses.flatMap(({ status }) => {
    const codes = documentedCodes(contract, operation, status) ?? [];
    return codes.length === 0
      ? []
      : [`${JSON.stringify(status)}: ${codes.map((code) => JSON.stringify(code)).join(' | ')}`];
  });
  return documented.join('; ');
}

/** Names what the body of an answer is, as far as its schema says. */
function kindOf(schema: JsonObject | undefined): 'nothing' | 'object' | 'array' | 'value' {
  if (schema === undefined) return 'nothing';
  if (schema.type === 'array') return 'array';
  return schema.type === undefined || schema.type === 'object' ? 'object' : 'value';
}

/** Writes lines as a documentation comment. */
function comment(lines: readonly string[], indentation: string): string {
  const written = lines.map((line) => `${indentation} * ${line.replaceAll('*/', '*\\/')}`.trimEnd());
  return [`${indentation}/**`, ...written, `${indentation} */`].join('\n');
}

function writeOperation({ document }: Contract, operation: Operation): string {
  const { id, method, responses, security } = operation;
  const { members, constants } = bodyOf(document, operation);
  const names = { path: namesIn(operation, 'path'), query: namesIn(operation, 'query') };
  const headers = namesIn(operation, 'header');
  const given = Object.entries({ ...names, headers }).filter(([, list]) => list.length > 0);
  const refusals = security.flatMap(({ refusedWith }) => refusedWith ?? []).filter((status) => /^\d+$/.test(status));
  const fields = {
    name: id,
    method,
    ...Object.fromEntries(given),
    ...(members && { body: members }),
    ...(Object.keys(constants).length > 0 && { constants }),
    answers: Object.fromEntries(responses.map(({ status, content }) => [status, kindOf(content[0]?.schema)])),
    tokenRefusals: [...new Set(refusals)].map(Number),
    safe: safeMethods.includes(method),
  };
  const lines = Object.entries(fields).map(([name, value]) => `  ${name}: ${JSON.stringify(value)},`);
  const functions = [
    `  describe: sdk.${methodName(id)},`,
    ...(names.query.length > 0 ? ['  serializeQuery: createQuerySerializer,'] : []),
  ];
  return [`export const ${methodName(id)}: Operation<${quoted(id)}> = {`, ...lines, ...functions, '};', ''].join('\n');
}

/** Writes the type of an operation's request: without what can have one value only. */
function writeRequest({ document }: Contract, operation: Operation): string {
  const without = Object.keys(bodyOf(document, operation).constants).map((name) => JSON.stringify(name));
  return `RequestTo<${[quoted(operation.id), ...(without.length > 0 ? [without.join(' | ')] : [])].join(', ')}>`;
}

function writeMethod(contract: Contract, operation: Operation): string {
  const { value } = resolve(contract.document, operation.pointer);
  const again = safeMethods.includes(operation.method)
    ? ['It does so again, a few times, if no answer comes or the server is busy.', '']
    : [];
  const documentation = [
    `${String(value.summary ?? operation.id)}.`,
    '',
    ...String(value.description ?? '').split('\n'),
    ...again,
    '',
    '@returns The answer, one of those that the contract documents.',
    '@throws UnsafeParameterError before anything is sent, if a parameter would make the path another one.',
    '@throws InvalidRequestError before anything is sent, if validation is asked for and finds something.',
    '@throws InvalidTokenError before anything is sent, if the token cannot travel in a header.',
    '@throws NetworkError or TimedOutError if no answer came: read the call to see whether it moved.',
    '@throws UnexpectedAnswerError if an answer came that the contract does not have.',
    '@example',
    `const answer = await client.${methodName(operation.id)}(${JSON.stringify(exampleOf(contract, operation), undefined, 2)});`,
  ].flatMap((text) => text.split('\n'));
  return [
    comment(
      documentation.filter((line, index) => line !== '' || documentation[index - 1] !== ''),
      '  ',
    ),
    `  ${methodName(operation.id)}(request: Requests[${quoted(operation.id)}], options?: RequestOptions): Promise<AnswerTo<${quoted(operation.id)}>>;`,
  ].join('\n');
}

/** Returns an example of a request: the first that the contract has of each required parameter and of the body. */
function exampleOf({ document }: Contract, operation: Operation): JsonObject {
  const { constants } = bodyOf(document, operation);
  const parameters = operation.parameters.map(({ name, examples }) => [name, examples.values().next().value]);
  const body: JsonValue | undefined = operation.body?.content[0]?.examples.values().next().value;
  const members = Object.entries(asObject(body)).filter(([name]) => !Object.hasOwn(constants, name));
  return Object.fromEntries([...parameters.filter(([, value]) => value !== undefined), ...members]) as JsonObject;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}

function namesIn({ parameters }: Operation, place: string): readonly string[] {
  return parameters.filter((parameter) => parameter.place === place).map(({ name }) => name);
}

/** Returns the members of an operation's body that a caller gives, and those that can have one value only. */
function bodyOf(document: JsonObject, { body }: Operation): { members?: readonly string[]; constants: JsonObject } {
  const media = body?.content[0];
  if (media === undefined) return { constants: {} };
  const properties = Object.entries(propertiesOf(document, media.schemaPointer));
  const constants = properties.flatMap(([name, { const: value, enum: values }]) => {
    if (value !== undefined) return [[name, value]];
    return Array.isArray(values) && values.length === 1 ? [[name, values[0]]] : [];
  });
  const fixed = Object.fromEntries(constants) as JsonObject;
  return { members: properties.map(([name]) => name).filter((name) => !Object.hasOwn(fixed, name)), constants: fixed };
}

/** Returns the properties of a schema, of those that hold with it, and of its alternatives. */
function propertiesOf(document: JsonObject, pointer: string): Record<string, JsonObject> {
  const layers = schemaLayers(document, pointer).toReversed();
  const all = layers.flatMap(({ value, pointer: home }) => [
    ...['anyOf', 'oneOf'].flatMap((keyword) => {
      const branches = value[keyword];
      if (!Array.isArray(branches)) return [];
      return [...branches.keys()].flatMap((index) =>
        Object.entries(propertiesOf(document, `${home}/${keyword}/${index}`)),
      );
    }),
    ...Object.keys(asObject(value.properties)).map((name): [string, JsonObject] => [
      name,
      readSchema(document, `${home}/properties/${pointerToken(name)}`),
    ]),
  ]);
  return Object.fromEntries(all);
}
