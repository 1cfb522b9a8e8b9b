/**
 * Diagrams and tables of a node's life, derived from the transition table so that documentation cannot differ from it.
 * @import { TRANSITIONS, Transition, whyNot } from '../contract/transitions.js'
 * @import { NodeAction } from '../contract/node-actions.js'
 * @import { Phase } from '../contract/phase.js'
 */

/** Phases of approved nodes, drawn as one box: what is allowed in all of them is a single arrow then. */
const APPROVED = ['WAITING', 'ACTIVE', 'DRAINING', 'DRAINED'];

/**
 * A Mermaid diagram, which GitHub and others render.
 * @param {Record<string, Transition>} transitions
 */
export function stateDiagram(transitions) {
  /** @type {Map<string, string[]>} */
  const arrows = new Map();
  for (const [name, { from, to }] of Object.entries(transitions)) {
    for (const [source, target] of arrowsOf(from, to)) {
      const arrow = `${source} --> ${target}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), words(name)]);
    }
  }
  const lines = [...arrows].map(([arrow, names]) => `    ${arrow}: ${names.join(', ')}`);
  const within = lines.filter(
    (line) => APPROVED.includes(line.trim().split(' ')[0] ?? '') && APPROVED.includes(line.split(/ --> |:/)[1] ?? ''),
  );
  const between = lines.filter((line) => !within.includes(line));
  return [
    '```mermaid',
    'stateDiagram-v2',
    '    [*] --> REGISTERED: a slot is made',
    '    [*] --> PENDING: joins with a join token',
    '    [*] --> WAITING: joins, approved at once',
    '    state "approved" as APPROVED {',
    ...within.map((line) => `    ${line}`),
    '    }',
    ...between,
    '    REMOVED --> [*]',
    '```',
    '',
  ].join('\n');
}

/**
 * Start and end of a transition, with the approved phases merged where that says the same.
 * @param {readonly string[]} from
 * @param {readonly string[]} to
 * @returns {[string, string][]}
 */
function arrowsOf(from, to) {
  const together = APPROVED.every((phase) => from.includes(phase)) && !to.some((phase) => APPROVED.includes(phase));
  const sources = together ? [...from.filter((phase) => !APPROVED.includes(phase)), 'APPROVED'] : from;
  // A node that is where the action leads stays there.
  return sources
    .filter((source) => !to.includes(source))
    .flatMap((source) => to.map((target) => /** @type {[string, string]} */ ([source, target])));
}

/**
 * Every transition: who moves the node, from where to where, and what that does.
 * @param {Record<string, Transition>} transitions
 */
export function transitionTable(transitions) {
  const rows = Object.entries(transitions).map(
    ([name, { by, from, to, effect }]) =>
      `| ${words(name)} | ${by} | ${from.join(', ')} | ${to.join(', ')} | ${effect} |`,
  );
  return ['| action | moved by | in phase | to phase | what it does |', '|---|---|---|---|---|', ...rows, ''].join(
    '\n',
  );
}

/**
 * What an administrator may do in each phase, and the error that refuses the rest.
 * @param {readonly string[]} phases
 * @param {readonly string[]} actions
 * @param {typeof whyNot} refusal
 */
export function permissionTable(phases, actions, refusal) {
  const subject = (/** @type {string} */ phase) => ({
    id: 'ID',
    type: /** @type {const} */ ('Compute'),
    phase: /** @type {Phase} */ (phase),
    liveness: /** @type {const} */ ('HEALTHY'),
    activeSessions: 0,
  });
  const rows = phases.map((phase) => {
    const cells = actions.map((action) => refusal(/** @type {never} */ (action), subject(phase)));
    return `| ${phase} | ${cells.map((fault) => (fault ? `\`${fault.code}\`` : 'yes')).join(' | ')} |`;
  });
  return [`| phase | ${actions.join(' | ')} |`, `|---|${actions.map(() => '---').join('|')}|`, ...rows, ''].join('\n');
}

/**
 * Where each decision can be made, who may make it, and what records it.
 * @param {Record<string, NodeAction>} nodeActions
 */
export function decisionTable(nodeActions) {
  const rows = Object.entries(nodeActions).map(([action, { cli, http, page, role, event, waitsFor }]) => {
    const route = http.method === 'delete' ? 'DELETE /v1/nodes/{id}' : `POST /v1/nodes/{id}/${action}`;
    return `| ${action} | \`node ${cli.verb}\` | \`${route}\` | ${page.label} | ${role} | \`${event}\` | ${waitsFor} |`;
  });
  return [
    '| decision | command | route | on the page | for | event | `--wait` waits until |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** `firstHeartbeat` → `first heartbeat` */
function words(/** @type {string} */ name) {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
