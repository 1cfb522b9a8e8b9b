import { Option } from '@commander-js/extra-typings';
import type { Command } from 'commander';
import { addCommand, command, type Lazily } from './add-command.js';
import { durationMs, labelPair } from '../arguments/parsers.js';
import {
  connectionCount,
  fleetFault,
  joinRate,
  namePrefix,
  nodeCount,
  seedNumber,
} from '../arguments/simulation-parsers.js';

const FAULTS = `
Faults are KIND:SHARE%@AFTER+FOR, and no node gets two:
  miss:5%@1m+30s     cut off from the api for a while
  die:1%@2m          gone, without a goodbye
  return:2%@2m+1m    gone, and back after a while
  clone:0.1%@1m      a second agent runs with a copy of the identity
  skew:3%+5m         a clock that is ahead (-5m: behind)

Examples:
  rollcall sim --nodes 200
  rollcall sim --nodes 20000 --join-rate all --duration 10m --fault die:1%@5m --server http://10.0.0.5:8480 --join-token-file token

All agents come from one address: raise Orchestrator.API.MaxJoinsPerSecond of the api for fleets that join faster than 100 a second.`;

/** `rollcall sim`. */
export function addSimulationCommand(program: Command, lazily: Lazily): void {
  addCommand(program, simCommand(), lazily, () => import('../commands/sim.js'));
}

export function simCommand() {
  return command('sim')
    .description('Run many simulated agents in one process: real code, keys and schedule; made-up hardware')
    .addOption(new Option('--nodes <count>', 'how many').argParser(nodeCount).default(100))
    .option(
      '--join-token-file <file>',
      'file that holds the join token for all of them (default: makes one, with your token)',
    )
    .addOption(new Option('--join-rate <rate>', 'how many start in a second, or all').argParser(joinRate).default(20))
    .addOption(new Option('--name-prefix <text>', 'nodes are named after it').argParser(namePrefix).default('sim-'))
    .option('--label <key=value>', 'label of the nodes, repeatable', labelPair)
    .addOption(
      new Option('--seed <number>', 'of all that is drawn: load, jitter, who gets which fault')
        .argParser(seedNumber)
        .default(1),
    )
    .addOption(
      new Option('--interval <duration>', 'between heartbeats, as Compute.Heartbeat.Interval')
        .argParser(durationMs)
        .default(15_000, '15s'),
    )
    .addOption(
      new Option('--info-interval <duration>', 'between reports, as Compute.Heartbeat.InfoUpdateInterval')
        .argParser(durationMs)
        .default(60_000, '1m'),
    )
    .addOption(new Option('--fault <fault>', 'what happens to a part of the fleet, repeatable').argParser(fleetFault))
    .addOption(new Option('--duration <duration>', 'end after this time (default: with Ctrl-C)').argParser(durationMs))
    .addOption(
      new Option('--connections <count>', 'requests under way at once').argParser(connectionCount).default(256),
    )
    .addOption(
      new Option('--status-every <duration>', 'how often to print a status line')
        .argParser(durationMs)
        .default(5_000, '5s'),
    )
    .option('--goodbye', 'at the end the agents say goodbye (default: they vanish)')
    .addHelpText('after', FAULTS);
}
