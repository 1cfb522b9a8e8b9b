import { expect, test } from '@jest/globals';
import { STOP_WITHIN_MS } from '../../../contract/process/stop-in-time.js';
import { STOP_WAITS_MS } from '../../../src/mechanics/stop-waits.js';

// 5 s: a request that MongoDB does not answer ends by the driver's socketTimeoutMS.
test('the waits of a stop and a hanging request are over before the stop is cut short', () => {
  const waits = Object.values(STOP_WAITS_MS).reduce((sum, ms) => sum + ms, 0);
  expect(waits + 5_000).toBeLessThan(STOP_WITHIN_MS);
});
