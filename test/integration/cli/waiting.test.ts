import { afterEach, describe, expect, test } from '@jest/globals';
import type { Node } from '../../../client/types.gen.js';
import { run } from '../../../cli/run.js';
import { exampleNode } from '../../support/cli/example-nodes.js';
import { problem, startFakeApi, type Answer, type FakeApi } from '../../support/cli/fake-api.js';
import { fakeTerminal } from '../../support/cli/fake-terminal.js';

let api: FakeApi;
afterEach(() => api.stop());

const decision = (seq: number, appliedSeq: number) => ({ decision: { seq, appliedSeq, unappliedSince: null } });
const drain = (remaining: string[], thenRemove = false): Partial<Node> => ({
  phase: 'DRAINING',
  drain: {
    since: '2026-11-21T12:00:00.000Z',
    by: 'admin',
    reason: '',
    deadline: null,
    onDeadline: 'wait',
    terminating: false,
    thenRemove,
    remaining,
  },
});
const GONE = problem(404, 'NODE_NOT_FOUND', 'there is no node node-1');

/** The decision is answered with `first`, each look after it with the next of `looks`, the last one repeatedly. */
async function rollcall(
  line: string,
  first: Partial<Node>,
  looks: (Partial<Node> | Answer)[],
  interruption = new AbortController(),
) {
  let look = 0;
  api = await startFakeApi(({ method }) => {
    if (method !== 'GET') return { status: 202, body: { node: exampleNode('node-1', first), applied: false } };
    const seen = looks[Math.min(look, looks.length - 1)] ?? {};
    look += 1;
    return 'body' in seen ? seen : { body: exampleNode('node-1', seen) };
  });
  const terminal = fakeTerminal({ env: { ROLLCALL_SERVER: api.url, ROLLCALL_TOKEN: 'rca_x' } });
  const running = run(line.split(' '), terminal, interruption.signal);
  return { terminal, running, code: async () => ({ code: await running, out: terminal.out(), err: terminal.err() }) };
}

describe('--wait', () => {
  test('of approve ends when the decision is applied', async () => {
    const { code } = await rollcall('node approve node-1 --wait', decision(2, 1), [decision(2, 1), decision(2, 2)]);
    expect(await code()).toEqual({ code: 0, out: 'Ok\n', err: 'Waiting for node node-1 to apply the decision\n' });
  });

  test('of deactivate ends when the last session has, and shows how many are left', async () => {
    const { code } = await rollcall('node deactivate node-1 --wait', decision(2, 1), [
      { ...decision(2, 1), ...drain(['a', 'b']) },
      { ...decision(2, 2), ...drain(['b']) },
      { ...decision(2, 2), phase: 'DRAINED' },
    ]);
    expect(await code()).toEqual({
      code: 0,
      out: 'Ok\n',
      err: 'Waiting for node node-1 to finish 2 sessions\nWaiting for node node-1 to finish 1 session\n',
    });
  });

  test('of deactivate exits with 1 if the drain was cancelled meanwhile', async () => {
    const { code } = await rollcall('node deactivate node-1 --wait', decision(2, 1), [
      {
        ...decision(3, 3),
        phase: 'ACTIVE',
        availability: { value: 'ACTIVE', since: '2026-11-21T12:00:00.000Z', reason: '', by: 'ana' },
      },
    ]);
    expect(await code()).toEqual({
      code: 1,
      out: '',
      err: 'SUPERSEDED: node node-1 does not do what was waited for: a later decision came (ACTIVE, by ana). See: rollcall node events node-1\n',
    });
  });

  test.each(['decommission', 'delete'])('of %s ends when the node is gone', async (action) => {
    const { code } = await rollcall(`node ${action} node-1 --wait`, decision(2, 1), [
      { ...decision(2, 2), ...drain([], true) },
      GONE,
    ]);
    expect(await code()).toMatchObject({ code: 0, out: 'Ok\n' });
  });

  test('of delete ends when another node has the name', async () => {
    const { code } = await rollcall('node delete node-1 --wait', decision(2, 1), [
      { uid: '00000000-0000-4000-8000-00000000ffff' },
    ]);
    expect(await code()).toMatchObject({ code: 0, out: 'Ok\n' });
  });

  test('continues after a failure of the api', async () => {
    const { code } = await rollcall('node approve node-1 --wait', decision(2, 1), [
      problem(503, 'UNAVAILABLE', 'MongoDB does not answer'),
      decision(2, 2),
    ]);
    expect(await code()).toMatchObject({
      code: 0,
      out: 'Ok\n',
      err: expect.stringMatching(/^Waiting for an answer from http/),
    });
  });

  test('exits with 3 after --timeout, which implies it', async () => {
    const { code } = await rollcall('node deactivate node-1 --timeout 10ms', decision(2, 1), [
      { ...decision(2, 2), ...drain(['a']) },
    ]);
    expect(await code()).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringMatching(
        /\nTIMEOUT: after 10ms still: node node-1 to finish 1 session\. It goes on without you; see: rollcall node describe node-1\n$/,
      ),
    });
  });

  test('exits with 130 on Ctrl-C, and says that the drain goes on', async () => {
    const interruption = new AbortController();
    const { code, terminal } = await rollcall(
      'node deactivate node-1 --wait',
      decision(2, 1),
      [{ ...decision(2, 2), ...drain(['a']) }],
      interruption,
    );
    while (!terminal.err().includes('Waiting')) await new Promise((resolve) => setImmediate(resolve));
    interruption.abort();
    const outcome = await code();
    expect(outcome).toMatchObject({ code: 130, out: '' });
    expect(outcome.err).toMatch(
      /INTERRUPTED: no longer waiting; then: node node-1 to finish 1 session\. It goes on without you/,
    );
  });
});
