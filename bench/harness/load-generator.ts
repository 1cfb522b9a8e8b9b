import { createHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { BeatConnection } from './beat-connection.js';
import type { LoadPlan, LoadResult, Target } from './load-orders.js';

const GIB = 2 ** 30;
const US_A_MS = 1_000;
/** How often due beats are sent, in milliseconds. */
const TICK_MS = 2;
/** Warm-up in milliseconds, which is not counted: connections are opened, and code is compiled. */
const WARM_UP_SHARE = 0.1;

/** Body of a heartbeat, without what changes. */
const RESOURCES = JSON.stringify({
  cpu: { cores: 8, utilization: 0.372 },
  memory: { totalBytes: 32 * GIB, usedBytes: 12 * GIB, availableBytes: 20 * GIB },
  disk: { totalBytes: 500 * GIB, usedBytes: 120 * GIB, availableBytes: 380 * GIB },
  gpus: [],
  connections: 87,
});

/** Sends heartbeats of many nodes over few connections. Each node's next beat is sent after the answer to its last. */
export class LoadGenerator {
  private targets: { head: string; body: string; bootId: string; seq: number }[] = [];

  /** Sets the nodes. A known boot continues its seq, since the api accepts none twice. */
  speakFor(targets: readonly Target[]): void {
    const seqs = new Map(this.targets.map(({ bootId, seq }) => [bootId, seq]));
    this.targets = targets.map(({ accessToken, bootId }) => ({
      bootId,
      // The headers that an agent's fetch sends.
      head:
        'POST /v1/agent/heartbeat HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\nContent-Type: application/json\r\n' +
        `User-Agent: rollcall-agent/0.1.0 (bench)\r\nAuthorization: Bearer ${accessToken}\r\nAccept: */*\r\nAccept-Language: *\r\nSec-Fetch-Mode: cors\r\nAccept-Encoding: gzip, deflate\r\nContent-Length: `,
      body: `{"bootId":"${bootId}","seq":`,
      seq: seqs.get(bootId) ?? 0,
    }));
  }

  /** One beat of each, as fast as they are answered. @throws Error if a connection breaks */
  async once(port: number, connections: number): Promise<void> {
    let next = 0;
    const start = () =>
      new Promise<void>((resolve, reject) => {
        const connection: BeatConnection = new BeatConnection(port, () => reject(new Error('a connection broke')));
        const beat = (): void => {
          if (next < this.targets.length) return connection.send(this.request(next++), beat);
          resolve();
          connection.close();
        };
        beat();
      });
    await Promise.all(Array.from({ length: Math.min(connections, this.targets.length) }, start));
  }

  async run({ port, connections, durationMs, ratePerSecond }: LoadPlan): Promise<LoadResult> {
    const histogram = createHistogram();
    const statuses: Record<string, number> = {};
    const idle: BeatConnection[] = [];
    let [beats, broken, isOver, isCounting] = [0, 0, false, false];
    const all = Array.from({ length: Math.min(connections, this.targets.length) }, () => {
      const connection: BeatConnection = new BeatConnection(port, () => (broken += isOver ? 0 : 1));
      return connection;
    });

    const beat = (connection: BeatConnection, index: number, dueAt: number, then: () => void) => {
      connection.send(this.request(index), (status) => {
        if (isCounting) {
          statuses[status] = (statuses[status] ?? 0) + 1;
          if (status === 200) beats += 1;
          histogram.record(Math.max(1, Math.round((performance.now() - dueAt) * US_A_MS)));
        }
        if (!isOver) then();
      });
    };
    const flatOut = (connection: BeatConnection, start: number, index: number): void =>
      beat(connection, index, performance.now(), () =>
        flatOut(connection, start, index + all.length < this.targets.length ? index + all.length : start),
      );

    const due: { index: number; at: number }[] = [];
    const serve = (connection: BeatConnection): void => {
      const next = due.shift();
      if (next === undefined) idle.push(connection);
      else beat(connection, next.index, next.at, () => serve(connection));
    };

    const began = performance.now();
    let ticking: NodeJS.Timeout | undefined;
    if (ratePerSecond === undefined) all.forEach((connection, start) => flatOut(connection, start, start));
    else {
      all.forEach(serve);
      let sent = 0;
      ticking = setInterval(() => {
        for (; sent < ((performance.now() - began) * ratePerSecond) / 1_000; sent++) {
          due.push({ index: sent % this.targets.length, at: began + (sent * 1_000) / ratePerSecond });
          const connection = idle.pop();
          if (connection) serve(connection);
        }
      }, TICK_MS);
    }

    await pause(durationMs * WARM_UP_SHARE);
    isCounting = true;
    const countedFrom = performance.now();
    const cpu = process.cpuUsage();
    await pause(durationMs);
    const seconds = (performance.now() - countedFrom) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    isCounting = false;
    isOver = true;
    clearInterval(ticking);
    for (const connection of all) connection.close();
    const ms = (percentile: number) => (histogram.count === 0 ? 0 : histogram.percentile(percentile) / US_A_MS);
    return {
      beats,
      statuses,
      broken,
      seconds,
      latency: { p50: ms(50), p99: ms(99), max: histogram.count === 0 ? 0 : histogram.max / US_A_MS },
      cpuSeconds: (user + system) / 1e6,
    };
  }

  private request(index: number): string {
    const target = this.targets[index];
    if (!target) throw new RangeError(`there is no target ${index}`);
    const body = `${target.body}${++target.seq},"intervalMs":15000,"resources":${RESOURCES}}`;
    return `${target.head}${body.length}\r\n\r\n${body}`;
  }
}
