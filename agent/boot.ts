import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { configFromArgv } from '../contract/config/config-from-argv.js';
import { ConfigError } from '../contract/config/config-error.js';
import type { Config } from '../contract/config/schema.js';
import { useProxyOf } from '../contract/process/env-proxy.js';
import { newTrace, tracesAreCollected, type TraceContext } from '../contract/process/trace-context.js';
import { Agent } from './agent.js';
import { endAfterDrain, longestEndMs } from './availability/end-after-drain.js';
import { ownDrainCommand } from './sessions/endpoint/own-drain-command.js';
import { DrainNoteFile } from './availability/drain-note.js';
import { OwnDrain } from './availability/own-drain.js';
import { noticeWatchFor } from './cloud-notices/notice-watch.js';
import { systemClock } from './process/agent-clock.js';
import { exitOnUncaught } from './process/exit-on-uncaught.js';
import { EXIT, FatalError, type AgentExitCode } from './process/exit-codes.js';
import { HttpControlPlane } from './control-plane/http-control-plane.js';
import { ClockOffset } from './fitness/clock-check.js';
import { checkCommand } from './fitness/check-command.js';
import { FitnessChecks } from './fitness/fitness-checks.js';
import { knownChecks } from './fitness/known-checks.js';
import { Systemd } from '../contract/process/systemd.js';
import { FileIdentityStore } from './membership/identity-store.js';
import { AgentStatus } from './membership/agent-status.js';
import { machineAsker } from './info/ask-machine.js';
import { Inventory } from './info/inventory.js';
import { placeReader } from './info/place.js';
import { createAgentLog } from './process/log.js';
import { Orchestrators } from './control-plane/orchestrators.js';
import { machineReaders } from './resources/machine-readers.js';
import { MachineResources } from './resources/machine-resources.js';
import { SessionsEndpoint } from './sessions/endpoint/sessions-endpoint.js';
import { DuckDbEngine } from './sessions/duckdb-engine.js';
import { NoEngine } from './sessions/session-engine.js';
import { SessionFolders } from './sessions/session-folders.js';
import { SessionHost } from './sessions/session-host.js';
import { readCompute, Reload } from './reload.js';
import { settingsFrom, whyNotName } from './settings.js';
import { makeStateFolder } from './process/state-folder.js';
import { lockStateFolder } from './process/state-lock.js';
import { stopOnSignal } from './process/stop-on-signal.js';
import { trustOrchestrators } from './process/trust-only.js';
import { askForStatus } from './sessions/endpoint/ask-for-status.js';
import { AGENT_USAGE } from './process/usage.js';
import { agentHome, agentVersion } from './process/version.js';
import { handOver } from './updates/hand-over.js';
import { isTrial } from './updates/replace-process.js';
import { endWithParent, tellHeard, tryVersion } from './updates/trial.js';
import { UpdateFolder, type LastUpdate } from './updates/update-folder.js';
import { Updater } from './updates/updater.js';

/**
 * The agent as a program, from command line to exit code.
 * @param argv arguments after the program's name
 */
export async function boot(argv: string[]): Promise<AgentExitCode> {
  if (argv.includes('--help') || argv.includes('-h')) return print(AGENT_USAGE);
  if (argv.includes('--version')) return print(`${agentVersion()}\n`);
  if (argv[0] === 'check') return checkCommand(argv.slice(1), process.env);
  if (argv[0] === 'drain' || argv[0] === 'resume') return ownDrainCommand(argv[0], argv.slice(1), process.env);
  const asks = argv.includes('--status');
  let config: Config;
  try {
    config = configFromArgv(
      argv.filter((word) => word !== '--status'),
      process.env,
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`rollcall-agent: ${error.message}\n`);
    return EXIT.misconfigured;
  }
  if (asks) return askForStatus(resolve(config.Compute.StateDir));
  const log = await createAgentLog();
  exitOnUncaught(log);
  try {
    await serve(config.Compute, log, argv);
    return EXIT.stopped;
  } catch (error) {
    if (!(error instanceof FatalError)) throw error;
    log.fatal(error.message);
    return error.exitCode;
  }
}

