import { useCallback, useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../api/api-failure.js';
import { announce } from './toasts.js';

/** A read of many pages: says how far it has come, can be stopped, and is stopped where its part of the page goes. */
export function useLongRead(failure: string) {
  const [come, setCome] = useState<number>();
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);

  /** `work` tells by `onProgress` how many it has read, and ends when the signal does. */
  const run = async (work: (signal: AbortSignal, onProgress: (come: number) => void) => Promise<void>) => {
    const controller = new AbortController();
    running.current = controller;
    setCome(0);
    try {
      await work(controller.signal, setCome);
    } catch (error) {
      if (!controller.signal.aborted) announce({ kind: 'failure', text: `${failure}: ${sentenceOf(error)}` });
    } finally {
      setCome(undefined);
    }
  };
  /** `come` is undefined while nothing is read. */
  return { come, run, stop };
}
