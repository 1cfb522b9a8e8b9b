import { describe, expect, test } from '@jest/globals';
import { createApiToken, createNode, streamEvents } from '../../../client/index.js';
import { eventually } from '../../support/eventually.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();

/** Reads a stream until it has sent `text`; returns everything that it sent. */
async function readUntil(response: Response, text: string): Promise<string> {
  const decoder = new TextDecoder();
  let said = '';
  for await (const chunk of response.body ?? []) {
    said += decoder.decode(chunk, { stream: true });
    if (said.includes(text)) break;
  }
  return said;
}

const follow = (headers: Record<string, string> = {}) =>
  api.raw('/v1/events', { headers: { authorization: `Bearer ${api.adminToken}`, ...headers } });

describe('the stream of events', () => {
  test('reports what happens, and a reader that comes back misses nothing', async () => {
    const response = await follow();
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    // The stream is open once it has sent something; an earlier event might be missed.
    let made = 0;
    const making = setInterval(() => void createNode({ client: api.admin, body: { name: `before-${made++}` } }), 100);
    const said = await readUntil(response, '"type":"SlotCreated"').finally(() => clearInterval(making));
    expect(said).toMatch(/event: node\nid: [0-9A-F]+\ndata: \{.*"node":"before-\d+"/);
    await createNode({ client: api.admin, body: { name: 'while-away' } });
    const lastEventId = /id: ([0-9A-F]+)/.exec(said)?.[1] ?? '';
    expect(await readUntil(await follow({ 'last-event-id': lastEventId }), 'while-away')).toContain(
      '"type":"SlotCreated"',
    );
  });

  test("filters events, and moves the reader's position past the others", async () => {
    const wanted = new AbortController();
    const response = await api.raw('/v1/events?label=pool%3Da&type=SlotCreated&severity=info', {
      headers: { authorization: `Bearer ${api.adminToken}` },
      signal: wanted.signal,
    });
    let made = 0;
    const making = setInterval(() => {
      const number = made++;
      void createNode({ client: api.admin, body: { name: `other-${number}`, labels: { pool: 'b' } } });
      void createNode({ client: api.admin, body: { name: `asked-for-${number}`, labels: { pool: 'a' } } });
    }, 100);
    const said = await readUntil(response, '"node":"asked-for-').finally(() => clearInterval(making));
    expect(said).not.toContain('"node":"other-');
    wanted.abort();
    expect(
      (await api.raw('/v1/events?type=Nonsense', { headers: { authorization: `Bearer ${api.adminToken}` } })).status,
    ).toBe(400);
  });

  test('refuses an invalid position', async () => {
    const response = await follow({ 'last-event-id': 'yesterday' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'VALIDATION_FAILED', field: 'Last-Event-ID' });
    expect(await readUntil(await follow({ 'last-event-id': 'ABCDEF' }), 'event: reset')).toContain('id: \n');
  });

  test('has room for others, however many streams one caller opens, and for the caller once some end', async () => {
    const make = async (name: string) =>
      (await createApiToken({ client: api.admin, body: { name, role: 'viewer' } })).data!.token;
    const [greedy, modest] = [await make('greedy'), await make('modest')];
    const ending = new AbortController();
    const open = (token: string) =>
      api.raw('/v1/events', { headers: { authorization: `Bearer ${token}` }, signal: ending.signal });
    const opened = await Promise.all(Array.from({ length: 25 }, () => open(greedy)));
    expect(opened.filter(({ status }) => status === 200)).toHaveLength(20);
    const refused = opened.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refused[0]?.json()).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      detail: 'you follow events at this api replica 20 times already',
    });
    expect((await open(modest)).status).toBe(200);
    ending.abort();
    const late = new AbortController();
    await eventually(async () =>
      expect(
        (await api.raw('/v1/events', { headers: { authorization: `Bearer ${greedy}` }, signal: late.signal })).status,
      ).toBe(200),
    );
    late.abort();
  });

  test('needs a token', async () => {
    expect((await api.raw('/v1/events')).status).toBe(401);
  });

  test('is an async iterator in the generated client', async () => {
    const ending = new AbortController();
    const { stream } = await streamEvents({ client: api.admin, signal: ending.signal });
    const reading = stream.next();
    let made = 0;
    const making = setInterval(() => void createNode({ client: api.admin, body: { name: `client-${made++}` } }), 100);
    const { value } = await reading.finally(() => clearInterval(making));
    ending.abort();
    expect(value).toMatchObject({ node: expect.stringMatching(/^client-/), by: 'admin' });
  });
});
