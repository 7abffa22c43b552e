import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import formats from 'ajv-formats';

import type { Contract, Operation } from '../../conformance/contract/contract.ts';
import type { JsonObject } from '../../conformance/contract/json.ts';

/** The name of the document that all schemas refer to; it never leaves the compiled code. */
const documentName = 'contract';

/** Compiles the schemas of the contract's requests and answers to a module, with its table of them as `compiled`. */
export function validatorsModule({ document, operations }: Contract): string {
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
    const request = compile(`${operation.id}Request`, requestSchema(operation));
    const answers = operation.responses
      .filter(({ content }) => content.length > 0)
      .map(({ status, content: [media] }) => [status, compileOnce(media?.schemaPointer ?? '')]);
    return `${operation.id}: { request: ${request}, answers: { ${answers.map((pair) => pair.join(': ')).join(', ')} } }`;
  });
  const code = standalone.default(ajv, Object.fromEntries(names));
  return `${code}\nexport const compiled = { ${table.join(', ')} };\n`;

  function compileOnce(pointer: string): string {
    const name = `answer${pointer.replaceAll(/\W/g, '_')}`;
    return names.has(name) ? name : compile(name, { $ref: `${documentName}#${pointer}` });
  }
}

function requestSchema({ parameters, body }: Operation): object {
  const path = parameters.filter(({ place }) => place === 'path');
  const media = body?.content[0];
  return {
    type: 'object',
    required: ['path', ...(body?.required === true ? ['body'] : [])],
    properties: {
      path: {
        type: 'object',
        required: path.map(({ name }) => name),
        properties: Object.fromEntries(path.map(({ name, schema }) => [name, schema])),
      },
      ...(media && { body: { $ref: `${documentName}#${media.schemaPointer}` } }),
    },
  };
}

/** Without what tells people about a schema; a property of that name is an object, and stays. */
function withoutDescriptions(document: JsonObject): JsonObject {
  const text = JSON.stringify(document, (name, value: unknown) =>
    name === 'description' && typeof value === 'string' ? undefined : value,
  );
  return JSON.parse(text) as JsonObject;
}
