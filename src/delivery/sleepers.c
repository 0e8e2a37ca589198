#include "delivery/sleepers.h"

#include <string.h>

enum { ROOM_FIRST = 64 };

static void put(struct sleepers *sleepers, struct sleeper *sleeper, size_t place)
{
    sleepers->items[place - 1] = sleeper;
    sleeper->place = place;
}

static struct sleeper *at(const struct sleepers *sleepers, size_t place)
{
    return sleepers->items[place - 1];
}

static void move_up(struct sleepers *sleepers, struct sleeper *sleeper, size_t place)
{
    for (; place > 1 && sleeper->until.ms < at(sleepers, place / 2)->until.ms; place /= 2)
        put(sleepers, at(sleepers, place / 2), place);
    put(sleepers, sleeper, place);
}

static void move_down(struct sleepers *sleepers, struct sleeper *sleeper, size_t place)
{
    for (size_t next; (next = 2 * place) <= sleepers->count; place = next) {
        if (next < sleepers->count &&
            at(sleepers, next + 1)->until.ms < at(sleepers, next)->until.ms)
            next++;
        if (at(sleepers, next)->until.ms >= sleeper->until.ms)
            break;
        put(sleepers, at(sleepers, next), place);
    }
    put(sleepers, sleeper, place);
}

/* What was there stays in the arena: no more, in all, than what is in use. */
static void make_room(struct sleepers *sleepers)
{
    if (sleepers->count < sleepers->room)
        return;
    size_t room = sleepers->room ? 2 * sleepers->room : ROOM_FIRST;
    struct sleeper **items = arena_new(sleepers->arena, struct sleeper *, room);
    if (sleepers->count)
        memcpy(items, sleepers->items, sleepers->count * sizeof *items);
    sleepers->items = items;
    sleepers->room = room;
}

void sleepers_add(struct sleepers *sleepers, struct sleeper *sleeper, moment until)
{
    sleepers_remove(sleepers, sleeper);
    make_room(sleepers);
    sleeper->until = until;
    move_up(sleepers, sleeper, ++sleepers->count);
}

void sleepers_remove(struct sleepers *sleepers, struct sleeper *sleeper)
{
    size_t place = sleeper->place;
    if (!place)
        return;
    struct sleeper *last = at(sleepers, sleepers->count--);
    sleeper->place = 0;
    if (last == sleeper)
        return;
    move_down(sleepers, last, place);
    move_up(sleepers, last, last->place);
}

struct sleeper *sleepers_first(const struct sleepers *sleepers)
{
    return sleepers->count ? sleepers->items[0] : NULL;
}
