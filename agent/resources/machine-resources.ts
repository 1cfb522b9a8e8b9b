import type { Resources } from '../../contract/schemas/agents.js';
import { readConnections } from './connection-reader.js';
import { readDisk } from './disk-reader.js';
import { readGpus, type KnownGpu } from './gpu-reader.js';
import type { MachineReaders } from './machine-readers.js';

/** What is free and what is in use on the node right now. Read for every heartbeat, so it has to be cheap. */
export interface ResourceReader {
  read(): Promise<Resources>;
}

/** What only slow means can tell: the inventory looks every InfoUpdateInterval, and this is what it saw last. */
export interface SlowReadings {
  gpus: readonly KnownGpu[];
  connections: number;
}

/** The machine's resources, read from the kernel's files and never by starting a process. */
export class MachineResources implements ResourceReader {
  constructor(
    private readonly stateDir: string,
    private readonly machine: MachineReaders,
    private readonly slow: SlowReadings,
  ) {}

  async read(): Promise<Resources> {
    const [cpu, memory, disk, gpus, connections] = await Promise.all([
      this.machine.cpu.read(),
      this.machine.memory.read(),
      readDisk(this.stateDir),
      readGpus(this.slow.gpus, this.machine.files),
      readConnections(this.machine.files),
    ]);
    return { cpu, memory, disk, gpus, connections: connections ?? this.slow.connections };
  }
}
