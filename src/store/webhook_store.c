#include "store/webhook_store.h"

#include "store/event_store.h"

static bool is_missing(struct error *error)
{
    return fail(error, ERROR_NOT_FOUND, "webhook", "no webhook has this id");
}

static bool newest_number(struct session *session, const char *organization_id, int64_t *ret_number,
                          struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct chain_end end;
    if (!event_store_end(session, organization_id, arena, &end, error))
        return false;
    *ret_number = end.number;
    return true;
}

bool webhook_store_insert(struct session *session, const struct webhook *webhook,
                          struct error *error)
{
    struct webhook_lane lane = {.webhook_id = webhook->id};
    if (!newest_number(session, webhook->organization_id, &lane.number, error) ||
        !db_save(session, QUERY_WEBHOOK_INSERT, &WEBHOOK_SCHEMA, webhook, NULL, NULL, error))
        return false;
    for (; lane.lane < WEBHOOK_LANES; lane.lane++)
        if (!db_save(session, QUERY_WEBHOOK_LANE_INSERT, &WEBHOOK_LANE_SCHEMA, &lane, NULL, NULL,
                     error))
            return false;
    return true;
}

bool webhook_store_find(struct session *session, const char *organization_id, const char *id,
                        struct arena *arena, struct webhook *ret_webhook, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_WEBHOOK_BY_ID,
                 PARAMS(TEXT("id", id), TEXT("organization_id", organization_id)), 1,
                 &WEBHOOK_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return is_missing(error);
    *ret_webhook = *(struct webhook *)found.items;
    return true;
}

bool webhook_store_list(struct session *session, const char *organization_id, size_t limit,
                        struct arena *arena, struct list *ret_webhooks, struct error *error)
{
    return db_load(
        session, QUERY_WEBHOOK_LIST,
        PARAMS(TEXT("organization_id", organization_id), NUMBER("limit", (int64_t)limit)), limit,
        &WEBHOOK_SCHEMA, arena, ret_webhooks, error);
}

bool webhook_store_list_active(struct session *session, size_t limit, struct arena *arena,
                               struct list *ret_webhooks, struct error *error)
{
    return db_load(session, QUERY_WEBHOOK_LIST_ACTIVE, PARAMS(NUMBER("limit", (int64_t)limit)),
                   limit, &WEBHOOK_SCHEMA, arena, ret_webhooks, error);
}

bool webhook_store_count(struct session *session, const char *organization_id, int64_t *ret_count,
                         struct error *error)
{
    return db_number(session, QUERY_WEBHOOK_COUNT, PARAMS(TEXT("organization_id", organization_id)),
                     ret_count, error);
}

bool webhook_store_change(struct session *session, const struct webhook *webhook,
                          struct error *error)
{
    int64_t changed = 0;
    return db_save(session, QUERY_WEBHOOK_CHANGE, &WEBHOOK_SCHEMA, webhook, NULL, &changed,
                   error) &&
           (changed || is_missing(error));
}

bool webhook_store_remove(struct session *session, const char *organization_id, const char *id,
                          struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct webhook webhook;
    return webhook_store_find(session, organization_id, id, arena, &webhook, error) &&
           db_change(session, QUERY_WEBHOOK_LANES_REMOVE, PARAMS(TEXT("webhook_id", id)), NULL,
                     error) &&
           db_change(session, QUERY_WEBHOOK_REMOVE, PARAMS(TEXT("id", id)), NULL, error);
}

bool webhook_store_note(struct session *session, const struct webhook *webhook, struct error *error)
{
    return db_save(session, QUERY_WEBHOOK_NOTE, &WEBHOOK_SCHEMA, webhook, NULL, NULL, error);
}

bool webhook_store_lanes(struct session *session, const char *webhook_id, struct arena *arena,
                         struct list *ret_lanes, struct error *error)
{
    return db_load(session, QUERY_WEBHOOK_LANE_LIST,
                   PARAMS(TEXT("webhook_id", webhook_id), NUMBER("limit", WEBHOOK_LANES)),
                   WEBHOOK_LANES, &WEBHOOK_LANE_SCHEMA, arena, ret_lanes, error);
}

bool webhook_store_least(struct session *session, const char *webhook_id, int64_t *ret_number,
                         struct error *error)
{
    return db_number(session, QUERY_WEBHOOK_LANES_LEAST, PARAMS(TEXT("webhook_id", webhook_id)),
                     ret_number, error);
}

bool webhook_store_advance(struct session *session, const struct webhook_lane *lane,
                           struct error *error)
{
    return db_save(session, QUERY_WEBHOOK_LANE_ADVANCE, &WEBHOOK_LANE_SCHEMA, lane, NULL, NULL,
                   error);
}

bool webhook_store_fail(struct session *session, const struct webhook_lane *lane, int64_t version,
                        struct error *error)
{
    return db_save(session, QUERY_WEBHOOK_LANE_FAIL, &WEBHOOK_LANE_SCHEMA, lane,
                   PARAMS(NUMBER("version", version)), NULL, error);
}

bool webhook_store_restart(struct session *session, const struct webhook *webhook, bool from_now,
                           struct error *error)
{
    int64_t newest = 0;
    const struct param webhook_id = TEXT("webhook_id", webhook->id);
    return newest_number(session, webhook->organization_id, &newest, error) &&
           db_change(session, QUERY_WEBHOOK_LANES_RESTART, PARAMS(webhook_id), NULL, error) &&
           (!from_now || db_change(session, QUERY_WEBHOOK_LANES_PASS_OVER,
                                   PARAMS(webhook_id, NUMBER("number", newest)), NULL, error));
}

bool webhook_store_marks(struct session *session, const char *organization_id, int64_t number,
                         size_t limit, struct arena *arena, struct list *ret_events,
                         struct error *error)
{
    return db_load(session, QUERY_EVENT_MARKS,
                   PARAMS(TEXT("organization_id", organization_id), NUMBER("number", number),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EVENT_SCHEMA, arena, ret_events, error);
}

bool webhook_store_events(struct session *session, const char *organization_id, int64_t lane,
                          int64_t number, size_t limit, struct arena *arena,
                          struct list *ret_events, struct error *error)
{
    const char *digit = arena_format(arena, "%llx", (long long)lane);
    const char *other_digit = arena_format(arena, "%llx", (long long)lane + WEBHOOK_LANES);
    return db_load(session, QUERY_EVENT_LIST_OF_LANE,
                   PARAMS(TEXT("organization_id", organization_id), NUMBER("number", number),
                          TEXT("digit", digit), TEXT("other_digit", other_digit),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EVENT_SCHEMA, arena, ret_events, error);
}
