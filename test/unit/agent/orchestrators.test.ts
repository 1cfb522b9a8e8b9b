import { expect, test } from '@jest/globals';
import { Orchestrators } from '../../../agent/control-plane/orchestrators.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import { StillClock } from '../../support/agent/test-clock.js';

function setUp() {
  const [clock, log] = [new StillClock(), new LogRecorder()];
  return { clock, log, orchestrators: new Orchestrators(['a', 'b', 'c'], clock, log) };
}

test('the configured order holds while all work', () => {
  const { orchestrators } = setUp();
  orchestrators.answered('a');
  expect(orchestrators.inOrder()).toEqual(['a', 'b', 'c']);
});

test('one that failed comes last until its pause is over', () => {
  const { orchestrators, clock } = setUp();
  orchestrators.failed('a');
  expect(orchestrators.inOrder()).toEqual(['b', 'c', 'a']);
  clock.ms = 29_999;
  expect(orchestrators.inOrder()).toEqual(['b', 'c', 'a']);
  clock.ms = 30_000;
  expect(orchestrators.inOrder()).toEqual(['a', 'b', 'c']);
});

test('when all have failed, the one whose pause ends first is tried first', () => {
  const { orchestrators, clock } = setUp();
  for (const address of ['b', 'a', 'c']) {
    orchestrators.failed(address);
    clock.ms += 1_000;
  }
  expect(orchestrators.inOrder()).toEqual(['b', 'a', 'c']);
});

test('the pause doubles up to five minutes, and one answer ends it', () => {
  const { orchestrators, clock } = setUp();
  for (let failure = 0; failure < 3; failure++) orchestrators.failed('a');
  clock.ms = 119_999;
  expect(orchestrators.inOrder().at(-1)).toBe('a');
  for (let failure = 0; failure < 30; failure++) orchestrators.failed('a');
  clock.ms = 119_999 + 300_000;
  expect(orchestrators.inOrder()[0]).toBe('a');
  orchestrators.answered('a');
  orchestrators.failed('a');
  clock.ms += 30_000;
  expect(orchestrators.inOrder()[0]).toBe('a');
});

test('a change of the address is logged once', () => {
  const { orchestrators, log } = setUp();
  for (const address of ['a', 'a', 'b', 'b', 'a']) orchestrators.answered(address);
  expect(log.lines.map(({ text }) => text)).toEqual(['using the orchestrator at b', 'using the orchestrator at a']);
});
