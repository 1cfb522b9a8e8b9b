import { z } from 'zod';
import { CHECK_NAME_PATTERN, FITNESSES, MOST_CHECKS } from '../fitness.js';
import { MACHINE_BOUNDS } from '../machine-bounds.js';
import { MAX_SESSIONS_PER_NODE, SESSION_ENGINES } from '../sessions.js';
import { APPROVALS, AVAILABILITIES } from '../states.js';
import { bytes, count, fraction, labels, nodeName, reported, timestamp } from './common.js';
import { reportedFigures } from './figures.js';

/**
 * Requests of agents, and their answers. Agents and apis may have different versions, so unknown fields are dropped instead of refused
 * (docs/adr/0031); requests of administrators are strict.
 */

export const bootId = z.uuid().meta({ description: 'made anew at every start of the agent' });

const cores = z.number().nonnegative().max(MACHINE_BOUNDS.cores);
const wholeCores = count.max(MACHINE_BOUNDS.cores);
const memoryBytes = bytes.max(MACHINE_BOUNDS.memoryBytes);
const diskBytes = bytes.max(MACHINE_BOUNDS.diskBytes);
const gpuIndex = count.max(65_535);
const usageOf = (size: typeof bytes) => z.object({ totalBytes: size, usedBytes: size, availableBytes: size });
const DAY_MS = 86_400_000;

/** What is free and in use now. Sent with every heartbeat. */
export const resourcesSchema = z
  .object({
    cpu: z.object({
      cores: cores.meta({ description: 'that the agent may use: a cgroup quota counts' }),
      utilization: fraction,
    }),
    memory: usageOf(memoryBytes),
    disk: usageOf(diskBytes).optional().meta({
      description: "of the filesystem that holds the agent's state folder; absent where it could not be read",
    }),
    gpus: z
      .array(
        z.object({
          index: gpuIndex,
          utilization: fraction.nullable(),
          memoryUsedBytes: memoryBytes.nullable(),
          memoryTotalBytes: memoryBytes.nullable(),
        }),
      )
      .max(MACHINE_BOUNDS.gpus),
    ...reportedFigures(),
    sessions: z
      .object({
        running: count.max(MAX_SESSIONS_PER_NODE),
        cpu: z
          .object({
            reserved: z
              .number()
              .nonnegative()
              .max(MAX_SESSIONS_PER_NODE * MACHINE_BOUNDS.cores),
            used: cores,
          })
          .meta({ description: 'cores' }),
        memory: z.object({ reservedBytes: bytes, usedBytes: memoryBytes }),
      })
      .optional()
      .meta({ description: "what the node's sessions have reserved, and what they use" }),
  })
  .meta({ id: 'Resources' });
export type Resources = z.infer<typeof resourcesSchema>;

/** The parts of a node's information that are read by programs that may hang. */
export const INFO_PARTS = ['cpu', 'os', 'disks', 'gpus', 'connections'] as const;
export type InfoPart = (typeof INFO_PARTS)[number];
const MAX_UNREAD = 64;

/** Progress of an agent's update, as the agent reports it. */
export const AGENT_UPDATE_STATES = ['FETCHING', 'TRYING', 'DONE', 'REFUSED', 'FAILED'] as const;

/** What rarely changes. Sent every Compute.Heartbeat.InfoUpdateInterval. */
export const nodeInfoSchema = z
  .object({
    agentVersion: reported,
    hostname: reported,
    addresses: z
      .array(reported)
      .max(16)
      .optional()
      .meta({ description: 'by which others may reach it, as it says, the best first' }),
    bootTime: timestamp.optional().meta({ description: 'when the machine was started, by its own clock' }),
    zone: reported.optional().meta({ description: 'where it stands, as its provider or its configuration names that' }),
    instanceId: reported.optional().meta({ description: 'what its provider or its firmware calls it' }),
    os: z.object({
      platform: reported,
      distribution: reported,
      release: reported,
      kernel: reported,
      architecture: reported,
    }),
    cpu: z.object({
      model: reported,
      vendor: reported,
      physicalCores: wholeCores,
      logicalCores: wholeCores,
      usableCores: cores,
    }),
    memory: z.object({ totalBytes: memoryBytes, usableBytes: memoryBytes }),
    disks: z
      .array(z.object({ device: reported, mount: reported, filesystem: reported, totalBytes: diskBytes }))
      .max(64),
    gpus: z
      .array(z.object({ index: gpuIndex, vendor: reported, model: reported, memoryBytes: memoryBytes.nullable() }))
      .max(MACHINE_BOUNDS.gpus),
    unread: z
      .array(
        z.object({
          part: reported.meta({ description: `one of ${INFO_PARTS.join(', ')}, or of a newer agent's` }),
          reason: reported,
        }),
      )
      .max(MAX_UNREAD)
      .optional()
      .meta({ description: 'what of this could not be read at the last look, and why; it is tried again at the next' }),
    labels: labels.optional().meta({
      description: "as its configuration says; administrators' labels of the same key go before them",
    }),
    // A newer agent may have another engine; placement knows which are usable.
    sessionEngine: z
      .string()
      .max(64)
      .optional()
      .meta({
        description: `what runs the sessions that are placed on the node: ${SESSION_ENGINES.join(' or ')}; no session is placed on one with none, nor on one whose engine the api does not know`,
      }),
    updates: z
      .object({
        managed: z.boolean().meta({ description: 'its configuration lets the api say which version runs' }),
        last: z
          .object({
            id: reported.meta({ description: 'of the rollout that asked for it' }),
            version: reported,
            // A newer agent may have another word.
            state: reported.meta({ description: `${AGENT_UPDATE_STATES.join(', ')}, or a newer agent's` }),
            reason: reported.meta({ description: 'why, where it was refused or failed' }),
          })
          .optional()
          .meta({ description: 'what became of the update that was asked for last' }),
      })
      .optional()
      .meta({ description: 'absent: an agent that updates are nothing for' }),
  })
  .meta({ id: 'NodeInfo' });
