import { isIP, isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { availabilityOf } from '../../contract/decision.js';
import { asList } from '../../contract/schemas/common.js';
import type { targetsQuerySchema, targetsSchema } from '../../contract/schemas/discovery.js';
import type { NodeInfo } from '../../contract/schemas/agents.js';
import { labelFilter } from '../../contract/labels.js';
import { NodeStore } from '../record/node-store.js';
import type { NodeRecord } from '../record/node-record.js';

type Targets = z.infer<typeof targetsSchema>;

const PAGE_SIZE = 1_000;
const HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9][a-z0-9-]{0,62})*$/i;

/** Nodes as targets of Prometheus. Approved nodes only, since Prometheus connects to addresses that nodes report themselves. */
@Injectable()
export class PrometheusTargets {
  constructor(private readonly nodes: NodeStore) {}

  async list({ port, portLabel, label, liveness }: z.output<typeof targetsQuerySchema>): Promise<Targets> {
    const filter = {
      type: ['Compute'] as const,
      approval: ['APPROVED'] as const,
      liveness: asList(liveness),
      labels: asList(label)?.map(labelFilter),
    };
    const targets: Targets = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await this.nodes.list({ ...filter, sort: 'id', limit: PAGE_SIZE, cursor });
      for (const node of page.items) {
        const target = targetOf(node, node.labels[portLabel] ?? port);
        if (target !== undefined) targets.push({ targets: [target], labels: metaLabels(node) });
      }
      cursor = page.nextCursor;
    }
    return targets;
  }
}

/** The node's target; undefined without a reported address or a valid port. */
function targetOf({ info }: NodeRecord, port: string): string | undefined {
  const address = addressesOf(info)[0];
  if (address === undefined || !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return `${isIPv6(address) ? `[${address}]` : address}:${Number(port)}`;
}

/** The node's valid addresses, since it may report anything. */
function addressesOf(info: NodeInfo | null): string[] {
  return (info?.addresses ?? []).filter((text) => isIP(text) !== 0 || HOSTNAME.test(text));
}

function metaLabels(node: NodeRecord): Record<string, string> {
  const { info, decision, applied } = node;
  const known = {
    node: node.name,
    uid: node.uid,
    phase: node.phase,
    availability: availabilityOf(decision.availability, applied?.view.drainedSeq ?? 0),
    liveness: node.liveness,
    approval: decision.approval.value,
    hostname: info?.hostname,
    zone: info?.zone,
    instance_id: info?.instanceId,
    agent_version: info?.agentVersion,
    // Like lists of other discoveries, with separators at both ends, so that a regular expression can match whole items.
    addresses: `,${addressesOf(info).join(',')},`,
  };
  const named = Object.entries(known).flatMap(([name, value]) => (value ? [[`__meta_rollcall_${name}`, value]] : []));
  const labels = Object.entries(node.labels).flatMap(([key, value]) => {
    const name = key.replaceAll(/[^A-Za-z0-9_]/g, '_');
    return [
      [`__meta_rollcall_label_${name}`, value],
      [`__meta_rollcall_labelpresent_${name}`, 'true'],
    ];
  });
  return Object.fromEntries([...named, ...labels]) as Record<string, string>;
}
