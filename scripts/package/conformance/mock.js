import { readContract } from './conformance/contract/contract.js';
import { startMock as start } from './conformance/mock/mock.js';

export function startMock(options = {}) {
  return start({ contract: readContract(), ...options });
}
