import { Schema } from 'mongoose';
import { RULE_DECISIONS } from '../../../contract/approval-rule.js';
import type { ApprovalRule } from '../../approval/approval-rule.js';
import { PART_OPTIONS, SCHEMA_OPTIONS } from './schema-options.js';

export const APPROVAL_RULES = 'approvalrules';

export interface ApprovalRuleDocument extends Omit<ApprovalRule, 'name'> {
  /** Its name. */
  _id: string;
}

export const approvalRuleDocumentSchema = new Schema<ApprovalRuleDocument>(
  {
    _id: { type: String, required: true },
    version: { type: Number, required: true },
    order: { type: Number, required: true },
    decision: { type: String, enum: RULE_DECISIONS, required: true },
    joinTokens: { type: [String], required: true },
    namePattern: { type: String, default: null },
    labels: { type: [String], required: true },
    networks: { type: [String], required: true },
    hardware: { type: new Schema({ cores: Number, memory: Number, gpus: Number }, PART_OPTIONS), required: true },
    reason: { type: String, default: '' },
    expiresAt: { type: Number, default: null },
    createdAt: { type: Number, required: true },
    createdBy: { type: String, required: true },
  },
  { ...SCHEMA_OPTIONS, collection: APPROVAL_RULES },
);
