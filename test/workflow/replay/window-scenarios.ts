import { HOUR, type LifecycleHarness } from '../../support/workflow/lifecycle-harness.js';
import { WindowUnderTest } from '../../support/workflow/window-under-test.js';

/** Openings of maintenance windows. Each returns the opening once it is over. */
export const WINDOW_SCENARIOS: Record<string, (harness: LifecycleHarness) => Promise<WindowUnderTest>> = {
  async 'maintenance-window'(harness) {
    const window = await WindowUnderTest.start(harness, ({ at }) => ({ is: 'open', until: at + HOUR }));
    await window.handle.result();
    return window;
  },
};
