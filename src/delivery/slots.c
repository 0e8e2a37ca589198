#include "delivery/slots.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"

struct slots {
    struct arena *arena;
    pthread_mutex_t lock;
    pthread_cond_t emptied;
    size_t most, used;
    struct slot *items; /* a few dozen, so looking at each is quicker than anything cleverer */
};

struct slots *slots_create(size_t most)
{
    struct arena *arena = arena_create();
    struct slots *slots = arena_new(arena, struct slots, 1);
    slots->arena = arena;
    slots->most = most;
    slots->items = arena_new(arena, struct slot, most);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&slots->lock, NULL);
    pthread_cond_init(&slots->emptied, &attributes);
    pthread_condattr_destroy(&attributes);
    return slots;
}

void slots_destroy(struct slots *slots)
{
    if (!slots)
        return;
    pthread_cond_destroy(&slots->emptied);
    pthread_mutex_destroy(&slots->lock);
    arena_destroy(slots->arena);
}

static struct slot *find(struct slots *slots, const char *email_id)
{
    for (size_t i = 0; i < slots->most; i++)
        if (text_equal(slots->items[i].email_id, email_id))
            return &slots->items[i];
    return NULL;
}

static void set_id(char *member, const char *id)
{
    assert(strlen(id) <= ID_SIZE);
    memcpy(member, id, strlen(id) + 1);
}

void slots_take(struct slots *slots, const char *organization_id, const char *account_id,
                const char *email_id)
{
    pthread_mutex_lock(&slots->lock);
    struct slot *slot = find(slots, "");
    assert(slot);
    set_id(slot->organization_id, organization_id);
    set_id(slot->account_id, account_id);
    set_id(slot->email_id, email_id);
    slots->used++;
    pthread_mutex_unlock(&slots->lock);
}

struct list slots_list(struct slots *slots, struct arena *arena)
{
    struct slot *taken = arena_new(arena, struct slot, slots->most);
    size_t count = 0;
    pthread_mutex_lock(&slots->lock);
    for (size_t i = 0; i < slots->most; i++)
        if (*slots->items[i].email_id)
            taken[count++] = slots->items[i];
    pthread_mutex_unlock(&slots->lock);
    return (struct list){taken, count};
}

void slots_give_back(struct slots *slots, const char *email_id)
{
    pthread_mutex_lock(&slots->lock);
    struct slot *slot = find(slots, email_id);
    assert(slot);
    *slot = (struct slot){0};
    if (--slots->used == 0)
        pthread_cond_broadcast(&slots->emptied);
    pthread_mutex_unlock(&slots->lock);
}

bool slots_has(struct slots *slots, const char *email_id)
{
    pthread_mutex_lock(&slots->lock);
    bool found = find(slots, email_id);
    pthread_mutex_unlock(&slots->lock);
    return found;
}

size_t slots_used(struct slots *slots)
{
    pthread_mutex_lock(&slots->lock);
    size_t used = slots->used;
    pthread_mutex_unlock(&slots->lock);
    return used;
}

bool slots_wait_empty(struct slots *slots, int64_t timeout_ms)
{
    int64_t until_ms = clock_steady_ms() + timeout_ms;
    struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};
    int waiting = 0;
    pthread_mutex_lock(&slots->lock);
    while (slots->used && waiting != ETIMEDOUT)
        waiting = pthread_cond_timedwait(&slots->emptied, &slots->lock, &until);
    bool empty = !slots->used;
    pthread_mutex_unlock(&slots->lock);
    return empty;
}
