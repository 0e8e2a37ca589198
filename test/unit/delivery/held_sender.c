#include "held_sender.h"

#include <assert.h>
#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "case.h"

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t begun;
    struct {
        const char *email_id; /* lives while the turn is held */
        bool may_end;
    } turns[HELD_MOST];
} held = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static bool end_work(struct session *session, void *context, struct error *error)
{
    struct turn *turn = context;
    struct viewer viewer = {.organization_id = turn->organization_id};
    struct step step = {EVENT_ACCEPTED, clock_now(), "system", NULL, NULL};
    return email_store_find(session, &viewer, turn->email_id, turn->arena, &turn->email, error) &&
           email_store_move(session, &turn->email, &step, error);
}

void sender_run(void *argument)
{
    struct turn *turn = argument;
    struct delivery *delivery = turn->delivery;
    struct error error = {0};
    pthread_mutex_lock(&held.lock);
    size_t number = held.begun++;
    assert(number < HELD_MOST);
    held.turns[number].email_id = turn->email_id;
    pthread_cond_broadcast(&held.changed);
    while (!held.turns[number].may_end)
        pthread_cond_wait(&held.changed, &held.lock);
    pthread_mutex_unlock(&held.lock);
    bool ok = db_write(delivery->db, end_work, turn, &error);
    assert(ok);
    slots_give_back(delivery->slots, turn->email_id);
    bell_ring(delivery->bell, "due");
    arena_destroy(turn->arena);
}

void held_wait(size_t count)
{
    struct timespec until;
    int waiting = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += HELD_TIMEOUT_MS / 1000;
    pthread_mutex_lock(&held.lock);
    while (held.begun < count && !waiting)
        waiting = pthread_cond_timedwait(&held.changed, &held.lock, &until);
    size_t begun = held.begun;
    pthread_mutex_unlock(&held.lock);
    assert_int_equal(begun, count);
}

const char *held_email(size_t number)
{
    pthread_mutex_lock(&held.lock);
    const char *email_id = held.turns[number].email_id;
    pthread_mutex_unlock(&held.lock);
    return email_id;
}

void held_end(size_t number)
{
    pthread_mutex_lock(&held.lock);
    held.turns[number].may_end = true;
    pthread_cond_broadcast(&held.changed);
    pthread_mutex_unlock(&held.lock);
}

void held_forget_all(void)
{
    pthread_mutex_lock(&held.lock);
    held.begun = 0;
    for (size_t i = 0; i < HELD_MOST; i++)
        held.turns[i].may_end = false;
    pthread_mutex_unlock(&held.lock);
}
