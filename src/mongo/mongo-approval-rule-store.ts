import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { MOST_RULES } from '../../contract/approval-rule.js';
import type { ApprovalRule } from '../approval/approval-rule.js';
import { ApprovalRuleStore, type RuleChange } from '../approval/approval-rule-store.js';
import { isDuplicateKey } from './duplicate-key.js';
import { APPROVAL_RULES, type ApprovalRuleDocument } from './schemas/approval-rule.schema.js';

@Injectable()
export class MongoApprovalRuleStore extends ApprovalRuleStore {
  constructor(@InjectModel(APPROVAL_RULES) private readonly rules: Model<ApprovalRuleDocument>) {
    super();
  }

  async create({ name, ...rule }: ApprovalRule): Promise<'created' | 'full' | 'taken'> {
    if ((await this.rules.countDocuments({}, { limit: MOST_RULES })) >= MOST_RULES) return 'full';
    if ((await this.find(name)) !== null) return 'taken';
    try {
      await this.rules.create([{ ...rule, _id: name }]);
      return 'created';
    } catch (error) {
      // Another request created it at the same moment.
      if (isDuplicateKey(error)) return 'taken';
      throw error;
    }
  }

  async find(name: string): Promise<ApprovalRule | null> {
    const document = await this.rules.findOne({ _id: { $eq: name } }).lean<ApprovalRuleDocument>();
    return document && toRule(document);
  }

  async all(): Promise<ApprovalRule[]> {
    const documents = await this.rules.find().sort({ order: 1, _id: 1 }).lean<ApprovalRuleDocument[]>();
    return documents.map(toRule);
  }

  async change(name: string, version: number, change: RuleChange): Promise<ApprovalRule | 'conflict'> {
    const document = await this.rules
      .findOneAndUpdate(
        { _id: { $eq: name }, version: { $eq: version } },
        { $set: change, $inc: { version: 1 } },
        { returnDocument: 'after' },
      )
      .lean<ApprovalRuleDocument>();
    return document ? toRule(document) : 'conflict';
  }

  async remove(name: string): Promise<boolean> {
    const { deletedCount } = await this.rules.deleteOne({ _id: { $eq: name } });
    return deletedCount > 0;
  }
}

function toRule({ _id, ...same }: ApprovalRuleDocument): ApprovalRule {
  return { ...same, name: _id };
}
