import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { MOST_RULES } from '../../contract/approval-rule.js';
import type { ApprovalRule } from '../approval/approval-rule.js';
import { ApprovalRuleStore, type RuleChange } from '../approval/approval-rule-store.js';
import { NamedRecords } from './named-records.js';
import { APPROVAL_RULES, type ApprovalRuleDocument } from './schemas/approval-rule.schema.js';

@Injectable()
export class MongoApprovalRuleStore extends ApprovalRuleStore {
  private readonly records: NamedRecords<ApprovalRuleDocument, ApprovalRule>;

  constructor(@InjectModel(APPROVAL_RULES) rules: Model<ApprovalRuleDocument>) {
    super();
    this.records = new NamedRecords(rules, {
      most: MOST_RULES,
      sort: { order: 1, _id: 1 },
      map: ({ _id, ...same }) => ({ ...same, name: _id }),
    });
  }

  create({ name, ...rule }: ApprovalRule): Promise<'created' | 'full' | 'taken'> {
    return this.records.create({ ...rule, _id: name });
  }

  find(name: string): Promise<ApprovalRule | null> {
    return this.records.find(name);
  }

  all(): Promise<ApprovalRule[]> {
    return this.records.all();
  }

  change(name: string, version: number, change: RuleChange): Promise<ApprovalRule | 'conflict'> {
    return this.records.change(name, version, change);
  }

  remove(name: string): Promise<boolean> {
    return this.records.remove(name);
  }
}
