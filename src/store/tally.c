#include "store/tally.h"

static const char *const NAMES[] = {"drafts", "emails", "conversations"};

bool tally_add(struct session *session, const char *organization_id, const char *user_id,
               enum tally tally, int64_t number, struct error *error)
{
    return db_change(session, QUERY_TALLY_ADD,
                     PARAMS(TEXT("user_id", user_id), TEXT("what", NAMES[tally]),
                            TEXT("organization_id", organization_id), NUMBER("number", number)),
                     NULL, error);
}

bool tally_of_user(struct session *session, const char *user_id, enum tally tally,
                   int64_t *ret_number, struct error *error)
{
    return db_number(session, QUERY_TALLY_OF_USER,
                     PARAMS(TEXT("user_id", user_id), TEXT("what", NAMES[tally])), ret_number,
                     error);
}

bool tally_seen(struct session *session, const struct viewer *viewer, enum tally tally,
                int64_t *ret_number, struct error *error)
{
    if (viewer->seen_by)
        return tally_of_user(session, viewer->seen_by, tally, ret_number, error);
    return db_number(
        session, QUERY_TALLY_OF_ORGANIZATION,
        PARAMS(TEXT("organization_id", viewer->organization_id), TEXT("what", NAMES[tally])),
        ret_number, error);
}
