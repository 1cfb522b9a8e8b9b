/**
 * The packages: each is a tree of files, as a .deb and, if it is for other systems too, as a tar.gz.
 *
 * @typedef {object} Package
 * @property {string} name of the package, and of its folder in packaging/
 * @property {string} summary
 * @property {string} description
 * @property {string[]} recommends other packages of Debian
 * @property {Program} [program] what runs on a Node.js of its own; absent for the command, which is one file
 * @property {string[]} units of systemd, in the package's folder
 * @property {boolean} archive whether there is a tar.gz too
 * @property {boolean} [updates] whether it accepts signed updates, and so includes the keys
 *
 * @typedef {object} Program
 * @property {string[]} install arguments of npm, besides --omit=dev: as in the Dockerfile
 * @property {string[]} files of this clone
 * @property {Record<string, string>} commands by name, each with the file of this clone that it runs
 */

/** @type {Package[]} */
export const PACKAGED = [
  {
    name: 'rollcall-cli',
    summary: 'command of the control plane for compute nodes',
    description: 'rollcall sees and manages the compute nodes of a cluster, and runs queries on them.',
    recommends: [],
    units: [],
    archive: false,
  },
  {
    name: 'rollcall-agent',
    summary: 'makes this machine a compute node of a Rollcall cluster',
    description:
      'The agent joins the cluster, tells it what the machine is and has free, and runs the sessions that it is given.',
    recommends: ['ca-certificates', 'pciutils'],
    program: {
      install: ['--workspace', 'agent'],
      files: ['dist/agent', 'dist/client', 'dist/contract'],
      commands: { 'rollcall-agent': 'dist/agent/main.js' },
    },
    units: ['rollcall-agent.service'],
    archive: true,
    updates: true,
  },
  {
    name: 'rollcall-control-plane',
    summary: 'control plane for the life of compute nodes',
    description: 'The api and the worker. They need a MongoDB replica set and a Temporal server.',
    recommends: ['ca-certificates'],
    program: {
      install: ['--include-workspace-root', '--workspace', 'contract'],
      files: [
        'dist/src',
        'dist/activities',
        'dist/contract',
        'dist/web',
        'dist/workflow-bundle.js',
        'packaging/install.sh',
      ],
      commands: { 'rollcall-api': 'dist/src/api.main.js', 'rollcall-worker': 'dist/src/worker.main.js' },
    },
    units: ['rollcall-api.service', 'rollcall-worker.service'],
    archive: false,
  },
];
