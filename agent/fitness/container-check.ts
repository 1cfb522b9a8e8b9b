import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import { fit, unfit, unknown, type RunCheck } from './check-result.js';

const USUAL_SOCKETS = [
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/docker.sock',
  '/run/podman/podman.sock',
];

/** Checks that the container runtime accepts connections, on the first socket that exists. */
export function containerCheck(paths: readonly string[] = USUAL_SOCKETS, timeoutMs: number): RunCheck {
  return async (stop) => {
    for (const path of paths) {
      if (!(await isThere(path))) continue;
      const failure = await whyNoConnection(path, timeoutMs, stop);
      if (failure === undefined) return fit(`${path} takes connections`);
      // A permission error says nothing about the runtime's health.
      if (failure === 'EACCES') return unknown('NotAllowed', `${path} is for other users than the agent's`);
      return unfit('NoConnection', `${path} takes no connection: ${failure}`);
    }
    return unknown('NotHere', `no container runtime is here: ${paths.join(', ')}`);
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function whyNoConnection(path: string, timeoutMs: number, stop: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (failure?: string) => {
      clearTimeout(timer);
      stop.removeEventListener('abort', whenStopped);
      socket.destroy();
      resolve(failure);
    };
    const whenStopped = () => end('stopped');
    stop.addEventListener('abort', whenStopped, { once: true });
    const timer = setTimeout(() => end(`no answer within ${timeoutMs / 1_000} s`), timeoutMs);
    socket.once('connect', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
