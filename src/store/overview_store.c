#include "store/overview_store.h"

bool overview_store_organizations(struct session *session, size_t limit, struct arena *arena,
                                  struct list *ret_organizations, struct error *error)
{
    return db_load(session, QUERY_OVERVIEW_ORGANIZATIONS, PARAMS(NUMBER("limit", (int64_t)limit)),
                   limit, &ORGANIZATION_SCHEMA, arena, ret_organizations, error);
}

bool overview_store_users(struct session *session, size_t limit, struct arena *arena,
                          struct list *ret_users, struct error *error)
{
    return db_load(session, QUERY_OVERVIEW_USERS, PARAMS(NUMBER("limit", (int64_t)limit)), limit,
                   &USER_SCHEMA, arena, ret_users, error);
}

bool overview_store_accounts(struct session *session, const char *user_id, const char *address,
                             size_t limit, struct arena *arena, struct list *ret_accounts,
                             struct error *error)
{
    return db_load(session, QUERY_OVERVIEW_ACCOUNTS,
                   PARAMS(TEXT("user_id", user_id), TEXT("email_address", address),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &ACCOUNT_SCHEMA, arena, ret_accounts, error);
}

bool overview_store_outbox(struct session *session, const struct outbox_filter *filter,
                           size_t limit, struct arena *arena, struct list *ret_emails,
                           struct error *error)
{
    return db_load(
        session, QUERY_OVERVIEW_OUTBOX,
        PARAMS(TEXT("id", filter->id), TEXT("state", filter->state),
               TEXT("user_id", filter->user_id), TEXT("email_address", filter->email_address),
               NUMBER("is_held", filter->is_held), NUMBER("is_planned", filter->is_planned),
               NUMBER("since", filter->since.ms), NUMBER("limit", (int64_t)limit)),
        limit, &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool overview_store_newest_event(struct session *session, int64_t *ret_position,
                                 struct error *error)
{
    return db_number(session, QUERY_OVERVIEW_NEWEST_EVENT, NULL, ret_position, error);
}

bool overview_store_events_after(struct session *session, int64_t position, size_t limit,
                                 struct arena *arena, struct list *ret_events, struct error *error)
{
    return db_load(session, QUERY_OVERVIEW_EVENTS_AFTER,
                   PARAMS(NUMBER("position", position), NUMBER("limit", (int64_t)limit)), limit,
                   &EVENT_SCHEMA, arena, ret_events, error);
}

static const struct field TROUBLE_FIELDS[] = {
    FIELD(struct troubles, undecided, .use = STORED),
    FIELD(struct troubles, held, .use = STORED),
    FIELD(struct troubles, failed, .use = STORED),
    FIELD(struct troubles, due_since, .use = STORED),
    FIELD(struct troubles, without_default, .use = STORED),
    FIELD(struct troubles, newest_event_at, .use = STORED),
    {0},
};
static const struct schema TROUBLES = SCHEMA(struct troubles, TROUBLE_FIELDS);

bool overview_store_troubles(struct session *session, moment now, moment failed_since,
                             struct arena *arena, struct troubles *ret_troubles,
                             struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_OVERVIEW_TROUBLES,
                 PARAMS(NUMBER("now", now.ms), NUMBER("failed_since", failed_since.ms)), 1,
                 &TROUBLES, arena, &found, error))
        return false;
    *ret_troubles = *(struct troubles *)found.items;
    return true;
}
