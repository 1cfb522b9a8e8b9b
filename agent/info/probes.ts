import type { Systeminformation } from 'systeminformation';

/** What is asked of systeminformation. Every question starts processes, so none may be asked for a heartbeat. */
export interface Probes {
  cpu(): Promise<Systeminformation.CpuData>;
  osInfo(): Promise<Systeminformation.OsData>;
  fsSize(): Promise<Systeminformation.FsSizeData[]>;
  graphics(): Promise<Systeminformation.GraphicsData>;
  networkConnections(): Promise<Systeminformation.NetworkConnectionsData[]>;
}
