#include "delivery/pace.h"

#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/text.h"

enum { MINUTE_MS = 60 * 1000, BUCKETS = 1024, FORGET_EVERY_MS = 10 * MINUTE_MS };

struct mailbox {           /* its last sends, as a ring: the one at `next` is the oldest */
    struct arena *arena;   /* holds the struct itself */
    struct mailbox *other; /* in the same bucket */
    char account_id[ID_SIZE + 1];
    size_t room, next;
    int64_t newest_ms;
    int64_t *begun_ms; /* 0: never */
};

struct pace {
    struct arena *arena;
    pthread_mutex_t lock;
    struct mailbox *buckets[BUCKETS];
    int64_t forgotten_ms;
};

struct pace *pace_create(void)
{
    struct arena *arena = arena_create();
    struct pace *pace = arena_new(arena, struct pace, 1);
    pace->arena = arena;
    pthread_mutex_init(&pace->lock, NULL);
    return pace;
}

static void forget(struct mailbox **at)
{
    struct mailbox *gone = *at;
    *at = gone->other;
    arena_destroy(gone->arena);
}

void pace_destroy(struct pace *pace)
{
    if (!pace)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (pace->buckets[i])
            forget(&pace->buckets[i]);
    pthread_mutex_destroy(&pace->lock);
    arena_destroy(pace->arena);
}

static struct mailbox **bucket_of(struct pace *pace, const char *account_id)
{
    size_t hash = 5381;
    for (const char *at = account_id; *at; at++)
        hash = hash * 33 + (unsigned char)*at;
    return &pace->buckets[hash % BUCKETS];
}

static struct mailbox **place_of(struct pace *pace, const char *account_id)
{
    struct mailbox **at = bucket_of(pace, account_id);
    while (*at && !text_equal((*at)->account_id, account_id))
        at = &(*at)->other;
    return at;
}

static size_t free_of(const struct mailbox *mailbox, int64_t per_minute, int64_t now_ms,
                      int64_t *ret_next_ms)
{
    if (!mailbox || mailbox->room != (size_t)per_minute)
        return (size_t)per_minute;
    size_t free = 0;
    while (free < mailbox->room) {
        int64_t begun_ms = mailbox->begun_ms[(mailbox->next + free) % mailbox->room];
        if (begun_ms && begun_ms + MINUTE_MS > now_ms)
            break;
        free++;
    }
    *ret_next_ms = mailbox->begun_ms[mailbox->next] + MINUTE_MS;
    return free;
}

size_t pace_free(struct pace *pace, const char *account_id, int64_t per_minute, int64_t now_ms,
                 int64_t *ret_next_ms)
{
    if (per_minute <= 0)
        return SIZE_MAX;
    pthread_mutex_lock(&pace->lock);
    size_t free = free_of(*place_of(pace, account_id), per_minute, now_ms, ret_next_ms);
    pthread_mutex_unlock(&pace->lock);
    return free;
}

static struct mailbox *add(struct mailbox **at, const char *account_id, size_t room)
{
    struct arena *arena = arena_create();
    struct mailbox *mailbox = arena_new(arena, struct mailbox, 1);
    mailbox->arena = arena;
    mailbox->other = *at;
    mailbox->room = room;
    mailbox->begun_ms = arena_new(arena, int64_t, room);
    memcpy(mailbox->account_id, account_id, strnlen(account_id, ID_SIZE));
    *at = mailbox;
    return mailbox;
}

/* Those that have been quiet for a minute take memory for nothing. */
static void forget_quiet(struct pace *pace, int64_t now_ms)
{
    if (now_ms - pace->forgotten_ms < FORGET_EVERY_MS)
        return;
    pace->forgotten_ms = now_ms;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct mailbox **at = &pace->buckets[i]; *at;) {
            if ((*at)->newest_ms + MINUTE_MS <= now_ms)
                forget(at);
            else
                at = &(*at)->other;
        }
}

void pace_take(struct pace *pace, const char *account_id, int64_t per_minute, int64_t now_ms)
{
    if (per_minute <= 0)
        return;
    pthread_mutex_lock(&pace->lock);
    forget_quiet(pace, now_ms);
    struct mailbox **at = place_of(pace, account_id);
    if (*at && (*at)->room != (size_t)per_minute) /* its limit has changed: it counts anew */
        forget(at);
    struct mailbox *mailbox = *at && text_equal((*at)->account_id, account_id)
                                  ? *at
                                  : add(bucket_of(pace, account_id), account_id,
                                        (size_t)per_minute);
    mailbox->begun_ms[mailbox->next] = now_ms;
    mailbox->next = (mailbox->next + 1) % mailbox->room;
    mailbox->newest_ms = now_ms;
    pthread_mutex_unlock(&pace->lock);
}
