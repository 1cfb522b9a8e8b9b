import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { stringify } from 'yaml';
import type { installSchema } from '../../contract/schemas/tokens.js';
import { AgentPackages } from './agent-packages.js';
import { PublicAddress } from './public-address.js';

/** Where cloud-init and Ansible texts put the token until the installer has read it. */
const TOKEN_FILE = '/run/rollcall-token';
const CA_FILE = '/run/rollcall-ca.pem';
const INSTALLER = '/run/rollcall-install.sh';

/** Instructions that make a machine a node: a shell command, cloud-init user data, an Ansible playbook. */
@Injectable()
export class InstallInstructions {
  constructor(
    private readonly address: PublicAddress,
    private readonly packages: AgentPackages,
  ) {}

  /**
   * @param asked the origin of the request
   * @param name name of the token's node; undefined where each machine joins under its host name
   */
  async of(asked: string, name: string | undefined, token: string): Promise<z.infer<typeof installSchema>> {
    const orchestrator = this.address.origin(asked);
    const sha256 = await this.packages.checksum();
    const machine = { orchestrator, name, token, sha256, authorities: this.address.authorities };
    return {
      configYaml: stringify({
        Compute: {
          ...(name !== undefined && { Name: name }),
          Orchestrators: [orchestrator],
          Auth: { Token: token },
        },
      }),
      command: command(machine),
      cloudInit: cloudInit(machine),
      ansible: ansible(machine),
      isPackageServed: sha256 !== null,
    };
  }
}

/** Values of the instructions. All but the certificates consist of characters without a meaning for the shell. */
interface Machine {
  orchestrator: string;
  name: string | undefined;
  token: string;
  sha256: string | null;
  authorities: string | undefined;
}

function words({ name, sha256 }: Machine, token: string[], caFile: string[]): string[] {
  const named = name === undefined ? [] : ['--name', name];
  return [...token, ...named, ...(sha256 === null ? [] : ['--sha256', sha256]), ...caFile];
}

function pipe({ orchestrator }: Machine, caFile: string | undefined, installer: string[]): string {
  const trusting = caFile === undefined ? '' : ` --cacert ${caFile}`;
  return `curl -fsSL${trusting} ${orchestrator}/install.sh | sh -s -- ${installer.join(' ')}`;
}

function command(machine: Machine): string {
  const { authorities, token } = machine;
  const file = 'rollcall-ca.pem';
  if (authorities === undefined) return pipe(machine, undefined, words(machine, ['--token', token], []));
  return `cat > ${file} <<'END'\n${authorities}END\n${pipe(machine, file, words(machine, ['--token', token], ['--ca-file', file]))}`;
}

function cloudInit(machine: Machine): string {
  const { authorities, token } = machine;
  const caFile = authorities === undefined ? undefined : CA_FILE;
  const installer = words(machine, ['--token-file', TOKEN_FILE], caFile === undefined ? [] : ['--ca-file', caFile]);
  const document = {
    packages: ['curl'],
    write_files: [
      { path: TOKEN_FILE, permissions: '0600', content: token },
      ...(authorities === undefined ? [] : [{ path: CA_FILE, permissions: '0644', content: authorities }]),
    ],
    runcmd: [
      ['sh', '-c', pipe(machine, caFile, installer)],
      ['rm', '-f', TOKEN_FILE],
    ],
  };
  return `#cloud-config\n${stringify(document, { lineWidth: 0 })}`;
}

function ansible(machine: Machine): string {
  const { authorities, name, orchestrator, token } = machine;
  const trusted = authorities === undefined ? [] : ['--ca-file', CA_FILE];
  const play = {
    name: name === undefined ? 'Make these machines compute nodes' : `Make this machine the compute node ${name}`,
    hosts: name ?? 'all',
    become: true,
    tasks: [
      ...(authorities === undefined
        ? []
        : [
            {
              name: "Bring the authorities of the api's certificate",
              'ansible.builtin.copy': { dest: CA_FILE, content: authorities, mode: '0644' },
            },
          ]),
      {
        name: 'Fetch the installer',
        'ansible.builtin.get_url': {
          url: `${orchestrator}/install.sh`,
          dest: INSTALLER,
          mode: '0700',
          force: true,
          ...(authorities === undefined ? {} : { ca_path: CA_FILE }),
        },
      },
      {
        name: 'Install the agent, and wait until it has joined',
        'ansible.builtin.command': {
          argv: ['sh', INSTALLER, ...words(machine, ['--token-file', '-'], trusted)],
          stdin: token,
        },
        no_log: true,
      },
    ],
  };
  return stringify([play], { lineWidth: 0 });
}
