#include "delivery/missed.h"

#include "base/clock.h"
#include "base/log.h"

enum {
    MISSED_AFTER_MS = 60 * 1000, /* a quick restart misses nothing */
    AT_ONCE = 200,
};

struct looking {
    struct arena *arena;
    moment since, now;
    size_t held, expired;
};

static bool hold(struct session *session, struct email *email, struct step *step,
                 struct error *error)
{
    bool is_draft = email->state == EMAIL_DRAFT;
    if (is_draft)
        email->content_sha256 = NULL; /* whatever was asked for before has been overtaken */
    step->event = is_draft ? EVENT_MISSED : EVENT_HELD;
    return is_draft ? email_store_unplan(session, email, step, error)
                    : email_store_hold(session, email, step, error);
}

static bool expire(struct session *session, struct email *email, struct step *step,
                   struct error *error)
{
    step->event = EVENT_EXPIRE;
    email->reason = step->reason;
    return email_store_move(session, email, step, error);
}

static bool follow(struct session *session, struct looking *looking, struct email *email,
                   struct error *error)
{
    struct step step = {
        .at = looking->now,
        .actor = "system",
        .reason = arena_format(looking->arena, "its time, %s, went by while the server did not run",
                               moment_text(email->planned_send_at, 0, looking->arena)),
    };
    bool is_held = email->if_missed == IF_MISSED_HOLD;
    *(is_held ? &looking->held : &looking->expired) += 1;
    return is_held ? hold(session, email, &step, error) : expire(session, email, &step, error);
}

static bool look_work(struct session *session, void *context, struct error *error)
{
    struct looking *looking = context;
    const moment until = {looking->now.ms - MISSED_AFTER_MS};
    struct list found;
    looking->held = looking->expired = 0;
    if (!queue_store_missed(session, looking->since, until, looking->now, AT_ONCE, looking->arena,
                            &found, error))
        return false;
    struct email *emails = found.items;
    for (size_t i = 0; i < found.count; i++)
        if (!follow(session, looking, &emails[i], error))
            return false;
    return true;
}

bool missed_run(struct delivery *delivery, moment since, moment now, struct error *error)
{
    struct looking looking = {.since = since, .now = now};
    do {
        AUTO_ARENA arena = arena_create();
        looking.arena = arena;
        if (!db_write(delivery->db, look_work, &looking, error))
            return false;
        if (looking.held + looking.expired)
            LOG(LOG_WARNING, "plans_missed", LOG_NUMBER("held", (int64_t)looking.held),
                LOG_NUMBER("expired", (int64_t)looking.expired));
    } while (looking.held + looking.expired);
    return true;
}

static bool find_seen(struct delivery *delivery, moment *ret_at, struct error *error)
{
    AUTO_READING session = db_read(delivery->db);
    return queue_store_seen(session, ret_at, error);
}

bool missed_at_start(struct delivery *delivery, struct error *error)
{
    moment seen = {0};
    return find_seen(delivery, &seen, error) && missed_run(delivery, seen, clock_now(), error);
}

static bool note_work(struct session *session, void *context, struct error *error)
{
    return queue_store_note_seen(session, *(const moment *)context, error);
}

void missed_note_seen(struct delivery *delivery, moment at)
{
    struct error error = {0};
    if (!db_write(delivery->db, note_work, &at, &error))
        LOG(LOG_ERROR, "presence_not_noted", LOG_TEXT("reason", error.message));
}
