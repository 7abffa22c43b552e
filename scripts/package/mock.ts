import { readContract } from '../../conformance/contract/contract.ts';
import { startMock } from '../../conformance/mock/mock.ts';

/** Runs something while the mock listens, and closes the mock whatever becomes of it. */
export async function withMock<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  const mock = await startMock({ contract: readContract() });
  try {
    return await use(mock.url);
  } finally {
    await mock.close();
  }
}
