import type { Node, NodeCondition, NodeEvent } from '../../client/types.gen.js';
import {
  isHeardWhileWaiting,
  overdueDecisionMs,
  whyNotApplied,
  type ServerFindings,
} from '../../contract/catching-up.js';
import { shownLiveness } from '../../contract/health.js';
import { measure, REPORTED_MEASURES } from '../../contract/measures.js';
import type { EpochMs } from '../../contract/states.js';
import { formatAge, formatAhead, formatRoundSpan } from './age.js';
import { formatDeadline } from './drain-deadline.js';
import { eventColumns } from './event-columns.js';
import { formatLabels, statusWithWarning } from './node-columns.js';
import { plainLines, plainText } from '../../contract/plain-text.js';
import { formatFigure, formatBytes, formatCount, formatFraction, formatUsage } from './quantity.js';
import { fieldLines, section, type Field } from './sections.js';
import { formatResources } from './session-resources.js';
import { tableLines, type Column, type Style } from './table.js';

const FITNESS_STYLE: Record<NodeCondition['status'], Style> = { FIT: 'green', UNFIT: 'red', UNKNOWN: 'yellow' };

export interface DescriptionOptions {
  now: EpochMs;
  colours: boolean;
  /** The answer of /readyz; undefined if it was not requested. */
  readiness?: ServerFindings | undefined;
}

