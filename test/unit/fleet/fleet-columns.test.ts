import { describe, expect, test } from '@jest/globals';
import { FLEET_STATES } from '../../../contract/fleet-state.js';
import { fleetHistoryQuerySchema, MOST_CELLS, MOST_GROUPS, MOST_LABEL_KEYS } from '../../../contract/schemas/fleet.js';
import { fleetColumns, type FleetCell } from '../../../src/fleet/fleet-columns.js';

const cell = (index: number, changes: Partial<FleetCell> = {}): FleetCell => ({
  name: `n${String(index).padStart(6, '0')}`,
  labels: [],
  state: 'healthy',
  isHeard: true,
  used: { cpu: 13, memory: 150 },
  ...changes,
});
const cells = (size: number, of: (index: number) => Partial<FleetCell>) =>
  Array.from({ length: size }, (_, index) => cell(index, of(index)));

describe('the columns of a fleet', () => {
  test('are bounded, and healthy nodes are left out first', () => {
    const fleet = cells(MOST_CELLS + 10, (index) => ({ state: index % 2 === 0 ? 'healthy' : 'unknown' }));
    const { total, nodes, states } = fleetColumns(fleet, undefined);
    expect([total, nodes.id.length]).toEqual([MOST_CELLS + 10, MOST_CELLS]);
    expect(states).toEqual({ healthy: MOST_CELLS / 2 + 5, unknown: MOST_CELLS / 2 + 5 });
    const unknown = nodes.state.filter((state) => FLEET_STATES[state] === 'unknown');
    expect(unknown).toHaveLength(MOST_CELLS / 2 + 5);
    const allLost = fleetColumns(
      cells(MOST_CELLS + 10, () => ({ state: 'unknown' })),
      undefined,
    );
    expect(allLost.nodes.id).toHaveLength(MOST_CELLS);
  });

  test('have a group for the commonest values of the label, and distinguish others from none', () => {
    const fleet = cells(2 * MOST_GROUPS + 3, (index) => ({
      labels: index === 0 ? [] : [{ key: 'host', value: index < 4 ? 'common' : `h${index}` }],
    }));
    const { groups, nodes } = fleetColumns(fleet, 'host');
    expect([groups[0], groups.length]).toEqual(['common', MOST_GROUPS]);
    expect(nodes.group.slice(0, 4)).toEqual([-1, 0, 0, 0]);
    expect(nodes.group.filter((group) => group === -2)).toHaveLength(2 * MOST_GROUPS + 3 - 4 - (MOST_GROUPS - 1));
    expect(fleetColumns(fleet, undefined).nodes.group).toEqual([]);
  });

  test('offer the commonest label keys', () => {
    const fleet = cells(2, (index) => ({
      labels: Array.from({ length: index === 0 ? 100 : 1 }, (_, key) => ({ key: `k${key}`, value: String(index) })),
    }));
    const { labels } = fleetColumns(fleet, undefined);
    expect([labels.length, labels[0]]).toEqual([MOST_LABEL_KEYS, { key: 'k0', nodes: 2, values: 2 }]);
  });

  test('have shares as whole percentages, distinguish none from 0, and have none for silent nodes', () => {
    const { nodes } = fleetColumns([cell(0), cell(1, { isHeard: false }), cell(2, { used: null })], undefined);
    expect([nodes.cpu, nodes.memory]).toEqual([
      [0.13, null, null],
      [1, null, null],
    ]);
  });
});

describe('the query of the fleet’s history', () => {
  test.each([
    [{}, true],
    [{ window: '1h', resolution: '1m' }, true],
    [{ window: '24h', resolution: '1m' }, true],
    [{ window: '7d', resolution: '7m' }, true],
    [{ window: '7d', resolution: '6m' }, false],
    [{ window: '7d', resolution: '1w' }, false],
    [{ resolution: '30s' }, false],
    [{ resolution: '0' }, false],
    [{ resolution: '-5m' }, false],
    [{ resolution: '' }, false],
    [{ window: '2h' }, false],
    [{ window: '1h', from: '2026-01-01' }, false],
  ])('%j', (query, isTaken) => {
    expect(fleetHistoryQuerySchema.safeParse(query).success).toBe(isTaken);
  });
});
