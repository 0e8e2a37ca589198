#include "model/email_trail.h"

#include "base/text.h"

static int place_of(const char *name, const char *const *names)
{
    for (int i = 0; names[i]; i++)
        if (text_equal(names[i], name))
            return i;
    return -1;
}

static bool is_start(enum email_state from, enum email_event event)
{
    return event == EVENT_RECEIVED ? from == EMAIL_RECEIVED : from == EMAIL_DRAFT;
}

/* What begins a record stands nowhere else. */
static bool begins(enum email_event event)
{
    return event == EVENT_CREATED || event == EVENT_RECEIVED;
}

/* Of a draft that is erased nothing stays but its trail. */
static bool is_over(const struct email_trail *trail, enum email_event event)
{
    return trail->is_deleted || (trail->is_erased && event != EVENT_DELETED);
}

const char *email_trail_add(struct email_trail *trail, const struct event_record *record,
                            bool may_have_begun, struct arena *arena)
{
    int from = place_of(record->from_state, EMAIL_STATE_NAMES);
    int to = place_of(record->to_state, EMAIL_STATE_NAMES);
    int event = place_of(record->event, EMAIL_EVENT_NAMES);
    long long number = record->number;
    struct email_trail before = *trail;
    if (from < 0 || to < 0 || event < 0)
        return arena_format(arena, "event %lld has a name that there is not", number);
    *trail = (struct email_trail){
        .state = (enum email_state)to,
        .is_begun = true,
        .is_erased = before.is_erased || event == EVENT_ERASED,
        .is_deleted = before.is_deleted || event == EVENT_DELETED,
        .emptied = before.emptied,
    };
    if (!trail->emptied && record->content_sha256 && !record->reason && !record->detail)
        trail->emptied = record->number;
    if (is_over(&before, (enum email_event)event))
        return arena_format(arena, "event %lld comes after the end of its mail", number);
    if (before.is_begun
            ? begins((enum email_event)event) || from != (int)before.state
            : !may_have_begun && !is_start((enum email_state)from, (enum email_event)event))
        return arena_format(arena, "event %lld begins at %s, where its mail was not", number,
                            record->from_state);
    if (!email_may_step((enum email_state)from, (enum email_event)event, (enum email_state)to))
        return arena_format(arena, "event %lld leads from %s by %s to %s, which cannot be", number,
                            record->from_state, record->event, record->to_state);
    return NULL;
}

const char *email_trail_end(const struct email_trail *trail, struct arena *arena)
{
    return !trail->emptied || trail->is_erased || trail->is_deleted
               ? NULL
               : arena_format(arena,
                              "the reason and the detail of event %lld are gone, and nobody has "
                              "erased or deleted its mail",
                              (long long)trail->emptied);
}

const char *email_trail_check(const struct email_trail *trail, const struct event_record *last,
                              const struct email_record *email, struct arena *arena)
{
    long long number = last->number;
    if (!email->id)
        return trail->is_deleted ? NULL
                                 : arena_format(arena, "its mail is gone, and no event says so");
    if (trail->is_deleted)
        return arena_format(arena, "event %lld says that its mail was deleted, and it is there",
                            number);
    if (!text_equal(email->state, last->to_state))
        return arena_format(arena, "its mail is %s, and event %lld left it %s", email->state,
                            number, last->to_state);
    if (trail->state == EMAIL_SENT && !text_equal(email->mail_sha256, last->mail_sha256))
        return arena_format(arena, "its mail has another SHA-256 than event %lld says", number);
    if (trail->is_erased != (email->erased_at != 0))
        return arena_format(arena, trail->is_erased
                                       ? "its mail was erased, and says that it was not"
                                       : "its mail says that it was erased, and no event does");
    return NULL;
}
