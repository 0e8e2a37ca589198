#include "webhook/lookout.h"

#include "base/log.h"
#include "base/text.h"
#include "model/event_type.h"
#include "store/webhook_store.h"

enum { WEBHOOKS_MOST = 10 * 1000, MARKS_MOST = 1000 };

static const struct webhook *find_row(struct list rows, const char *id)
{
    const struct webhook *items = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        if (text_equal(items[i].id, id))
            return &items[i];
    return NULL;
}

/* Hooks whose row is another by now, or none, go as soon as nothing of them runs. */
static void outdate(struct roster *roster, struct list rows)
{
    pthread_mutex_lock(&roster->lock);
    for (struct hook *hook = roster->first; hook; hook = hook->next) {
        const struct webhook *row = find_row(rows, hook->webhook.id);
        if (!row || row->version != hook->webhook.version)
            hook->is_outdated = true;
    }
    roster_sweep(roster);
    pthread_mutex_unlock(&roster->lock);
}

static bool is_known(struct roster *roster, const char *id)
{
    pthread_mutex_lock(&roster->lock);
    bool is_known = roster_find(roster, id);
    pthread_mutex_unlock(&roster->lock);
    return is_known;
}

static void add(struct roster *roster, struct hook *hook)
{
    if (hook->fault)
        LOG(LOG_ERROR, "webhook_not_usable", LOG_TEXT("webhook", hook->webhook.id),
            LOG_TEXT("reason", hook->fault));
    pthread_mutex_lock(&roster->lock);
    roster_add(roster, hook);
    pthread_mutex_unlock(&roster->lock);
}

bool lookout_read(struct db *db, struct roster *roster, const struct secret_key *key,
                  struct error *error)
{
    AUTO_ARENA arena = arena_create();
    AUTO_READING session = db_read(db);
    struct list rows;
    if (!webhook_store_list_active(session, WEBHOOKS_MOST, arena, &rows, error))
        return false;
    outdate(roster, rows);
    const struct webhook *items = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        struct hook *hook;
        if (is_known(roster, items[i].id))
            continue;
        if (!roster_read(session, &items[i], key, &hook, error))
            return false;
        add(roster, hook);
    }
    return true;
}

/* Under the lock. Also without an event: lanes whose turn has ended meanwhile come on. */
static void mark(struct hook *hook, struct list events)
{
    const struct event *items = events.items;
    for (size_t i = 0; i < events.count; i++)
        if (webhook_wants(&hook->webhook, event_type(&items[i])))
            roster_mark(hook, items[i].email_id, items[i].number);
    roster_pass(hook, events.count ? items[events.count - 1].number : hook->looked);
}

/* Those there are now. Only this thread frees any, so it may keep them. */
static struct list hooks_of(struct roster *roster, struct arena *arena)
{
    size_t count = 0;
    pthread_mutex_lock(&roster->lock);
    for (struct hook *at = roster->first; at; at = at->next)
        count++;
    struct hook **hooks = arena_new(arena, struct hook *, count);
    count = 0;
    for (struct hook *at = roster->first; at; at = at->next)
        hooks[count++] = at;
    pthread_mutex_unlock(&roster->lock);
    return (struct list){hooks, count};
}

static bool look_for(struct session *session, struct roster *roster, struct hook *hook,
                     bool *ret_has_more, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list events;
    if (!webhook_store_marks(session, hook->webhook.organization_id, hook->looked, MARKS_MOST,
                             arena, &events, error))
        return false;
    *ret_has_more = *ret_has_more || events.count == MARKS_MOST;
    pthread_mutex_lock(&roster->lock);
    mark(hook, events);
    pthread_mutex_unlock(&roster->lock);
    return true;
}

/* No lock is held while the database is asked: its sessions may all be lent to those who wait for
 * the lock. */
bool lookout_look(struct db *db, struct roster *roster, bool *ret_has_more, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    AUTO_READING session = db_read(db);
    struct list hooks = hooks_of(roster, arena);
    for (size_t i = 0; i < hooks.count; i++)
        if (!look_for(session, roster, ((struct hook **)hooks.items)[i], ret_has_more, error))
            return false;
    return true;
}
