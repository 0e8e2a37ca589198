#include "store/recipient_store.h"

enum { RECIPIENTS_MOST = 10000 }; /* of one email, those that it was edited away from included */

bool recipient_store_list(struct session *session, const char *email_id, struct arena *arena,
                          struct list *ret_recipients, struct error *error)
{
    return db_load(session, QUERY_RECIPIENT_LIST,
                   PARAMS(TEXT("email_id", email_id), NUMBER("limit", RECIPIENTS_MOST)),
                   RECIPIENTS_MOST, &RECIPIENT_SCHEMA, arena, ret_recipients, error);
}

bool recipient_store_save(struct session *session, const struct list *recipients,
                          struct error *error)
{
    const struct recipient *items = recipients->items;
    for (size_t i = 0; i < recipients->count; i++)
        if (!db_save(session, QUERY_RECIPIENT_SAVE, &RECIPIENT_SCHEMA, &items[i], NULL, NULL,
                     error))
            return false;
    return true;
}

bool recipient_store_forget(struct session *session, const char *email_id, bool was_not_sent,
                            struct error *error)
{
    return db_change(session, QUERY_RECIPIENT_FORGET,
                     PARAMS(TEXT("email_id", email_id), NUMBER("was_not_sent", was_not_sent)), NULL,
                     error);
}

bool recipient_store_found(struct session *session, const char *email_id, moment now,
                           struct error *error)
{
    return db_change(session, QUERY_RECIPIENT_FOUND,
                     PARAMS(TEXT("email_id", email_id), NUMBER("now", now.ms)), NULL, error);
}

bool recipient_store_has_accepted(struct session *session, const char *email_id,
                                  bool *ret_has_accepted, struct error *error)
{
    int64_t number = 0;
    if (!db_number(session, QUERY_RECIPIENT_COUNT_ACCEPTED, PARAMS(TEXT("email_id", email_id)),
                   &number, error))
        return false;
    *ret_has_accepted = number;
    return true;
}

bool recipient_store_remove(struct session *session, const char *email_id, struct error *error)
{
    return db_change(session, QUERY_RECIPIENT_DELETE, PARAMS(TEXT("email_id", email_id)), NULL,
                     error);
}
