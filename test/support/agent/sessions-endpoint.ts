import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import type { OwnDrain } from '../../../agent/availability/own-drain.js';
import { AgentStatus } from '../../../agent/membership/agent-status.js';
import { systemClock } from '../../../agent/process/agent-clock.js';
import { SessionsEndpoint } from '../../../agent/sessions/endpoint/sessions-endpoint.js';
import { NoEngine } from '../../../agent/sessions/session-engine.js';
import { SessionFolders } from '../../../agent/sessions/session-folders.js';
import { SessionHost } from '../../../agent/sessions/session-host.js';
import { temporaryFolder } from '../temporary-folder.js';
import { LogRecorder } from './log-recorder.js';

export const SHOWN = { principal: 'ada', statement: 'SELECT\n  42', startedAt: '2026-11-22T01:00:00.000Z' };

/** An agent's endpoint for sessions of other engines, on a real socket and port, without the rest of the agent. */
export class EndpointUnderTest {
  host!: SessionHost;
  endpoint!: SessionsEndpoint;
  /** The agent's state folder. */
  folder = '';
  port = 0;
  readonly log = new LogRecorder();
  readonly agentStatus = new AgentStatus();

  /** Starts it, or restarts it as a restarted agent does. */
  async open(): Promise<void> {
    this.host = new SessionHost({
      engine: new NoEngine(),
      folders: new SessionFolders(this.folder),
      resultRetentionMs: 60_000,
      clock: systemClock,
      log: this.log,
    });
    const ownDrain = { id: 'node-1', look: async () => ({ availability: 'ACTIVE' }) } as unknown as OwnDrain;
    this.endpoint = new SessionsEndpoint(this.host, this.folder, this.agentStatus, this.log, ownDrain);
    this.port = (await this.endpoint.start(this.port)) ?? 0;
  }

  /** Sends a request to the port, with its token. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string }> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const authorization = `Bearer ${await this.token()}`;
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: { authorization, ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(text === undefined ? {} : { body: text }),
    });
    return { status: response.status, text: await response.text() };
  }

  async token(): Promise<string> {
    return (await readFile(join(this.folder, 'sessions.token'), 'utf8')).trim();
  }
}

/** Another endpoint for each test of the file, in a folder of its own. */
export function useSessionsEndpoint(): EndpointUnderTest {
  const agent = new EndpointUnderTest();
  beforeEach(async () => {
    agent.folder = await temporaryFolder();
    agent.port = 0;
    await agent.open();
  });
  afterEach(() => agent.endpoint.stop());
  return agent;
}
