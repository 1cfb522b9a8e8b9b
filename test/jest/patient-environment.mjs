// jest's environment for Node, with patience: a limit that a test or hook has says what it takes where nothing else runs, and a
// machine that does other work besides gives it a fraction of that. What waits for a condition fails by itself, and says for which.
import { TestEnvironment } from 'jest-environment-node';
import { PATIENCE } from '../support/patience.mjs';

/** The longest that Node's timers take: properties of fast-check have it as their limit. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export default class PatientEnvironment extends TestEnvironment {
  #seen = new WeakSet();

  handleTestEvent({ name, hook, test }) {
    const limited = { hook_start: hook, test_fn_start: test }[name];
    // A hook starts again with each test.
    if (!limited?.timeout || this.#seen.has(limited)) return;
    this.#seen.add(limited);
    limited.timeout = Math.min(limited.timeout * PATIENCE, LONGEST_TIMER_MS);
  }
}
