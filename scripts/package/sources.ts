/** The module `transfer-contract/validators`, with the compiled schemas as the module `compiled`. */
export const validatorsEntry = `
import { createValidation } from './client/validation.ts';
import { compiled } from 'compiled';
export const { requestProblems, answerProblems } = /* @__PURE__ */ createValidation(compiled);
`;

/** The declarations of `transfer-contract/validators`. */
export const validatorsDeclaration = `import type { Validation } from './types/client/index.js';

/**
 * Tells what is wrong with the path and the body of a request; nothing if it keeps to the contract.
 *
 * @example
 * const problems = requestProblems('transferPhoneCall', { path: request.params, body: request.body });
 */
export declare const requestProblems: Validation['requestProblems'];

/**
 * Tells what is wrong with the body of an answer that has a documented status; nothing if it keeps to the contract.
 *
 * @example
 * const problems = answerProblems('getPhoneCall', 200, await response.json());
 */
export declare const answerProblems: Validation['answerProblems'];
`;

/** The declarations of \`transfer-contract/requirements\`. */
export const requirementsDeclaration = `/** A sentence that a server must or should honour. */
export interface Requirement {
  /** Stable for ever: a group and a name. */
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  readonly profile: string;
  readonly says: string;
  /** The section of the documentation or of an RFC that demands it. */
  readonly source: string;
  /** A JSON pointer to the place in openapi.json that it is about. */
  readonly at: string;
  readonly keywords?: readonly string[];
  /** Why no test can prove it. */
  readonly excluded?: string;
}

declare const requirements: readonly Requirement[];
export default requirements;
`;
