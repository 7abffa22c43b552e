import type { JsonValue } from '../contract/json.ts';

/** What the mock answers a request with, before it becomes HTTP. A body that is undefined is none at all. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue | undefined;
}
