import type { BootstrapTokenResponse } from '../../client/types.gen.js';
import { visibleText } from '../../contract/plain-text.js';

type Install = BootstrapTokenResponse['install'];

/** Ways to set up machines, by the value of the option. */
const FORMS = {
  command: 'command',
  'cloud-init': 'cloudInit',
  ansible: 'ansible',
  config: 'configYaml',
} as const satisfies Record<string, keyof Install>;
export type InstallForm = keyof typeof FORMS;
export const INSTALL_FORMS = Object.keys(FORMS) as InstallForm[];

/** One way alone, for a file or another program. */
export function installAs(form: InstallForm, install: Install): string {
  return `${linesOf(install[FORMS[form]]).join('\n')}\n`;
}

/**
 * What to do with a token. The token itself is not included: a script reads it from stdout.
 * @param about the first sentence: which token, and how long it is valid
 * @param caFile certificate authorities that the command trusts instead of the system's, so agents need them too
 */
export function installText(about: string, install: Install, caFile?: string): string {
  const config = ['', ...indented(install.configYaml), ''];
  return [
    about,
    ...(install.isPackageServed
      ? [
          'On the node run this, which installs the agent and waits until it has joined:',
          '',
          ...indented(install.command),
          '',
          'The same for machines that are set up by a program: --format cloud-init, --format ansible.',
          'Where an agent is installed already, put this into its configuration file instead, and start it:',
          ...config,
        ]
      : [
          'This api has no package of the agent: where its source is, npm run package makes one, and Orchestrator.API.PackagesDir names',
          'the folder. Until then install the agent by hand, put this into its configuration file, and start it:',
          ...config,
        ]),
    ...(caFile === undefined || install.command.includes('--ca-file')
      ? []
      : [
          'The node needs the authority that this command trusts: copy this file there, and add --cacert FILE to curl and --ca-file FILE',
          'to what follows it; an agent that is installed already has it as Compute.TLS.CAFile:',
          '',
          `    ${visibleText(caFile)}`,
          '',
        ]),
  ].join('\n');
}

function indented(text: string): string[] {
  return linesOf(text).map((line) => `    ${line}`.trimEnd());
}

function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => visibleText(line));
}
