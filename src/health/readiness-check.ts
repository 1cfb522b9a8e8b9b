import { Injectable } from '@nestjs/common';
import type { Readiness } from '../../contract/schemas/health.js';
import { DatabaseProbe, TemporalProbe } from './server-probe.js';

/** Asks the servers that the api needs. */
@Injectable()
export class ReadinessCheck {
  constructor(
    private readonly database: DatabaseProbe,
    private readonly temporal: TemporalProbe,
  ) {}

  async check(): Promise<Readiness> {
    const [mongodb, temporal] = await Promise.all([outcome(this.database), outcome(this.temporal)]);
    return { ready: mongodb.ok && temporal.ok, mongodb, temporal };
  }
}

async function outcome(probe: DatabaseProbe | TemporalProbe): Promise<Readiness['mongodb']> {
  try {
    await probe.check();
    return { ok: true, detail: 'answers' };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
