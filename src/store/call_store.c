#include "store/call_store.h"

#include <string.h>

#include "store/quota_store.h"

bool call_store_insert(struct session *session, const struct call *call, struct error *error)
{
    return db_save(session, QUERY_CALL_INSERT, &CALL_SCHEMA, call, NULL, NULL, error);
}

bool call_store_find(struct session *session, const struct call *call, struct arena *arena,
                     struct call *ret_call, bool *ret_found, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_CALL_BY_KEY,
                 PARAMS(TEXT("organization_id", call->organization_id),
                        TEXT("user_id", call->user_id),
                        TEXT("idempotency_key", call->idempotency_key),
                        TEXT("fingerprint", call->fingerprint)),
                 1, &CALL_SCHEMA, arena, &found, error))
        return false;
    *ret_found = found.count;
    if (found.count)
        *ret_call = *(struct call *)found.items;
    return true;
}

bool call_store_name_email(struct session *session, const struct call *call, struct error *error)
{
    return db_save(session, QUERY_CALL_NAME_EMAIL, &CALL_SCHEMA, call, NULL, NULL, error);
}

bool call_store_erase(struct session *session, const char *email_id, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    struct list found;
    if (!db_load(session, QUERY_CALL_KEPT_BYTES, PARAMS(TEXT("email_id", email_id)), 1,
                 &QUOTAS_SCHEMA, arena, &found, error))
        return false;
    const struct quotas *kept = found.items;
    return !found.count ||
           (quota_store_note(session, kept->organization_id, QUOTA_STORED_BYTES,
                             -kept->used.of[QUOTA_STORED_BYTES], error) &&
            db_change(session, QUERY_CALL_ERASE, PARAMS(TEXT("email_id", email_id)), NULL, error));
}

bool call_store_answer(struct session *session, const struct call *call, struct error *error)
{
    int64_t answered = 0;
    if (call->body &&
        !db_save(session, QUERY_CALL_ANSWER, &CALL_SCHEMA, call, NULL, &answered, error))
        return false;
    if (answered)
        return quota_store_note(session, call->organization_id, QUOTA_STORED_BYTES,
                                (int64_t)strlen(call->body), error);
    return db_save(session, QUERY_CALL_ANSWER_WITHOUT_BODY, &CALL_SCHEMA, call, NULL, NULL, error);
}
