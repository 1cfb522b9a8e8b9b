import { describe, expect, test } from '@jest/globals';
import { HeartbeatStore, type Heartbeat } from '../../../src/heartbeats/heartbeat-store.js';
import { HeardNode } from '../../support/mongo/heard-node.js';

const heard = new HeardNode();

describe('the buffer', () => {
  test('writes the latest heartbeat of each node, once', async () => {
    const { buffer } = heard.openBuffer('a');
    await buffer.flush();
    expect(buffer.add(heard.beat({ seq: 2 }))).toBe(true);
    expect(buffer.add(heard.beat({ seq: 1 }))).toBe(false);
    expect(buffer.add(heard.beat({ seq: 3 }))).toBe(true);
    expect([buffer.size, buffer.latest(heard.node.uid)?.seq]).toEqual([1, 3]);
    await buffer.flush();
    expect([buffer.size, (await heard.stored())?.seq]).toEqual([0, 3]);
  });

  test('accepts as many nodes as it can write within ten seconds, going by its writes, and always those that it has already', async () => {
    class Paced extends HeartbeatStore {
      record(): Promise<Heartbeat[]> {
        heard.stores.clock.advance(100);
        return Promise.resolve([]);
      }
      read = () => Promise.reject(new Error('unused'));
      recordGoodbye = () => Promise.reject(new Error('unused'));
    }
    const { buffer } = heard.openBuffer('a', new Paced());
    const fill = (count: number) => Array.from({ length: count }, (_, at) => buffer.add(heard.beat({ uid: `n${at}` })));
    fill(1_000);
    expect(buffer.isFullFor('another')).toBe(false);
    await buffer.flush();
    // 500 in a tenth of a second, and a tenth's rest: 2,500 a second.
    fill(24_999);
    expect(buffer.isFullFor('another')).toBe(false);
    fill(25_000);
    expect([buffer.isFullFor('another'), buffer.isFullFor('n7')]).toEqual([true, false]);
    await buffer.stop();
    expect([buffer.size, buffer.isFullFor('another')]).toEqual([0, false]);
  });

  test('is stalled before its first round, and from a failed round until one succeeds; it keeps one heartbeat per node and complains once', async () => {
    let broken = true;
    class Breakable extends HeartbeatStore {
      async record(beats: readonly Heartbeat[]): Promise<Heartbeat[]> {
        if (broken) throw new Error('no primary');
        return heard.stores.get(HeartbeatStore).record(beats);
      }
      read = () => Promise.reject(new Error('unused'));
      recordGoodbye = () => Promise.reject(new Error('unused'));
    }
    const { buffer, lines } = heard.openBuffer('a', new Breakable());
    expect(buffer.isStalled).toBe(true);
    for (let seq = 0; seq < 5; seq += 1) {
      buffer.add(heard.beat({ seq }));
      await buffer.flush();
    }
    expect([buffer.isStalled, buffer.size]).toEqual([true, 1]);
    broken = false;
    await buffer.flush();
    expect([buffer.isStalled, buffer.size]).toEqual([false, 0]);
    expect((await heard.stored())?.seq).toBe(4);
    expect(lines).toEqual([
      { msg: 'heartbeats cannot be recorded; trying again', reason: 'no primary' },
      { msg: 'heartbeats are being recorded' },
    ]);
  });

  test('is stalled while a round takes too long', async () => {
    let finish = (): void => undefined;
    class Slow extends HeartbeatStore {
      record = () => new Promise<Heartbeat[]>((resolve) => (finish = () => resolve([])));
      read = () => Promise.reject(new Error('unused'));
      recordGoodbye = () => Promise.reject(new Error('unused'));
    }
    const { buffer } = heard.openBuffer('a', new Slow());
    const first = buffer.flush();
    finish();
    await first;
    expect(buffer.isStalled).toBe(false);
    const second = buffer.flush();
    heard.stores.clock.advance(3_000);
    expect(buffer.isStalled).toBe(true);
    finish();
    await second;
    expect(buffer.isStalled).toBe(false);
  });

  test('writes pending heartbeats when it stops', async () => {
    const { buffer } = heard.openBuffer('a');
    await buffer.flush();
    buffer.add(heard.beat());
    await buffer.stop();
    expect(await heard.stored()).toMatchObject({ seq: 1 });
  });
});
