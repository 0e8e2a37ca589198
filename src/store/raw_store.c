#include "store/raw_store.h"

bool raw_store_find(struct session *session, const char *email_id, struct arena *arena,
                    struct raw *ret_raw, struct error *error)
{
    struct raw raw = {0};
    struct list found = {0};
    if (!db_bytes(session, QUERY_EMAIL_RAW, PARAMS(TEXT("id", email_id)), arena, &raw.bytes,
                  error) ||
        (!raw.bytes.data &&
         !db_load(session, QUERY_EMAIL_RAW_DOCUMENT, PARAMS(TEXT("id", email_id)), 1,
                  &DOCUMENT_SCHEMA, arena, &found, error)))
        return false;
    if (found.count)
        raw.document = *(struct document *)found.items;
    *ret_raw = raw;
    return true;
}
