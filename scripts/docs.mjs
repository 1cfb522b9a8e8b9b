// `npm run docs`: writes the parts of documents that are derived from code and from bench/results, between their begin and end marks.
import { readFile, writeFile } from 'node:fs/promises';
import { resultTables } from '../dist/bench/harness/report.js';
import { createProgram } from '../dist/cli/program.js';
import { PHASES } from '../dist/contract/phase.js';
import { BUILT_IN_CHECKS } from '../dist/contract/fitness.js';
import { MEASURES } from '../dist/contract/measures.js';
import { CONFIG_KEYS } from '../dist/contract/config/config-keys.js';
import { NODE_ACTIONS } from '../dist/contract/node-actions.js';
import { TRANSITIONS, whyNot } from '../dist/contract/transitions.js';
import { describedMetrics } from '../dist/src/described-metrics.js';
import { documentParts, readSources } from './document-parts.mjs';
import { metricTables } from './render-metrics.mjs';
import { replacePart } from './replace-part.mjs';

const program = createProgram(process, () => async () => {});
const parts = {
  ...documentParts({
    transitions: TRANSITIONS,
    phases: PHASES,
    nodeActions: NODE_ACTIONS,
    configKeys: CONFIG_KEYS,
    measures: MEASURES,
    checks: BUILT_IN_CHECKS,
    whyNot,
    program,
    resultTables,
    ...(await readSources()),
  }),
  // Separate from the others, since it loads the servers' code.
  'docs/metrics.md': metricTables(await describedMetrics()),
};

for (const [path, contents] of Object.entries(parts)) {
  const url = new URL(`../${path}`, import.meta.url);
  const before = await readFile(url, 'utf8');
  const after = Object.entries(contents).reduce(
    (document, [name, content]) => replacePart(document, name, content),
    before,
  );
  if (after === before) continue;
  await writeFile(url, after);
  process.stderr.write(`wrote ${path}\n`);
}