/** The steps of an agent's life, in order. */
async function serve(compute: Config['Compute'], log: Logger, argv: string[]): Promise<void> {
  trustOrchestrators(compute.TLS.CAFile);
  followProxy();
  const settings = settingsFrom(compute);
  const version = agentVersion();
  const stateDir = resolve(compute.StateDir);
  await makeStateFolder(stateDir);
  const updates = new UpdateFolder(stateDir);
  const wanted: { update?: LastUpdate } = {};
  const updating = new AbortController();
  const unlock = await lockStateFolder(stateDir);
  const machine = machineReaders();
  const clockOffset = new ClockOffset(systemClock);
  const fitness = new FitnessChecks({
    settings,
    checkOf: knownChecks({ files: machine.files, clock: clockOffset, stateDir }),
    clock: systemClock,
    random: Math.random,
    log,
  });
  const rereadBells = [fitness.reread];
  const reload = new Reload(
    compute,
    settings,
    () => readCompute(argv, process.env),
    log,
    () => {
      for (const bell of rereadBells) bell.ring();
    },
  );
  const stop = stopOnSignal(log, () => reload.now());
  const systemd = new Systemd(log);
  stop.addEventListener('abort', () => systemd.stopping(longestEndMs(settings.drainOnShutdownMs)));
  const over = new AbortController();
  try {
    if (isTrial()) endWithParent();
    else if (compute.Updates.Managed) await handOver(updates, version, argv, unlock, log);
    log.info({ version, name: settings.name, stateDir, orchestrators: compute.Orchestrators }, 'starting');
    const info = new Inventory(
      version,
      machineAsker(),
      machine,
      compute.Sessions.Engine,
      process.platform,
      placeReader(compute),
    );
    const resources = new MachineResources(stateDir, machine, info.slow);
    const orchestrators = new Orchestrators(compute.Orchestrators, systemClock, log);
    const userAgent = `rollcall-agent/${version}`;
    const plane = new HttpControlPlane(
      orchestrators,
      systemClock,
      userAgent,
      settings.heartbeatIntervalMs,
      tracesAreCollected(process.env) ? tracesIn(log) : undefined,
      (date) => clockOffset.heard(date),
    );
    const store = new FileIdentityStore(stateDir);
    const { registration } = await store.load();
    const otherName = whyNotName(compute.Name, registration);
    if (otherName !== undefined) log.warn(otherName);
    const sessions = sessionHost(compute.Sessions, stateDir, log);
    const agentStatus = new AgentStatus(
      (words) => systemd.status(words),
      isTrial() ? tellHeard : undefined,
      () => fitness.conditions,
    );
    const updater = new Updater(
      {
        folder: updates,
        version,
        isManaged: compute.Updates.Managed,
        isTrial: isTrial(),
        keysFile: compute.Updates.KeysFile ?? join(agentHome(), 'update-keys.pem'),
        orchestrators,
        clock: systemClock,
        random: Math.random,
        log,
      },
      (begun) => {
        wanted.update = begun;
        updating.abort(`update to ${begun.version}`);
      },
    );
    const ownDrain = new OwnDrain({
      plane,
      note: new DrainNoteFile(stateDir, log),
      // With a provider, the watch decides whether the notice still stands; without one, nothing else would bring the node back.
      bringsBack: compute.CloudNotices.Provider === 'none' ? ['shutdown', 'notice'] : ['shutdown'],
      clock: systemClock,
      random: Math.random,
      log,
    });
    const hasSessions = () => sessions.live.length > 0;
    const leaving = { drain: ownDrain, hasSessions, clock: systemClock, random: Math.random, log };
    const end = endAfterDrain(stop, leaving, () => settings.drainOnShutdownMs, over.signal);
    rereadBells.push(updater.changed);
    const endpoint = new SessionsEndpoint(sessions, stateDir, agentStatus, log, ownDrain);
    try {
      await endpoint.start(compute.Sessions.EndpointPort);
      // An unreachable api does not keep the agent from being ready.
      systemd.ready(`${settings.name} has not heard from the api yet`);
      await new Agent({
        settings,
        plane,
        store,
        resources,
        info: {
          collect: async () => ({ ...(await info.collect()), labels: settings.labels, updates: updater.report }),
        },
        sessions,
        fitness,
        ownDrain,
        noticeWatch: noticeWatchFor(compute.CloudNotices, ownDrain, log),
        updater,
        agentStatus,
        clock: systemClock,
        random: Math.random,
        log,
      }).run(AbortSignal.any([end, updating.signal]));
    } finally {
      await endpoint.stop();
    }
    log.info('stopped');
  } finally {
    over.abort();
    await unlock();
  }
  if (wanted.update === undefined || stop.aborted) return;
  const timeoutMs = compute.Updates.TrialTimeout;
  await tryVersion(updates, wanted.update, { version, argv, timeoutMs, log, stop });
}

function sessionHost(
  { Engine, DuckDB, ResultRetention }: Config['Compute']['Sessions'],
  stateDir: string,
  log: Logger,
): SessionHost {
  const engine = Engine === 'duckdb' ? new DuckDbEngine({ allowExternal: DuckDB.AllowExternal }, log) : new NoEngine();
  return new SessionHost({
    engine,
    folders: new SessionFolders(stateDir),
    resultRetentionMs: ResultRetention,
    clock: systemClock,
    log,
  });
}

/** Starts a trace for each call, with an id that the log shows. The agent exports no spans itself: the api's spans continue the trace. */
function tracesIn(log: Logger): (call: string) => TraceContext {
  return (call) => {
    const trace = newTrace();
    log.debug({ call, traceId: trace.traceId }, 'asks the api');
    return trace;
  };
}

/** @throws FatalError if a proxy in the environment is invalid */
function followProxy(): void {
  try {
    useProxyOf(process.env);
  } catch (error) {
    throw new FatalError((error as Error).message, EXIT.misconfigured);
  }
}

function print(text: string): AgentExitCode {
  process.stdout.write(text);
  return EXIT.stopped;
}
