#include "delivery/resolver.h"

#include "base/clock.h"
#include "base/log.h"
#include "delivery/settling.h"

enum { AT_ONCE = 100, LOOK_EVERY_MS = 2000 };

struct asking { /* about the unknown mail of one mailbox; in an arena of its own */
    struct delivery *delivery;
    struct arena *arena;
    const char *account_id;
};

static void ask_about_all(const struct asking *asking)
{
    struct delivery *delivery = asking->delivery;
    struct error error = {0};
    struct list found;
    const char *silence = NULL;
    AUTO_READING session = db_read(delivery->db);
    if (!queue_store_to_probe(session, asking->account_id, clock_now(), AT_ONCE, asking->arena,
                              &found, &error)) {
        LOG(LOG_ERROR, "unknown_mail_not_listed", LOG_TEXT("account", asking->account_id),
            LOG_TEXT("reason", error.message));
        return;
    }
    db_read_end(&session);
    session = NULL;
    const struct email *emails = found.items;
    for (size_t i = 0; i < found.count && !atomic_load(&delivery->is_stopping); i++)
        settling_run(delivery, &emails[i], asking->arena, &silence);
}

static void run_asking(void *context)
{
    const struct asking *asking = context;
    struct delivery *delivery = asking->delivery;
    ask_about_all(asking);
    slots_give_back(delivery->asked, asking->account_id);
    bell_ring(delivery->bell, "unknown");
    arena_destroy(asking->arena);
}

/* Several mailboxes at the same time, each by one thread: a server that does not answer holds up
 * nobody else's mail. */
static void hand_out(struct delivery *delivery, const struct list *accounts)
{
    const struct waiting_account *items = accounts->items;
    for (size_t i = 0; i < accounts->count && slots_used(delivery->asked) < ASKED_AT_ONCE; i++) {
        if (slots_has(delivery->asked, items[i].account_id))
            continue;
        struct arena *arena = arena_create();
        struct asking *asking = arena_new(arena, struct asking, 1);
        *asking = (struct asking){delivery, arena, arena_copy(arena, items[i].account_id)};
        slots_take(delivery->asked, "", asking->account_id, asking->account_id);
        workers_give(delivery->askers, run_asking, asking);
    }
}

/* How long to sleep, unless the bell rings. */
static int64_t run_round(struct delivery *delivery, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list accounts = {0};
    moment now = clock_now(), next = {0};
    AUTO_READING session = db_read(delivery->db);
    bool ok = queue_store_accounts_to_probe(session, now, AT_ONCE, arena, &accounts, error) &&
              queue_store_next_probe(session, &next, error);
    db_read_end(&session);
    session = NULL;
    if (ok)
        hand_out(delivery, &accounts);
    if (!ok || accounts.count)
        return LOOK_EVERY_MS / 2;
    int64_t wait_ms = next.ms ? next.ms - clock_now().ms : LOOK_EVERY_MS;
    return wait_ms < 1 ? 1 : wait_ms < LOOK_EVERY_MS ? wait_ms : LOOK_EVERY_MS;
}

void *resolver_run(void *argument)
{
    struct delivery *delivery = argument;
    uint64_t seen = 0;
    bool is_failing = false;
    while (!atomic_load(&delivery->is_stopping)) {
        struct error error = {0};
        int64_t wait_ms = run_round(delivery, &error);
        if (error.code && !is_failing)
            LOG(LOG_ERROR, "resolving_failed", LOG_TEXT("reason", error.message));
        is_failing = error.code != ERROR_NONE;
        seen = bell_wait(delivery->bell, "unknown", seen, wait_ms);
    }
    return NULL;
}
