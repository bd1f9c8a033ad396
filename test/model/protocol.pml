/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of the time page between its publisher and its readers, on a machine that reorders what
 * the barriers of abi/time_page.h do not forbid (machine.pml). README.md says what is modelled and what is not.
 * Explored exhaustively: no reading is less than one that had ended before it began, whether the
 * page answered or the system call, and every reader comes to an end even if the publisher dies.
 *
 * The promise is about pairs of readings, one after the other, and readings leave no trace in memory:
 * one process that makes one after another has all pairs that threads on several CPUs can have. */

#ifndef READINGS
#define READINGS 2
#endif
#ifndef CHANGES
#define CHANGES 2       /* what the publisher does: change of rate, withdraw, publish again */
#endif
#ifndef PATIENCE
#define PATIENCE 1      /* looks at a line before the system call; each starts afresh */
#endif
#ifndef COUNTER_END
#define COUNTER_END 4   /* the counter stops there, so that the exploration ends */
#endif
#define SLOW 1          /* units of time a cycle */
#define FAST 3

/* Where a store goes. */
#define STATE 0
#define SEQUENCE 1
#define LAST 2
#define BASE 3
#define RATE 4
#define PLACES 5

/* The line's state word. */
#define NONE 0
#define COUNTER 1
#define LOCKED 2 /* a bit */

#include "machine.pml"

/* ---- the host ---- */

bool host_lock = false;
bool dead = false;

/* What the Timekeeper keeps; system calls answer from it, under the host's lock. */
byte kept_last = 0;
byte kept_base = 0;
byte kept_rate = SLOW;

#ifdef MAY_DIE
#define DEATH if :: skip :: dead = true; goto died fi
#else
#define DEATH skip
#endif

proctype publisher() {
    byte left = CHANGES;
    byte sequence = 0;
    byte mode = COUNTER;
    byte now;

    /* What the publisher does without looking at the world is one step: the store buffer decides
     * when others see it. */
    do
    :: left == 0 -> break
    :: left > 0 ->
        atomic {
            left--;
            host_lock = true;
#ifdef COUNTER_BEFORE_LOCK
            read_counter(now);
#endif
        };
        atomic {
            DEATH;
#ifndef NO_STATE_LOCK
            store(STATE, mode | LOCKED);
#endif
#ifndef NO_LOCK_ORDER
            order_stores();
#endif
            DEATH;
#ifndef NO_SEQUENCE
            sequence++;
            store(SEQUENCE, sequence);
#endif
            DEATH;
#ifdef NO_PUBLISH_BARRIER
            order_stores();
#endif
        };
        atomic {
#ifndef NO_PUBLISH_BARRIER
            buffered == 0; /* publish_barrier(): visible before what follows, the counter too */
            era_now = 0;
#endif
#ifndef COUNTER_BEFORE_LOCK
            read_counter(now);
#endif
            kept_base = kept_base + kept_rate * (now - kept_last);
            kept_last = now;
            now = 0;
            if
            :: kept_rate = SLOW; mode = COUNTER
            :: kept_rate = FAST; mode = COUNTER
            :: mode = NONE
            fi;
            DEATH;
#ifdef UNLOCK_FIRST
            store(STATE, mode);
            order_stores();
#endif
            store(LAST, kept_last);
            DEATH;
            store(BASE, kept_base);
            DEATH;
            store(RATE, kept_rate);
#if !defined(NO_FIELD_ORDER) && !defined(NO_UNLOCK_ORDER)
            order_stores();
#endif
            DEATH;
#ifndef NO_SEQUENCE
            sequence++;
            store(SEQUENCE, sequence);
#endif
#if !defined(NO_STATE_ORDER) && !defined(NO_UNLOCK_ORDER)
            order_stores();
#endif
            DEATH;
#ifndef UNLOCK_FIRST
            store(STATE, mode);
#endif
            host_lock = false
        }
    od;
died:
    skip
}

/* ---- readers ---- */

/* The loads of one attempt, each done once, in any order that WHEN_... allows. */
#define DID_STATE 1
#define DID_LAST 2
#define DID_BASE 4
#define DID_RATE 8
#define DID_COUNTER 16
#define DID_AGAIN 32
#define DID_SEQUENCE 64       /* on a CPU that loads the two words one by one */
#define DID_SEQUENCE_AGAIN 128
#define DID_ALL 255
#define DID_FIELDS (DID_LAST | DID_BASE | DID_RATE)
#define DID(what) ((did & (what)) == (what))

