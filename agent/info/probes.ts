import type { Systeminformation } from 'systeminformation';
import type { Reading } from '../resources/limited.js';

/** The probes of systeminformation. Each starts processes, so none may run for a heartbeat. */
export interface Probes {
  cpu: Systeminformation.CpuData;
  osInfo: Systeminformation.OsData;
  fsSize: Systeminformation.FsSizeData[];
  networkConnections: Systeminformation.NetworkConnectionsData[];
  graphics: Systeminformation.GraphicsData;
}
export type Question = keyof Probes;

/** Probes that may block the process come last. */
export const QUESTIONS = ['cpu', 'osInfo', 'fsSize', 'networkConnections', 'graphics'] as const satisfies Question[];

/** An answer to each probe, or why there is none. */
export type Answers<Asked extends Question> = { [Each in Asked]: Reading<Probes[Each]> };

/** Probes the machine; settles within some seconds even if probes hang. */
export type AskMachine = <Asked extends Question>(questions: readonly Asked[]) => Promise<Answers<Asked>>;
