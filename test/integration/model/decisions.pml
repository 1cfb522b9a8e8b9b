/*
 * How a decision gets from an administrator into a node's workflow and back into the record, for one node name that may change
 * hands. Spin goes through every order of the steps below: each `step` is one that nothing can divide in the product (a
 * transaction of MongoDB, a request to Temporal, a workflow task), and names the code that it mirrors.
 *
 * Faults come at any moment, so many of each as a check allows (-D, see checks.ts). When nothing moves any more the reconciler
 * passes, a few times and no more; then record and workflow must agree.
 *
 * -DWITHOUT_x takes a protection away: spin must find what it protects from.
 */

#ifndef DECISIONS
#define DECISIONS 4 /* of all incarnations together, their joining included */
#endif
#ifndef INCARNATIONS
#define INCARNATIONS 1
#endif
#ifndef ADMINISTRATORS
#define ADMINISTRATORS 2
#endif
#ifndef CRASHES
#define CRASHES 1 /* of an api after its commit: the signal is lost */
#endif
#ifndef DOUBLES
#define DOUBLES 0 /* signals that arrive twice */
#endif
#ifndef ATTEMPTS_LOST
#define ATTEMPTS_LOST 0 /* of an activity: the worker dies after it wrote; or is taken for dead, and writes later */
#endif
#ifndef TERMINATIONS
#define TERMINATIONS 0 /* of a workflow, by hand or with Temporal's data */
#endif
#ifndef RESETS
#define RESETS 0 /* of a workflow, to an earlier moment of its run */
#endif
#ifndef RESTORES
#define RESTORES 0 /* of MongoDB, to an earlier moment */
#endif
#ifndef EARLY_PASSES
#define EARLY_PASSES 0 /* of the reconciler, while others are still at work */
#endif
#define QUIET_PASSES 5

/* When a removal is wanted: contract/decision.ts Removal.when */
#define NEVER 0
#define DRAINED 1
#define NOW 2

/* What the workflow awaits. */
#define NOTHING 0
#define PROJECTION 1
#define REMOVAL 2
#define LATER_DECISION 3

typedef Node { /* src/mongo/schemas/node.schema.ts NodeDocument */
  bool exists; bool living; byte seq; byte decision; byte removal;
  bool unapplied; bool phaseRemoved;
  bool applied; byte appliedSeq; byte appliedDecision; byte revision;
}
typedef Decision { byte node; byte seq; byte removal; }
typedef View { /* contract/lifecycle.ts LifecycleView */
  byte node; byte seq; byte decision; byte revision; bool removed;
}
typedef Workflow { /* workflows/node-state.ts NodeState */
  bool running; byte node; byte seq; byte decision; byte removal;
  bool removing; byte revision; byte told; byte awaits; bool superseded; bool written;
}

Node record[INCARNATIONS + 1];
Decision decided[DECISIONS + 1]; /* what was committed: its content never changes */
byte decisions;
byte incarnations;
byte underWay[DECISIONS + 1];  /* signals on their way to Temporal, by decision: they may overtake each other */
byte startRevision[DECISIONS + 1]; bool startKnown[DECISIONS + 1]; /* the record as the sender of that signal read it */
Workflow life;
View writing; /* what the activity that the workflow awaits writes */
View straggler; bool straggles; /* an attempt that was given up and writes later */
byte crashes, doubles, attemptsLost, terminations, resets, restores, earlyPasses, quietPasses, passesOfRemoved;

/* What really happened. */
byte commits[INCARNATIONS + 1];
bool gone[INCARNATIONS + 1];
bool obeyed[DECISIONS + 1]; /* by the workflow that runs */
bool begunLate; /* the workflow that runs was started when its node was removed already */

#if RESTORES > 0
Node kept[INCARNATIONS + 1]; bool isKept; byte commitsKept[INCARNATIONS + 1];
#endif
#if RESETS > 0
Workflow past; bool hasPast; bool since[DECISIONS + 1];
#endif

#if DECISIONS == 3
#define signalsUnderWay (underWay[1] + underWay[2] + underWay[3])
#elif DECISIONS == 4
#define signalsUnderWay (underWay[1] + underWay[2] + underWay[3] + underWay[4])
#else
#define signalsUnderWay (underWay[1] + underWay[2] + underWay[3] + underWay[4] + underWay[5])
#endif
byte i_;
#define livingNow (record[1].living -> 1 : (INCARNATIONS > 1 && record[INCARNATIONS].living -> INCARNATIONS : 0))
#define restoredOrReset (restores > 0 || resets > 0)

