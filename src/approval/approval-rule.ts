import { BlockList, isIP } from 'node:net';
import type { RuleDecision } from '../../contract/approval-rule.js';
import { hasLabel, labelFilter } from '../../contract/labels.js';
import { matchesNamePattern } from '../../contract/name-pattern.js';
import type { NodeInfo } from '../../contract/schemas/agents.js';
import type { EpochMs } from '../../contract/states.js';

/** A rule that decides about nodes when they join. Every condition that it has must hold. */
export interface ApprovalRule {
  name: string;
  version: number;
  order: number;
  decision: RuleDecision;
  joinTokens: string[];
  namePattern: string | null;
  labels: string[];
  networks: string[];
  hardware: { cores?: number | undefined; memory?: number | undefined; gpus?: number | undefined };
  reason: string;
  expiresAt: EpochMs | null;
  createdAt: EpochMs;
  createdBy: string;
}

/** What rules look at. */
export interface JoinFacts {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Id of its join token; null where it joined otherwise, or before this was recorded. */
  token: string | null;
  /** Address that it joined from; null where that is unknown. */
  from: string | null;
  info: NodeInfo | null;
}

/**
 * The rule that decides, and the ones that were tried before it with the reasons why they do not match.
 * @param rules in the order in which they are tried
 */
export function matchOf(
  rules: readonly ApprovalRule[],
  facts: JoinFacts,
  now: EpochMs,
): { rule: ApprovalRule | undefined; passedOver: { rule: string; because: string }[] } {
  const passedOver: { rule: string; because: string }[] = [];
  for (const rule of rules) {
    const because = whyNotMatched(rule, facts, now);
    if (because === undefined) return { rule, passedOver };
    passedOver.push({ rule: rule.name, because });
  }
  return { rule: undefined, passedOver };
}

function whyNotMatched(
  rule: ApprovalRule,
  { name, labels, token, from, info }: JoinFacts,
  now: EpochMs,
): string | undefined {
  if (isExpired(rule, now)) return 'it has expired';
  if (rule.joinTokens.length > 0 && (token === null || !rule.joinTokens.includes(token)))
    return token === null ? 'its join token is not known' : `it joined with token ${token}`;
  if (rule.namePattern !== null && !matchesNamePattern(rule.namePattern, name))
    return `its name is not ${rule.namePattern}`;
  const lacking = rule.labels.find((term) => !hasLabel(labels, labelFilter(term)));
  if (lacking !== undefined) return `it lacks the label ${lacking}`;
  if (rule.networks.length > 0 && (from === null || !isWithinNetworks(rule.networks, from)))
    return from === null ? 'its address is not known' : `its address is ${from}`;
  return whyTooSmall(rule.hardware, info);
}

export function isExpired({ expiresAt }: Pick<ApprovalRule, 'expiresAt'>, now: EpochMs): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function whyTooSmall(
  { cores = 0, memory = 0, gpus = 0 }: ApprovalRule['hardware'],
  info: NodeInfo | null,
): string | undefined {
  if (cores === 0 && memory === 0 && gpus === 0) return undefined;
  if (info === null) return 'its hardware is not known';
  if (info.cpu.logicalCores < cores) return `it has ${info.cpu.logicalCores} cores`;
  if (info.memory.totalBytes < memory) return `it has ${info.memory.totalBytes} bytes of memory`;
  if (info.gpus.length < gpus) return info.gpus.length === 0 ? 'it has no GPU' : `it has ${info.gpus.length} GPUs`;
  return undefined;
}

function isWithinNetworks(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', prefix] = network.split('/');
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(prefix), family);
  }
  return isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
