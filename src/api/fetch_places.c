#include "api/fetch_places.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"

struct fetch_guest { /* a request that has a place, or waits for one */
    char organization_id[ID_SIZE + 1];
    uint64_t number; /* in the order of their coming; 0: this place in the table is free */
    bool has_place;
};

struct fetch_places {
    struct arena *arena; /* holds the struct itself */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned count, share, reserve, waiting_most, waiting_share; /* share: of one organization */
    unsigned taken, waiting;
    uint64_t newest;
    struct fetch_guest *guests;
    unsigned guest_room;
};

struct fetch_places *fetch_places_create(unsigned count)
{
    struct arena *arena = arena_create();
    struct fetch_places *places = arena_new(arena, struct fetch_places, 1);
    *places = (struct fetch_places){
        .arena = arena,
        .count = count,
        .share = (count + 1) / 2,
        .reserve = count / 4,
        .waiting_most = count,
        .waiting_share = (count + 3) / 4,
        .guest_room = 2 * count,
        .guests = arena_new(arena, struct fetch_guest, 2 * count),
    };
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&places->lock, NULL);
    pthread_cond_init(&places->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    return places;
}

void fetch_places_destroy(struct fetch_places *places)
{
    if (!places)
        return;
    pthread_cond_destroy(&places->changed);
    pthread_mutex_destroy(&places->lock);
    arena_destroy(places->arena);
}

static unsigned fetch_places_of(const struct fetch_places *places, const char *organization_id,
                                bool has_place)
{
    unsigned count = 0;
    for (unsigned i = 0; i < places->guest_room; i++)
        count += places->guests[i].number && places->guests[i].has_place == has_place &&
                 text_equal(places->guests[i].organization_id, organization_id);
    return count;
}

static bool fetch_places_may_take(const struct fetch_places *places,
                                  const struct fetch_guest *guest)
{
    unsigned held = fetch_places_of(places, guest->organization_id, true);
    return places->taken < places->count && held < places->share &&
           (!held || places->taken < places->count - places->reserve);
}

/* Of those that may have a place, nobody comes before it. */
static bool fetch_places_is_next(const struct fetch_places *places, const struct fetch_guest *guest)
{
    unsigned held = fetch_places_of(places, guest->organization_id, true);
    if (!fetch_places_may_take(places, guest))
        return false;
    for (unsigned i = 0; i < places->guest_room; i++) {
        const struct fetch_guest *other = &places->guests[i];
        if (!other->number || other->has_place || other == guest ||
            !fetch_places_may_take(places, other))
            continue;
        unsigned other_held = fetch_places_of(places, other->organization_id, true);
        if (other_held < held || (other_held == held && other->number < guest->number))
            return false;
    }
    return true;
}

static struct fetch_guest *fetch_places_enter(struct fetch_places *places,
                                              const char *organization_id)
{
    struct fetch_guest *guest = places->guests;
    if (places->waiting == places->waiting_most ||
        fetch_places_of(places, organization_id, false) >= places->waiting_share)
        return NULL;
    while (guest->number)
        guest++;
    snprintf(guest->organization_id, sizeof guest->organization_id, "%s", organization_id);
    guest->number = ++places->newest;
    guest->has_place = false;
    places->waiting++;
    return guest;
}

static struct timespec fetch_places_time(int64_t ms)
{
    return (struct timespec){ms / 1000, ms % 1000 * 1000000};
}

bool fetch_places_take(struct fetch_places *places, const char *organization_id, int64_t until_ms,
                       struct error *error)
{
    const struct timespec until = fetch_places_time(until_ms);
    pthread_mutex_lock(&places->lock);
    struct fetch_guest *guest = fetch_places_enter(places, organization_id);
    int timed_out = 0;
    while (guest && !fetch_places_is_next(places, guest) && !timed_out)
        timed_out = pthread_cond_timedwait(&places->changed, &places->lock, &until);
    bool is_taken = guest && fetch_places_is_next(places, guest);
    if (guest) {
        places->waiting--;
        places->taken += is_taken;
        guest->has_place = is_taken;
        guest->number = is_taken ? guest->number : 0;
    }
    pthread_cond_broadcast(&places->changed);
    pthread_mutex_unlock(&places->lock);
    return is_taken ||
           fail(error, ERROR_UNAVAILABLE, "attachments",
                "too many requests fetch attachments from URLs just now; try again in a moment");
}

void fetch_places_give_back(struct fetch_places *places, const char *organization_id)
{
    pthread_mutex_lock(&places->lock);
    struct fetch_guest *guest = places->guests;
    while (!guest->number || !guest->has_place ||
           !text_equal(guest->organization_id, organization_id))
        guest++;
    *guest = (struct fetch_guest){0};
    places->taken--;
    pthread_cond_broadcast(&places->changed);
    pthread_mutex_unlock(&places->lock);
}