#define FORGET_WRITING writing.node = 0; writing.seq = 0; writing.decision = 0; writing.revision = 0; writing.removed = false

/* workflows/node-state.ts scheduleRemoval, obey: what follows from a decision at once */
inline begin(who, what, carried, revisionCarried) {
  life.running = true; life.node = who; life.seq = decided[what].seq; life.decision = what; life.removal = decided[what].removal;
  life.removing = (decided[what].removal == NOW);
  life.told = (carried -> revisionCarried : 0); life.revision = life.told + 1;
  life.awaits = NOTHING; life.superseded = false; life.written = false;
  for (i_ : 1 .. DECISIONS) { obeyed[i_] = false }
  obeyed[what] = true; begunLate = !record[who].living;
#if RESETS > 0
  hasPast = false;
#endif
}

inline finish() {
  if :: life.awaits == PROJECTION && !life.written && attemptsLost < ATTEMPTS_LOST && !straggles ->
        attemptsLost++; straggler.node = writing.node; straggler.seq = writing.seq; straggler.decision = writing.decision;
        straggler.revision = writing.revision; straggler.removed = writing.removed; straggles = true
     :: true
  fi;
  life.running = false; life.node = 0; life.seq = 0; life.decision = 0; life.removal = 0; life.removing = false;
  life.revision = 0; life.told = 0; life.awaits = NOTHING; life.superseded = false; life.written = false; FORGET_WRITING;
#if RESETS > 0
  hasPast = false;
#endif
}

/* src/temporal/temporal-lifecycle-signals.ts ensureStarted (with TemporalLifecycleWorkflows.terminate) */
inline ensureStarted(who, what, known, revisionKnown) {
  if
  :: !life.running -> begin(who, what, known, revisionKnown)
  :: life.running && life.node == who -> skip
#ifdef WITHOUT_UID
  :: life.running && life.node != who -> skip
#else
  :: life.running && life.node != who ->
     if
#ifdef WITHOUT_LATE_CALLER_CHECK
     :: true ->
#else
     :: !record[who].living -> skip
     :: record[who].living ->
#endif
        assert(!record[life.node].living); /* nobody ends the workflow of a node that lives */
        finish(); begin(who, what, known, revisionKnown)
     fi
#endif
  fi
}

/* workflows/node-state.ts obey */
inline obey(what) {
  if
#ifdef WITHOUT_UID
  :: decided[what].seq > life.seq ->
#else
#ifdef WITHOUT_SEQ
  :: decided[what].node == life.node && !life.superseded ->
#else
  :: decided[what].node == life.node && decided[what].seq > life.seq ->
#endif
#endif
     assert(decided[what].node == life.node); /* nothing of an earlier incarnation's */
     assert(!obeyed[what]); /* applied once */
     obeyed[what] = true;
     life.seq = decided[what].seq; life.decision = what; life.removal = decided[what].removal;
     life.removing = (decided[what].removal == NOW);
     life.revision++
#if RESETS > 0
     ; since[what] = true
#endif
  :: else -> skip
  fi
}

/* src/mongo/mongo-node-projection-store.ts viewFields */
inline write(vNode, vSeq, vDecision, vRevision, vRemoved) {
  if
#ifdef WITHOUT_FENCE
  :: record[vNode].exists ->
#else
  :: record[vNode].exists && (!record[vNode].applied || record[vNode].revision < vRevision) ->
#endif
     assert(restoredOrReset || terminations > 0 || !record[vNode].living || !record[vNode].applied || vSeq >= record[vNode].appliedSeq); /* what is told never goes back */
     record[vNode].applied = true; record[vNode].appliedSeq = vSeq; record[vNode].appliedDecision = vDecision; record[vNode].revision = vRevision;
#ifdef WITHOUT_PHASE_OF_THE_LIVING
     if :: record[vNode].seq == vSeq -> record[vNode].phaseRemoved = vRemoved :: else fi;
#else
     if :: record[vNode].seq == vSeq && record[vNode].living -> record[vNode].phaseRemoved = vRemoved :: else fi;
#endif
     if
     :: record[vNode].seq <= vSeq ->
        assert(record[vNode].decision == vDecision); /* `applied` is said of the decision that is */
        record[vNode].unapplied = false
     :: else
     fi;
     assert(record[vNode].living || record[vNode].phaseRemoved); /* removed is the end: for whoever reads too */
  :: else -> skip
  fi
}

