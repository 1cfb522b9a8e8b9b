import { fc, test } from '@fast-check/jest';
import { WorkflowNotFoundError } from '@temporalio/client';
import { describe, expect } from '@jest/globals';
import { availabilityOf, type Decision } from '../../contract/decision.js';
import type { LifecycleView } from '../../contract/lifecycle.js';
import { derivePhase, type Phase } from '../../contract/phase.js';
import { TRANSITIONS, whyNot } from '../../contract/transitions.js';
import { SECOND, useHarness } from '../support/workflow/lifecycle-harness.js';
import { nodeCommands, type NodeCommand } from '../support/workflow/node-commands.js';
import type { NodeUnderTest } from '../support/workflow/node-under-test.js';

const harness = useHarness();

/** One node, random events, and invariants after each. */
class RandomLife {
  readonly #signalled: Decision[];
  #revision = 0;
  over = false;

  constructor(private readonly node: NodeUnderTest) {
    this.#signalled = [node.decision];
  }

  async happen(command: NodeCommand): Promise<void> {
    const { node } = this;
    switch (command.does) {
      case 'decide':
        return this.#decide(command);
      case 'repeat': {
        const again = this.#signalled[command.which % this.#signalled.length];
        return again && node.signalDecision(again);
      }
      case 'beat':
        return node.beat();
      case 'beatUnsignalled':
        return node.beatUnsignalled();
      case 'beatLate':
        return node.beat({ at: (await node.now()) - command.byMs });
      case 'report':
        return node.report(Array.from({ length: command.sessions }, (_, index) => `s${index}`));
      case 'stranger':
        await node.signalDecision({ ...node.decision, seq: node.decision.seq + 100 }, { uid: 'a stranger' });
        return node.report(['theirs'], { uid: 'a stranger' });
      case 'pass':
        return node.pass(command.ms);
    }
  }

  async check(): Promise<void> {
    const { node } = this;
    const view = await node.until((settling) => settling.seq === node.decision.seq && !this.#isOnTheWay(settling));
    const now = await node.now();
    expect(view.phase).toBe(this.#phaseOf(view));
    expect(view.seq).toBe(this.#signalled.at(-1)?.seq);
    expect(view.revision).toBeGreaterThanOrEqual(this.#revision);
    this.#revision = view.revision;
    if (view.liveness.value === 'HEALTHY') expect(now).toBeLessThan((view.deadline ?? 0) + 10 * SECOND);
    if (view.liveness.value === 'UNKNOWN') expect(view.activeSessions).toBe(0);
    if (view.phase === 'DRAINED') expect(view.activeSessions).toBe(0);
    if (view.phase === 'DRAINING') expect(view.activeSessions).toBeGreaterThan(0);
    if (view.phase === 'REMOVED') await this.#end();
  }

  /** As an administrator, through the api: only what the table allows in the present phase. */
  async #decide({ action, deadlineMs, terminate }: NodeCommand & { does: 'decide' }): Promise<void> {
    const { node } = this;
    const view = await node.settled();
    const { id, type } = { id: node.input.nodeId, type: node.input.type };
    const subject = { id, type, phase: view.phase, liveness: view.liveness.value, activeSessions: view.activeSessions };
    const allowed =
      action === 'register'
        ? (TRANSITIONS.register.from as readonly Phase[]).includes(view.phase)
        : whyNot(action, subject, { force: true }) === undefined;
    if (!allowed) return;
    const deadline = deadlineMs === undefined ? undefined : (await node.now()) + deadlineMs;
    this.#signalled.push(
      await node.decide(action, { reason: 'random', deadline, onDeadline: terminate ? 'terminate' : undefined }),
    );
  }

  #phaseOf(view: LifecycleView): Phase {
    const { decision } = this.node;
    return derivePhase({
      registered: decision.registered,
      // A decommissioned node is removed when it is drained.
      removed:
        decision.removal?.when === 'now' ||
        (decision.removal?.when === 'drained' && view.availability.value === 'DRAINED'),
      approval: decision.approval.value,
      availability: availabilityOf(decision.availability, view.drainedSeq),
      heardSinceApproval: (view.lastHeartbeat ?? 0) > decision.approval.since,
    });
  }

  /** What the workflow is about to change by itself. */
  #isOnTheWay({ phase, activeSessions }: LifecycleView): boolean {
    const { removal } = this.node.decision;
    return (
      (phase === 'DRAINING' && activeSessions === 0) ||
      (phase === 'DRAINED' && removal !== undefined) ||
      (phase !== 'REMOVED' && removal?.when === 'now')
    );
  }

  async #end(): Promise<void> {
    this.over = true;
    await this.node.outcome();
    await expect(this.node.beat()).rejects.toThrow(WorkflowNotFoundError);
    expect((await this.node.view()).phase).toBe('REMOVED');
  }
}

describe('any sequence of events', () => {
  test.prop([fc.boolean(), fc.constantFrom('PENDING' as const, 'APPROVED' as const), nodeCommands(40)], {
    numRuns: Number(process.env['RANDOM_LIVES'] ?? 12),
    seed: Number(process.env['RANDOM_SEED'] ?? 20_261_121),
    endOnFailure: true,
  })(
    'it is in one phase, no decision is lost, silence never passes for health, and REMOVED is the end',
    async (registered, approval, commands) => {
      const life = new RandomLife(await harness.node({ registered, approval: registered ? approval : 'PENDING' }));
      for (const command of commands) {
        await life.happen(command);
        await life.check();
        if (life.over) return;
      }
    },
    300_000,
  );
});
