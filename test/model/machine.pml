/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine that reorders what the barriers of abi/time_page.h do not forbid: one CPU that stores, a
 * memory that all others load from, a counter. A model includes it; PLACES is how many places its
 * memory has, COUNTER_END where the counter stops, so that the exploration ends. */

byte memory[PLACES];    /* what every reader sees: a store is visible to all at once or to none */
byte counter = 0;       /* the same for all CPUs */

/* The publisher's store buffer. Stores leave it in any order, except that those to one place keep
 * theirs, and none overtakes a barrier: `era` counts barriers. */
#define BUFFER 8
byte place[BUFFER];
byte value[BUFFER];
byte era[BUFFER];
byte buffered = 0;
byte era_now = 0;

inline store(where, what) {
    d_step {
        buffered < BUFFER; /* or wait until there is room */
        place[buffered] = where;
        value[buffered] = what;
        era[buffered] = era_now;
        buffered++
    }
}

inline order_stores() {
    d_step {
        if
        :: buffered == 0 -> era_now = 0
        :: else -> era_now++
        fi
    }
}

/* The counter runs on before it is read, or not. */
inline read_counter(into) {
    atomic {
        if
        :: counter < COUNTER_END -> counter++
        :: skip
        fi;
        into = counter
    }
}

/* May buffered store i become visible now? Stores are in program order, so era[0] is the oldest. */
#define AHEAD(i) (buffered > i && era[i] == era[0])
#define UNLIKE(i, j) (place[i] != place[j])

inline let_out(i) {
    memory[place[i]] = value[i];
    shift = i;
    do
    :: shift + 1 < buffered ->
        place[shift] = place[shift + 1];
        value[shift] = value[shift + 1];
        era[shift] = era[shift + 1];
        shift++
    :: else -> break
    od;
    buffered--;
    place[buffered] = 0;
    value[buffered] = 0;
    era[buffered] = 0;
    shift = 0
}

proctype store_buffer() {
    byte shift = 0;
end:
    do
    :: d_step { AHEAD(0) -> let_out(0) }
    :: d_step { AHEAD(1) && UNLIKE(0, 1) -> let_out(1) }
    :: d_step { AHEAD(2) && UNLIKE(0, 2) && UNLIKE(1, 2) -> let_out(2) }
    :: d_step { AHEAD(3) && UNLIKE(0, 3) && UNLIKE(1, 3) && UNLIKE(2, 3) -> let_out(3) }
    :: d_step { AHEAD(4) && UNLIKE(0, 4) && UNLIKE(1, 4) && UNLIKE(2, 4) && UNLIKE(3, 4) ->
           let_out(4) }
    :: d_step { AHEAD(5) && UNLIKE(0, 5) && UNLIKE(1, 5) && UNLIKE(2, 5) && UNLIKE(3, 5) &&
           UNLIKE(4, 5) -> let_out(5) }
    :: d_step { AHEAD(6) && UNLIKE(0, 6) && UNLIKE(1, 6) && UNLIKE(2, 6) && UNLIKE(3, 6) &&
           UNLIKE(4, 6) && UNLIKE(5, 6) -> let_out(6) }
    :: d_step { AHEAD(7) && UNLIKE(0, 7) && UNLIKE(1, 7) && UNLIKE(2, 7) && UNLIKE(3, 7) &&
           UNLIKE(4, 7) && UNLIKE(5, 7) && UNLIKE(6, 7) -> let_out(7) }
    od
}
