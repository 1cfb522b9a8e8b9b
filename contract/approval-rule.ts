/** What an approval rule does with a node that joins and matches it. `wait` leaves it PENDING. */
export const RULE_DECISIONS = ['approve', 'reject', 'wait'] as const;
export type RuleDecision = (typeof RULE_DECISIONS)[number];

/** What decides about a node that joins: a rule, the join token, or Orchestrator.NodeManager.ManualApproval. */
export const VERDICT_SOURCES = ['rule', 'token', 'policy'] as const;

/** Maximum number of rules in a cluster: a join looks at all of them. */
export const MOST_RULES = 200;
/** Maximum of each figure of a rule. */
export const RULE_BOUNDS = { order: 1_000, cores: 65_536, gpus: 1_024 };

/** Conditions of a rule, as people read them. */
interface RuleConditions {
  joinTokens: readonly string[];
  namePattern: string | null;
  labels: readonly string[];
  networks: readonly string[];
  hardware: { cores?: number | undefined; memory?: number | undefined; gpus?: number | undefined };
}

const GIBIBYTE = 1_024 ** 3;

/** A rule's conditions as short texts, all of which must hold; none where it matches every node. */
export function conditionsOfRule({ joinTokens, namePattern, labels, networks, hardware }: RuleConditions): string[] {
  const { cores, memory, gpus } = hardware;
  return [
    ...(joinTokens.length === 0 ? [] : [`token ${joinTokens.join(' or ')}`]),
    ...(namePattern === null ? [] : [`named ${namePattern}`]),
    ...(labels.length === 0 ? [] : [`with ${labels.join(',')}`]),
    ...(networks.length === 0 ? [] : [`from ${networks.join(' or ')}`]),
    ...(cores === undefined ? [] : [`${cores} cores or more`]),
    ...(memory === undefined ? [] : [`${Math.round((memory / GIBIBYTE) * 10) / 10} GiB of memory or more`]),
    ...(gpus === undefined ? [] : [`${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'} or more`]),
  ];
}
