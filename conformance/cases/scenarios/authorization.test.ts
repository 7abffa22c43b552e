import { expect, test } from 'vitest';
import { readContract } from '../../contract/contract.ts';
import { readRequirements } from '../../contract/requirements.ts';
import { exampleFixture } from '../../call/fixture.ts';
import { controlTransfer, serialise } from '../plan.ts';
import { createSuite } from '../suite.ts';
import { authorizationRows } from './authorization.ts';

const suite = createSuite(readContract(), readRequirements());
const fixture = exampleFixture(suite.contract);
const control = controlTransfer(suite, fixture, '3235742879');

test.each(['x', 'xy', 'xyz', 't0ken'])('no case sends the token %j as it is', (token) => {
  const sending = authorizationRows(suite).filter(
    ({ change }) => serialise(change(control, fixture), '', token).headers.authorization === `Bearer ${token}`,
  );
  expect(sending.map(({ id }) => id)).toEqual([]);
});
