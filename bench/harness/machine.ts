import { cpus, release, totalmem, type } from 'node:os';
import { agentVersion } from '../../agent/process/version.js';
import { findBinary } from '../../embedded/find-binary.js';
import { MONGOD } from '../../embedded/mongod-binary.js';
import { runCommand } from '../../embedded/run-command.js';
import { TEMPORAL } from '../../embedded/temporal-binary.js';

const VERSION_WITHIN_MS = 20_000;

/** What figures depend on besides the code. */
export interface Machine {
  system: string;
  cpu: string;
  cores: number;
  memoryGb: number;
  rollcall: string;
  node: string;
  mongod: string;
  temporal: string;
}

export async function describeMachine(): Promise<Machine> {
  const processors = cpus();
  return {
    system: `${type()} ${release()}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e9),
    rollcall: agentVersion(),
    node: process.version,
    mongod: await firstLine(await findBinary(MONGOD)),
    temporal: await firstLine(await findBinary(TEMPORAL)),
  };
}

async function firstLine(binary: string): Promise<string> {
  const { stdout } = await runCommand(binary, ['--version'], { timeoutMs: VERSION_WITHIN_MS });
  return stdout.split('\n')[0]?.trim() ?? '';
}
