import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { answersParent } from '../../../contract/process/answers-parent.js';

const LONG_MS = 60_000;

/** A channel to a process that reacts to each probe as given. */
class Child extends EventEmitter {
  constructor(private readonly hear: (child: Child, sent: (error: Error | null) => void) => void) {
    super();
  }

  send(_question: string, whenSent: (error: Error | null) => void): void {
    this.hear(this, whenSent);
  }
}

describe('a child process', () => {
  test('is alive when it answers, whatever else it sends before', async () => {
    const child = new Child((self, sent) => {
      sent(null);
      self.emit('message', { kind: 'status' });
      self.emit('message', 'rollcall: here');
    });
    expect(await answersParent(child, LONG_MS)).toBe(true);
    expect(child.listenerCount('message')).toBe(0);
  });

  test('is not alive when it is silent', async () => {
    const child = new Child((_self, sent) => sent(null));
    expect(await answersParent(child, 1)).toBe(false);
    expect(child.listenerCount('message')).toBe(0);
  });

  test('is not alive when the probe cannot be sent', async () => {
    expect(await answersParent(new Child((_self, sent) => sent(new Error('EPIPE'))), LONG_MS)).toBe(false);
  });

  test('is not alive without a channel', async () => {
    expect(await answersParent(new EventEmitter(), LONG_MS)).toBe(false);
  });
});
