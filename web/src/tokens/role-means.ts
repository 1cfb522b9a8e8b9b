import type { Role } from '../../../contract/grants.js';

const MEANS: Record<Role, string> = {
  viewer: 'sees the cluster, and changes nothing',
  operator: 'decides about nodes, drains and sessions too, and reads the audit',
  admin: 'makes tokens, updates agents and sees the settings too',
};

/** What each role may do, in addition to those before it. */
export function roleMeans(role: Role): string {
  return MEANS[role];
}
