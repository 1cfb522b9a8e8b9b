import type { JoinToken, TokenUse } from '../../client/types.gen.js';
import { formatAge } from './age.js';
import type { DescriptionOptions } from './node-description.js';
import { formatLabels } from './node-columns.js';
import { plainLines, plainText } from '../../contract/plain-text.js';
import { tokenStateOf } from '../../contract/token-state.js';
import { fieldLines, section } from './sections.js';
import { tableLines, type Column } from './table.js';
import { approves } from './token-columns.js';

/** Everything about one join token, for people. `uses` are the latest, latest first. */
export function describeJoinToken(
  token: JoinToken,
  uses: readonly TokenUse[],
  { now, colours }: DescriptionOptions,
): string {
  const lines = [
    ...fieldLines([
      ['Join token', token.id],
      ['Description', plainLines(token.description)],
      ['State', tokenStateOf(token, now)],
      ['Uses', `${token.uses} of ${token.maxUses}`],
      ['Expires', token.expiresAt],
      ['Names', token.namePattern === null ? 'any' : plainText(token.namePattern)],
      ['Labels', formatLabels(token.labels)],
      ['Approves', approves(token.autoApprove)],
      // Older apis have no such tokens.
      ['Ephemeral', token.removeAfter ? `nodes are removed once UNKNOWN for ${plainText(token.removeAfter)}` : ''],
      ['Created', `${token.createdAt} by ${plainText(token.createdBy)}`],
    ]),
    ...section(
      'Used by',
      uses.length > 0 ? tableLines(useColumns(now), uses, { headers: true, colours }) : [],
      colours,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function useColumns(now: number): readonly Column<TokenUse>[] {
  return [
    { header: 'AGE', cell: ({ at }) => formatAge(at, now) },
    { header: 'NODE', cell: ({ node }) => node },
    { header: 'FROM', cell: ({ from }) => from ?? '-' },
    { header: 'UID', cell: ({ uid }) => uid },
  ];
}
