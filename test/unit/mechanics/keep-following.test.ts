import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import { keepFollowing } from '../../../src/mechanics/keep-following.js';
import { eventually } from '../../support/eventually.js';

/** A follower of feeds that the test makes fail, with its observations. */
function follower() {
  const feeds: Subject<number>[] = [];
  const heard: number[] = [];
  const reasons: string[] = [];
  const follow = () => {
    feeds.push(new Subject());
    if (feeds.length === 3) throw new Error('there is no connection');
    return feeds.at(-1) as Subject<number>;
  };
  const subscription = keepFollowing(follow, { pauseMs: 1, lost: (reason) => reasons.push(reason) }).subscribe(
    (value) => heard.push(value),
  );
  return { feeds, heard, reasons, subscription };
}

test('a feed that failed, ended or could not start is followed again, and each failure is reported', async () => {
  const { feeds, heard, reasons, subscription } = follower();
  feeds[0]?.next(1);
  feeds[0]?.error(new Error('the cursor is gone'));
  await eventually(() => expect(feeds).toHaveLength(2));
  feeds[1]?.next(2);
  feeds[1]?.complete();
  // The third cannot start.
  await eventually(() => expect(feeds).toHaveLength(4));
  feeds[3]?.next(4);
  expect(heard).toEqual([1, 2, 4]);
  expect(reasons).toEqual(['the cursor is gone', 'the feed ended', 'there is no connection']);
  subscription.unsubscribe();
});

test('after the last unsubscription nothing is followed or reported', () => {
  const { feeds, reasons, subscription } = follower();
  const [feed] = feeds;
  subscription.unsubscribe();
  expect(feed?.observed).toBe(false);
  feed?.error(new Error('too late'));
  expect(reasons).toEqual([]);
});

test('a pause ends with its subscriber', async () => {
  const feeds: Subject<number>[] = [];
  const subscription = keepFollowing(() => feeds[feeds.push(new Subject()) - 1] as Subject<number>, {
    pauseMs: 5,
    lost: () => undefined,
  }).subscribe();
  feeds[0]?.error(new Error('gone'));
  subscription.unsubscribe();
  const other = keepFollowing(() => feeds[feeds.push(new Subject()) - 1] as Subject<number>, {
    pauseMs: 10,
    lost: () => undefined,
  }).subscribe();
  feeds[1]?.error(new Error('gone'));
  // Its pause began later and is longer: the first one's would be over by then.
  await eventually(() => expect(feeds.length).toBeGreaterThan(2));
  expect(feeds).toHaveLength(3);
  other.unsubscribe();
});
