import type { Resources } from '../../contract/schemas/agents.js';
import { readDisk } from './disk-reader.js';
import { Limited } from './limited.js';
import { readGpus, type KnownGpu } from './gpu-reader.js';
import type { MachineReaders } from './machine-readers.js';
import { readMeasures } from './measure-readers.js';

/** What is free and what is in use on the node right now. Read for every heartbeat, so it has to be cheap. */
export interface ResourceReader {
  read(): Promise<Resources>;
}

/** What only slow means can tell: the inventory looks every InfoUpdateInterval, and this is what it saw last. */
export interface SlowReadings {
  gpus: readonly KnownGpu[];
  connections: number;
}

/** A heartbeat waits no longer for its disk, in milliseconds: the state folder may be on a filesystem whose server is gone. */
const DISK_LIMIT_MS = 500;

/** The machine's resources, read from the kernel's files and never by starting a process. */
export class MachineResources implements ResourceReader {
  private readonly disk: Limited<Resources['disk']>;

  constructor(
    stateDir: string,
    private readonly machine: MachineReaders,
    private readonly slow: SlowReadings,
  ) {
    this.disk = new Limited('statfs', () => readDisk(stateDir), DISK_LIMIT_MS);
  }

  async read(): Promise<Resources> {
    const { files, platform } = this.machine;
    const [cpu, memory, disk, gpus, figures] = await Promise.all([
      this.machine.cpu.read(),
      this.machine.memory.read(),
      this.disk.read(),
      readGpus(this.slow.gpus, files),
      readMeasures({ files, platform, slow: this.slow }),
    ]);
    return {
      cpu,
      memory,
      ...('value' in disk && disk.value !== undefined && { disk: disk.value }),
      gpus,
      ...figures,
    };
  }
}
