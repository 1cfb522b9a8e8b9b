import type { Systeminformation } from 'systeminformation';
import type { Reading } from '../resources/limited.js';

/** What is asked of systeminformation. Every question starts processes, so none may be asked for a heartbeat. */
export interface Probes {
  cpu: Systeminformation.CpuData;
  osInfo: Systeminformation.OsData;
  fsSize: Systeminformation.FsSizeData[];
  networkConnections: Systeminformation.NetworkConnectionsData[];
  graphics: Systeminformation.GraphicsData;
}
export type Question = keyof Probes;

/** Those that may block whoever asks come last. */
export const QUESTIONS = ['cpu', 'osInfo', 'fsSize', 'networkConnections', 'graphics'] as const satisfies Question[];

/** An answer to each question, or why there is none. */
export type Answers<Asked extends Question> = { [Each in Asked]: Reading<Probes[Each]> };

/** Asks questions about the machine; settles within some seconds, whatever becomes of those who know. */
export type AskMachine = <Asked extends Question>(questions: readonly Asked[]) => Promise<Answers<Asked>>;
