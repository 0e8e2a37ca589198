/* sleepers.h - what waits for a time, and who of them wakes first; inside this room.
 *
 * A heap: going to sleep and waking cost little, however many sleep. A sleeper is part of a
 * larger struct, which the caller keeps where it is while it sleeps. */
#pragma once
#include <stddef.h>

#include "base/arena.h"
#include "base/moment.h"

struct sleeper {
    moment until;
    size_t place; /* in the heap, from 1; 0: awake */
};

struct sleepers { /* {.arena = ...} to begin with */
    struct arena *arena;
    struct sleeper **items;
    size_t count, room;
};

/* Also of one that sleeps already, till another time. */
void sleepers_add(struct sleepers *sleepers, struct sleeper *sleeper, moment until);
void sleepers_remove(struct sleepers *sleepers, struct sleeper *sleeper); /* awake: nothing */
struct sleeper *sleepers_first(const struct sleepers *sleepers);          /* NULL: nobody sleeps */