inline commit(whose, wanted) {
  decisions++;
  commits[whose]++;
  record[whose].seq++; record[whose].decision = decisions; record[whose].removal = wanted; record[whose].unapplied = true;
  assert(commits[whose] == record[whose].seq); /* no decision is written over */
  decided[decisions].node = whose; decided[decisions].seq = record[whose].seq; decided[decisions].removal = wanted;
  startKnown[decisions] = record[whose].applied; startRevision[decisions] = record[whose].revision;
}

/* An administrator, through an api of its own. */
active [ADMINISTRATORS] proctype administrator() {
  byte u, seq, mine, wanted;
  do
  :: d_step { decisions < DECISIONS -> u = livingNow; seq = (u > 0 -> record[u].seq : 0); mine = 0 };
     if
     :: u == 0 && incarnations < INCARNATIONS -> atomic {
          /* step: src/mongo/mongo-node-store.ts createAll */
          if
          :: decisions < DECISIONS && livingNow == 0 && incarnations < INCARNATIONS ->
             incarnations++; u = incarnations;
             record[u].exists = true; record[u].living = true;
             commit(u, NEVER); mine = decisions
          :: else
          fi }
     :: u == 0 && incarnations >= INCARNATIONS -> break
     :: u > 0 -> atomic {
          if :: wanted = NEVER :: wanted = NOW
#if INCARNATIONS == 1
             :: wanted = DRAINED
#endif
          fi;
          /* step: src/mongo/mongo-node-store.ts commitDecision */
          if
#ifdef WITHOUT_CAS
          :: decisions < DECISIONS && record[u].exists ->
             record[u].seq = seq;
#else
          :: decisions < DECISIONS && record[u].living && record[u].seq == seq ->
#endif
             assert(!gone[u]); /* removed is the end */
             commit(u, wanted); mine = decisions;
             if
             :: wanted == NOW -> record[u].living = false; record[u].phaseRemoved = true; gone[u] = true
             :: else
             fi
          :: else
          fi }
     fi;
     atomic {
       /* step: src/lifecycle/lifecycle-notifier.ts tell (start, for one who joins) */
       if
       :: mine > 0 -> underWay[mine]++
       :: mine > 0 && crashes < CRASHES -> crashes++
       :: mine == 0
       fi; u = 0; seq = 0; mine = 0; wanted = 0 }
  :: decisions >= DECISIONS -> break
  od
}

/* Temporal's door. */
active proctype signals() {
  byte d;
end:
  do
  :: atomic { signalsUnderWay > 0 ->
       select(d : 1 .. DECISIONS);
       if :: underWay[d] > 0 :: else -> goto end fi;
       /* step: src/temporal/temporal-lifecycle-signals.ts signalDecision */
       if
       :: underWay[d]--
       :: doubles < DOUBLES -> doubles++
       fi;
       if
       :: life.running && decided[d].seq == 1 -> ensureStarted(decided[d].node, d, startKnown[d], startRevision[d])
       :: life.running && decided[d].seq > 1 -> obey(d)
       :: !life.running && (decided[d].removal != NOW) -> ensureStarted(decided[d].node, d, startKnown[d], startRevision[d])
       :: !life.running && (decided[d].removal == NOW)
       fi;
       d = 0 }
  od
}

