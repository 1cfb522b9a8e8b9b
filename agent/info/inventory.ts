import { cpus, hostname, release, totalmem } from 'node:os';
import type { NodeInfo } from '../../client/index.js';
import type { InfoPart } from '../../contract/schemas/agents.js';
import type { SessionEngineName } from '../../contract/sessions.js';
import type { MachineReaders } from '../resources/machine-readers.js';
import type { SlowReadings } from '../resources/machine-resources.js';
import { describeDisks } from './disks.js';
import { describeGpus } from './gpus.js';
import { placeReader } from './place.js';
import { QUESTIONS, type Answers, type AskMachine, type Probes, type Question } from './probes.js';
import { reportable } from '../process/reportable.js';

/** Reads what rarely changes on the node. */
export interface InfoCollector {
  collect(): Promise<NodeInfo>;
}

type Described = Pick<NodeInfo, 'os' | 'disks' | 'gpus'> & { cpu: Omit<NodeInfo['cpu'], 'usableCores'> };

/**
 * The node's hardware and system. What is constant for a process (processor, system) is read once; GPUs are read again if there are any,
 * since that also yields their utilisation. A part that could not be read keeps its last value, or Node's own; it is reported with the reason
 * and read again at the next look.
 */
export class Inventory implements InfoCollector {
  /** For the heartbeats in between: see SlowReadings. */
  readonly slow: SlowReadings = { gpus: [], connections: 0 };
  private readonly seen: Described = {
    os: {
      platform: process.platform,
      distribution: '',
      release: '',
      kernel: reportable(release()),
      architecture: process.arch,
    },
    cpu: { model: reportable(cpus()[0]?.model), vendor: '', physicalCores: 0, logicalCores: cpus().length },
    disks: [],
    gpus: [],
  };
  /** Results that are read only once. */
  private readonly known = new Set<Question>();

  constructor(
    private readonly agentVersion: string,
    private readonly ask: AskMachine,
    /** What this process may use of the machine. */
    private readonly machine: Pick<MachineReaders, 'cpu' | 'memory'>,
    private readonly sessionEngine: SessionEngineName,
    private readonly platform: NodeJS.Platform = process.platform,
    private readonly place = placeReader(),
  ) {}

  async collect(): Promise<NodeInfo> {
    const [unread, usableCores, memory, place] = await Promise.all([
      this.look(),
      this.machine.cpu.cores(),
      this.machine.memory.read(),
      this.place(),
    ]);
    const { os, cpu, disks, gpus } = this.seen;
    return {
      agentVersion: this.agentVersion,
      hostname: reportable(hostname()),
      ...place,
      os,
      cpu: { ...cpu, usableCores },
      memory: { totalBytes: totalmem(), usableBytes: memory.totalBytes },
      disks,
      gpus,
      ...(unread.length > 0 && { unread }),
      sessionEngine: this.sessionEngine,
    };
  }

  /** On Linux every heartbeat reads the number of connections itself. */
  private async look(): Promise<NonNullable<NodeInfo['unread']>> {
    const asked = QUESTIONS.filter(
      (question) => !this.known.has(question) && !(question === 'networkConnections' && this.platform === 'linux'),
    );
    const answers: Partial<Answers<Question>> = await this.ask(asked);
    const unread: NonNullable<NodeInfo['unread']> = [];
    const take = <Asked extends Question>(question: Asked, part: InfoPart, see: (value: Probes[Asked]) => void) => {
      const answer = answers[question];
      if (answer === undefined) return;
      if ('why' in answer) unread.push({ part, reason: reportable(answer.why) });
      else see(answer.value);
    };
    take('cpu', 'cpu', (cpu) => this.seeCpu(cpu));
    take('osInfo', 'os', (os) => this.seeSystem(os));
    take('fsSize', 'disks', (filesystems) => (this.seen.disks = describeDisks(filesystems)));
    take('graphics', 'gpus', (graphics) => this.seeGpus(graphics));
    take('networkConnections', 'connections', (connections) => {
      this.slow.connections = connections.filter(
        ({ protocol, state }) => protocol.startsWith('tcp') && state === 'ESTABLISHED',
      ).length;
    });
    return unread;
  }

  private seeCpu(cpu: Probes['cpu']): void {
    this.known.add('cpu');
    this.seen.cpu = {
      model: reportable(`${cpu.manufacturer} ${cpu.brand}`),
      vendor: reportable(cpu.vendor),
      physicalCores: cpu.physicalCores,
      logicalCores: cpu.cores,
    };
  }

  private seeSystem(os: Probes['osInfo']): void {
    this.known.add('osInfo');
    this.seen.os = {
      platform: reportable(os.platform),
      distribution: reportable(os.distro),
      release: reportable(os.release),
      kernel: reportable(os.kernel),
      architecture: reportable(os.arch),
    };
  }

  private seeGpus({ controllers }: Probes['graphics']): void {
    const { described, known } = describeGpus(controllers);
    this.slow.gpus = known;
    this.seen.gpus = described;
    if (described.length === 0) this.known.add('graphics');
  }
}
