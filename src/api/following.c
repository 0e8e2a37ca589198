#include "api/following.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/worker.h"
#include "store/event_store.h"
#include "store/identity_store.h"

enum {
    LOOK_EVERY_MS = 1000, /* for what other processes have committed */
    SLEEP_MS = 3600 * 1000,
    REST_LEAST_MS = 3,
    REST_TIMES = 10,
    HEARERS_MOST = 1000,
    TOKENS_EVERY_MS = 500, /* that they still hold is asked at most as often */
};
static const char FOLLOWED[] = "followed"; /* rung by the first who waits */

struct following {
    struct arena *arena; /* holds the struct itself */
    struct api *api;
    pthread_t thread;
    pthread_mutex_t lock;
    struct follower *first; /* in the order of their organizations */
    struct waiting *waiting;
    atomic_bool is_stopping;
    bool is_failing;           /* the thread's own: a failure is told once */
    int64_t tokens_checked_ms; /* likewise; clock_steady_ms */
};

struct heard_by { /* a user who may hear of some of what is new */
    const char *user_id;
    int64_t number; /* of the last of that */
};

struct news { /* of an organization that somebody follows */
    const char *organization_id;
    int64_t least; /* what the last of its followers has seen; then, how far all are told */
    bool has_some; /* of the followers see not all */
    struct chain_end end;
    int64_t known;        /* heard_by is of the events behind `least`, up to this one */
    struct list heard_by; /* of struct heard_by */
    bool has_more;
};

static bool is_same(const struct follower *follower, const struct news *news)
{
    return text_equal(follower->organization_id, news->organization_id);
}

/* Of struct news, one for each organization; nothing is looked up yet. */
static struct list followed(struct following *following, struct arena *arena)
{
    size_t count = 0, most = 0;
    pthread_mutex_lock(&following->lock);
    for (struct follower *at = following->first; at; at = at->next)
        most++;
    struct news *items = arena_new(arena, struct news, most);
    for (struct follower *at = following->first; at; at = at->next) {
        struct news *news = count ? &items[count - 1] : NULL;
        if (!news || !is_same(at, news)) {
            news = &items[count++];
            news->organization_id = arena_copy(arena, at->organization_id);
            news->least = at->after;
        }
        if (at->after < news->least)
            news->least = at->after;
        news->has_some = news->has_some || at->seen_by;
    }
    pthread_mutex_unlock(&following->lock);
    return (struct list){items, count};
}

static void add_user(struct list *users, const char *user_id, int64_t number)
{
    struct heard_by *items = users->items;
    size_t at = 0;
    while (at < users->count && !text_equal(items[at].user_id, user_id))
        at++;
    items[at] = (struct heard_by){user_id, number};
    users->count += at == users->count;
}

/* The users among them are few, however many events there are. */
static struct list users_of(struct list hearers, struct arena *arena)
{
    const struct hearers *items = hearers.items;
    struct list users = {arena_new(arena, struct heard_by, 2 * hearers.count), 0};
    for (size_t i = 0; i < hearers.count; i++) {
        add_user(&users, items[i].actor, items[i].number);
        if (items[i].user_id)
            add_user(&users, items[i].user_id, items[i].number);
    }
    return users;
}

/* So much at a time: to wake somebody in vain costs far more than to go on looking. */
static bool look_on(struct session *session, struct news *news, struct arena *arena,
                    struct error *error)
{
    struct list hearers = {0};
    news->known = news->end.number;
    if (news->has_some && news->end.number > news->least &&
        !event_store_hearers(session, news->organization_id, news->least, HEARERS_MOST, arena,
                             &hearers, error))
        return false;
    news->has_more = hearers.count == HEARERS_MOST;
    if (news->has_more)
        news->known = ((const struct hearers *)hearers.items)[hearers.count - 1].number;
    news->heard_by = users_of(hearers, arena);
    return true;
}

/* Whether to wake it. What is not known of is looked for by the follower himself. */
static bool has_come(const struct news *news, const struct follower *follower)
{
    const struct heard_by *users = news->heard_by.items;
    bool is_known = news->has_some && follower->after >= news->least;
    if (!follower->seen_by || !is_known)
        return news->end.number > follower->after;
    for (size_t i = 0; i < news->heard_by.count; i++)
        if (users[i].number > follower->after &&
            (text_equal(users[i].user_id, follower->seen_by) ||
             (follower->administers && text_equal(users[i].user_id, HEARD_BY_ADMINISTRATORS))))
            return true;
    return false;
}

static void take_out(struct follower *follower)
{
    if (!follower->link)
        return;
    *follower->link = follower->next;
    if (follower->next)
        follower->next->link = follower->link;
    follower->link = NULL;
}

/* Under the lock: after following_remove nobody is woken. */
static void tell(struct following *following, const struct news *news)
{
    pthread_mutex_lock(&following->lock);
    for (struct follower *at = following->first, *next; at; at = next) {
        next = at->next;
        if (!is_same(at, news))
            continue;
        if (has_come(news, at)) {
            take_out(at);
            http_wake(following->api->server, at->park_number);
        } else if (at->after < news->known) {
            at->after = news->known;
        }
    }
    pthread_mutex_unlock(&following->lock);
}

static bool look_for(struct following *following, struct news *news, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    AUTO_READING session = db_read(following->api->db);
    if (!event_store_end(session, news->organization_id, arena, &news->end, error))
        return false;
    do {
        AUTO_ARENA page = arena_create();
        if (!look_on(session, news, page, error))
            return false;
        tell(following, news);
        news->least = news->known;
    } while (news->has_more);
    return true;
}

/* How many organizations somebody follows. The lock is never held while the database is asked: its
 * sessions may all be lent to those who wait for the lock. */
