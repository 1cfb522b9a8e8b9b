import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { ConfigError } from '../../contract/config/config-error.js';

const PINO_LEVEL = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * Installs Temporal's runtime, of which a process has one, and which must exist before the first connection.
 * @param metricsAddress `address:port` where the runtime serves metrics of the SDK: slots, and waiting and execution times of tasks
 * @throws ConfigError where it cannot listen there
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
      // Nest handles the signals, and stops the worker in the right order with everything else.
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
