import { EmptyState } from './empty-state.js';

/** Shown in place of what this role may not see. */
export function RoleWall({ what, whyNot }: { what: string; whyNot: string }) {
  return (
    <EmptyState icon="key" title={`You may not see ${what}`}>
      {whyNot} Ask an administrator for a token with a higher role.
    </EmptyState>
  );
}
