const QUESTION = 'rollcall: are you there?';
const ANSWER = 'rollcall: here';

interface Channel {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
  send?(message: string, whenSent: (error: Error | null) => void): unknown;
}

/**
 * Lets a process without a port prove to its parent, over Node's channel if it has one, that its event loop turns. The channel does not keep the
 * process alive.
 */
export function answerParent(): void {
  if (!process.send) return;
  process.on('message', (message) => {
    // The parent may be gone by now.
    if (message === QUESTION) process.send?.(ANSWER, undefined, undefined, () => undefined);
  });
  process.channel?.unref();
}

/** @returns false if the process does not answer within `withinMs` milliseconds, or has no channel */
export async function answersParent(child: Channel, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (answers: boolean): void => {
      clearTimeout(impatience);
      child.off('message', hear);
      resolve(answers);
    };
    const hear = (message: unknown): void => {
      if (message === ANSWER) end(true);
    };
    const impatience = setTimeout(() => end(false), withinMs);
    child.on('message', hear);
    if (!child.send) end(false);
    child.send?.(QUESTION, (error) => {
      if (error) end(false);
    });
  });
}
