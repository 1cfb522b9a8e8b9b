import { hostname, totalmem } from 'node:os';
import type { NodeInfo } from '../../client/index.js';
import type { SessionEngineName } from '../../contract/sessions.js';
import type { MachineReaders } from '../resources/machine-readers.js';
import type { SlowReadings } from '../resources/machine-resources.js';
import { describeDisks } from './disks.js';
import { describeGpus } from './gpus.js';
import type { Probes } from './probes.js';
import { reportable } from './reportable.js';

/** Looks up what rarely changes on the node. */
export interface InfoCollector {
  collect(): Promise<NodeInfo>;
}

type Fixed = { os: NodeInfo['os']; cpu: Omit<NodeInfo['cpu'], 'usableCores'> };

/**
 * The node's hardware and system. What cannot change while a process lives (processor, system) is asked once; GPUs are
 * asked again where there are any, since this is also where their use is read.
 */
export class Inventory implements InfoCollector {
  /** For the heartbeats in between: see SlowReadings. */
  readonly slow: SlowReadings = { gpus: [], connections: 0 };
  private fixed: Fixed | undefined;
  private gpus: NodeInfo['gpus'] | undefined;

  constructor(
    private readonly agentVersion: string,
    private readonly probes: Probes,
    /** What of the machine this process may use. */
    private readonly machine: Pick<MachineReaders, 'cpu' | 'memory'>,
    private readonly sessionEngine: SessionEngineName,
    private readonly platform: NodeJS.Platform = process.platform,
  ) {}

  async collect(): Promise<NodeInfo> {
    this.fixed ??= await this.askFixed();
    const [disks, gpus, usableCores, memory] = await Promise.all([
      this.askDisks(),
      this.askGpus(),
      this.machine.cpu.cores(),
      this.machine.memory.read(),
      this.countConnections(),
    ]);
    return {
      agentVersion: this.agentVersion,
      hostname: reportable(hostname()),
      os: this.fixed.os,
      cpu: { ...this.fixed.cpu, usableCores },
      memory: { totalBytes: totalmem(), usableBytes: memory.totalBytes },
      disks,
      gpus,
      sessionEngine: this.sessionEngine,
    };
  }

  private async askFixed(): Promise<Fixed> {
    const [cpu, os] = await Promise.all([this.probes.cpu(), this.probes.osInfo()]);
    return {
      os: {
        platform: reportable(os.platform),
        distribution: reportable(os.distro),
        release: reportable(os.release),
        kernel: reportable(os.kernel),
        architecture: reportable(os.arch),
      },
      cpu: {
        model: reportable(`${cpu.manufacturer} ${cpu.brand}`),
        vendor: reportable(cpu.vendor),
        physicalCores: cpu.physicalCores,
        logicalCores: cpu.cores,
      },
    };
  }

  private async askDisks(): Promise<NodeInfo['disks']> {
    return describeDisks(await this.probes.fsSize());
  }

  private async askGpus(): Promise<NodeInfo['gpus']> {
    if (this.gpus?.length === 0) return [];
    const { described, known } = describeGpus((await this.probes.graphics()).controllers);
    this.slow.gpus = known;
    this.gpus = described;
    return described;
  }

  /** Linux keeps this number where every heartbeat can read it. */
  private async countConnections(): Promise<void> {
    if (this.platform === 'linux') return;
    const connections = await this.probes.networkConnections();
    this.slow.connections = connections.filter(({ protocol, state }) => protocol.startsWith('tcp') && state === 'ESTABLISHED').length;
  }
}
