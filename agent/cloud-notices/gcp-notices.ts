import type { EpochMs } from '../../contract/states.js';
import { askMetadata, unexpected } from './ask-metadata.js';
import type { CloudNotice, NoticeSource } from './cloud-notice.js';

export const GCP_ADDRESS = 'http://metadata.google.internal';

const FLAVOR = { 'Metadata-Flavor': 'Google' };
const PREEMPTED = '/computeMetadata/v1/instance/preempted';
const MAINTENANCE = '/computeMetadata/v1/instance/maintenance-event';

/** Time from the notice of a preemption to power-off, in milliseconds. */
const PREEMPTION_MS = 30_000;
/** Time from the notice to a terminating maintenance, in milliseconds: the shortest that is documented. Machines with GPUs get an hour. */
const MAINTENANCE_MS = 60_000;

/**
 * Preemptions and terminating maintenance. Live migration (`MIGRATE_ON_HOST_MAINTENANCE`) is ignored, since sessions survive it.
 * Neither notice has a time, so time counts from when it was first seen.
 * https://cloud.google.com/compute/docs/instances/create-use-preemptible#detecting_if_an_instance_was_preempted
 * https://cloud.google.com/compute/docs/metadata/getting-live-migration-notice
 */
export class GcpNotices implements NoticeSource {
  private announced: (CloudNotice & { at: EpochMs }) | undefined;

  constructor(
    private readonly address: string,
    private readonly now: () => EpochMs,
  ) {}

  async read(stop: AbortSignal): Promise<CloudNotice | undefined> {
    if ((await this.value(PREEMPTED, stop)) === 'TRUE')
      return this.seen('preemption', 'Google preempts this machine', PREEMPTION_MS);
    if ((await this.value(MAINTENANCE, stop)) === 'TERMINATE_ON_HOST_MAINTENANCE')
      return this.seen('maintenance', 'Google ends this machine for maintenance of its host', MAINTENANCE_MS);
    this.announced = undefined;
    return undefined;
  }

  private seen(key: string, says: string, withinMs: number): CloudNotice {
    if (this.announced?.key !== key) this.announced = { key, says, at: this.now() + withinMs };
    return this.announced;
  }

  private async value(path: string, stop: AbortSignal): Promise<string> {
    const question = { address: this.address, path, headers: FLAVOR };
    const answer = await askMetadata(question, stop);
    // Another provider's server, or a captive page, lacks this header.
    if (answer.status !== 200 || answer.headers['metadata-flavor'] !== 'Google') throw unexpected(question, answer);
    return answer.text.trim();
  }
}
