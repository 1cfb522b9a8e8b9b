import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Node } from '../../../client/types.gen.js';
import { describeCluster } from '../../../cli/output/cluster-description.js';
import { toJson, toYaml } from '../../../cli/output/document.js';
import { eventColumns, WIDE_EVENT_COLUMNS } from '../../../cli/output/event-columns.js';
import { installText } from '../../../cli/output/install-text.js';
import { NODE_COLUMNS, wideNodeColumns } from '../../../cli/output/node-columns.js';
import { reasonColumns, reasonsOf } from '../../../cli/output/node-reasons.js';
import { describeNode } from '../../../cli/output/node-description.js';
import { NODE_SESSION_COLUMNS, WIDE_NODE_SESSION_COLUMNS } from '../../../cli/output/session-columns.js';
import { tableLines, type Column, type TableOptions } from '../../../cli/output/table.js';
import { expectGolden } from '../../support/golden.js';
import { CLUSTER } from '../../support/cli/example-cluster.js';
import { exampleEvents, exampleNode, FRESH_CLUSTER, MIXED_FLEET, NOW } from '../../support/cli/example-nodes.js';
import { NODE_SESSIONS } from '../../support/cli/example-sessions.js';

const golden = (name: string, text: string) =>
  expectGolden(new URL(`../../golden/cli/${name}.txt`, import.meta.url), text);

function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: Partial<TableOptions> = {},
): string {
  return tableLines(columns, rows, { headers: true, ...options })
    .map((line) => `${line}\n`)
    .join('');
}

function fleetNode(id: string): Node {
  const node = MIXED_FLEET.find((candidate) => candidate.id === id);
  if (!node) throw new Error(`no example node ${id}`);
  return node;
}

describe('node list', () => {
  test('prints the four columns, two spaces apart, as wide as their content', () => {
    expect(table(NODE_COLUMNS, FRESH_CLUSTER)).toBe(
      [
        'ID      TYPE       APPROVAL  STATUS',
        'node-0  Requester  APPROVED  CONNECTED',
        'node-1  Compute    APPROVED  HEALTHY',
        'node-2  Compute    APPROVED  HEALTHY',
        'node-3  Compute    APPROVED  HEALTHY',
        '',
      ].join('\n'),
    );
  });

  test('table', () => golden('node-list-table', table(NODE_COLUMNS, MIXED_FLEET)));
  test('without headers', () => golden('node-list-no-headers', table(NODE_COLUMNS, MIXED_FLEET, { headers: false })));
  test('in colours', () => golden('node-list-colours', table(NODE_COLUMNS, MIXED_FLEET, { colours: true })));
  test('wide', () => golden('node-list-wide', table(wideNodeColumns(NOW), MIXED_FLEET)));
  test('wide, on a terminal of 100 columns', () =>
    golden('node-list-wide-100', table(wideNodeColumns(NOW), MIXED_FLEET, { maxWidth: 100 })));
  test('reasons', () => golden('node-list-reasons', table(reasonColumns(NOW), MIXED_FLEET.flatMap(reasonsOf))));
  test('json', () => golden('node-list-json', toJson(FRESH_CLUSTER)));
  test('yaml', async () => golden('node-list-yaml', await toYaml(FRESH_CLUSTER)));
});

describe('wide characters', () => {
  const column = (header: string): Column<string[]> => ({ header, cell: ([first = '']) => first });
  const last: Column<string[]> = { header: 'REASON', cell: ([, second = '']) => second };

  test('take two columns of the terminal, and an emoji of several code points is one character', () => {
    const rows = [
      ['電源', 'a'],
      ['node', 'b'],
      ['👩‍🔧', 'c'],
      ['e\u0301te\u0301', 'd'],
    ];
    expect(table([column('ID'), last], rows)).toBe(
      ['ID    REASON', '電源  a', 'node  b', '👩‍🔧    c', 'e\u0301te\u0301   d', ''].join('\n'),
    );
  });

  test("are cut at the terminal's edge, and never in the middle", () => {
    const rows = [['n', '電源電源電源電源']];
    expect(table([column('ID'), last], rows, { maxWidth: 15 })).toContain('\nn   電源電源電…\n');
    expect(table([column('ID'), last], rows, { maxWidth: 14 })).toContain('\nn   電源電源…\n');
  });
});

describe('node describe', () => {
  test.each(['node-0', 'node-1', 'node-2', 'node-11', 'node-12', 'node-14'])('%s', (id) =>
    golden(
      `node-describe-${id}`,
      describeNode(fleetNode(id), id === 'node-14' ? [] : exampleEvents(id).toReversed(), { now: NOW, colours: false }),
    ),
  );

  test('shows the message that a node was rejected with', () => {
    expect(describeNode(fleetNode('node-11'), [], { now: NOW, colours: false })).toContain(
      '\nRejected  Unauthorized node\n',
    );
  });

  test('warns of an identity that more than one machine uses, with the remedy', () => {
    const copied = {
      since: new Date(NOW - 60_000).toISOString(),
      bootIds: ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'],
    };
    const node = exampleNode('node-1', { copied });
    expect(table(wideNodeColumns(NOW), [node])).toContain('HEALTHY (copied)');
    const described = describeNode(node, [], { now: NOW, colours: false });
    expect(described).toContain('boots 11111111-1111-4111-8111-111111111111 and 22222222-2222-4222-8222-222222222222');
    expect(described).toContain('rollcall node token regenerate node-1');
  });

  test.each([
    [
      'a drain without a deadline',
      { deadline: null, onDeadline: 'wait' as const },
      'none: it waits for as long as sessions run',
    ],
    [
      'a deadline that has passed and waits',
      { deadline: '2026-11-21T11:58:00.000Z', onDeadline: 'wait' as const },
      'passed 2m ago',
    ],
    ['a drain that ends its sessions', { terminating: true }, 'passed: the remaining sessions were told to end'],
  ])('says what happens at the deadline: %s', (_title, changes, says) => {
    const node = fleetNode('node-12');
    const described = describeNode({ ...node, drain: { ...node.drain!, ...changes } }, [], {
      now: NOW,
      colours: false,
    });
    expect(described).toContain(says);
  });
});