#ifdef NO_SEQUENCE_FIRST
#define WHEN_STATE true
#else
#define WHEN_STATE DID(DID_SEQUENCE)
#endif
#ifdef NO_ACQUIRE
#define WHEN_FIELD true
#else
#define WHEN_FIELD DID(DID_STATE)
#endif
#ifdef COUNTER_EARLY
#define WHEN_COUNTER true
#else
#define WHEN_COUNTER DID(DID_STATE)
#endif
#ifdef NO_ORDER_LOADS
#define AGAIN_AFTER_FIELDS true
#else
#define AGAIN_AFTER_FIELDS DID(DID_FIELDS)
#endif
#ifdef NO_LOAD_AFTER
#define AGAIN_AFTER_COUNTER true
#else
#define AGAIN_AFTER_COUNTER DID(DID_COUNTER)
#endif
#define WHEN_AGAIN (DID(DID_STATE | DID_SEQUENCE) && AGAIN_AFTER_FIELDS && AGAIN_AFTER_COUNTER)

#ifdef NO_RECHECK
#define UNCHANGED true
#else
#ifdef RECHECK_STATE_ALONE
#define UNCHANGED (state_again == state)
#else
#define UNCHANGED (state_again == state && sequence_again == sequence)
#endif
#endif

/* It may not be less than the one before; that one is forgotten. */
inline conclude(reading) {
    assert(reading >= earlier);
    earlier = reading
}

inline forget_attempt() {
    d_step {
        did = 0; state = 0; sequence = 0; state_again = 0; sequence_again = 0;
        last = 0; base = 0; rate = 0; now = 0
    }
}

proctype reader() {
    byte left = READINGS;
    byte looks = 0;
    byte did = 0;
    short earlier = 0;
    byte state, sequence, state_again, sequence_again;
    byte last, base, rate, now;

look:
    forget_attempt();
    if
    :: looks == PATIENCE -> goto system_call
    :: looks < PATIENCE -> skip
    :: looks == 0 -> goto system_call /* a program that does not use the page */
    fi;
#ifndef NO_PATIENCE
    looks++;
#endif
    do
#ifdef TWO_LOADS
    :: atomic { !DID(DID_SEQUENCE) -> sequence = memory[SEQUENCE]; did = did | DID_SEQUENCE }
    :: atomic { !DID(DID_STATE) && WHEN_STATE ->
           state = memory[STATE]; did = did | DID_STATE }
    :: atomic { !DID(DID_AGAIN) && WHEN_AGAIN -> /* the sequence alone */
           state_again = state; sequence_again = memory[SEQUENCE];
           did = did | DID_AGAIN | DID_SEQUENCE_AGAIN }
#else
    :: atomic { !DID(DID_STATE) ->
           state = memory[STATE]; sequence = memory[SEQUENCE];
           did = did | DID_STATE | DID_SEQUENCE }
    :: atomic { !DID(DID_AGAIN) && WHEN_AGAIN ->
           state_again = memory[STATE]; sequence_again = memory[SEQUENCE];
           did = did | DID_AGAIN | DID_SEQUENCE_AGAIN }
#endif
    :: atomic { !DID(DID_LAST) && WHEN_FIELD -> last = memory[LAST]; did = did | DID_LAST }
    :: atomic { !DID(DID_BASE) && WHEN_FIELD -> base = memory[BASE]; did = did | DID_BASE }
    :: atomic { !DID(DID_RATE) && WHEN_FIELD -> rate = memory[RATE]; did = did | DID_RATE }
    :: atomic { !DID(DID_COUNTER) && WHEN_COUNTER -> read_counter(now); did = did | DID_COUNTER }
    :: atomic { DID(DID_STATE) && state == NONE -> goto system_call }
    :: atomic { DID(DID_STATE) && (state & LOCKED) != 0 -> goto look }
    :: atomic { did == DID_ALL && state == COUNTER ->
           if
           :: UNCHANGED -> conclude(base + rate * (now - last)); goto next
           :: else -> goto look
           fi }
    od;

system_call:
    forget_attempt();
    atomic {
        if
        :: dead -> goto finished /* the host answers no more */
        :: !dead && !host_lock ->
            read_counter(now);
            conclude(kept_base + kept_rate * (now - kept_last))
        fi
    };

next:
    atomic {
        looks = 0;
        left--;
        if
        :: left > 0 -> goto look
        :: left == 0 -> goto finished
        fi
    };

finished:
    forget_attempt();
    d_step { earlier = 0; looks = 0; left = 0 }
}

init {
    atomic {
        memory[STATE] = COUNTER;
        memory[RATE] = SLOW;
        run store_buffer();
        run publisher();
        run reader()
    }
}