export type NodeInfo = z.infer<typeof nodeInfoSchema>;

const publicKey = z
  .object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
  .meta({ description: 'JWK; the private key never leaves the node' });

export const registerRequestSchema = z
  .object({
    token: z.string().min(1).max(256).meta({ description: 'a bootstrap token (one slot, one use) or a join token' }),
    publicKey,
    name: nodeName.optional().meta({ description: 'wanted id; a bootstrap token has its own' }),
    labels: labels.optional(),
    info: nodeInfoSchema,
    bootId,
  })
  .meta({ id: 'RegisterRequest' });
export type RegisterRequest = z.infer<typeof registerRequestSchema>;

export const registerResponseSchema = z
  .object({ id: nodeName, uid: z.uuid(), approval: z.enum(APPROVALS), heartbeatIntervalMs: count })
  .meta({ id: 'RegisterResponse' });
export type RegisterResponse = z.infer<typeof registerResponseSchema>;

export const ASSERTION_AUDIENCE = 'rollcall';
/** Maximum age of an assertion, in seconds. */
export const ASSERTION_MAX_AGE_S = 60;
export const ACCESS_TOKEN_LIFETIME_S = 900;

export const accessTokenRequestSchema = z
  .object({
    assertion: z.string().max(2_048).meta({
      description:
        "JWT signed with the node's Ed25519 key: alg EdDSA, sub = uid, aud = rollcall, iat, exp at most 60 s later, jti",
    }),
  })
  .meta({ id: 'AccessTokenRequest' });

/** Audience of a key rotation, so that it cannot be used as an assertion for an access token. */
export const ROTATION_AUDIENCE = 'rollcall-key';

/** Two of them fit into the maximum body of an unauthenticated request. */
const rotationToken = z.string().max(1_024);
export const rotateKeyRequestSchema = z
  .object({
    publicKey,
    assertion: rotationToken.meta({
      description:
        "JWT signed with the node's present key: alg EdDSA, sub = uid, aud = rollcall-key, key = x of the new key, iat, exp at most 60 s later, jti",
    }),
    proof: rotationToken.meta({ description: 'the same claims, signed with the new key' }),
  })
  .meta({ id: 'RotateKeyRequest' });
export type RotateKeyRequest = z.infer<typeof rotateKeyRequestSchema>;

export const accessTokenResponseSchema = z
  .object({ accessToken: z.string(), expiresInS: count })
  .meta({ id: 'AccessTokenResponse' });

/** Result of one check of the node. */
const reportedConditionSchema = z
  .object({
    type: z.string().regex(CHECK_NAME_PATTERN),
    // A newer agent may have another word.
    status: z
      .string()
      .max(64)
      .meta({ description: `${FITNESSES.join(', ')}; any other word is UNKNOWN` }),
    ageMs: count.meta({ description: 'for how long it has been so, by a clock that nobody sets' }),
    reason: reported.meta({ description: 'why, in one word for programs: ExitCode, TimedOut, OverLimit' }),
    message: reported.meta({ description: 'why, for people' }),
    by: reported.meta({ description: 'what found it: built-in, or the path of a program' }),
  })
  .meta({ id: 'ReportedCondition' });
export type ReportedCondition = z.infer<typeof reportedConditionSchema>;

export const heartbeatRequestSchema = z
  .object({
    bootId,
    seq: count.meta({ description: 'rises by one with every heartbeat of a boot' }),
    intervalMs: count.max(DAY_MS).optional().meta({
      description:
        'how often this node is configured to beat, in milliseconds; it is told so or sooner, never later than the cluster counts a beat as missed',
    }),
    resources: resourcesSchema,
    conditions: z.array(reportedConditionSchema).max(MOST_CHECKS).optional().meta({
      description: 'all that its checks say, where any of it has changed; absent: as it was told last',
    }),
  })
  .meta({ id: 'HeartbeatRequest' });
export type HeartbeatRequest = z.infer<typeof heartbeatRequestSchema>;

export const heartbeatResponseSchema = z
  .object({
    approval: z.enum(APPROVALS),
    availability: z.enum(AVAILABILITIES),
    nextHeartbeatMs: count.meta({ description: 'when to send the next one, in milliseconds from now' }),
    commands: z.boolean().meta({ description: 'sessions wait to be begun or ended: ask GET /v1/agent/commands' }),
    update: z
      .object({
        id: z.string().meta({ description: 'of the rollout' }),
        version: z.string(),
        downgrade: z.boolean().meta({ description: 'an older version than the one that runs is meant' }),
      })
      .optional()
      .meta({ description: 'the version of the agent that is to run on the node now; absent: the one that does' }),
    conditionsKept: z
      .boolean()
      .optional()
      .meta({ description: 'the conditions that came with this heartbeat are kept, and need not be told again' }),
  })
  .meta({ id: 'HeartbeatResponse' });
export type HeartbeatResponse = z.infer<typeof heartbeatResponseSchema>;

export const goodbyeRequestSchema = z.object({ bootId, reason: reported }).meta({ id: 'GoodbyeRequest' });
