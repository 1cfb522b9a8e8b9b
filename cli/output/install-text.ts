import type { BootstrapTokenResponse } from '../../client/types.gen.js';
import type { EpochMs } from '../../contract/states.js';
import { formatRoundSpan } from './age.js';
import { plainText, visibleText } from '../../contract/plain-text.js';

/**
 * What to do with a bootstrap token, which is itself not part of the text's first lines: a script reads it from stdout.
 * @param caFile the authorities that the command trusts instead of the system's: the api's certificate is one that agents do not know either
 */
export function installText(
  { expiresAt, install }: Pick<BootstrapTokenResponse, 'expiresAt' | 'install'>,
  now: EpochMs,
  caFile?: string,
): string {
  return [
    `The bootstrap token is shown this once and expires in ${formatRoundSpan(Date.parse(expiresAt) - now)}.`,
    "On the node, put this into the agent's config.yaml:",
    '',
    ...install.configYaml
      .trimEnd()
      .split('\n')
      .map((line) => `    ${visibleText(line)}`.trimEnd()),
    '',
    'and start rollcall-agent; or start it without a file:',
    '',
    `    ${plainText(install.command)}`,
    '',
    ...(caFile === undefined
      ? []
      : [
          'The agent needs the authority that this command trusts: copy this file to the node, and name it there as',
          'Compute.TLS.CAFile, or COMPUTE__TLS__CAFILE in the environment:',
          '',
          `    ${visibleText(caFile)}`,
          '',
        ]),
  ].join('\n');
}
