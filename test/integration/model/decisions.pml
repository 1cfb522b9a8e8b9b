/*
 * How a decision gets from an administrator into a node's workflow and back into the record, for one node name that may change
 * hands. Spin goes through every order of the steps below: each `step` is one that nothing can divide in the product (a
 * transaction of MongoDB, a request to Temporal, a workflow task), and names the code that it mirrors.
 *
 * Faults come at any moment, so many of each as a check allows (-D, see decisions.test.ts). When nothing moves any more the reconciler
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
/* Decisions that nobody takes: numbered anew after a restore, or what a life that ended tells a record that has forgotten it. */
#if RESTORES + RESETS + TERMINATIONS > 0
#define RENUMBERED 2
#else
#define RENUMBERED 0
#endif
#define TOTAL (DECISIONS + RENUMBERED)

/* When a removal is wanted: contract/decision.ts Removal.when */
#define NEVER 0
#define DRAINED 1
#define NOW 2

/* What the workflow awaits. */
#define NOTHING 0
#define PROJECTION 1
#define REMOVAL 2
#define LATER_DECISION 3
#define AGREEMENT 4

/* What it was answered. */
#define WRITTEN 1
#define SUPERSEDED 2
#define ASTRAY 3
#define OVER 4
#define ADMITTED 5

typedef Node { /* src/mongo/schemas/node.schema.ts NodeDocument */
  bool exists; bool living; byte seq; byte decision; byte removal;
  bool unapplied; bool phaseRemoved;
  bool applied; byte appliedSeq; byte appliedDecision; byte revision; byte runId;
}
typedef Decision { byte node; byte seq; byte removal; byte madeOf; }
typedef View { /* contract/lifecycle.ts LifecycleView */
  byte node; byte seq; byte decision; byte revision; byte runId; bool removed;
}
typedef Workflow { /* workflows/node-state.ts NodeState */
  bool running; byte node; byte seq; byte decision; byte removal;
  bool removing; bool over; byte revision; byte told; byte runId; byte awaits; bool superseded; byte answer;
}

Node record[INCARNATIONS + 1];
Decision decided[TOTAL + 1]; /* what was committed: its content never changes */
byte decisions; byte renumbered; byte runs;
byte incarnations;
byte underWay[TOTAL + 1];  /* signals on their way to Temporal, by decision: they may overtake each other */
byte startRevision[TOTAL + 1]; bool startKnown[TOTAL + 1]; /* the record as the sender of that signal read it */
Workflow life;
View writing; /* what the activity that the workflow awaits writes */
View straggler; bool straggles; /* an attempt that was given up and writes later */
byte crashes, doubles, attemptsLost, terminations, resets, restores, earlyPasses, quietPasses, passesOfRemoved;

/* What really happened. */
bool ended[INCARNATIONS + 1]; /* Temporal keeps the result of a life that ended by itself */
byte commits[INCARNATIONS + 1];
bool gone[INCARNATIONS + 1];
bool obeyed[TOTAL + 1]; /* by the workflow that runs */
bool begunLate; /* the workflow that runs was started when its node was removed already */

#if RESTORES > 0
Node kept[INCARNATIONS + 1]; bool isKept; byte commitsKept[INCARNATIONS + 1];
#endif
#if RESETS > 0
Workflow past; bool hasPast; bool since[TOTAL + 1];
#endif

#if TOTAL == 3
#define signalsUnderWay (underWay[1] + underWay[2] + underWay[3])
#elif TOTAL == 4
#define signalsUnderWay (underWay[1] + underWay[2] + underWay[3] + underWay[4])
#else
#define signalsUnderWay (underWay[1] + underWay[2] + underWay[3] + underWay[4] + underWay[5])
#endif
byte i_; byte a_; byte n_;
#define livingNow (record[1].living -> 1 : (INCARNATIONS > 1 && record[INCARNATIONS].living -> INCARNATIONS : 0))
#define restoredOrReset (restores > 0 || resets > 0)

#define FORGET_WRITING writing.runId = 0; writing.node = 0; writing.seq = 0; writing.decision = 0; writing.revision = 0; writing.removed = false

