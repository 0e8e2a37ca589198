#include "delivery/slots.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

/* A few dozen at most, so looking at each is quicker than anything cleverer. */
struct slot {
    char account_id[ID_SIZE + 1], email_id[ID_SIZE + 1]; /* "" = free */
};

struct slots {
    struct arena *arena;
    pthread_mutex_t lock;
    pthread_cond_t emptied;
    size_t most, used;
    struct slot *items;
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

size_t slots_free(struct slots *slots, const char *account_id, size_t per_mailbox)
{
    size_t of_account = 0;
    pthread_mutex_lock(&slots->lock);
    for (size_t i = 0; i < slots->most; i++)
        of_account += text_equal(slots->items[i].account_id, account_id);
    size_t in_all = slots->most - slots->used;
    pthread_mutex_unlock(&slots->lock);
    if (of_account >= per_mailbox)
        return 0;
    size_t free_here = per_mailbox - of_account;
    return free_here < in_all ? free_here : in_all;
}

void slots_take(struct slots *slots, const char *account_id, const char *email_id)
{
    pthread_mutex_lock(&slots->lock);
    struct slot *slot = find(slots, "");
    assert(slot && strlen(account_id) <= ID_SIZE && strlen(email_id) <= ID_SIZE);
    memcpy(slot->account_id, account_id, strlen(account_id) + 1);
    memcpy(slot->email_id, email_id, strlen(email_id) + 1);
    slots->used++;
    pthread_mutex_unlock(&slots->lock);
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
