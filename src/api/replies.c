#include "api/replies.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/text.h"

enum stage {
    STAGE_FREE,  /* has no place and does not wait */
    STAGE_WAITS, /* parked */
    STAGE_PLACE, /* may compose its reply */
};

/* One exchange's. All that are on record are in one list, the oldest first: few are. */
struct held_reply {
    struct held_reply *next;
    const char *organization_id;
    enum stage stage;
    uint64_t bytes;  /* on disk */
    uint64_t needed; /* of the disk, as far as is known, when there was no room for it; else 0 */
    int64_t wait_until_ms;
    uint64_t park_number;
};

enum { TURNS = 64 }; /* organizations share one now and then: that costs one of them a turn */

struct replies {
    struct arena *arena; /* holds the struct itself */
    struct replies_settings settings;
    pthread_mutex_t lock;
    struct held_reply *first;
    size_t composed; /* places that are taken */
    _Atomic uint64_t bytes;
    uint64_t turn, last_turn[TURNS]; /* when an organization was given a place */
};

struct replies *replies_create(const struct replies_settings *settings)
{
    struct arena *arena = arena_create();
    struct replies *replies = arena_new(arena, struct replies, 1);
    replies->arena = arena;
    replies->settings = *settings;
    pthread_mutex_init(&replies->lock, NULL);
    return replies;
}

void replies_destroy(struct replies *replies)
{
    if (!replies)
        return;
    pthread_mutex_destroy(&replies->lock);
    arena_destroy(replies->arena);
}

uint64_t replies_bytes(struct replies *replies)
{
    return replies->bytes;
}

static struct held_reply *held_reply_of(struct request *request)
{
    struct replies *replies = request->api->replies;
    if (request->held_reply)
        return request->held_reply;
    struct held_reply *held = arena_new(request->lasting, struct held_reply, 1);
    held->organization_id = text_or(request->viewer.organization_id, "");
    request->held_reply = held;
    struct held_reply **end = &replies->first;
    while (*end)
        end = &(*end)->next;
    *end = held;
    return held;
}

static uint64_t organization_bytes(const struct replies *replies, const char *organization_id)
{
    uint64_t bytes = 0;
    for (const struct held_reply *held = replies->first; held; held = held->next)
        if (text_equal(held->organization_id, organization_id))
            bytes += held->bytes;
    return bytes;
}

static bool replies_has_room(const struct replies *replies, const char *organization_id,
                             uint64_t bytes)
{
    const struct replies_settings *settings = &replies->settings;
    return replies->bytes + bytes <= settings->bytes &&
           (replies->bytes + bytes <= settings->organization_bytes ||
            organization_bytes(replies, organization_id) + bytes <= settings->organization_bytes);
}

static uint64_t *turn_of(struct replies *replies, const char *organization_id)
{
    uint64_t key = 14695981039346656037U; /* FNV-1a */
    for (const char *at = organization_id; *at; at++)
        key = (key ^ (unsigned char)*at) * 1099511628211U;
    return &replies->last_turn[key % TURNS];
}

/* Of those that could begin now: the organization whose last turn is longest ago, then the one
 * that has waited longest. */
static struct held_reply *next_to_begin(struct replies *replies)
{
    struct held_reply *next = NULL;
    if (replies->composed >= replies->settings.places)
        return NULL;
    for (struct held_reply *held = replies->first; held; held = held->next)
        if (held->stage == STAGE_WAITS &&
            replies_has_room(replies, held->organization_id, held->needed) &&
            (!next ||
             *turn_of(replies, held->organization_id) < *turn_of(replies, next->organization_id)))
            next = held;
    return next;
}

static void give_place(struct replies *replies, struct held_reply *held)
{
    held->stage = STAGE_PLACE;
    held->needed = 0;
    replies->composed++;
    *turn_of(replies, held->organization_id) = ++replies->turn;
}

/* After a place or some of the disk has become free. */
static void wake_next(struct request *request)
{
    struct replies *replies = request->api->replies;
    for (struct held_reply *held; (held = next_to_begin(replies));) {
        give_place(replies, held);
        http_wake(request->api->server, held->park_number);
    }
}

static bool has_waiting(const struct replies *replies)
{
    const struct held_reply *held = replies->first;
    while (held && held->stage != STAGE_WAITS)
        held = held->next;
    return held;
}

static bool is_reading(const struct request *request)
{
    return text_equal(request->route->method, "GET");
}

static bool fail_for_room(struct error *error)
{
    return fail(error, ERROR_UNAVAILABLE, "",
                "too many large replies are being made, or wait to be read by their clients");
}

