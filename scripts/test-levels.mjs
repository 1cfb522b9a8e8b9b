// Levels of tests: a folder of test/ each, and a jest project. test/README.md says what each may start.
import { ensureBuilt, ensureBuiltOnce, ensureServers, ensureTestTools } from './setup.mjs';
import { BROWSER, CLUSTER_TOOLS, FALSE_CLOCK, MODEL_CHECKER, PROMTOOL } from './test-tools.mjs';

/** What each level needs before its tests run, besides node_modules. @type {Record<string, { built: 'not' | 'once' | 'now', tools: object[] }>} */
const NEEDS = {
  unit: { built: 'not', tools: [] },
  // Its server is found by what was built once; the tests bundle workflows themselves.
  workflow: { built: 'once', tools: [] },
  integration: { built: 'now', tools: [MODEL_CHECKER, FALSE_CLOCK, PROMTOOL] },
  e2e: { built: 'now', tools: [FALSE_CLOCK, PROMTOOL] },
  browser: { built: 'now', tools: [BROWSER] },
  cluster: { built: 'now', tools: CLUSTER_TOOLS },
};

export const LEVELS = Object.keys(NEEDS);

/** Building its servers takes minutes: it runs only if an argument names its folder, not among all tests. */
export const ON_DEMAND = 'cluster';

/** @param {string[]} levels */
export async function setUpFor(levels) {
  const needs = levels.map((level) => NEEDS[level]);
  if (needs.some(({ built }) => built === 'now')) await ensureBuilt();
  else if (needs.some(({ built }) => built === 'once')) await ensureBuiltOnce();
  if (needs.some(({ built }) => built !== 'not')) await ensureServers(levels.includes(ON_DEMAND) ? ['cluster'] : []);
  await ensureTestTools([...new Set(needs.flatMap(({ tools }) => tools))]);
}
