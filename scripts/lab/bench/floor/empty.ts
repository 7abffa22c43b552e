import { expect, test } from 'vitest';

// What vitest costs by itself.
test('nothing', () => expect.assertions(0));
