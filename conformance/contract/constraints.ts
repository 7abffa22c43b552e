import { readBinding, readSchema, schemaLayers, type Contract, type ErrorBinding, type Operation } from './contract.ts';
import { asObject, pointerToken, type JsonObject } from './json.ts';

/** A parameter or property of a request, with everything that constrains its value. */
export interface Constraint extends ErrorBinding {
  readonly place: 'path' | 'query' | 'header' | 'body';
  readonly name: string;
  readonly pointer: string;
  readonly schemaPointer: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** Header parameters that OpenAPI has in other words, and which it says to ignore (Parameter Object, name). */
const ignored = /^(?:accept|content-type|authorization)$/i;

/** Lists the constraints on a request of an operation: its parameters, then the properties of its body. */
export function listConstraints(contract: Contract, operation: Operation): Constraint[] {
  return [...parameterConstraints(operation), ...bodyConstraints(contract, operation)];
}

function parameterConstraints(operation: Operation): Constraint[] {
  return operation.parameters.flatMap(({ place, examples, ...parameter }) => {
    if (place !== 'path' && place !== 'query' && place !== 'header') return [];
    if (place === 'header' && ignored.test(parameter.name)) return [];
    // What the parameter shows stands for what its schema might show.
    const schema = examples.size > 0 ? { ...parameter.schema, examples: [...examples.values()] } : parameter.schema;
    return [{ ...parameter, place, schema, schemaPointer: `${parameter.pointer}/schema` }];
  });
}

function bodyConstraints({ document }: Contract, operation: Operation): Constraint[] {
  const mediaType = operation.body?.content[0];
  if (mediaType === undefined) return [];
  const required = Array.isArray(mediaType.schema.required) ? mediaType.schema.required : [];
  const properties = schemaLayers(document, mediaType.schemaPointer).flatMap(({ value, pointer }) =>
    Object.keys(asObject(value.properties)).map((name): [string, string] => [
      name,
      `${pointer}/properties/${pointerToken(name)}`,
    ]),
  );
  return [...new Map(properties.toReversed())].toReversed().flatMap(([name, pointer]) => {
    const schema = readSchema(document, pointer);
    // Whatever a request has for it, a server may ignore it (OpenAPI 3.1.1, Schema Object; JSON Schema validation 9.4).
    if (schema.readOnly === true) return [];
    const isRequired = required.includes(name);
    return {
      place: 'body',
      name,
      pointer,
      schemaPointer: pointer,
      schema,
      required: isRequired,
      ...readBinding(schema),
    };
  });
}
