#include "store/sign_in_store.h"

enum { OF_A_USER_MOST = 32, CLAIM_LASTS_MS = 2 * 60 * 1000 };

static bool not_found(struct error *error)
{
    return fail(error, ERROR_NOT_FOUND, "state",
                "this sign-in is over: it was used before, or begun too long ago");
}

bool sign_in_store_insert(struct session *session, const struct sign_in *sign_in,
                          struct error *error)
{
    return db_save(session, QUERY_SIGN_IN_INSERT, &SIGN_IN_SCHEMA, sign_in, NULL, NULL, error) &&
           db_change(session, QUERY_SIGN_IN_TIDY,
                     PARAMS(NUMBER("until", sign_in->created_at.ms - SIGN_IN_LASTS_MS),
                            TEXT("user_id", sign_in->user_id), NUMBER("most", OF_A_USER_MOST)),
                     NULL, error);
}

bool sign_in_store_find(struct session *session, const char *state_hash, moment now,
                        struct arena *arena, struct sign_in *ret_sign_in, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_SIGN_IN_FIND,
                 PARAMS(TEXT("state_hash", state_hash), NUMBER("after", now.ms - SIGN_IN_LASTS_MS)),
                 1, &SIGN_IN_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return not_found(error);
    *ret_sign_in = *(struct sign_in *)found.items;
    return true;
}

bool sign_in_store_use_up(struct session *session, const char *state_hash, struct error *error)
{
    int64_t removed = 0;
    return db_change(session, QUERY_SIGN_IN_REMOVE, PARAMS(TEXT("state_hash", state_hash)),
                     &removed, error) &&
           (removed == 1 || not_found(error));
}

static bool sign_in_store_lacks(struct error *error)
{
    return fail(error, ERROR_NOT_FOUND, "completion",
                "this sign-in cannot be completed: it was completed or given up before, came back "
                "too long ago, or was begun by another user");
}

bool sign_in_store_park(struct session *session, const struct sign_in *sign_in, struct error *error)
{
    int64_t changed = 0;
    return db_save(session, QUERY_SIGN_IN_PARK, &SIGN_IN_SCHEMA, sign_in, NULL, &changed, error) &&
           (changed == 1 || not_found(error));
}

bool sign_in_store_find_parked(struct session *session, const char *completion_hash,
                               const char *user_id, moment now, struct arena *arena,
                               struct sign_in *ret_sign_in, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_SIGN_IN_PARKED,
                 PARAMS(TEXT("completion_hash", completion_hash), TEXT("user_id", user_id),
                        NUMBER("after", now.ms - SIGN_IN_LASTS_MS)),
                 1, &SIGN_IN_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return sign_in_store_lacks(error);
    *ret_sign_in = *(struct sign_in *)found.items;
    return true;
}

bool sign_in_store_claim(struct session *session, const char *completion_hash, moment now,
                         struct error *error)
{
    int64_t changed = 0;
    return db_change(session, QUERY_SIGN_IN_CLAIM,
                     PARAMS(TEXT("completion_hash", completion_hash), NUMBER("now", now.ms),
                            NUMBER("until", now.ms - CLAIM_LASTS_MS)),
                     &changed, error) &&
           (changed == 1 || fail(error, ERROR_CONFLICT, "completion",
                                 "this sign-in is being completed at this moment"));
}

bool sign_in_store_release(struct session *session, const char *completion_hash,
                           struct error *error)
{
    return db_change(session, QUERY_SIGN_IN_RELEASE,
                     PARAMS(TEXT("completion_hash", completion_hash)), NULL, error);
}

bool sign_in_store_keep(struct session *session, const char *completion_hash,
                        const char *sealed_refresh_token, struct error *error)
{
    return db_change(session, QUERY_SIGN_IN_KEEP,
                     PARAMS(TEXT("completion_hash", completion_hash),
                            TEXT("sealed_refresh_token", sealed_refresh_token)),
                     NULL, error);
}

bool sign_in_store_finish(struct session *session, const char *completion_hash, struct error *error)
{
    int64_t removed = 0;
    return db_change(session, QUERY_SIGN_IN_FINISH,
                     PARAMS(TEXT("completion_hash", completion_hash)), &removed, error) &&
           (removed == 1 || sign_in_store_lacks(error));
}
