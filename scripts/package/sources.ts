/** The module `transfer-contract/validators`, with the compiled schemas as the module `compiled`. */
export const validatorsEntry = `
import { createValidation } from './generated/client/validation.ts';
import { compiled } from 'compiled';
export const { requestProblems, answerProblems } = /* @__PURE__ */ createValidation(compiled);
`;

/** The declarations of `transfer-contract/validators`. */
export const validatorsDeclaration = `import type { Validation } from './types/generated/client/index.js';

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
