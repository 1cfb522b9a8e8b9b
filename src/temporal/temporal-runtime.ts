import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { ConfigError } from '../../contract/config/config-error.js';

const PINO_LEVEL = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Temporal's runtime is one for a process, and must be set up before its first connection.
 * @param metricsAddress where it serves metrics: slots in use and free, how long tasks waited, how long they took
 * @throws ConfigError where they cannot be served there
 */
export function installTemporalRuntime(log: Logger, metricsAddress?: string): void {
  const metrics =
    metricsAddress === undefined
      ? {}
      : {
          metrics: {
            prometheus: {
              bindAddress: metricsAddress,
              unitSuffix: true,
              countersTotalSuffix: true,
              useSecondsForDurations: true,
            },
          },
        };
  try {
    Runtime.install({
      // Nest hears the signals, and ends the worker in the right order with everything else.
      shutdownSignals: [],
      logger: new DefaultLogger('WARN', ({ level, message, meta }) =>
        log[PINO_LEVEL[level]]({ context: 'Temporal', ...meta }, message),
      ),
      telemetryOptions: {
        logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
        ...metrics,
      },
    });
  } catch (error) {
    if (metricsAddress === undefined) throw error;
    throw new ConfigError(
      `Orchestrator.Worker.MetricsAddress: metrics cannot be served at ${metricsAddress} (${(error as Error).message}); name another address:port`,
    );
  }
}
