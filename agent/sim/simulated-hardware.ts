import type { NodeInfo, Resources } from '../../client/index.js';
import type { InfoCollector } from '../info/inventory.js';
import type { Random } from '../process/backoff.js';
import type { ResourceReader } from '../resources/machine-resources.js';

const GIB = 2 ** 30;
const CORES = [4, 8, 16, 32] as const;
const GIB_A_CORE = [2, 4, 8] as const;
const DISK_GIB = [100, 500, 2_000] as const;
/** Maximum change of the load from one reading to the next, as a share. */
const STEP = 0.1;

/** Invented hardware, which describes itself as such; its load wanders from reading to reading. */
export class SimulatedHardware implements InfoCollector, ResourceReader {
  private readonly cores: number;
  private readonly memoryBytes: number;
  private readonly diskBytes: number;
  private cpu: number;
  private memory: number;
  private disk: number;

  constructor(
    private readonly hostname: string,
    private readonly agentVersion: string,
    private readonly random: Random,
  ) {
    this.cores = this.oneOf(CORES);
    this.memoryBytes = this.cores * this.oneOf(GIB_A_CORE) * GIB;
    this.diskBytes = this.oneOf(DISK_GIB) * GIB;
    this.cpu = random();
    this.memory = random();
    this.disk = random();
  }

  collect(): Promise<NodeInfo> {
    return Promise.resolve({
      agentVersion: this.agentVersion,
      hostname: this.hostname,
      os: { platform: 'linux', distribution: 'simulated', release: '1', kernel: 'simulated', architecture: 'x64' },
      cpu: {
        model: `simulated processor with ${this.cores} cores`,
        vendor: 'simulated',
        physicalCores: this.cores,
        logicalCores: this.cores,
        usableCores: this.cores,
      },
      memory: { totalBytes: this.memoryBytes, usableBytes: this.memoryBytes },
      disks: [{ device: '/dev/sim', mount: '/', filesystem: 'ext4', totalBytes: this.diskBytes }],
      gpus: [],
      // Its agent has no session host: a session placed here would wait for ever.
      sessionEngine: 'none',
    });
  }

  read(): Promise<Resources> {
    this.cpu = this.wander(this.cpu);
    this.memory = this.wander(this.memory);
    this.disk = this.wander(this.disk);
    return Promise.resolve({
      cpu: { cores: this.cores, utilization: Math.round(this.cpu * 1_000) / 1_000 },
      memory: usage(this.memoryBytes, this.memory),
      disk: usage(this.diskBytes, this.disk),
      gpus: [],
      connections: Math.floor(this.random() * 200),
      loadAverage: Math.round(this.cpu * this.cores * 100) / 100,
    });
  }

  private wander(share: number): number {
    return Math.min(0.95, Math.max(0.05, share + STEP * (2 * this.random() - 1)));
  }

  private oneOf(choices: readonly [number, ...number[]]): number {
    return choices[Math.floor(this.random() * choices.length)] ?? choices[0];
  }
}

function usage(totalBytes: number, share: number) {
  const usedBytes = Math.floor(totalBytes * share);
  return { totalBytes, usedBytes, availableBytes: totalBytes - usedBytes };
}
