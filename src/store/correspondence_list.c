#include "store/correspondence_list.h"

#include "store/email_list.h"

static const int64_t CURSOR_END_MS = INT64_MAX;

static const char *state_of(enum direction direction)
{
    static const enum email_state STATES[] = {
        [DIRECTION_INBOUND] = EMAIL_RECEIVED, [DIRECTION_OUTBOUND] = EMAIL_SENT};
    return direction == DIRECTION_ANY ? NULL : EMAIL_STATE_NAMES[STATES[direction]];
}

static bool load(struct session *session, const struct viewer *viewer,
                 const struct correspondence_filter *filter,
                 const struct correspondence_cursor *before, size_t limit, struct arena *arena,
                 struct list *ret_emails, struct error *error)
{
#define PLACE \
    TEXT("user_id", viewer->seen_by), TEXT("state", state_of(filter->direction)), \
        NUMBER("before_at", before->id ? before->sent_at.ms : CURSOR_END_MS), \
        TEXT("before_id", before->id ? before->id : ""), NUMBER("limit", (int64_t)limit)
#define CASE TEXT("organization_id", viewer->organization_id), TEXT("case_id", filter->case_id)
    if (filter->conversation_id)
        return db_load(session, QUERY_CORRESPONDENCE_OF_CONVERSATION_AFTER,
                       PARAMS(CASE, TEXT("conversation_id", filter->conversation_id), PLACE), limit,
                       &EMAIL_SCHEMA, arena, ret_emails, error);
    if (filter->case_id)
        return db_load(session, QUERY_CORRESPONDENCE_OF_CASE_AFTER, PARAMS(CASE, PLACE), limit,
                       &EMAIL_SCHEMA, arena, ret_emails, error);
    return db_load(session, QUERY_CORRESPONDENCE_AFTER, PARAMS(PLACE), limit, &EMAIL_SCHEMA, arena,
                   ret_emails, error);
#undef CASE
#undef PLACE
}

bool correspondence_list_after(struct session *session, const struct viewer *viewer,
                               const struct correspondence_filter *filter,
                               const struct correspondence_cursor *before, size_t limit,
                               struct arena *arena, struct list *ret_emails, struct error *error)
{
    if (!load(session, viewer, filter, before, limit, arena, ret_emails, error))
        return false;
    email_list_truncate(*ret_emails);
    return true;
}
