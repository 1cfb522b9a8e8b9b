import { useCallback, useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../api/api-failure.js';
import { announce } from './toasts.js';

/** A read of many pages: reports its progress, can be stopped, and stops when its component is unmounted. */
export function useLongRead(failure: string) {
  const [come, setCome] = useState<number>();
  const running = useRef<AbortController>(undefined);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);

  /** `work` reports by `onProgress` how many items it has read, and ends when the signal is aborted. */
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
  /** `come` is undefined while nothing is being read. */
  return { come, run, stop };
}
