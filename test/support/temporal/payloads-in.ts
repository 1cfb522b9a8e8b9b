import type { WorkflowClient } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** A payload somewhere in what Temporal answered. */
export interface FoundPayload {
  /** `events.3.workflowExecutionSignaledEventAttributes.input.payloads.0` */
  path: string;
  encoding: string;
  keyId: string;
}

/**
 * Search attributes are for Temporal to read, and headers for whoever follows a call. In markers the SDK writes which patch or local activity they
 * are of, beside what that said.
 */
const NEVER_ENCRYPTED = /\.(searchAttributes|header)\.|\.markerRecordedEventAttributes\.details\.(data|patch-data)\./;

/** Every payload in a message of Temporal's that could be encrypted. */
export function payloadsIn(message: unknown, path = ''): FoundPayload[] {
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return [];
  if (NEVER_ENCRYPTED.test(`${path}.`)) return [];
  const { metadata } = message as Partial<Payload>;
  const told = (name: string) => Buffer.from(metadata?.[name] ?? []).toString();
  if (metadata && ArrayBuffer.isView(metadata['encoding']))
    return [{ path, encoding: told('encoding'), keyId: told('encryption-key-id') }];
  return Object.entries(message).flatMap(([name, value]) => payloadsIn(value, path === '' ? name : `${path}.${name}`));
}

/** All texts and bytes in a message of Temporal's: what stands in it in clear stands in this. Its own toJSON would show bytes in base64. */
export function asText(message: unknown): string {
  if (typeof message === 'string') return message;
  if (ArrayBuffer.isView(message))
    return Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  if (typeof message !== 'object' || message === null) return '';
  return Object.values(message).map(asText).join('\n');
}

/** All that Temporal keeps of the workflows of its default namespace, as somebody sees it who has no key: histories of all runs, and descriptions. */
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
