import { afterEach, expect, test } from '@jest/globals';
import { connect, RollcallUnreachable } from '../../../client/main.js';
import { startFakeApi, type Answer, type FakeApi } from '../../support/cli/fake-api.js';

let api: FakeApi;
afterEach(() => api.stop());

const said = (position: string, data: string): Answer => ({
  contentType: 'text/event-stream',
  body: `event: node\nid: ${position}\ndata: ${data}\n\n`,
});

/** Each connection gets the next answer. */
async function eventsOf(answers: Answer[], troubles: unknown[] = []) {
  const left = [...answers];
  api = await startFakeApi(() => left.shift() ?? new Promise<Answer>(() => undefined));
  return connect({ server: api.url, token: 'rca_x' }).events({ onTrouble: (error) => troubles.push(error) });
}

test.each(['"a text"', '7', 'null', '[]', '{'])(
  'an invalid event (%s) is reported and skipped; the following ones arrive',
  async (data) => {
    const troubles: unknown[] = [];
    const events = await eventsOf([said('A1', data), said('A2', '{"node":"node-1"}')], troubles);
    expect((await events.next()).value).toEqual({ event: { node: 'node-1' }, position: 'A2' });
    await events.return();
    expect(troubles).toEqual([expect.any(RollcallUnreachable)]);
    expect(troubles[0]).toMatchObject({ status: 200, passes: true });
    expect(api.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'A1']);
  },
);

test('a stream of invalid events is reported once', async () => {
  const troubles: unknown[] = [];
  const nonsense = [1, 2, 3].map((number) => said(`A${number}`, 'null'));
  const events = await eventsOf([...nonsense, said('A4', '{}'), said('A5', '7'), said('A6', '{}')], troubles);
  expect((await events.next()).value).toMatchObject({ position: 'A4' });
  expect(troubles).toHaveLength(1);
  expect((await events.next()).value).toMatchObject({ position: 'A6' });
  expect(troubles).toHaveLength(2);
  await events.return();
});
