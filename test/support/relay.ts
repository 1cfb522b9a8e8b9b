import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Faults. `cut`: connections break, and none can be made. `deaf`: connections can be made and stay, and nothing gets
 * through. `one-way`: requests get through, answers do not. `slow`: everything is delayed by {@link SLOW_MS}.
 */
export type Passage = 'open' | 'cut' | 'deaf' | 'one-way' | 'slow';

const SLOW_MS = 400;

/** A network connection between a process and a server, which can be broken, restored, and moved to another server. */
export class Relay {
  /** Both ends of each connection, and whether data was lost: then it is useless. */
  private readonly connections = new Set<{ ends: Socket[]; isLossy: boolean }>();
  private passage: Passage = 'open';
  private readonly server = createServer((near) => this.join(near));

  constructor(private target: string) {}

  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** Host and port. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  spoil(passage: Passage): void {
    this.passage = passage;
    if (passage === 'cut') this.breakThose(() => true);
  }

  cut(): void {
    this.spoil('cut');
  }

  mend(target = this.target): void {
    this.target = target;
    this.passage = 'open';
    this.breakThose(({ isLossy }) => isLossy);
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private breakThose(which: (connection: { isLossy: boolean }) => boolean): void {
    for (const connection of this.connections) if (which(connection)) for (const end of connection.ends) end.destroy();
  }

  private join(near: Socket): void {
    if (this.passage === 'cut') return void near.destroy();
    const { hostname, port } = new URL(this.target);
    const far = connect(Number(port), hostname);
    const connection = { ends: [near, far], isLossy: false };
    this.connections.add(connection);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      let last: Promise<unknown> = Promise.resolve();
      const isAnswer = from === far;
      from.on('data', (chunk: Buffer) => {
        if (this.passage === 'deaf' || (this.passage === 'one-way' && isAnswer)) {
          connection.isLossy = true;
          return;
        }
        const lateMs = this.passage === 'slow' ? SLOW_MS : 0;
        // In the order of arrival, also once it is open again.
        last = Promise.all([last, lateMs === 0 ? undefined : pause(lateMs)]).then(() => {
          if (!to.writable || to.write(chunk)) return;
          from.pause();
          to.once('drain', () => from.resume());
        });
      });
      from.on('end', () => void last.then(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.connections.delete(connection);
        void last.then(() => to.destroySoon());
      });
    }
  }
}
