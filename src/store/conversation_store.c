#include "store/conversation_store.h"

bool conversation_store_insert(struct session *session, const struct conversation *conversation,
                               struct error *error)
{
    return db_save(session, QUERY_CONVERSATION_INSERT, &CONVERSATION_SCHEMA, conversation, NULL,
                   NULL, error);
}

bool conversation_store_touch(struct session *session, const char *id, const char *thread_id,
                              moment now, struct error *error)
{
    if (thread_id && !db_change(session, QUERY_CONVERSATION_NAME_THREAD,
                                PARAMS(TEXT("id", id), TEXT("thread_id", thread_id)), NULL, error))
        return false;
    return db_change(session, QUERY_CONVERSATION_TOUCH,
                     PARAMS(TEXT("id", id), NUMBER("last_message_at", now.ms)), NULL, error);
}
