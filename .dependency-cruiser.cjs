/**
 * The arrows of the layout: who may import whom. `contract` is the root; workflows take of the activities their types only;
 * clients speak HTTP and never reach a server's code, directly or through others.
 */
const OURS = 'contract|workflows|activities|src|client|agent|cli|embedded';

/** `folder` imports, of ours, itself and `allowed` only. */
function only(folder, allowed, comment) {
  return {
    name: `${folder}-imports-${allowed.join('-and-') || 'nothing'}`,
    comment,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: { path: `^(${OURS})/`, pathNot: `^(${[folder, ...allowed].join('|')})/` },
  };
}

module.exports = {
  forbidden: [
    only('contract', [], 'the vocabulary stands on nothing of ours'),
    only('activities', ['contract'], 'activities know the world by their ports'),
    only('workflows', ['contract', 'activities'], 'workflows are deterministic: they see the vocabulary and the activities\' types'),
    only('src', ['contract', 'workflows', 'activities'], 'the control plane wires the rest'),
    only('client', ['contract'], 'the client is generated from openapi.json'),
    only('agent', ['contract', 'client'], 'clients speak HTTP'),
    only('cli', ['contract', 'client'], 'clients speak HTTP'),
    only('embedded', ['contract'], 'embedded starts the others as processes'),
    {
      name: 'workflows-take-activity-types-only',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-reach-no-server-code',
      comment: 'the sandbox has no Node API, and zod, Nest and mongoose are not deterministic',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: 'node_modules/(@nestjs|mongoose|mongodb|zod)/|^(node:)?(fs|net|http|https|crypto|os|child_process|timers|process|worker_threads)$', reachable: true },
    },
    {
      name: 'clients-reach-no-server-code',
      severity: 'error',
      from: { path: '^(agent|cli|client)/' },
      to: { path: 'node_modules/(@temporalio|@nestjs|mongoose|mongodb)/', reachable: true },
    },
    { name: 'only-src-mongo-imports-mongoose', severity: 'error', from: { path: `^(${OURS})/`, pathNot: '^src/mongo/' }, to: { path: 'node_modules/(mongoose|@nestjs/mongoose)/' } },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
};
