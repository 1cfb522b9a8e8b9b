import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { findOnPath } from '../../scripts/find-program.mjs';

/** Node.js cannot open such sockets. */
const LISTENER = `
import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(listener.recv(4096).decode().replace("\\n", " "), flush=True)
`;

/** Why this is impossible here, for the name of a skipped test; undefined if it is possible. */
export function whyNoSystemdSocket(): string | undefined {
  const missing = ['systemd-notify', 'python3'].filter((name) => findOnPath([name]) === undefined);
  return missing.length === 0 ? undefined : `${missing.join(' and ')} not installed`;
}

/** A socket like the one that systemd gives a service with Type=notify: receives what systemd-notify sends, line by line. */
export class SystemdSocket {
  private heard = '';

  private constructor(
    readonly path: string,
    private readonly listener: ChildProcess,
  ) {
    listener.stdout?.on('data', (chunk) => (this.heard += String(chunk)));
  }

  static async open(path: string): Promise<SystemdSocket> {
    const listener = spawn('python3', ['-c', LISTENER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const socket = new SystemdSocket(path, listener);
    await once(listener.stdout as NodeJS.ReadableStream, 'data');
    return socket;
  }

  get messages(): string[] {
    return this.heard.split('\n').filter((line) => line !== '' && line !== 'listening');
  }

  async close(): Promise<void> {
    const closed = once(this.listener, 'close');
    this.listener.kill('SIGKILL');
    await closed;
  }
}
