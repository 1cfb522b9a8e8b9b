import { describe, expect, test } from '@jest/globals';
import { LogOutput } from '../../../contract/process/log-output.js';

function failing(code: string): never {
  throw Object.assign(new Error(code), { code });
}

describe('a log whose disk is full', () => {
  test('drops lines without an error, and logs their number once there is room', () => {
    let written = '';
    let isFull = false;
    const output = new LogOutput((bytes) => {
      if (isFull) failing('ENOSPC');
      written += bytes.toString();
      return bytes.length;
    });
    output.write('one\n');
    isFull = true;
    output.write('two\n');
    output.write('three\n');
    isFull = false;
    output.write('four\n');
    output.write('five\n');
    const [first, report, ...rest] = written.trim().split('\n');
    expect([first, ...rest]).toEqual(['one', 'four', 'five']);
    expect(JSON.parse(report ?? '')).toMatchObject({
      level: 40,
      msg: '2 lines of this log could not be written (ENOSPC)',
    });
  });

  test('counts one line as one, and says so if the reason is unknown', () => {
    let written = '';
    let fails = true;
    const output = new LogOutput((bytes) => {
      if (fails) throw new Error('broken');
      written += bytes.toString();
      return bytes.length;
    });
    output.write('one\n');
    fails = false;
    output.write('two\n');
    expect(written).toContain('a line of this log could not be written (for a reason unknown)');
    expect(written).toMatch(/\ntwo\n$/);
  });

  test('begins a new line after one that was cut off', () => {
    let written = '';
    let room = 6;
    const output = new LogOutput((bytes) => {
      if (room === 0) failing('ENOSPC');
      const taken = bytes.subarray(0, room);
      room -= taken.length;
      written += taken.toString();
      return taken.length;
    });
    output.write('whole\n');
    room = 2;
    output.write('torn\n');
    room = 1_000;
    output.write('after\n');
    expect(written.split('\n').filter((line) => !line.startsWith('{'))).toEqual(['whole', 'to', 'after', '']);
  });
});

test('a slow reader is waited for', () => {
  const calls: string[] = [];
  const output = new LogOutput((bytes) => {
    calls.push(bytes.toString());
    if (calls.length < 3) failing('EAGAIN');
    return bytes.length;
  });
  output.write('line\n');
  expect(calls).toEqual(['line\n', 'line\n', 'line\n']);
});

test('a reader that is gone ends nothing', () => {
  const output = new LogOutput(() => failing('EPIPE'));
  expect(() => output.write('line\n')).not.toThrow();
});
