import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';

/** The path of the contract's source, from the root of the repository. */
export const contractSource = 'spec/openapi.yaml';

const sourceFile = fileURLToPath(new URL(`../../${contractSource}`, import.meta.url));

/** The lines of the contract's source on which the places of JSON pointers begin; a place that is not there has none. */
export function contractLines(pointers: readonly string[]): Record<string, number> {
  return linesOf(readFileSync(sourceFile, 'utf8'), pointers);
}

/** The lines of a YAML document on which the places of JSON pointers begin. */
export function linesOf(yaml: string, pointers: readonly string[]): Record<string, number> {
  const lineCounter = new LineCounter();
  const { contents } = parseDocument<Node, false>(yaml, { lineCounter });
  const found = pointers.map((pointer) => [pointer, offsetOf(contents, pointer)] as const);
  return Object.fromEntries(
    found.flatMap(([pointer, offset]) => (offset === undefined ? [] : [[pointer, lineCounter.linePos(offset).line]])),
  );
}

/** Where the place of a pointer begins: at its key, or at its item. */
function offsetOf(root: Node | null, pointer: string): number | undefined {
  let node: unknown = root;
  let offset = root?.range?.[0];
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
      if (pair === undefined) return undefined;
      offset = (pair.key as Node).range?.[0];
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(name)];
      offset = (node as Node | undefined)?.range?.[0];
    } else return undefined;
  }
  return offset;
}
