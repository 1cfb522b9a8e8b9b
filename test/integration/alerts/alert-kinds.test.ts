import { beforeEach, describe, expect, test } from '@jest/globals';
import { ApiTokenStore } from '../../../src/auth/api-token-store.js';
import { fleetEvent } from '../../../src/record/node-event.js';
import { MassSilenceStore } from '../../../src/silence/mass-silence-store.js';
import { useAlertRounds } from '../../support/alerts/alert-rounds.js';
import { NOON } from '../../support/manual-clock.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const rounds = useAlertRounds();
const { stores } = rounds;

describe('a mass silence', () => {
  const SILENCE = {
    ...{ id: 'silence-1', since: NOON - MINUTE, noticedAt: NOON, silent: 20, beating: 30, mostSilent: 20 },
    ...{ endedAt: null, endedBy: null, judgedUntil: null },
  };
  const end = (by: string) =>
    stores
      .get(MassSilenceStore)
      .end(
        'silence-1',
        { at: stores.clock.now(), by, judgedUntil: 0 },
        fleetEvent('MassSilenceEnded', 0, { by, from: null }, ''),
      );
  let uids: string[];
  beforeEach(async () => {
    uids = [];
    for (let number = 0; number < 20; number += 1) uids.push(await rounds.active(`node-${number}`));
    for (const uid of uids) await rounds.silent(uid);
    const began = fleetEvent('MassSilenceBegan', NOON, { by: 'system', from: null }, '');
    await stores.get(MassSilenceStore).begin(SILENCE, began);
    await rounds.pass(10 * MINUTE);
  });

  test('is reported as one alert', async () => {
    expect(await rounds.told()).toEqual([expect.stringMatching(/^MassSilence raised: 20 nodes are silent at once/)]);
  });

  test('that ended by itself leaves alerts for the nodes that are still lost', async () => {
    for (const uid of uids.slice(1)) await rounds.heard(uid);
    await end('system');
    await rounds.pass();
    await rounds.pass(2 * MINUTE);
    expect((await rounds.told()).map((text) => text.split(':')[0] ?? '').toSorted()).toEqual([
      'MassSilence cleared',
      'MassSilence raised',
      'NodeLost raised',
    ]);
  });

  test('that a person released causes no alert for each of its nodes', async () => {
    await end('ann');
    await rounds.pass();
    await rounds.pass(2 * MINUTE);
    expect((await rounds.told()).map((text) => text.split(':')[0])).toEqual([
      'MassSilence raised',
      'MassSilence cleared',
    ]);
  });
});

test('other conditions of a node are raised and cleared', async () => {
  const [pending, unfit, copied, drained] = [
    await rounds.active('p'),
    await rounds.active('u'),
    await rounds.active('c'),
    await rounds.active('d'),
  ];
  const at = stores.clock.now();
  await rounds.becomes(pending, { phase: 'PENDING', joinedAt: at });
  const condition = { type: 'disk', status: 'UNFIT', since: at, reason: 'Full', message: '/ is full', by: 'built-in' };
  await rounds.becomes(unfit, { conditions: [condition] });
  await rounds.becomes(copied, { copied: { since: at, bootIds: [] } });
  await rounds.becomes(drained, {
    phase: 'DRAINED',
    applied: { seq: 1, revision: 1, view: { availability: { since: at } } },
  });
  await rounds.pass(2 * MINUTE);
  expect((await rounds.told()).toSorted()).toEqual([
    'IdentityCopied raised: more than one machine uses the identity of node c',
    'NodeDrained raised: node d is drained, as system decided',
    'NodePending raised: node p has joined and waits for approval',
    'NodeUnfit raised: node u is unfit: disk: / is full',
  ]);
  for (const uid of [pending, drained]) await rounds.becomes(uid, { phase: 'ACTIVE' });
  await rounds.becomes(unfit, { conditions: [{ ...condition, status: 'FIT' }] });
  await rounds.becomes(copied, { copied: null });
  await rounds.pass();
  await rounds.pass(2 * MINUTE);
  expect((await rounds.told()).filter((text) => text.includes('cleared')).toSorted()).toEqual([
    'IdentityCopied cleared: node c has its identity for itself again',
    'NodeDrained cleared: node d is in service again',
    'NodePending cleared: node p waits no longer for approval',
    'NodeUnfit cleared: node u is fit again',
  ]);
});

test('nodes that wait for the budget of quarantine are one alert, for as long as any waits', async () => {
  const uids = [await rounds.active('node-1'), await rounds.active('node-2')];
  const held = {
    seq: 1,
    revision: 1,
    view: { heldBack: { since: stores.clock.now(), reason: 'the budget is used up' } },
  };
  for (const uid of uids) await rounds.becomes(uid, { applied: held });
  await rounds.pass(2 * MINUTE);
  await rounds.becomes(uids[0] ?? '', { applied: null });
  await rounds.pass();
  await rounds.pass(2 * MINUTE);
  const raised = 'BudgetExhausted raised: the budget of quarantine is used up: 2 unfit nodes stay in service';
  expect(await rounds.told()).toEqual([raised]);
  await rounds.becomes(uids[1] ?? '', { applied: null });
  await rounds.pass();
  await rounds.pass(2 * MINUTE);
  expect(await rounds.told()).toEqual([
    raised,
    'BudgetExhausted cleared: the budget of quarantine has room for all that wait for it',
  ]);
});

test('a token that expires soon raises one alert, unless its whole lifetime was short', async () => {
  const token = {
    secretHash: 'h',
    createdAt: NOON,
    createdBy: 'ann',
    role: 'viewer',
    lastUsedAt: null,
    revokedAt: null,
  } as const;
  const tokens = stores.get(ApiTokenStore);
  await tokens.create({ ...token, id: 'short', name: 'short', expiresAt: NOON + 2 * DAY });
  await tokens.create({ ...token, id: 'long', name: 'long', expiresAt: NOON + 30 * DAY });
  await rounds.pass();
  expect(await rounds.told()).toEqual([]);
  await rounds.pass(24 * DAY);
  await rounds.pass(DAY);
  expect(await rounds.told()).toEqual([
    expect.stringMatching(/^TokenExpiring raised: the token long \(long\) expires at /),
  ]);
});
