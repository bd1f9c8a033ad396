/* SPDX-License-Identifier: BSD-2-Clause */
/* Two lines of the time page: a clock that runs from the counter, and its coarse one, which holds
 * what the first said at the last tick. Explored exhaustively: neither goes back, and the coarse one
 * is never ahead of what the other says later, whether the page answers or the system call. The
 * machine and the rest are those of protocol.pml; README.md says what is modelled and what is not. */

#ifndef READINGS
#define READINGS 2
#endif
#ifndef CHANGES
#define CHANGES 2       /* what the publisher does: change of rate, tick, withdraw, publish again */
#endif
#ifndef COUNTER_END
#define COUNTER_END 3
#endif
#define SLOW 1          /* units of time a cycle */
#define FAST 3

/* Where a store goes. */
#define STATE 0
#define SEQUENCE 1
#define LAST 2
#define BASE 3
#define RATE 4
#define COARSE_STATE 5
#define COARSE_SEQUENCE 6
#define HELD 7
#define PLACES 8

/* A line's state word. */
#define NONE 0
#define PUBLISHED 1
#define LOCKED 2 /* a bit */

#include "machine.pml"

/* ---- the host ---- */

bool host_lock = false;

/* What the Timekeeper keeps; system calls answer from it, under the host's lock. */
byte kept_last = 0;
byte kept_base = 0;
byte kept_rate = SLOW;
byte kept_coarse = 0;

proctype publisher() {
    byte left = CHANGES;
    byte sequence = 0;
    byte coarse_sequence = 0;
    byte mode = PUBLISHED;
    byte now;
    bool is_tick;

    do
    :: left == 0 -> break
    :: left > 0 ->
        atomic {
            left--;
            host_lock = true;
            if
            :: is_tick = true /* the coarse line alone */
            :: is_tick = false
            fi
        };
        atomic {
            if
            :: !is_tick -> store(STATE, mode | LOCKED)
            :: else
            fi;
#ifndef LOCK_ONE_LINE
            store(COARSE_STATE, mode | LOCKED);
#endif
            order_stores();
            if
            :: !is_tick -> sequence++; store(SEQUENCE, sequence)
            :: else
            fi;
            coarse_sequence++;
            store(COARSE_SEQUENCE, coarse_sequence);
#ifdef NO_PUBLISH_BARRIER
            order_stores()
#endif
        };
        atomic {
#ifndef NO_PUBLISH_BARRIER
            buffered == 0; /* publish_barrier(): visible before what follows, the counter too */
            era_now = 0;
#endif
            read_counter(now);
            kept_coarse = kept_base + kept_rate * (now - kept_last);
            if
            :: !is_tick ->
                kept_base = kept_coarse;
                kept_last = now;
                if
                :: kept_rate = SLOW; mode = PUBLISHED
                :: kept_rate = FAST; mode = PUBLISHED
                :: mode = NONE
                fi;
                store(LAST, kept_last);
                store(BASE, kept_base);
                store(RATE, kept_rate)
            :: else
            fi;
            now = 0;
            store(HELD, kept_coarse);
            order_stores();
            if
            :: !is_tick -> sequence++; store(SEQUENCE, sequence)
            :: else
            fi;
            coarse_sequence++;
            store(COARSE_SEQUENCE, coarse_sequence);
            order_stores();
            if
            :: !is_tick -> store(STATE, mode)
            :: else
            fi;
            store(COARSE_STATE, mode);
            host_lock = false
        }
    od
}

/* ---- a reader ---- */

/* The loads of one attempt, each done once, in any order that the reader's barriers allow. */
#define DID_STATE 1
#define DID_FIELDS 14 /* last, base or held, rate */
#define DID_COUNTER 16
#define DID_AGAIN 32
#define DID_ALL 63
#define DID(what) ((did & (what)) == (what))

#ifdef NO_ACQUIRE
#define WHEN_FIELD true
#else
#define WHEN_FIELD DID(DID_STATE)
#endif

inline forget_attempt() {
    d_step { did = 0; state = 0; sequence = 0; last = 0; base = 0; rate = 0; now = 0; seen = 0 }
}

/* The coarse clock may lag behind the other one, never the other way round. */
inline conclude(reading) {
    assert(reading >= earlier_coarse);
    if
    :: is_coarse -> earlier_coarse = reading
    :: else -> assert(reading >= earlier); earlier = reading
    fi
}

proctype reader() {
    byte left = READINGS;
    byte did = 0;
    bool is_coarse = false;
    byte at_state, at_sequence;
    short earlier = 0;
    short earlier_coarse = 0;
    byte state, sequence, last, base, rate, now, seen;

next:
    forget_attempt();
    atomic {
        if
        :: left == 0 -> goto finished
        :: left > 0 -> left--
        fi;
        if
        :: is_coarse = true; at_state = COARSE_STATE; at_sequence = COARSE_SEQUENCE;
           did = 16 | 2 | 8 /* no counter, and one field */
        :: is_coarse = false; at_state = STATE; at_sequence = SEQUENCE
        fi;
        if
        :: skip
        :: goto system_call /* a program that does not use the page */
        fi
    };
    do
    :: atomic { !DID(DID_STATE) ->
           state = memory[at_state]; sequence = memory[at_sequence]; did = did | DID_STATE }
    :: atomic { !DID(2) && WHEN_FIELD -> last = memory[LAST]; did = did | 2 }
    :: atomic { !DID(4) && WHEN_FIELD ->
           if
           :: is_coarse -> base = memory[HELD]
           :: else -> base = memory[BASE]
           fi;
           did = did | 4 }
    :: atomic { !DID(8) && WHEN_FIELD -> rate = memory[RATE]; did = did | 8 }
    :: atomic { !DID(DID_COUNTER) && DID(DID_STATE) -> read_counter(now); did = did | DID_COUNTER }
    :: atomic { !DID(DID_AGAIN) && DID(DID_STATE | DID_FIELDS | DID_COUNTER) ->
           seen = (memory[at_state] == state && memory[at_sequence] == sequence);
           did = did | DID_AGAIN }
    :: atomic { DID(DID_STATE) && state != PUBLISHED -> goto system_call }
    :: atomic { did == DID_ALL && state == PUBLISHED ->
           if
           :: seen && is_coarse -> conclude(base); goto next
           :: seen && !is_coarse -> conclude(base + rate * (now - last)); goto next
           :: !seen -> goto system_call
           fi }
    od;

system_call:
    forget_attempt();
    atomic {
        !host_lock;
        if
        :: is_coarse -> conclude(kept_coarse)
        :: else -> read_counter(now); conclude(kept_base + kept_rate * (now - kept_last))
        fi;
        now = 0
    };
    goto next;

finished:
    skip;
    d_step { earlier = 0; earlier_coarse = 0; is_coarse = false; at_state = 0; at_sequence = 0 }
}

init {
    atomic {
        memory[STATE] = PUBLISHED;
        memory[COARSE_STATE] = PUBLISHED;
        memory[RATE] = SLOW;
        run store_buffer();
        run publisher();
        run reader()
    }
}