/** Everything about one node, for people. `events` are its latest, oldest first. */
export function describeNode(node: Node, events: readonly NodeEvent[], options: DescriptionOptions): string {
  const { now, colours } = options;
  const lines = [
    ...fieldLines(identity(node, options)),
    ...section(
      'Conditions',
      tableLines(conditionColumns(now), conditionsOf(node), { headers: true, colours }),
      colours,
    ),
    ...section('Fitness', fitness(node, options), colours),
    ...section('Quarantine', fieldLines(quarantine(node, now)), colours),
    ...section('Drain', node.drain ? fieldLines(drain(node.drain, now)) : [], colours),
    ...section('Maintenance', fieldLines(maintenance(node, now)), colours),
    ...section('Hardware', node.info ? fieldLines(hardware(node.info, now)) : [], colours),
    ...section('Resources', node.resources ? fieldLines(resources(node.resources)) : [], colours),
    ...section(
      'Events',
      events.length > 0 ? tableLines(eventColumns(now), events, { headers: true, colours }) : [],
      colours,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function identity(node: Node, options: DescriptionOptions): Field[] {
  const { now } = options;
  const heartbeat = node.lastHeartbeat
    ? `last heartbeat ${formatAge(node.lastHeartbeat, now)} ago`
    : 'no heartbeat yet';
  return [
    ['Node', node.id],
    ['UID', node.uid],
    ['Type', node.type],
    [
      'Phase',
      isHeardWhileWaiting(node) ? `${node.phase} (heard since; its process has yet to take that up)` : node.phase,
    ],
    ['Status', `${statusWithWarning(node)}, ${heartbeat}`],
    ['Warning', [...copied(node, now), ...outdated(node)]],
    ['Rejected', node.approval.value === 'REJECTED' ? plainLines(node.approval.reason || 'no message was given') : ''],
    ['Sessions', sessions(node)],
    ['Labels', formatLabels(node.labels)],
    // Older apis do not distinguish them.
    ['Of its agent', (node.agentLabels ?? []).toSorted().join(', ')],
    ['Description', plainLines(node.description)],
    ['Ephemeral', node.removeAfter ? `removed once UNKNOWN for ${plainText(node.removeAfter)}` : ''],
    ['Created', moment(node.createdAt, now)],
    ['Joined', node.joinedAt ? moment(node.joinedAt, now) : 'not yet'],
    ['Decision', decision(node, options)],
    ['Workflow', node.workflow.url ? `${node.workflow.id}  ${plainText(node.workflow.url)}` : node.workflow.id],
  ];
}

function decision(node: Node, { now, readiness }: DescriptionOptions): string[] {
  const { seq, appliedSeq } = node.decision;
  if (appliedSeq >= seq) return [`number ${seq}, applied`];
  const waitsMs = overdueDecisionMs(node, now);
  return [
    `number ${seq}, applied up to ${appliedSeq}`,
    ...(waitsMs === undefined ? [] : [`not applied for ${formatRoundSpan(waitsMs)}. ${whyNotApplied(readiness)}`]),
  ];
}

function sessions({ activeSessions, reserved }: Node): string {
  const count = formatCount(activeSessions, 'active session');
  // Other engines' sessions reserve nothing.
  return Object.values(reserved).every((amount) => amount === 0)
    ? count
    : `${count}, which reserve ${formatResources(reserved)}`;
}

function copied({ id, copied: copy }: Node, now: EpochMs): string[] {
  if (!copy) return [];
  return [
    `more than one machine has used the identity of this node for ${formatAge(copy.since, now)} (boots ${copy.bootIds.map(plainText).join(' and ')}):`,
    `it gets no new sessions until its token is regenerated: rollcall node token regenerate ${id}`,
  ];
}

function outdated({ outdated: versions }: Node): string[] {
  if (!versions) return [];
  return [`its agent (${plainText(versions.agent)}) is older than the api (${plainText(versions.api)}): upgrade it`];
}

interface NamedCondition {
  name: string;
  value: string;
  since: string;
  by: string;
  reason: string;
}

function conditionsOf(node: Node): NamedCondition[] {
  return [
    { name: 'Approval', ...node.approval },
    { name: 'Availability', ...node.availability },
    { name: 'Liveness', ...shownLiveness(node) },
  ];
}

function conditionColumns(now: EpochMs): Column<NamedCondition>[] {
  return [
    { header: 'CONDITION', cell: (condition) => condition.name },
    { header: 'VALUE', cell: (condition) => condition.value },
    { header: 'SINCE', cell: (condition) => formatAge(condition.since, now) },
    { header: 'BY', cell: (condition) => condition.by },
    { header: 'REASON', cell: (condition) => condition.reason || '-' },
  ];
}

/** Results of the checks, unfit ones first. Older apis do not report them. */
function fitness({ conditions }: Node, { now, colours }: DescriptionOptions): string[] {
  const order: NodeCondition['status'][] = ['UNFIT', 'UNKNOWN', 'FIT'];
  const rows = (conditions ?? []).toSorted((one, other) => order.indexOf(one.status) - order.indexOf(other.status));
  return rows.length === 0 ? [] : tableLines(fitnessColumns(now), rows, { headers: true, colours });
}

/** The checks that keep it out, or would, and what would bring it back. Older apis do not report them. */
function quarantine({ id, quarantine: out, heldBack, despite = [] }: Partial<Node>, now: EpochMs): Field[] {
  return [
    ['Since', out ? `${moment(out.since, now)}, by ${plainText(out.checks.join(', '))}` : ''],
    ['Reason', out ? plainLines(out.reason) : []],
    ['Keeps', out ? (out.policy === 'drain' ? 'it drained' : 'new sessions from it; what runs goes on') : ''],
    ['Ends', out ? `${endOf(out, now)}; or at once: rollcall node activate ${id}` : ''],
    ['Held back', heldBack ? `${moment(heldBack.since, now)}: ${plainText(heldBack.reason)}` : ''],
    [
      'Despite',
      despite.length > 0
        ? `activated despite ${plainText(despite.join(', '))}, until it has passed and fails anew`
        : '',
    ],
  ];
}

function endOf({ returnsAt, checks }: NonNullable<Node['quarantine']>, now: EpochMs): string {
  return returnsAt === null
    ? `when ${plainText(checks.join(' and '))} and all others that count have passed for ReturnAfter`
    : `${Date.parse(returnsAt) <= now ? 'in a moment' : `at ${returnsAt}`}, if its checks go on to pass`;
}

function fitnessColumns(now: EpochMs): Column<NodeCondition>[] {
  return [
    { header: 'CHECK', cell: ({ type }) => type },
    { header: 'FITNESS', cell: ({ status }) => status, style: ({ status }) => FITNESS_STYLE[status] },
    { header: 'SINCE', cell: ({ since }) => formatAge(since, now) },
    { header: 'BY', cell: ({ by }) => by },
    { header: 'REASON', cell: ({ reason, message }) => (message === '' ? reason : `${reason}: ${message}`) },
  ];
}

function drain(view: NonNullable<Node['drain']>, now: EpochMs): Field[] {
  return [
    ['Since', `${moment(view.since, now)}, by ${plainText(view.by)}`],
    ['Reason', plainLines(view.reason)],
    ['Deadline', formatDeadline(view, now)],
    [
      'Waiting for',
      view.remaining === null
        ? 'not known until its process has taken up the decision'
        : view.remaining.length === 0
          ? 'nothing'
          : `${formatCount(view.remaining.length, 'session')}: ${firstOf(view.remaining)}`,
    ],
    ['Then', view.thenRemove ? 'the node is removed' : 'the node is drained'],
  ];
}

/** Its plan, with author and reason. Older apis do not report it. */
function maintenance({ id, until, planned, availability }: Node, now: EpochMs): Field[] {
  return [
    [
      'Back',
      until
        ? `${ahead(until, now)}, as ${plainText(availability.by)} said; or at once: rollcall node activate ${id}`
        : '',
    ],
    [
      'Out',
      planned
        ? `${ahead(planned.at, now)}, planned by ${plainText(planned.by)} ${formatAge(planned.since, now)} ago`
        : '',
    ],
    ['Until', planned ? (planned.until ? ahead(planned.until, now) : 'somebody activates it') : ''],
    ['Reason', planned ? plainLines(planned.reason) : []],
    ['Deadline', planned?.deadline ? `${planned.deadline}, then ${AT_DEADLINE[planned.onDeadline]}` : ''],
    ['Cancel', planned ? `rollcall node activate ${id}` : ''],
  ];
}

const AT_DEADLINE = { terminate: 'sessions are terminated', wait: 'it goes on waiting' } as const;

function ahead(timestamp: string, now: EpochMs): string {
  return `${timestamp} (${formatAhead(timestamp, now)})`;
}

const IDS_SHOWN = 20;

function firstOf(ids: readonly string[]): string {
  const shown = ids.slice(0, IDS_SHOWN).map(plainText).join(', ');
  return ids.length > IDS_SHOWN ? `${shown} and ${ids.length - IDS_SHOWN} more` : shown;
}

function hardware(info: NonNullable<Node['info']>, now: EpochMs): Field[] {
  const { os, cpu, memory, disks, gpus, unread = [] } = info;
  return [
    ['Host', plainText(info.hostname)],
    ['Addresses', plainText((info.addresses ?? []).join(', '))],
    ['Zone', plainText(info.zone ?? '')],
    ['Instance', plainText(info.instanceId ?? '')],
    ['Booted', info.bootTime ? moment(info.bootTime, now) : ''],
    ['Agent', plainText(`${info.agentVersion}${info.updates?.managed ? ', which its api updates' : ''}`)],
    ['Update', unfinishedUpdate(info)],
    ['System', plainText(`${os.distribution} ${os.release} (${os.platform} ${os.kernel}, ${os.architecture})`)],
    ['CPU', `${plainText(cpu.model)}, ${formatCount(cpu.logicalCores, 'core')}, ${cpu.usableCores} usable`],
    ['Memory', `${formatBytes(memory.totalBytes)}, ${formatBytes(memory.usableBytes)} usable`],
    [
      'Disks',
      disks.map(
        (disk) =>
          `${plainText(disk.device)} on ${plainText(disk.mount)}, ${plainText(disk.filesystem)}, ${formatBytes(disk.totalBytes)}`,
      ),
    ],
    [
      'GPUs',
      gpus.map(
        (gpu) =>
          `${gpu.index}: ${plainText(`${gpu.vendor} ${gpu.model}`)}${gpu.memoryBytes === null ? '' : `, ${formatBytes(gpu.memoryBytes)}`}`,
      ),
    ],
    ['Unread', unread.map(({ part, reason }) => `${plainText(part)}: ${plainText(reason)}`)],
  ];
}

function resources(current: NonNullable<Node['resources']>): Field[] {
  const { cpu, memory, disk, gpus, sessions: used } = current;
  return [
    ['CPU', `${formatFraction(cpu.utilization)} of ${formatCount(cpu.cores, 'core')}`],
    ['Memory', `${formatUsage(memory)} used, ${formatBytes(memory.availableBytes)} available`],
    ['Disk', disk ? `${formatUsage(disk)} used, ${formatBytes(disk.availableBytes)} available` : 'could not be read'],
    [
      'GPUs',
      gpus.map(
        (gpu) =>
          `${gpu.index}: ${gpu.utilization === null ? 'utilisation unknown' : formatFraction(gpu.utilization)}${gpu.memoryUsedBytes === null || gpu.memoryTotalBytes === null ? '' : `, ${formatUsage({ usedBytes: gpu.memoryUsedBytes, totalBytes: gpu.memoryTotalBytes })}`}`,
      ),
    ],
    [
      'Sessions',
      used
        ? `${used.running} running, ${used.cpu.used} of ${formatCount(used.cpu.reserved, 'reserved core')} and ${formatBytes(used.memory.usedBytes)} of ${formatBytes(used.memory.reservedBytes)} reserved memory used`
        : '',
    ],
    ...REPORTED_MEASURES.map((key): Field => [measure(key).title, formatFigure(key, current[key])]),
  ];
}

function moment(timestamp: string, now: EpochMs): string {
  return `${timestamp} (${formatAge(timestamp, now)} ago)`;
}

/** The agent's last update, if it is under way or failed. */
function unfinishedUpdate({ updates }: NonNullable<Node['info']>): string {
  const last = updates?.last;
  if (last === undefined || last.state === 'DONE') return '';
  return plainText(`to ${last.version}: ${last.state}${last.reason === '' ? '' : `, ${last.reason}`}`);
}
