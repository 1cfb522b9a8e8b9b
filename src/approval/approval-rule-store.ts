import type { ApprovalRule } from './approval-rule.js';

/** What can be changed about a rule. */
export type RuleChange = Partial<Omit<ApprovalRule, 'name' | 'version' | 'createdAt' | 'createdBy'>>;

/** The record of approval rules, majority writes. There are never many. */
export abstract class ApprovalRuleStore {
  /** @returns why not, where there are as many as there may be, or one of this name */
  abstract create(rule: ApprovalRule): Promise<'created' | 'full' | 'taken'>;

  abstract find(name: string): Promise<ApprovalRule | null>;

  /** By their order, then by their names. */
  abstract all(): Promise<ApprovalRule[]>;

  /** Changes it where it is of this version still. @returns `conflict` where it is not, or is gone */
  abstract change(name: string, version: number, change: RuleChange): Promise<ApprovalRule | 'conflict'>;

  /** @returns false where there is none */
  abstract remove(name: string): Promise<boolean>;
}