static size_t look(struct following *following)
{
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    struct list organizations = followed(following, arena);
    struct news *news = organizations.items;
    for (size_t i = 0; i < organizations.count; i++) {
        bool ok = look_for(following, &news[i], &error);
        if (!ok && !following->is_failing)
            LOG(LOG_ERROR, "events_not_read", LOG_TEXT("reason", error.message));
        following->is_failing = !ok;
    }
    return organizations.count;
}

/* Of const char *, each once. */
static struct list following_tokens(struct following *following, struct arena *arena)
{
    size_t count = 0, most = 0;
    pthread_mutex_lock(&following->lock);
    for (struct follower *at = following->first; at; at = at->next)
        most++;
    const char **ids = arena_new(arena, const char *, most);
    for (struct follower *at = following->first; at; at = at->next) {
        size_t i = 0;
        while (i < count && !text_equal(ids[i], at->token_id))
            i++;
        if (i == count)
            ids[count++] = arena_copy(arena, at->token_id);
    }
    pthread_mutex_unlock(&following->lock);
    return (struct list){ids, count};
}

static void following_wake_token(struct following *following, const char *token_id)
{
    pthread_mutex_lock(&following->lock);
    for (struct follower *at = following->first, *next; at; at = next) {
        next = at->next;
        if (!text_equal(at->token_id, token_id))
            continue;
        take_out(at);
        http_wake(following->api->server, at->park_number);
    }
    pthread_mutex_unlock(&following->lock);
}

/* Those who are woken find out by themselves. */
static void following_check_tokens(struct following *following)
{
    AUTO_ARENA arena = arena_create();
    int64_t now_ms = clock_steady_ms();
    if (now_ms - following->tokens_checked_ms < TOKENS_EVERY_MS)
        return;
    following->tokens_checked_ms = now_ms;
    struct list tokens = following_tokens(following, arena);
    AUTO_READING session = db_read(following->api->db);
    for (size_t i = 0; i < tokens.count; i++) {
        const char *id = ((const char *const *)tokens.items)[i];
        struct error error = {0};
        if (!identity_store_check_token(session, id, clock_now(), arena, &error) &&
            error.code == ERROR_UNAUTHORIZED)
            following_wake_token(following, id);
    }
}

static void rest(int64_t looked_us)
{
    int64_t rest_ms = looked_us * REST_TIMES / 1000;
    if (rest_ms < REST_LEAST_MS)
        rest_ms = REST_LEAST_MS;
    clock_sleep_ms(rest_ms < LOOK_EVERY_MS ? rest_ms : LOOK_EVERY_MS);
}

static void *watch(void *argument)
{
    struct following *following = argument;
    struct bell *bell = following->api->bell;
    uint64_t followed_seen = bell_wait(bell, FOLLOWED, 0, 0);
    uint64_t commits_seen = bell_wait(bell, "commit", 0, 0);
    while (!following->is_stopping) {
        int64_t began_us = clock_steady_us();
        if (!look(following)) {
            followed_seen = bell_wait(bell, FOLLOWED, followed_seen, SLEEP_MS);
            continue;
        }
        following_check_tokens(following);
        rest(clock_steady_us() - began_us);
        commits_seen = bell_wait(bell, "commit", commits_seen, LOOK_EVERY_MS);
    }
    return NULL;
}

struct following *following_create(struct api *api)
{
    struct arena *arena = arena_create();
    struct following *following = arena_new(arena, struct following, 1);
    following->arena = arena;
    following->api = api;
    pthread_mutex_init(&following->lock, NULL);
    following->thread = thread_start("following", watch, following);
    return following;
}

void following_destroy(struct following *following)
{
    if (!following)
        return;
    following->is_stopping = true;
    bell_ring(following->api->bell, FOLLOWED);
    bell_ring(following->api->bell, "commit");
    pthread_join(following->thread, NULL);
    pthread_mutex_destroy(&following->lock);
    arena_destroy(following->arena);
}

/* They are few: all that wait are, at most, as many as there may be connections. */
bool following_begin_wait(struct following *following, struct waiting *waiting, struct error *error)
{
    int64_t most = following->api->settings.waiting_per_token, count = 0;
    pthread_mutex_lock(&following->lock);
    for (struct waiting *at = following->waiting; at && count < most; at = at->next)
        count += text_equal(at->token_id, waiting->token_id);
    bool may_wait = count < most;
    if (may_wait) {
        waiting->next = following->waiting;
        waiting->link = &following->waiting;
        if (waiting->next)
            waiting->next->link = &waiting->next;
        following->waiting = waiting;
    }
    pthread_mutex_unlock(&following->lock);
    return may_wait || fail(error, ERROR_TOO_MANY, "",
                            "%lld requests of this token wait for events already", (long long)most);
}

void following_end_wait(struct following *following, struct waiting *waiting)
{
    pthread_mutex_lock(&following->lock);
    if (waiting->link) {
        *waiting->link = waiting->next;
        if (waiting->next)
            waiting->next->link = waiting->link;
    }
    pthread_mutex_unlock(&following->lock);
}

void following_add(struct following *following, struct follower *follower)
{
    pthread_mutex_lock(&following->lock);
    bool is_first = !following->first;
    struct follower **link = &following->first;
    while (*link && strcmp((*link)->organization_id, follower->organization_id) < 0)
        link = &(*link)->next;
    follower->next = *link;
    follower->link = link;
    if (follower->next)
        follower->next->link = &follower->next;
    *link = follower;
    pthread_mutex_unlock(&following->lock);
    if (is_first)
        bell_ring(following->api->bell, FOLLOWED);
}

void following_remove(struct following *following, struct follower *follower)
{
    pthread_mutex_lock(&following->lock);
    take_out(follower);
    pthread_mutex_unlock(&following->lock);
}
