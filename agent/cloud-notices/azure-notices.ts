import type { EpochMs } from '../../contract/states.js';
import { askMetadata, unexpected } from './ask-metadata.js';
import type { CloudNotice, NoticeSource } from './cloud-notice.js';

export const AZURE_ADDRESS = 'http://169.254.169.254';

const METADATA = { Metadata: 'true' };
const EVENTS = '/metadata/scheduledevents?api-version=2020-07-01';
const NAME = '/metadata/instance/compute/name?api-version=2021-02-01&format=text';

/** Events that end or replace the machine. `Freeze` is a pause of seconds, which sessions survive. */
const ENDS: Readonly<Record<string, string>> = {
  Reboot: 'reboots this machine',
  Redeploy: 'moves this machine to another host',
  Preempt: 'takes this spot machine away',
  Terminate: 'deletes this machine',
};

interface ScheduledEvent {
  EventId: string;
  EventType: string;
  EventStatus: string;
  /** HTTP date; empty once the event has begun. */
  NotBefore: string;
  Resources: readonly string[];
}

/**
 * Scheduled events. The document lists those of all machines of a scale set or availability set; the machine's own name is requested once.
 * https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events
 */
export class AzureNotices implements NoticeSource {
  private name: string | undefined;

  constructor(
    private readonly address: string,
    private readonly now: () => EpochMs,
  ) {}

  async read(stop: AbortSignal): Promise<CloudNotice | undefined> {
    this.name ??= (await this.text(NAME, stop)).trim().toLowerCase();
    const own = eventsIn(await this.text(EVENTS, stop)).filter(({ EventType, Resources }) => {
      return Object.hasOwn(ENDS, EventType) && Resources.some((resource) => resource.toLowerCase() === this.name);
    });
    return own.map((event) => this.noticeOf(event)).toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))[0];
  }

  private noticeOf({ EventId, EventType, EventStatus, NotBefore }: ScheduledEvent): CloudNotice {
    const says = `Azure ${ENDS[EventType]}`;
    if (EventStatus === 'Started') return { key: EventId, says, at: this.now() };
    const at = Date.parse(NotBefore);
    return { key: EventId, says, ...(!Number.isNaN(at) && { at }) };
  }

  private async text(path: string, stop: AbortSignal): Promise<string> {
    const question = { address: this.address, path, headers: METADATA };
    const answer = await askMetadata(question, stop);
    if (answer.status !== 200) throw unexpected(question, answer);
    return answer.text;
  }
}

/** @throws Error if it is not such a document */
function eventsIn(text: string): ScheduledEvent[] {
  const { Events } = JSON.parse(text) as { Events?: Partial<ScheduledEvent>[] };
  if (!Array.isArray(Events)) throw new Error('the document of scheduled events has none');
  return Events.map((event) => ({
    EventId: String(event.EventId),
    EventType: String(event.EventType),
    EventStatus: String(event.EventStatus),
    NotBefore: event.NotBefore ?? '',
    Resources: Array.isArray(event.Resources) ? event.Resources.map(String) : [],
  }));
}
