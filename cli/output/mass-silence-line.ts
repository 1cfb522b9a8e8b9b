import type { MassSilence } from '../../client/types.gen.js';

/** What a mass silence is for whoever sees silent nodes, and what to do. */
export function massSilenceLine({ silent, beating, since }: Pick<MassSilence, 'silent' | 'beating' | 'since'>): string {
  return (
    `Mass silence: ${silent} of ${beating} nodes are silent, the first since ${since}. Sessions and nodes are kept. ` +
    'Look at the way between nodes and api (balancer, DNS, certificate); if the nodes are lost indeed: rollcall mass-silence release'
  );
}