/* One worker's tasks and activities. */
active proctype worker() {
end:
  do
  :: atomic { life.running && life.awaits == NOTHING && !life.removing && life.removal == DRAINED && !life.superseded ->
       /* step: workflows/phases/drained.ts drained */
       life.removing = true; life.revision++ }
  :: atomic { life.running && life.awaits == NOTHING && life.removing ->
       /* step: workflows/phases/removed.ts removed */
       writing.node = life.node; writing.seq = life.seq; writing.decision = life.decision; writing.revision = life.revision; writing.removed = true;
       life.awaits = REMOVAL; life.written = false }
  :: atomic { life.running && life.awaits == NOTHING && !life.removing && life.revision > life.told ->
       /* step: workflows/node-lifecycle.ts live */
       writing.node = life.node; writing.seq = life.seq; writing.decision = life.decision; writing.revision = life.revision; writing.removed = false;
       life.awaits = PROJECTION; life.written = false }
  :: atomic { life.running && life.awaits == PROJECTION && !life.written ->
       /* step: src/mongo/mongo-node-projection-store.ts project */
       write(writing.node, writing.seq, writing.decision, writing.revision, writing.removed); life.written = true }
  :: atomic { life.running && life.awaits == PROJECTION && !life.written && !straggles && attemptsLost < ATTEMPTS_LOST ->
       /* step: workflows/side-effects.ts projectNode (its attempt is given up, and another follows) */
       attemptsLost++; straggles = true;
       straggler.node = writing.node; straggler.seq = writing.seq; straggler.decision = writing.decision; straggler.revision = writing.revision; straggler.removed = writing.removed }
  :: atomic { straggles -> write(straggler.node, straggler.seq, straggler.decision, straggler.revision, straggler.removed); straggles = false; straggler.node = 0; straggler.seq = 0; straggler.decision = 0; straggler.revision = 0; straggler.removed = false }
  :: atomic { life.running && life.awaits == PROJECTION && life.written ->
       /* step: workflows/node-state.ts learnFrom */
       life.told = writing.revision; life.awaits = NOTHING; life.written = false; FORGET_WRITING }
  :: atomic { life.running && life.awaits == REMOVAL && !life.written ->
       /* step: src/mongo/mongo-node-projection-store.ts remove */
       if
       :: !record[life.node].exists -> life.superseded = false
#ifdef WITHOUT_SUPERSEDED
       :: record[life.node].exists ->
#else
       :: record[life.node].exists && record[life.node].seq != writing.seq -> life.superseded = true
       :: record[life.node].exists && record[life.node].seq == writing.seq ->
#endif
          assert(record[life.node].decision == writing.decision && record[life.node].removal != NEVER); /* only who is to be removed is */
          record[life.node].living = false; record[life.node].phaseRemoved = true; gone[life.node] = true; life.superseded = false;
          write(writing.node, writing.seq, writing.decision, writing.revision, writing.removed)
       fi;
       life.written = true }
  :: atomic { life.running && life.awaits == REMOVAL && life.written && attemptsLost < ATTEMPTS_LOST ->
       /* its answer is lost: it is done again */
       attemptsLost++; life.written = false }
  :: atomic { life.running && life.awaits == REMOVAL && life.written && !life.superseded ->
       /* step: workflows/node-state.ts outcome */
       finish() }
  :: atomic { life.running && life.awaits == REMOVAL && life.written && life.superseded ->
       /* step: workflows/node-state.ts withdrawRemoval */
#ifdef WITHOUT_LATER_REMOVAL_STANDS
       life.removing = false; life.revision++;
#else
       if :: life.seq == writing.seq -> life.removing = false; life.revision++ :: else fi;
#endif
       life.awaits = LATER_DECISION; life.written = false }
  :: atomic { life.running && life.awaits == LATER_DECISION && life.seq > writing.seq ->
       life.awaits = NOTHING; life.superseded = false; FORGET_WRITING }
  od
}

#if TERMINATIONS > 0
active proctype hand() {
end:
  do
  :: atomic { terminations < TERMINATIONS && life.running -> terminations++; finish() }
  od
}
#endif

#if RESETS > 0
active proctype resetter() {
end:
  do
  :: atomic { resets < RESETS && life.running && !hasPast && life.awaits == NOTHING ->
       hasPast = true; past.running = true; past.node = life.node; past.seq = life.seq; past.decision = life.decision; past.removal = life.removal;
       past.removing = life.removing; past.revision = life.revision; past.told = life.told;
       for (i_ : 1 .. DECISIONS) { since[i_] = false } }
  :: atomic { resets < RESETS && life.running && hasPast ->
       resets++; hasPast = false;
       life.seq = past.seq; life.decision = past.decision; life.removal = past.removal; life.removing = past.removing; life.revision = past.revision; life.told = past.told;
       life.awaits = NOTHING; life.superseded = false; life.written = false; FORGET_WRITING;
       for (i_ : 1 .. DECISIONS) { obeyed[i_] = obeyed[i_] && !since[i_] };
       /* Temporal delivers the signals since then again, or was told not to. */
       if
       :: for (i_ : 1 .. DECISIONS) { if :: since[i_] -> underWay[i_]++; since[i_] = false :: else fi }
       :: for (i_ : 1 .. DECISIONS) { since[i_] = false }
       fi }
  od
}
#endif

