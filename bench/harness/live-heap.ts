import { becomes } from './becomes.js';

const OPEN_WITHIN_MS = 10_000;

interface HeapUsage {
  usedSize: number;
  backingStorageSize: number;
}

/**
 * Live heap of a Node process started with `--inspect-port`, in bytes, after a garbage collection. The resident set says little about it, since
 * V8 returns memory whenever it pleases. The process stands still for some hundred milliseconds.
 * @param inspectPort on loopback; opened by the first call
 */
export async function liveHeap(pid: number, inspectPort: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  let address = '';
  await becomes('the inspector listens', OPEN_WITHIN_MS, async () => {
    const targets = await fetch(`http://127.0.0.1:${inspectPort}/json/list`)
      .then((response) => response.json() as Promise<{ webSocketDebuggerUrl: string }[]>)
      .catch(() => []);
    address = targets[0]?.webSocketDebuggerUrl ?? '';
    return address !== '';
  });
  const socket = new WebSocket(address);
  try {
    await new Promise((opened, failed) => {
      socket.addEventListener('open', opened, { once: true });
      socket.addEventListener('error', () => failed(new Error(`nobody answers at ${address}`)), { once: true });
    });
    // The second collection frees what the first one's finalizers released.
    for (let round = 0; round < 2; round += 1) await call(socket, round, 'HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = await call<HeapUsage>(socket, 2, 'Runtime.getHeapUsage');
    return usedSize + backingStorageSize;
  } finally {
    socket.close();
  }
}

function call<Result>(socket: WebSocket, id: number, method: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent) => {
      const answer = JSON.parse(String(data)) as { id?: number; result?: Result; error?: { message: string } };
      if (answer.id !== id) return;
      socket.removeEventListener('message', hear);
      if (answer.result === undefined) reject(new Error(`${method}: ${answer.error?.message ?? 'no result'}`));
      else resolve(answer.result);
    };
    socket.addEventListener('message', hear);
    socket.send(JSON.stringify({ id, method }));
  });
}
