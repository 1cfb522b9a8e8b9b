import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createJoinToken } from '../../client/sdk.gen.js';
import type {
  SimulationMessage,
  SimulationOrder,
  SimulationPlan,
  SimulationSummary,
} from '../../contract/simulation.js';
import { caFileOf, DEFAULT_SERVER, parseServer, checkedToken, resolveAccess } from '../connection/access.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';
import { chosenContext, contextPath, namedContext, readContexts } from '../connection/context-file.js';
import { toJson } from '../output/document.js';
import { simulationLine } from '../output/simulation-line.js';
import type { CallOf } from '../grammar/add-command.js';
import type { simCommand } from '../grammar/simulation-command.js';

/**
 * `rollcall sim`: runs many agents in a child process, with a status line on stderr at intervals and a summary on stdout at the end, as JSON.
 * Ctrl-C ends it, and is no failure.
 */
export async function run(call: CallOf<typeof simCommand>): Promise<void> {
  const { options, terminal, interruption } = call;
  const given = options.joinTokenFile === undefined ? undefined : await withTokenOf(options.joinTokenFile, call);
  const program = simulator(terminal.installation);
  const access = given ?? (await withNewToken(call));
  const plan: SimulationPlan = {
    ...access,
    nodes: options.nodes,
    namePrefix: options.namePrefix,
    labels: options.label ?? {},
    seed: options.seed,
    joinsPerSecond: options.joinRate,
    heartbeatIntervalMs: options.interval,
    infoIntervalMs: options.infoInterval,
    connections: options.connections,
    faults: options.fault ?? [],
    ...(options.duration === undefined ? {} : { durationMs: options.duration }),
    statusEveryMs: Math.max(100, options.statusEvery),
    goodbye: options.goodbye === true,
  };
  const child = fork(program, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const order = (what: SimulationOrder) => child.connected && child.send(what);
  interruption.addEventListener('abort', () => order({ kind: 'stop' }), { once: true });
  order({ kind: 'run', plan });
  const summary = await summaryOf(child, (line) => terminal.stderr.write(`${line}\n`));
  terminal.stdout.write(toJson(summary));
}

/**
 * The simulator is part of the agent, which is not installed with the command alone: its code, or packages that it needs, may be missing.
 * @throws CliFailure if either is
 */
function simulator(installation: string | undefined): string {
  if (installation !== undefined) {
    const program = join(installation, 'dist', 'agent', 'sim', 'main.js');
    const manifest = join(installation, 'agent', 'package.json');
    if (existsSync(program) && existsSync(manifest) && packagesOf(manifest).every(isFoundFrom(program))) return program;
  }
  throw new CliFailure(
    EXIT_CODE.failure,
    'SIMULATOR_NOT_INSTALLED',
    'the simulator is a part of the agent, which is not installed beside this command',
    'Run rollcall sim in a clone in which npm start or npm run build has been run',
  );
}

function packagesOf(manifest: string): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: Record<string, string> };
  return Object.keys(dependencies);
}

function isFoundFrom(program: string): (name: string) => boolean {
  const folders = createRequire(program).resolve.paths('any') ?? [];
  return (name) => folders.some((folder) => existsSync(join(folder, name, 'package.json')));
}

function summaryOf(child: ChildProcess, say: (line: string) => void): Promise<SimulationSummary> {
  return new Promise((resolve, reject) => {
    let summary: SimulationSummary | undefined;
    let failure: string | undefined;
    child.on('message', (message: SimulationMessage) => {
      if (message.kind === 'status') say(simulationLine(message.status));
      if (message.kind === 'summary') summary = message.summary;
      if (message.kind === 'failed') failure = message.why;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (summary) resolve(summary);
      else
        reject(
          new CliFailure(
            EXIT_CODE.failure,
            'SIMULATION_FAILED',
            failure ?? `the process with the agents ended early (${signal ?? `exit code ${code}`})`,
          ),
        );
    });
  });
}

type SimulationAccess = Pick<SimulationPlan, 'servers' | 'caFile' | 'joinToken'>;

/** As the calling administrator: the token approves the nodes, whatever the cluster's policy is. */
async function withNewToken(call: CallOf<typeof simCommand>): Promise<SimulationAccess> {
  const connection = await call.connect();
  const { nodes } = call.options;
  const body = {
    maxUses: nodes,
    expiresIn: '24h',
    labels: {},
    description: `rollcall sim --nodes ${nodes}`,
    autoApprove: true,
  };
  const { token } = await connection.ask(createJoinToken({ client: connection.client, body }));
  const { caFile } = await resolveAccess(call.options, call.terminal);
  return { servers: [connection.server], joinToken: token, ...(caFile === undefined ? {} : { caFile }) };
}

/** Agents join without an administrator, so no administrator's token is needed here. */
async function withTokenOf(file: string, { options, terminal }: CallOf<typeof simCommand>): Promise<SimulationAccess> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CliFailure(EXIT_CODE.usage, 'USAGE', `the token file ${file} cannot be read`, 'Check --join-token-file', {
      cause: error,
    });
  });
  const named = options.server ?? (terminal.env['ROLLCALL_SERVER'] || undefined);
  const contexts = named === undefined ? await readContexts(contextPath(options, terminal), terminal) : undefined;
  const { context } = chosenContext(contexts, namedContext(options, terminal)) ?? {};
  const server = parseServer(named ?? context?.server ?? DEFAULT_SERVER);
  const caFile = caFileOf(options, terminal.env);
  return { servers: [server], joinToken: checkedToken(text), ...(caFile === undefined ? {} : { caFile }) };
}