#if RESTORES > 0
#define COPY(to, from) \
  to.exists = from.exists; to.living = from.living; to.seq = from.seq; to.decision = from.decision; to.removal = from.removal; to.unapplied = from.unapplied; \
  to.phaseRemoved = from.phaseRemoved; to.applied = from.applied; to.appliedSeq = from.appliedSeq; to.appliedDecision = from.appliedDecision; to.revision = from.revision
active proctype restorer() {
end:
  do
  :: atomic { restores < RESTORES && !isKept && record[1].exists ->
       isKept = true;
       for (i_ : 1 .. INCARNATIONS) { COPY(kept[i_], record[i_]); commitsKept[i_] = commits[i_] } }
  :: atomic { restores < RESTORES && isKept ->
       restores++;
       for (i_ : 1 .. INCARNATIONS) { COPY(record[i_], kept[i_]); commits[i_] = commitsKept[i_]; gone[i_] = record[i_].exists && !record[i_].living } }
  od
}
#endif

/* The reconciler: src/reconciliation/reconciler.ts pass. */
inline pass() {
  for (i_ : 1 .. INCARNATIONS) { skip };
  u = 1;
  do
  :: u <= INCARNATIONS ->
     if
     :: record[u].exists && record[u].unapplied && !record[u].living ->
        /* step: src/reconciliation/decision-reminder.ts end */
        if
        :: !life.running || life.node != u -> record[u].unapplied = false /* src/mongo/mongo-reconciliation-store.ts settle */
        :: life.running && life.node == u && passesOfRemoved < 2 -> passesOfRemoved++; obey(record[u].decision)
        :: life.running && life.node == u && passesOfRemoved >= 2 -> assert(begunLate || restoredOrReset); /* a workflow that was told ends by itself */ finish()
        fi
     :: record[u].exists && record[u].unapplied && record[u].living && !record[u].applied ->
        /* step: src/reconciliation/decision-reminder.ts begins */
        ensureStarted(u, record[u].decision, false, 0);
        if :: life.running && life.node == u -> obey(record[u].decision) :: else fi
     :: record[u].exists && record[u].unapplied && record[u].living && record[u].applied ->
        /* step: src/reconciliation/decision-reminder.ts remind */
        if
        :: life.running -> obey(record[u].decision)
        :: !life.running -> ensureStarted(u, record[u].decision, true, record[u].revision)
        fi
     :: else
     fi;
     /* step: src/reconciliation/workflow-census.ts take */
     if
     :: record[u].exists && record[u].living && record[u].applied && (!life.running || life.node != u) ->
        ensureStarted(u, record[u].decision, true, record[u].revision)
     :: record[u].exists && !record[u].living && life.running && life.node == u && !record[u].unapplied ->
        if
        :: passesOfRemoved < 2 -> passesOfRemoved++; obey(record[u].decision)
        :: else -> assert(begunLate || restoredOrReset); /* a workflow that was told ends by itself */ finish()
        fi
     :: else
     fi;
     u++
  :: else -> break
  od;
  u = 0
}

active proctype reconciler() {
  byte u;
end:
  do
#ifndef WITHOUT_RECONCILER
#if EARLY_PASSES > 0
  :: atomic { earlyPasses < EARLY_PASSES -> earlyPasses++; pass() }
#endif
  :: atomic { timeout && quietPasses < QUIET_PASSES -> quietPasses++; pass() }
  :: atomic { timeout && quietPasses >= QUIET_PASSES ->
#else
  :: atomic { timeout ->
#endif
       for (u : 1 .. INCARNATIONS) {
         if
         :: record[u].exists && record[u].living ->
            assert(life.running && life.node == u); /* whoever lives has a workflow */
            assert(life.decision == record[u].decision); /* no decision is lost */
            assert(record[u].applied && record[u].appliedDecision == record[u].decision && !record[u].unapplied) /* and people are told */
         :: record[u].exists && !record[u].living ->
            assert(!(life.running && life.node == u)); /* removed is the end */
            assert(record[u].phaseRemoved && !record[u].unapplied)
         :: else
         fi
       };
       break }
  od
}
