import type { z } from 'zod';
import { stringify } from 'yaml';
import type { bootstrapTokenResponseSchema } from '../../contract/schemas/tokens.js';

/**
 * What makes a machine the node: lines for its agent's config.yaml, or a command that does it at once.
 * @param orchestrator an origin such as `http://10.0.0.1:8480`
 */
export function installInstructions(
  orchestrator: string,
  name: string,
  token: string,
): z.infer<typeof bootstrapTokenResponseSchema>['install'] {
  return {
    configYaml: stringify({ Compute: { Name: name, Orchestrators: [orchestrator], Auth: { Token: token } } }),
    // By environment, not by arguments: those are visible to every user of the machine.
    command: `COMPUTE__NAME='${name}' COMPUTE__ORCHESTRATORS='${orchestrator}' COMPUTE__AUTH__TOKEN='${token}' rollcall-agent`,
  };
}
