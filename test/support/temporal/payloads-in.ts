import type { WorkflowClient } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** A payload in an answer of Temporal. */
export interface FoundPayload {
  /** `events.3.workflowExecutionSignaledEventAttributes.input.payloads.0` */
  path: string;
  encoding: string;
  keyId: string;
}

/**
 * Search attributes are for Temporal to read, and headers for tracing. In markers the SDK writes which patch or local activity they
 * are of, beside its result.
 */
const NEVER_ENCRYPTED = /\.(searchAttributes|header)\.|\.markerRecordedEventAttributes\.details\.(data|patch-data)\./;

/** All payloads in a Temporal message that could be encrypted. */
export function payloadsIn(message: unknown, path = ''): FoundPayload[] {
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return [];
  if (NEVER_ENCRYPTED.test(`${path}.`)) return [];
  const { metadata } = message as Partial<Payload>;
  const told = (name: string) => Buffer.from(metadata?.[name] ?? []).toString();
  if (metadata && ArrayBuffer.isView(metadata['encoding']))
    return [{ path, encoding: told('encoding'), keyId: told('encryption-key-id') }];
  return Object.entries(message).flatMap(([name, value]) => payloadsIn(value, path === '' ? name : `${path}.${name}`));
}

/** All strings and bytes of a Temporal message, where any plain text would show. Its own toJSON would show bytes in base64. */
export function asText(message: unknown): string {
  if (typeof message === 'string') return message;
  if (ArrayBuffer.isView(message))
    return Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  if (typeof message !== 'object' || message === null) return '';
  return Object.values(message).map(asText).join('\n');
}

/** Everything that Temporal stores about the workflows of its default namespace, as read without a key: histories of all runs, and descriptions. */
export async function allThatIsKept({ connection, options }: WorkflowClient): Promise<Map<string, unknown[]>> {
  const { workflowService } = connection;
  const { namespace } = options;
  const kept = new Map<string, unknown[]>();
  let nextPageToken: Uint8Array = Buffer.alloc(0);
  do {
    const page = await workflowService.listWorkflowExecutions({ namespace, nextPageToken });
    for (const info of page.executions) {
      const { execution } = info;
      const description = await workflowService.describeWorkflowExecution({ namespace, execution: execution ?? null });
      const events: unknown[] = [];
      let token: Uint8Array = Buffer.alloc(0);
      do {
        const history = await workflowService.getWorkflowExecutionHistory({
          namespace,
          execution: execution ?? null,
          nextPageToken: token,
        });
        events.push(...(history.history?.events ?? []));
        token = history.nextPageToken ?? Buffer.alloc(0);
      } while (token.length > 0);
      const id = execution?.workflowId ?? '';
      kept.set(id, [...(kept.get(id) ?? []), { info, description, events }]);
    }
    nextPageToken = page.nextPageToken ?? Buffer.alloc(0);
  } while (nextPageToken.length > 0);
  return kept;
}