/* It waited, and either has a place now or will get none: its time is up, or the server ends. */
static bool take_up(struct request *request, struct error *error)
{
    struct replies *replies = request->api->replies;
    struct held_reply *held = request->held_reply;
    request->waits_for_place = false;
    pthread_mutex_lock(&replies->lock);
    bool has_place = held->stage == STAGE_PLACE;
    if (!has_place)
        held->stage = STAGE_FREE;
    pthread_mutex_unlock(&replies->lock);
    return has_place || fail_for_room(error);
}

static void resume(struct http_exchange *exchange, void *context)
{
    (void)context;
    struct request *request = http_attachment(exchange);
    struct error error = {0};
    request_begin_turn(request);
    bool is_done = take_up(request, &error) && request->route->run(request, &error);
    if (!is_done && !request->waits_for_place)
        reply_error(request, &error);
    request_end_turn(request);
}

/* Under the lock; its time is counted from the first wait on. Does nothing when the time is up, or
 * when there will never be so much room. */
static void begin_to_wait(struct request *request, struct held_reply *held)
{
    struct replies *replies = request->api->replies;
    int64_t now_ms = clock_steady_ms();
    if (!held->wait_until_ms)
        held->wait_until_ms = now_ms + replies->settings.wait_ms;
    if (held->wait_until_ms <= now_ms || !request->api->is_open ||
        held->needed > replies->settings.organization_bytes ||
        held->needed > replies->settings.bytes)
        return;
    replies->composed -= held->stage == STAGE_PLACE;
    held->stage = STAGE_WAITS;
    held->park_number = http_park(request->exchange, held->wait_until_ms - now_ms, resume);
    request->waits_for_place = true;
}

bool replies_begin(struct request *request, uint64_t bytes, struct error *error)
{
    struct replies *replies = request->api->replies;
    if (bytes < REPLY_LARGE_BYTES || !is_reading(request))
        return true;
    pthread_mutex_lock(&replies->lock);
    struct held_reply *held = held_reply_of(request);
    if (held->stage == STAGE_FREE && replies->composed < replies->settings.places &&
        !has_waiting(replies) && replies_has_room(replies, held->organization_id, bytes))
        give_place(replies, held);
    bool has_place = held->stage == STAGE_PLACE;
    if (!has_place) {
        held->needed = bytes;
        begin_to_wait(request, held);
    }
    pthread_mutex_unlock(&replies->lock);
    return has_place || fail_for_room(error);
}

bool replies_take(struct request *request, uint64_t bytes, struct error *error)
{
    struct replies *replies = request->api->replies;
    pthread_mutex_lock(&replies->lock);
    struct held_reply *held = held_reply_of(request);
    bool has_room = !is_reading(request) || replies_has_room(replies, held->organization_id, bytes);
    if (has_room) {
        held->bytes += bytes;
        replies->bytes += bytes;
    } else {
        held->needed = held->bytes + bytes;
    }
    pthread_mutex_unlock(&replies->lock);
    return has_room || fail_for_room(error);
}

/* Under the lock. */
static void give_back(struct replies *replies, struct held_reply *held)
{
    replies->bytes -= held->bytes;
    held->bytes = 0;
}

void replies_give_up(struct request *request, bool may_run_again)
{
    struct replies *replies = request->api->replies;
    struct held_reply *held = request->held_reply;
    if (!held)
        return;
    pthread_mutex_lock(&replies->lock);
    give_back(replies, held);
    if (may_run_again && held->needed)
        begin_to_wait(request, held);
    wake_next(request);
    pthread_mutex_unlock(&replies->lock);
}

bool replies_check_room(struct request *request, struct error *error)
{
    struct replies *replies = request->api->replies;
    const struct replies_settings *settings = &replies->settings;
    if (is_reading(request) ||
        (replies->bytes < settings->organization_bytes && replies->bytes < settings->bytes))
        return true;
    pthread_mutex_lock(&replies->lock);
    bool has_room = replies_has_room(replies, text_or(request->viewer.organization_id, ""), 1);
    pthread_mutex_unlock(&replies->lock);
    return has_room || fail_for_room(error);
}

void replies_end_turn(struct request *request)
{
    struct replies *replies = request->api->replies;
    struct held_reply *held = request->held_reply;
    if (!held || request->waits_for_place)
        return;
    pthread_mutex_lock(&replies->lock);
    if (held->stage == STAGE_PLACE) {
        held->stage = STAGE_FREE;
        replies->composed--;
        wake_next(request);
    }
    pthread_mutex_unlock(&replies->lock);
}

void replies_close(struct request *request)
{
    struct replies *replies = request->api->replies;
    struct held_reply *held = request->held_reply, **at = &replies->first;
    if (!held)
        return;
    pthread_mutex_lock(&replies->lock);
    while (*at != held)
        at = &(*at)->next;
    *at = held->next;
    replies->composed -= held->stage == STAGE_PLACE;
    give_back(replies, held);
    wake_next(request);
    pthread_mutex_unlock(&replies->lock);
}
