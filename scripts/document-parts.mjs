/**
 * Every part of a document that is derived from code or from measurements, so that the two cannot differ.
 * @import { Command } from 'commander'
 * @import { resultTables } from '../bench/harness/report.js'
 * @import { TRANSITIONS, whyNot } from '../contract/transitions.js'
 * @import { ConfigKey } from '../contract/config/config-keys.js'
 * @import { BUILT_IN_CHECKS } from '../contract/fitness.js'
 * @import { MEASURES } from '../contract/measures.js'
 * @import { NODE_ACTIONS } from '../contract/node-actions.js'
 * @import { BenchResult } from './render-benchmarks.mjs'
 * @import { DecisionRecord } from './render-decision-records.mjs'
 * @import { OpenApi } from './render-routes.mjs'
 */
import { readdir, readFile } from 'node:fs/promises';
import { benchmarks } from './render-benchmarks.mjs';
import { decisionRecord, recordTable } from './render-decision-records.mjs';
import { checkTable } from './render-checks.mjs';
import { commandTables } from './render-commands.mjs';
import { measureTable } from './render-measures.mjs';
import { configTables } from './render-config.mjs';
import { routeTable } from './render-routes.mjs';
import { decisionTable, permissionTable, stateDiagram, transitionTable } from './render-states.mjs';

const ROOT = new URL('../', import.meta.url);

/**
 * @typedef {object} Sources
 * @property {typeof TRANSITIONS} transitions
 * @property {typeof MEASURES} measures
 * @property {typeof BUILT_IN_CHECKS} checks
 * @property {readonly ConfigKey[]} configKeys
 * @property {readonly string[]} phases
 * @property {typeof NODE_ACTIONS} nodeActions
 * @property {typeof whyNot} whyNot
 * @property {Command} program the CLI's grammar
 * @property {typeof resultTables} resultTables
 * @property {OpenApi} openapi
 * @property {BenchResult[]} results
 * @property {DecisionRecord[]} records
 */

/**
 * By the document's path, then by the name of the part.
 * @param {Sources} sources
 * @returns {Record<string, Record<string, string>>}
 */
export function documentParts({
  transitions,
  phases,
  nodeActions,
  configKeys,
  measures,
  checks,
  whyNot,
  program,
  resultTables,
  openapi,
  results,
  records,
}) {
  const diagram = stateDiagram(transitions);
  return {
    'docs/operations.md': { 'built-in-checks': checkTable(checks) },
    'docs/concepts.md': { 'state-diagram': diagram },
    'docs/states.md': {
      'state-diagram': diagram,
      'transition-table': transitionTable(transitions),
      'permission-table': permissionTable(phases, Object.keys(nodeActions), whyNot),
      'decision-table': decisionTable(nodeActions),
    },
    'agent/README.md': { measures: measureTable(measures) },
    'docs/configuration.md': configTables(configKeys),
    'docs/cli.md': { commands: commandTables(program) },
    'docs/api.md': { routes: routeTable(openapi) },
    'docs/adr/README.md': { records: recordTable(records) },
    'docs/benchmarks.md': { results: benchmarks(results, resultTables) },
  };
}

/** Sources that are read from files. */
export async function readSources() {
  const [openapi] = await readAll('', (name) => name === 'openapi.json');
  const results = await readAll('bench/results/', (name) => name.endsWith('.json'));
  const records = await readAll('docs/adr/', (name) => /^\d{4}-/.test(name));
  return {
    openapi: /** @type {OpenApi} */ (JSON.parse(openapi?.text ?? '')),
    results: results.map(({ text }) => /** @type {BenchResult} */ (JSON.parse(text))),
    records: records.map(({ name, text }) => decisionRecord(name, text)),
  };
}

/**
 * @param {string} folder
 * @param {(name: string) => boolean} isWanted
 */
async function readAll(folder, isWanted) {
  const url = new URL(folder || '.', ROOT);
  const names = (await readdir(url)).filter(isWanted).toSorted();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, url), 'utf8') })));
}
