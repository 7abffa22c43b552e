import { readBinding, resolve, type Contract, type ErrorBinding, type Operation } from './contract.ts';
import { isObject, pointerToken, type JsonObject } from './json.ts';

/** A parameter or property of a request, with everything that constrains its value. */
export interface Constraint extends ErrorBinding {
  readonly place: 'path' | 'body';
  readonly name: string;
  readonly pointer: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** Lists the constraints on a request of an operation: its path parameters, then the properties of its body. */
export function listConstraints(contract: Contract, operation: Operation): Constraint[] {
  return [...pathConstraints(operation), ...bodyConstraints(contract, operation)];
}

function pathConstraints(operation: Operation): Constraint[] {
  return operation.parameters
    .filter(({ place }) => place === 'path')
    .map(({ name, pointer, schema, errorCode, refusedWith }) => {
      return { place: 'path', name, pointer, schema, required: true, errorCode, refusedWith };
    });
}

function bodyConstraints(contract: Contract, operation: Operation): Constraint[] {
  const mediaType = operation.body?.content[0];
  if (mediaType === undefined || !isObject(mediaType.schema.properties)) return [];
  const required = Array.isArray(mediaType.schema.required) ? mediaType.schema.required : [];
  return Object.keys(mediaType.schema.properties).map((name) => {
    const property = `${mediaType.schemaPointer}/properties/${pointerToken(name)}`;
    const schema = resolve(contract.document, property).value;
    return {
      place: 'body',
      name,
      pointer: property,
      schema,
      required: required.includes(name),
      ...readBinding(schema),
    };
  });
}
