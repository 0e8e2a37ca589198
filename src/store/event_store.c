#include "store/event_store.h"

#include "base/secret.h"
#include "base/text.h"

enum { SALT_BYTES = 16 };

static const struct field END_FIELDS[] = {
    FIELD(struct chain_end, number, .use = STORED),
    FIELD(struct chain_end, hash, .use = STORED),
    {0},
};
static const struct schema END_SCHEMA = SCHEMA(struct chain_end, END_FIELDS);

static const struct field HEARERS_FIELDS[] = {
    FIELD(struct hearers, number, .use = STORED),
    FIELD(struct hearers, actor, .use = STORED),
    FIELD(struct hearers, user_id, .use = STORED),
    {0},
};
static const struct schema HEARERS_SCHEMA = SCHEMA(struct hearers, HEARERS_FIELDS);

bool event_store_end(struct session *session, const char *organization_id, struct arena *arena,
                     struct chain_end *ret_end, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_CHAIN_END, PARAMS(TEXT("organization_id", organization_id)), 1,
                 &END_SCHEMA, arena, &found, error))
        return false;
    *ret_end = found.count ? *(struct chain_end *)found.items : (struct chain_end){0};
    return true;
}

bool event_store_append_record(struct session *session, struct event_record *record,
                               struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct chain_end end;
    struct event_record kept = *record;
    if (!event_store_end(session, kept.organization_id, arena, &end, error))
        return false;
    kept.number = record->number = end.number + 1;
    kept.reason = text_is_empty(kept.reason) ? NULL : kept.reason; /* JSON tells no difference */
    kept.detail = text_is_empty(kept.detail) ? NULL : kept.detail;
    if (kept.reason || kept.detail)
        kept.salt = secret_random("", SALT_BYTES, arena);
    kept.content_sha256 = event_record_content_sha256(&kept, arena);
    kept.hash = event_record_hash(&kept, end.hash, arena);
    return db_save(session, QUERY_EVENT_INSERT, &EVENT_RECORD_SCHEMA, &kept, NULL, NULL, error) &&
           db_save(session, QUERY_CHAIN_EXTEND, &EVENT_RECORD_SCHEMA, &kept, NULL, NULL, error);
}

bool event_store_append(struct session *session, struct event *event, struct error *error)
{
    struct event_record record = event_record_of(event);
    if (!event_store_append_record(session, &record, error))
        return false;
    event->number = record.number;
    return true;
}

bool event_store_erase(struct session *session, const char *email_id, struct error *error)
{
    return db_change(session, QUERY_EVENT_ERASE, PARAMS(TEXT("email_id", email_id)), NULL, error);
}

bool event_store_list(struct session *session, const char *email_id, size_t limit,
                      struct arena *arena, struct list *ret_events, struct error *error)
{
    return db_load(session, QUERY_EVENT_LIST,
                   PARAMS(TEXT("email_id", email_id), NUMBER("limit", (int64_t)limit)), limit,
                   &EVENT_SCHEMA, arena, ret_events, error);
}

bool event_store_list_after(struct session *session, const char *organization_id, int64_t number,
                            size_t limit, struct arena *arena, struct list *ret_events,
                            struct error *error)
{
    return db_load(session, QUERY_EVENT_LIST_AFTER,
                   PARAMS(TEXT("organization_id", organization_id), NUMBER("number", number),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EVENT_SCHEMA, arena, ret_events, error);
}

bool event_store_list_of_viewer(struct session *session, const struct viewer *viewer,
                                struct event_kinds kinds, int64_t number, int64_t until,
                                size_t limit, struct arena *arena, struct list *ret_events,
                                bool *ret_is_cut, struct error *error)
{
    /* An approver without a right to read hears of what the same user has decided. */
    const char *actor = viewer->seen_by && *viewer->seen_by ? viewer->seen_by : viewer->decider;
    return db_load_within(
        session, QUERY_EVENT_LIST_OF_VIEWER,
        PARAMS(TEXT("organization_id", viewer->organization_id), TEXT("seen_by", viewer->seen_by),
               TEXT("decider", viewer->decider), TEXT("actor", actor),
               TEXT("token_id", viewer->is_agent ? viewer->seen_by : NULL),
               NUMBER("sees_mail", kinds.mail), NUMBER("sees_administration", kinds.administration),
               NUMBER("number", number), NUMBER("until", until), NUMBER("limit", (int64_t)limit)),
        limit, EVENT_LIST_BYTES, &EVENT_SCHEMA, arena, ret_events, ret_is_cut, error);
}

bool event_store_list_of_administration(struct session *session, const char *organization_id,
                                        int64_t number, size_t limit, struct arena *arena,
                                        struct list *ret_events, bool *ret_is_cut,
                                        struct error *error)
{
    return db_load_within(session, QUERY_EVENT_LIST_OF_ADMINISTRATION,
                          PARAMS(TEXT("organization_id", organization_id), NUMBER("number", number),
                                 NUMBER("limit", (int64_t)limit)),
                          limit, EVENT_LIST_BYTES, &EVENT_SCHEMA, arena, ret_events, ret_is_cut,
                          error);
}

bool event_store_hearers(struct session *session, const char *organization_id, int64_t number,
                         size_t limit, struct arena *arena, struct list *ret_hearers,
                         struct error *error)
{
    return db_load(session, QUERY_EVENT_HEARERS,
                   PARAMS(TEXT("organization_id", organization_id), NUMBER("number", number),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &HEARERS_SCHEMA, arena, ret_hearers, error);
}
