// jest's environment for Node with longer timeouts: a test's or hook's timeout is for an idle machine, and is multiplied for busy ones.
// Waits for conditions fail by themselves, and name the condition.
import { TestEnvironment } from 'jest-environment-node';
import { PATIENCE } from '../support/patience.mjs';

/** The longest that Node's timers can take; fast-check sets it as the limit of properties. */
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
