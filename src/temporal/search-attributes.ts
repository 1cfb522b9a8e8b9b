import { Logger } from '@nestjs/common';
import { isGrpcServiceError } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contract/temporal-names.js';
import { LifecycleUnavailable } from '../lifecycle/lifecycle-signals.js';
import type { TemporalClient } from './temporal-client.js';
import { innermostOf } from './temporal-failure.js';

/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const KEYWORD = 2;
/** gRPC codes PERMISSION_DENIED, UNIMPLEMENTED and UNAUTHENTICATED: this process may not, or the server cannot (Temporal Cloud has another API). */
const NOT_OURS_TO_DO: readonly number[] = [7, 12, 16];
const ALREADY_THERE: readonly number[] = [6];

/** Temporal accepts no lifecycle while the namespace lacks its search attributes. */
export class SearchAttributesMissing extends LifecycleUnavailable {
  override readonly name = 'SearchAttributesMissing';

  constructor(settings: { address: string; namespace: string }, wrong: readonly string[], why: string) {
    super(
      `namespace "${settings.namespace}" of Temporal at ${settings.address} lacks search attributes of type Keyword (${wrong.join(', ')}), and ${why}. ` +
        `Make them: ${commandFor(settings, wrong)} (on Temporal Cloud: tcld namespace search-attributes add)`,
    );
  }
}

/** The command with which an operator adds missing attributes. */
export function commandFor(
  { address, namespace }: { address: string; namespace: string },
  names: readonly string[],
): string {
  const attributes = names.map((name) => `--name ${name} --type Keyword`).join(' ');
  return `temporal operator search-attribute create --address ${address} --namespace ${namespace} ${attributes}`;
}

/**
 * Adds the search attributes that the namespace lacks, where this process may.
 * @throws SearchAttributesMissing where it may not; LifecycleUnavailable where Temporal does not answer
 */
export async function ensureSearchAttributes(client: TemporalClient): Promise<void> {
  const { namespace } = client.settings;
  const known = await knownAttributes(client);
  // Without permission to list attributes, missing ones show when lifecycles are refused.
  if (known === undefined) return;
  const others = SEARCH_ATTRIBUTES.filter((name) => known[name] !== undefined && known[name] !== KEYWORD);
  if (others.length > 0)
    throw new SearchAttributesMissing(client.settings, others, 'has some of these names of another type: remove those');
  const missing = SEARCH_ATTRIBUTES.filter((name) => known[name] === undefined);
  if (missing.length === 0) return;
  try {
    await client.call(({ operatorService }) =>
      operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
      }),
    );
    new Logger('Temporal').log({ msg: 'made search attributes', namespace, attributes: missing });
  } catch (error) {
    const cause = innermostOf(error);
    if (!isGrpcServiceError(cause)) throw error;
    // Another replica added them first.
    if (ALREADY_THERE.includes(cause.code)) return;
    throw new SearchAttributesMissing(
      client.settings,
      missing,
      `this process could not make them: ${cause.details || cause.message}`,
    );
  }
}

/** The namespace's attributes; undefined where this process may not list them. */
async function knownAttributes(client: TemporalClient): Promise<Record<string, unknown> | undefined> {
  try {
    const { customAttributes } = await client.call(({ operatorService }) =>
      operatorService.listSearchAttributes({ namespace: client.settings.namespace }),
    );
    return customAttributes;
  } catch (error) {
    const cause = innermostOf(error);
    if (isGrpcServiceError(cause) && NOT_OURS_TO_DO.includes(cause.code)) return undefined;
    throw error;
  }
}