test("says why a node's agent could not be updated", () => {
  const node = fleetNode('node-12');
  const last = { id: 'abc', version: '1.2.0', state: 'FAILED', reason: 'it was not heard within 2m' };
  const info = { ...node.info!, updates: { managed: true, last } };
  const described = describeNode({ ...node, info }, [], { now: NOW, colours: false });
  expect(described).toMatch(/Agent +\S+, which its api updates\n/);
  expect(described).toMatch(/Update +to 1\.2\.0: FAILED, it was not heard within 2m\n/);
});

describe('a node in quarantine', () => {
  const described = (changes: Partial<Node>) =>
    describeNode(exampleNode('node-1', changes), [], { now: NOW, colours: false });
  const since = new Date(NOW - 3_600_000).toISOString();
  const quarantine = {
    since,
    policy: 'drain',
    checks: ['gpu'],
    reason: 'gpu: GPU 0 is gone',
    returnsAt: null,
  } as const;

  test('shows the checks, since when and why, and what brings it back', () => {
    const text = described({ quarantine: { ...quarantine, checks: ['gpu'] } });
    expect(text).toMatch(/^ *Since +\S+ \(1h ago\), by gpu$/m);
    expect(text).toContain('gpu: GPU 0 is gone');
    expect(text).toContain(
      'when gpu and all others that count have passed for ReturnAfter; or at once: rollcall node activate node-1',
    );
  });

  test('shows when it comes back', () => {
    const returnsAt = new Date(NOW + 60_000).toISOString();
    expect(described({ quarantine: { ...quarantine, checks: ['gpu'], returnsAt } })).toContain(
      `at ${returnsAt}, if its checks go on to pass`,
    );
  });

  test('or is held back, shows the used-up budget; and the checks that it was activated despite', () => {
    const text = described({ heldBack: { since, reason: 'checks have taken out 3 of 40 nodes' }, despite: ['disk'] });
    expect(text).toContain('checks have taken out 3 of 40 nodes');
    expect(text).toContain('activated despite disk');
    expect(described({})).not.toContain('Quarantine');
  });
});

test('node events', () => golden('node-events', table(eventColumns(NOW), exampleEvents('node-1').toReversed())));
test('node events, wide', () =>
  golden('node-events-wide', table(WIDE_EVENT_COLUMNS, exampleEvents('node-1').toReversed())));
test('node sessions', () => golden('node-sessions', table(NODE_SESSION_COLUMNS, NODE_SESSIONS)));
test('node sessions, wide', () => golden('node-sessions-wide', table(WIDE_NODE_SESSION_COLUMNS, NODE_SESSIONS)));
test('cluster', () => golden('cluster', describeCluster(CLUSTER)));

const ABOUT = 'The bootstrap token is shown this once and expires in 1d.';
const INSTALL = {
  configYaml: 'Compute:\n  Name: node-4\n  Auth:\n    Token: rcb_x\n',
  command: 'curl -fsSL https://api.example/install.sh | sh -s -- --token rcb_x --name node-4',
  cloudInit: '#cloud-config\nruncmd: []\n',
  ansible: '- hosts: node-4\n',
  isPackageServed: true,
};

test('instructions for a bootstrap token', () => golden('install-text', installText(ABOUT, INSTALL)));

test('a private certificate authority is named as one that the agent needs too', () =>
  expect(installText(ABOUT, INSTALL, '/etc/rollcall/ca.crt')).toMatch(
    /Compute\.TLS\.CAFile.*\n\n {4}\/etc\/rollcall\/ca\.crt\n$/s,
  ));

describe('text written by others', () => {
  const evil = exampleNode('node-1', {
    labels: {},
    description: 'red \u001b[31mpaint\u001b[0m\nand a \u009b2Jsecond line',
    approval: {
      value: 'REJECTED',
      since: '2026-11-21T11:00:00.000Z',
      by: '\u001b]0;owned\u0007admin',
      reason: 'go\u202e away\r\nROOT OK',
    },
  });

  test('moves no cursor in a description or a table', () => {
    const events = exampleEvents('node-1').map((event) => ({ ...event, reason: 'a\u001b[2J\tb\nc' }));
    for (const text of [describeNode(evil, [], { now: NOW, colours: false }), table(eventColumns(NOW), events)]) {
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
    expect(table(eventColumns(NOW), events)).toContain('a b c');
  });

  test('is text when parsed from yaml, also by readers of YAML 1.1', async () => {
    const words = [
      'no',
      'on',
      'y',
      'Yes',
      '1_000',
      '0o17',
      '017',
      '1:30',
      '2026-01-01',
      '2026-01-01T00:00:00.000Z',
      '~',
      '<<',
      '=',
    ];
    const yaml = await toYaml(words);
    expect(parse(yaml, { version: '1.1' })).toEqual(words);
    expect(parse(yaml)).toEqual(words);
    expect(await toYaml(['node-1', 'n-1'])).toBe('- node-1\n- n-1\n');
  });

  test('is lossless in json and yaml, without raw control characters', async () => {
    const json = toJson(evil);
    const yaml = await toYaml(evil);
    for (const text of [json, yaml]) {
      // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
    expect(JSON.parse(json)).toEqual(evil);
    expect(parse(yaml)).toEqual(evil);
  });
});
