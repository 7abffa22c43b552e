import type { Operation } from '../contract/contract.ts';
import type { ExampleChoice } from './prism.ts';

/** Reads the header by which a client asks for an answer: `Prefer: code=403` or `Prefer: example=tokenExpired`. */
export function preferenceOf(header: string | undefined): ExampleChoice | undefined {
  if (header === undefined) return undefined;
  const wanted = new Map(
    header.split(/[,;]/).map((preference) => {
      const [name = '', value = ''] = preference.split(/=(.*)/s);
      return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
  const status = wanted.get('code');
  const name = wanted.get('example');
  if (status === undefined && name === undefined) return undefined;
  return { status, name };
}

/** The status of the first answer that has an example of a name. */
export function statusOfExample(operation: Operation, name: string): string | undefined {
  return operation.responses.find(({ content }) => content.some(({ examples }) => examples.has(name)))?.status;
}