/* workflows/node-state.ts obey; workflows/node-removal.ts decide, schedule: what follows from a decision at once */
inline begin(who, what, carried, revisionCarried) {
  runs++; life.runId = runs; life.over = false;
  life.running = true; life.node = who; life.seq = decided[what].seq; life.decision = what; life.removal = decided[what].removal;
  life.removing = (decided[what].removal == NOW);
  life.told = (carried -> revisionCarried : 0); life.revision = life.told + 1;
  life.awaits = NOTHING; life.superseded = false; life.answer = NOTHING;
  for (i_ : 1 .. TOTAL) { obeyed[i_] = false }
  obeyed[what] = true; begunLate = !record[who].living;
#if RESETS > 0
  hasPast = false;
#endif
}

inline finish() {
  if :: life.awaits == PROJECTION && life.answer == ADMITTED && attemptsLost < ATTEMPTS_LOST && !straggles ->
        attemptsLost++; straggler.node = writing.node; straggler.seq = writing.seq; straggler.decision = writing.decision;
        straggler.revision = writing.revision; straggler.runId = writing.runId; straggler.removed = writing.removed; straggles = true
     :: true
  fi;
  life.running = false; life.node = 0; life.seq = 0; life.decision = 0; life.removal = 0; life.removing = false;
  life.revision = 0; life.told = 0; life.over = false; life.runId = 0; life.awaits = NOTHING; life.superseded = false; life.answer = NOTHING; FORGET_WRITING;
#if RESETS > 0
  hasPast = false;
#endif
}

/* The latest of `decisions`, made of the record's, under the number in n_. */
inline number(whose, wanted) {
  decided[decisions].node = whose; decided[decisions].seq = n_; decided[decisions].removal = wanted; decided[decisions].madeOf = record[whose].decision;
  record[whose].seq = n_; record[whose].decision = decisions; record[whose].removal = wanted; record[whose].unapplied = true;
  startKnown[decisions] = record[whose].applied; startRevision[decisions] = record[whose].revision; n_ = 0
}

/* src/lifecycle/lifecycles.ts hasEnded: a record that was restored is told of the removal */
inline bury(who) {
  if
  :: record[who].living ->
     renumbered++; assert(renumbered <= RENUMBERED);
     decisions++; n_ = record[who].seq + 1; number(who, NOW);
     record[who].living = false; record[who].phaseRemoved = true; gone[who] = true
  :: else
  fi
}

/* src/lifecycle/lifecycles.ts ensureStarted (with TemporalLifecycleWorkflows.terminate) */
inline ensureStarted(who, what, known, revisionKnown) {
  if
#ifndef WITHOUT_ITS_END
  :: !life.running && ended[who] -> bury(who)
  :: !life.running && !ended[who] -> begin(who, what, known, revisionKnown)
#else
  :: !life.running -> begin(who, what, known, revisionKnown)
#endif
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

/* contract/decision-history.ts isAstray; src/mongo/projection-fence.ts isOfAnotherHistory */
#define isAstray(vNode, vSeq, vDecision) \
  (record[vNode].seq < vSeq || (record[vNode].seq == vSeq && record[vNode].decision != vDecision))
#ifdef WITHOUT_SEQ_OF_WHAT_IS_APPLIED
#define isOfEarlierDecision(vNode, vSeq) false
#else
#define isOfEarlierDecision(vNode, vSeq) (record[vNode].appliedSeq > vSeq)
#endif
#define isOfAnotherHistory(vNode, vSeq, vDecision, vRevision, vRun) (isAstray(vNode, vSeq, vDecision) || \
  (record[vNode].applied && (isOfEarlierDecision(vNode, vSeq) || record[vNode].revision > vRevision || (record[vNode].revision == vRevision && record[vNode].runId != vRun))))

/* src/mongo/mongo-node-projection-store.ts viewFields */
inline writeView(vNode, vSeq, vDecision, vRevision, vRun, vRemoved) {
  if
#ifdef WITHOUT_FENCE
  :: record[vNode].exists ->
#else
  :: record[vNode].exists && (!record[vNode].applied || record[vNode].revision < vRevision) ->
#endif
     assert(restoredOrReset || terminations > 0 || !record[vNode].living || !record[vNode].applied || vSeq >= record[vNode].appliedSeq); /* what is told never goes back */
     record[vNode].applied = true; record[vNode].appliedSeq = vSeq; record[vNode].appliedDecision = vDecision; record[vNode].revision = vRevision; record[vNode].runId = vRun;
     if :: record[vNode].seq == vSeq && record[vNode].living -> record[vNode].phaseRemoved = vRemoved :: else fi;
     if
#ifdef WITHOUT_HISTORIES
     :: record[vNode].seq <= vSeq ->
#else
     :: record[vNode].seq == vSeq && record[vNode].decision == vDecision ->
#endif
        assert(record[vNode].decision == vDecision); /* `applied` is said of the decision that is */
        record[vNode].unapplied = false
     :: else
     fi;
     assert(record[vNode].living || record[vNode].phaseRemoved); /* removed is the end: for whoever reads too */
  :: else -> skip
  fi
}

