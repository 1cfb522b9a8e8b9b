/** @import { ConfigKey } from '../contract/config/config-keys.js' */

/**
 * The tables of docs/configuration.md, by topic. A key is in the first that matches.
 * @type {[name: string, prefixes: string[]][]}
 */
const TABLES = [
  ['keys-nodes', ['Orchestrator.NodeManager.']],
  ['keys-api', ['Orchestrator.Name', 'Orchestrator.API.', 'Orchestrator.Auth.', 'WebUI.']],
  ['keys-sessions', ['Orchestrator.Sessions.']],
  ['keys-retention', ['Orchestrator.Retention.', 'Orchestrator.Audit.']],
  ['keys-servers', ['Orchestrator.']],
  ['keys-agent', ['Compute.']],
];

const NOTES = { 'at SIGHUP': 'SIGHUP', 'at joining': 'joining', 'with its file': 'file' };

/**
 * All keys, each in its table.
 * @param {readonly ConfigKey[]} keys
 * @returns {Record<string, string>}
 */
export function configTables(keys) {
  const tableOf = (/** @type {string} */ path) =>
    TABLES.find(([, prefixes]) => prefixes.some((prefix) => path.startsWith(prefix)))?.[0];
  const homeless = keys.find(({ path }) => tableOf(path) === undefined);
  if (homeless)
    throw new Error(`no table of docs/configuration.md has ${homeless.path}: see scripts/render-config.mjs`);
  return Object.fromEntries(
    TABLES.map(([name]) => [
      name,
      [
        '| key | default | unit | meaning |',
        '|---|---|---|---|',
        ...keys.filter(({ path }) => tableOf(path) === name).map(row),
        '',
      ].join('\n'),
    ]),
  );
}

function row(/** @type {ConfigKey} */ { path, fallback, about }) {
  const { means, unit, see, unset, followed, embedded, secret } = about;
  const notes = [
    ...(followed === undefined ? [] : [NOTES[followed]]),
    ...(embedded ? ['embedded'] : []),
    ...(secret ? ['secret'] : []),
  ];
  const meaning = [
    means,
    ...(unset === undefined ? [] : [`; where it is not set: ${unset}`]),
    ...(see === undefined ? [] : [` ([more](${see}))`]),
    ...(notes.length === 0 ? [] : [`. *${notes.join(', ')}*`]),
  ].join('');
  return `| \`${path}\` | ${fallback === undefined ? '–' : `\`${fallback}\``} | ${unit ?? ''} | ${meaning} |`;
}
