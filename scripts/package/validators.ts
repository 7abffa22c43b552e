import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import formats from 'ajv-formats';

import type { Contract, Operation } from '../../conformance/contract/contract.ts';
import type { JsonObject } from '../../conformance/contract/json.ts';
import { methodName } from '../generate/operations.ts';

/** The name of the document that all schemas refer to; it never leaves the compiled code. */
const documentName = 'contract';

const addErrors = 'function addErrors(list, more) { for (const error of more) list.push(error); return list; }';

/** Compiles the schemas of the contract's requests and answers to a module, with its table of them as `compiled`. */
export function compileValidators({ document, operations }: Contract): string {
  const ajv = new Ajv2020({
    allErrors: true,
    inlineRefs: false,
    unevaluated: false,
    strict: false,
    validateSchema: false,
    code: { source: true, esm: true },
  });
  formats.default(ajv, { mode: 'full', formats: ['date-time', 'uri-reference'] });
  ajv.addSchema(withoutDescriptions(document), documentName);
  const names = new Map<string, string>();
  const compile = (name: string, schema: object): string => {
    ajv.addSchema(schema, name);
    names.set(name, name);
    return name;
  };
  const table = operations.map((operation) => {
    const request = compile(`${methodName(operation.id)}Request`, requestSchema(operation));
    const answers = operation.responses.map(({ status, content: [media] }) => {
      return [JSON.stringify(status), media === undefined ? 'undefined' : compileOnce(media.schemaPointer)];
    });
    return `${JSON.stringify(operation.id)}: { request: ${request}, answers: { ${answers.map((pair) => pair.join(': ')).join(', ')} } }`;
  });
  // Ajv copies the list of errors for every reference that fails, which takes hours where an answer has many members.
  const code = standalone
    .default(ajv, Object.fromEntries(names))
    .replaceAll(/vErrors\.concat\((\w+\.errors)\)/g, 'addErrors(vErrors, $1)');
  return `${code}\n${addErrors}\nexport const compiled = { ${table.join(', ')} };\n`;

  function compileOnce(pointer: string): string {
    const name = `answer${pointer.replaceAll(/\W/g, '_')}`;
    return names.has(name) ? name : compile(name, { $ref: `${documentName}#${pointer}` });
  }
}

function requestSchema({ parameters, body }: Operation): object {
  const media = body?.content[0];
  const groups = Object.entries({ path: 'path', query: 'query', header: 'headers' }).flatMap(([place, group]) => {
    const members = parameters.filter((parameter) => parameter.place === place);
    const properties = Object.fromEntries(members.map(({ name, schema }) => [name, schema]));
    const required = members.filter(({ required }) => required).map(({ name }) => name);
    return members.length > 0 ? [[group, { type: 'object', required, properties }] as const] : [];
  });
  const needed = groups.flatMap(([group, { required }]) => (required.length > 0 ? [group] : []));
  return {
    type: 'object',
    required: [...needed, ...(body?.required === true ? ['body'] : [])],
    properties: {
      ...Object.fromEntries(groups),
      ...(media && { body: { $ref: `${documentName}#${media.schemaPointer}` } }),
    },
  };
}

/** Leaves out what tells people about a schema; a property of that name is an object, and stays. */
function withoutDescriptions(document: JsonObject): JsonObject {
  const text = JSON.stringify(document, (name, value: unknown) =>
    name === 'description' && typeof value === 'string' ? undefined : value,
  );
  return JSON.parse(text) as JsonObject;
}
