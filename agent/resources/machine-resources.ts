import type { Resources } from '../../contract/schemas/agents.js';
import { readDisk } from './disk-reader.js';
import { Limited } from './limited.js';
import { readGpus, type KnownGpu } from './gpu-reader.js';
import type { MachineReaders } from './machine-readers.js';
import { readMeasures } from './measure-readers.js';

/** What is free and in use on the node now. Read for every heartbeat, so it has to be cheap. */
export interface ResourceReader {
  read(): Promise<Resources>;
}

/** What is too slow to read for a heartbeat: the last values of the inventory, which is read every InfoUpdateInterval. */
export interface SlowReadings {
  gpus: readonly KnownGpu[];
  connections: number;
}

/** Maximum wait for the disk, in milliseconds: the state folder may be on a filesystem whose server is gone. */
const DISK_LIMIT_MS = 500;

/** The machine's resources, read from the kernel's files without starting a process. */
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
