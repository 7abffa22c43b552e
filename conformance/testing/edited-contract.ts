import { parseContract, readContract, type Contract } from '../contract/contract.ts';
import { pointerName, valueAt, type JsonObject, type JsonValue } from '../contract/json.ts';

/** Places of the contract, and the values that they get; undefined takes the place away. */
export type Edits = Readonly<Record<string, JsonValue | undefined>>;

/** Returns the bundled contract with some edits. */
export function documentWith(edits: Edits): JsonObject {
  const copy = structuredClone(readContract().document);
  for (const [pointer, value] of Object.entries(edits)) {
    const [, owner = '', token = ''] = /^(.*)\/([^/]*)$/.exec(pointer) ?? [];
    const [parent, name] = [valueAt(copy, owner) as JsonObject, pointerName(token)];
    if (value === undefined) delete parent[name];
    else Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/** Returns the contract with some edits. */
export function contractWith(edits: Edits): Contract {
  return parseContract(documentWith(edits));
}