/* src/mongo/projection-fence.ts sort */
inline sort(vNode, vSeq, vDecision, vRevision, vRun, vAnswer) {
  if
  :: !record[vNode].exists -> vAnswer = WRITTEN
  :: record[vNode].exists && !record[vNode].living -> vAnswer = OVER
#ifdef WITHOUT_HISTORIES
  :: record[vNode].exists && record[vNode].living -> vAnswer = ADMITTED
#else
  :: record[vNode].exists && record[vNode].living && isOfAnotherHistory(vNode, vSeq, vDecision, vRevision, vRun) -> vAnswer = ASTRAY
  :: record[vNode].exists && record[vNode].living && !isOfAnotherHistory(vNode, vSeq, vDecision, vRevision, vRun) -> vAnswer = ADMITTED
#endif
  fi
}

inline commit(whose, wanted) {
  decisions++;
  commits[whose]++;
  n_ = record[whose].seq + 1; number(whose, wanted);
  assert(restoredOrReset || commits[whose] == record[whose].seq) /* no decision is written over */
}

/* An administrator, through an api of its own. */
active [ADMINISTRATORS] proctype administrator() {
  byte u, seq, mine, wanted;
  do
  :: d_step { decisions - renumbered < DECISIONS -> u = livingNow; seq = (u > 0 -> record[u].seq : 0); mine = 0 };
     if
     :: u == 0 && incarnations < INCARNATIONS -> atomic {
          /* step: src/mongo/mongo-node-store.ts createAll */
          if
          :: decisions - renumbered < DECISIONS && livingNow == 0 && incarnations < INCARNATIONS ->
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
          :: decisions - renumbered < DECISIONS && record[u].exists ->
             record[u].seq = seq;
#else
          :: decisions - renumbered < DECISIONS && record[u].living && record[u].seq == seq ->
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
  :: decisions - renumbered >= DECISIONS -> break
  od
}

/* Temporal's door. */
active proctype signals() {
  byte d;
end:
  do
  :: atomic { signalsUnderWay > 0 ->
       select(d : 1 .. TOTAL);
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

#ifdef WITHOUT_HISTORIES
#define REMOVAL_GOES_ON true
#else
#define REMOVAL_GOES_ON !isOfAnotherHistory(writing.node, writing.seq, writing.decision, writing.revision, writing.runId)
#endif

/* src/mongo/mongo-node-histories.ts agree: leaves the decision that both go by in a_, and in life what the run goes on from */
inline agree() {
  a_ = writing.decision; i_ = 0;
  if
  :: !record[life.node].living
  :: record[life.node].living ->
     if
     :: record[life.node].seq > writing.seq || record[life.node].decision == writing.decision -> a_ = record[life.node].decision
     :: else ->
        /* contract/decision-history.ts orderOf */
        i_ = writing.decision;
        do
        :: i_ != 0 && i_ != record[life.node].decision -> i_ = decided[i_].madeOf
        :: else -> break
        od;
        if
        :: i_ != 0 -> /* record behind */
           record[life.node].seq = decided[a_].seq; record[life.node].decision = a_; record[life.node].removal = decided[a_].removal; record[life.node].unapplied = true
        :: i_ == 0 -> /* apart: contract/decision-history.ts renumbered */
           renumbered++; assert(renumbered <= RENUMBERED);
           decisions++; a_ = decisions;
           n_ = (record[life.node].seq > writing.seq -> record[life.node].seq + 1 : writing.seq + 1); number(life.node, record[life.node].removal)
        fi;
        i_ = 0;
        if
        :: record[life.node].removal == NOW -> record[life.node].living = false; record[life.node].phaseRemoved = true; gone[life.node] = true
        :: else
        fi
     fi;
     if
     :: record[life.node].applied && record[life.node].revision >= writing.revision -> life.told = record[life.node].revision; life.revision = life.told + 1
     :: else -> life.told = life.revision; life.revision++
     fi
  fi
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
       writing.node = life.node; writing.seq = life.seq; writing.decision = life.decision; writing.revision = life.revision; writing.runId = life.runId; writing.removed = true;
       life.awaits = REMOVAL; life.answer = NOTHING }
  :: atomic { life.running && life.awaits == NOTHING && !life.removing && life.revision > life.told ->
       /* step: workflows/node-lifecycle.ts live */
       writing.node = life.node; writing.seq = life.seq; writing.decision = life.decision; writing.revision = life.revision; writing.runId = life.runId; writing.removed = false;
       life.awaits = PROJECTION; life.answer = NOTHING }
  :: atomic { life.running && life.awaits == PROJECTION && life.answer == NOTHING ->
       /* step: src/mongo/projection-fence.ts sort */
       sort(writing.node, writing.seq, writing.decision, writing.revision, writing.runId, life.answer) }
  :: atomic { life.running && life.awaits == PROJECTION && life.answer == ADMITTED ->
       /* step: src/mongo/mongo-node-projection-store.ts writeViews */
       writeView(writing.node, writing.seq, writing.decision, writing.revision, writing.runId, writing.removed); life.answer = WRITTEN }
  :: atomic { life.running && life.awaits == PROJECTION && life.answer == ADMITTED && !straggles && attemptsLost < ATTEMPTS_LOST ->
       /* step: workflows/side-effects.ts projectNode (its attempt is given up, and another follows) */
       attemptsLost++; straggles = true; life.answer = NOTHING;
       straggler.node = writing.node; straggler.seq = writing.seq; straggler.decision = writing.decision; straggler.revision = writing.revision; straggler.runId = writing.runId; straggler.removed = writing.removed }
  :: atomic { straggles -> writeView(straggler.node, straggler.seq, straggler.decision, straggler.revision, straggler.runId, straggler.removed); straggles = false; straggler.node = 0; straggler.seq = 0; straggler.decision = 0; straggler.revision = 0; straggler.runId = 0; straggler.removed = false }
  :: atomic { life.running && life.awaits == PROJECTION && life.answer == WRITTEN ->
       /* step: workflows/node-state.ts learnFrom */
       life.told = writing.revision; life.awaits = NOTHING; life.answer = NOTHING; FORGET_WRITING }
  :: atomic { life.running && life.awaits == PROJECTION && life.answer == OVER ->
       /* step: workflows/node-removal.ts conclude */
       life.removing = true; life.over = true; life.revision++; life.awaits = NOTHING; life.answer = NOTHING; FORGET_WRITING }
  :: atomic { life.running && life.awaits == REMOVAL && life.answer == NOTHING ->
       /* step: src/mongo/mongo-node-projection-store.ts remove */
       if
       :: !record[life.node].exists || !record[life.node].living -> life.answer = WRITTEN
       :: record[life.node].exists && record[life.node].living ->
          if
#ifndef WITHOUT_HISTORIES
          :: isOfAnotherHistory(writing.node, writing.seq, writing.decision, writing.revision, writing.runId) -> life.answer = ASTRAY
#endif
#ifdef WITHOUT_SUPERSEDED
          :: else ->
#else
          :: REMOVAL_GOES_ON && record[life.node].seq != writing.seq -> life.answer = SUPERSEDED
          :: REMOVAL_GOES_ON && record[life.node].seq == writing.seq ->
#endif
             assert(life.over || record[life.node].decision == writing.decision && record[life.node].removal != NEVER); /* only who is to be removed is */
             record[life.node].living = false; record[life.node].phaseRemoved = true; gone[life.node] = true; life.answer = WRITTEN;
             writeView(writing.node, writing.seq, writing.decision, writing.revision, writing.runId, writing.removed)
          fi
       fi }
  :: atomic { life.running && life.awaits == REMOVAL && life.answer == WRITTEN && attemptsLost < ATTEMPTS_LOST ->
       /* its answer is lost: it is done again */
       attemptsLost++; life.answer = NOTHING }
  :: atomic { life.running && life.awaits == REMOVAL && life.answer == WRITTEN ->
       /* step: workflows/node-state.ts outcome */
       ended[life.node] = true; finish() }
  :: atomic { life.running && life.awaits == REMOVAL && life.answer == SUPERSEDED ->
       /* step: workflows/node-removal.ts withdraw */
       life.superseded = true;
       if :: life.seq == writing.seq -> life.removing = false; life.revision++ :: else fi;
       life.awaits = LATER_DECISION; life.answer = NOTHING }
  :: atomic { life.running && life.awaits == LATER_DECISION && life.seq > writing.seq ->
       life.awaits = NOTHING; life.superseded = false; FORGET_WRITING }
  :: atomic { life.running && life.answer == ASTRAY ->
       /* step: workflows/node-lifecycle.ts startOver */
       life.awaits = AGREEMENT; life.answer = NOTHING; life.superseded = false;
       writing.seq = life.seq; writing.decision = life.decision; writing.revision = life.revision }
  :: atomic { life.running && life.awaits == AGREEMENT && life.answer == NOTHING ->
       /* step: src/mongo/mongo-node-histories.ts reconcile */
       agree() ;
       /* step: workflows/node-lifecycle.ts continueAsNew (a decision that has arrived meanwhile is later) */
       runs++; life.runId = runs;
       if :: decided[a_].seq >= life.seq -> life.seq = decided[a_].seq; life.decision = a_; life.removal = decided[a_].removal; obeyed[a_] = true :: else fi;
       life.removing = (life.removal == NOW); life.awaits = NOTHING; life.answer = NOTHING; FORGET_WRITING; a_ = 0;
#if RESETS > 0
       hasPast = false
#endif
     }
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
       past.removing = life.removing; past.revision = life.revision; past.told = life.told; past.over = life.over;
       for (i_ : 1 .. TOTAL) { since[i_] = false } }
  :: atomic { resets < RESETS && life.running && hasPast ->
       resets++; hasPast = false;
       life.seq = past.seq; life.decision = past.decision; life.removal = past.removal; life.removing = past.removing; life.revision = past.revision; life.told = past.told; life.over = past.over;
       runs++; life.runId = runs;
       life.awaits = NOTHING; life.superseded = false; life.answer = NOTHING; FORGET_WRITING;
       for (i_ : 1 .. TOTAL) { obeyed[i_] = obeyed[i_] && !since[i_] };
       /* Temporal delivers the signals since then again, or was told not to. */
       if
       :: for (i_ : 1 .. TOTAL) { if :: since[i_] -> underWay[i_]++; since[i_] = false :: else fi }
       :: for (i_ : 1 .. TOTAL) { since[i_] = false }
       fi }
  od
}
#endif

#if RESTORES > 0
#define COPY(to, from) \
  to.exists = from.exists; to.living = from.living; to.seq = from.seq; to.decision = from.decision; to.removal = from.removal; to.unapplied = from.unapplied; \
  to.phaseRemoved = from.phaseRemoved; to.applied = from.applied; to.appliedSeq = from.appliedSeq; to.appliedDecision = from.appliedDecision; to.revision = from.revision; to.runId = from.runId
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

/* workflows/node-state.ts obey (of a repetition: one that learns nothing new says what it knows) */
inline remind(what) {
  if
  :: decided[what].node == life.node && decided[what].seq <= life.seq && life.revision == life.told && life.awaits == NOTHING -> life.revision++
#ifndef WITHOUT_ASKING_AGAIN
  :: decided[what].node == life.node && decided[what].seq <= life.seq && life.awaits == LATER_DECISION ->
     /* workflows/phases/removed.ts removed */
     life.awaits = NOTHING; life.superseded = false; FORGET_WRITING
#endif
  :: else -> obey(what)
  fi
}

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
        if :: life.running && life.node == u -> remind(record[u].decision) :: else fi
     :: record[u].exists && record[u].unapplied && record[u].living && record[u].applied ->
        /* step: src/reconciliation/decision-reminder.ts remind */
        if
        :: life.running -> remind(record[u].decision)
        :: !life.running -> ensureStarted(u, record[u].decision, true, record[u].revision)
        fi
     :: else
     fi;
     /* step: src/reconciliation/workflow-census.ts take */
     if
     :: record[u].exists && record[u].living && record[u].applied && (!life.running || life.node != u) ->
        ensureStarted(u, record[u].decision, true, record[u].revision)
#ifndef WITHOUT_HISTORIES
     :: record[u].exists && record[u].living && record[u].applied && life.running && life.node == u &&
        (record[u].revision != life.revision || isAstray(u, life.seq, life.decision)) ->
        /* step: src/reconciliation/history-census.ts agree */
        remind(record[u].decision)
#endif
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
            assert(!ended[u]); /* what has ended stays ended */
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
