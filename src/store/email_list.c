#include "store/email_list.h"

#include <string.h>

#include "base/text.h"
#include "store/tally.h"

static const int64_t CURSOR_END_MS = INT64_MAX;

void email_list_truncate(struct list emails)
{
    struct email *items = emails.items;
    int64_t bytes = 0;
    for (size_t i = 0; i < emails.count; i++) {
        items[i].is_truncated = bytes > EMAIL_LIST_BODY_BYTES;
        bytes += items[i].body_bytes;
    }
}

bool email_list_load(struct session *session, const struct email *listed, bool with_bodies,
                     struct arena *arena, struct email *ret_email, bool *ret_is_there,
                     struct error *error)
{
    struct list found;
    bool has_bodies = with_bodies && !listed->is_truncated; /* an invitation may have none */
    if (!db_load(session, has_bodies ? QUERY_EMAIL_WHOLE : QUERY_EMAIL_HEAD,
                 PARAMS(TEXT("id", listed->id)), 1, &EMAIL_SCHEMA, arena, &found, error))
        return false;
    *ret_is_there = found.count;
    if (!found.count)
        return true;
    *ret_email = *(const struct email *)found.items;
    ret_email->is_truncated = with_bodies && listed->is_truncated;
    return true;
}

static bool is_rare(const char *state)
{
    static const enum email_state RARE[] = {EMAIL_PENDING_APPROVAL, EMAIL_FAILED, EMAIL_UNKNOWN,
                                            EMAIL_CANCELED};
    for (size_t i = 0; i < sizeof RARE / sizeof *RARE; i++)
        if (text_equal(EMAIL_STATE_NAMES[RARE[i]], state))
            return true;
    return false;
}

bool email_list_after(struct session *session, const struct viewer *viewer, const char *state,
                      const char *case_id, const struct email_cursor *before, size_t limit,
                      struct arena *arena, struct list *ret_emails, struct error *error)
{
#define OF_USER \
    TEXT("user_id", viewer->is_agent ? viewer->user_id : viewer->seen_by), \
        TEXT("agent_token_id", viewer->is_agent ? viewer->seen_by : NULL), \
        TEXT("context_id", case_id), \
        NUMBER("before_at", before ? before->updated_at.ms : CURSOR_END_MS), \
        TEXT("before_id", before ? before->id : ""), NUMBER("limit", (int64_t)limit)
#define LOAD(query, ...) \
    db_load(session, query, PARAMS(__VA_ARGS__), limit, &EMAIL_SCHEMA, arena, ret_emails, error)
    bool are_drafts = text_equal(state, EMAIL_STATE_NAMES[EMAIL_DRAFT]), are_rare = is_rare(state);
    if ((are_drafts && !LOAD(QUERY_EMAIL_DRAFTS_AFTER, OF_USER)) ||
        (are_rare && !LOAD(QUERY_EMAIL_RARE_AFTER, OF_USER, TEXT("state", state),
                           TEXT("organization_id", viewer->organization_id))) ||
        (!are_drafts && !are_rare && !LOAD(QUERY_EMAIL_STATE_AFTER, OF_USER, TEXT("state", state))))
        return false;
#undef LOAD
#undef OF_USER
    email_list_truncate(*ret_emails);
    return true;
}

static void reverse(struct list emails)
{
    struct email *items = emails.items;
    for (size_t i = 0, j = emails.count; i + 1 < j; i++) {
        struct email other = items[--j];
        items[j] = items[i];
        items[i] = other;
    }
}

/* Behind the middle it is nearer from the end. */
static bool load_drafts(struct session *session, const char *user_id, size_t offset, size_t limit,
                        size_t count, struct arena *arena, struct list *ret_emails,
                        struct error *error)
{
    bool from_end = offset > count / 2;
    size_t end = offset + limit < count ? offset + limit : count;
    size_t skipped = from_end ? count - end : offset;
    if (!db_load(session, from_end ? QUERY_EMAIL_DRAFTS_PAGE_FROM_END : QUERY_EMAIL_DRAFTS_PAGE,
                 PARAMS(TEXT("user_id", user_id), NUMBER("limit", (int64_t)(end - offset)),
                        NUMBER("offset", (int64_t)skipped)),
                 end - offset, &EMAIL_SCHEMA, arena, ret_emails, error))
        return false;
    if (from_end)
        reverse(*ret_emails);
    return true;
}

bool email_list_drafts(struct session *session, const char *user_id, size_t offset, size_t limit,
                       struct arena *arena, struct email_page *ret_page, struct error *error)
{
    ret_page->items = (struct list){0};
    if (!tally_of_user(session, user_id, TALLY_DRAFTS, &ret_page->count, error) ||
        (offset < (size_t)ret_page->count &&
         !load_drafts(session, user_id, offset, limit, (size_t)ret_page->count, arena,
                      &ret_page->items, error)))
        return false;
    email_list_truncate(ret_page->items);
    return true;
}

/* The fewest first: a context has a few mails, a user thousands, an organization millions. */
static bool load_page(struct session *session, const struct viewer *viewer,
                      const struct email_filter *filter, size_t offset, size_t limit,
                      struct arena *arena, struct list *ret_emails, struct error *error)
{
#define FILTER \
    TEXT("state", filter->state), TEXT("context_type", filter->context_type), \
        TEXT("account_id", filter->account_id)
#define PLACE NUMBER("limit", (int64_t)limit), NUMBER("offset", (int64_t)offset)
#define SEEN \
    TEXT("organization_id", viewer->organization_id), TEXT("seen_by", viewer->seen_by), \
        NUMBER("only_drafts", viewer->only_drafts), TEXT("decider", viewer->decider)
#define DECIDED \
    TEXT("organization_id", viewer->organization_id), TEXT("seen_by", viewer->seen_by), \
        TEXT("decider", viewer->decider)
#define CONTEXT SEEN, TEXT("context_id", filter->context_id)
    if (filter->context_id)
        return db_load(session, QUERY_EMAIL_PAGE_OF_CONTEXT, PARAMS(CONTEXT, FILTER, PLACE), limit,
                       &EMAIL_SCHEMA, arena, ret_emails, error);
    if (is_rare(filter->state))
        return db_load(session, QUERY_EMAIL_PAGE_OF_RARE, PARAMS(SEEN, FILTER, PLACE), limit,
                       &EMAIL_SCHEMA, arena, ret_emails, error);
    if (viewer->decider && viewer->seen_by)
        return db_load(session, QUERY_EMAIL_PAGE_OF_DECIDER,
                       PARAMS(DECIDED, FILTER, PLACE, NUMBER("end", (int64_t)(offset + limit))),
                       limit, &EMAIL_SCHEMA, arena, ret_emails, error);
    if (viewer->is_agent)
        return db_load(session, QUERY_EMAIL_PAGE_OF_AGENT,
                       PARAMS(TEXT("agent_token_id", viewer->seen_by), FILTER, PLACE), limit,
                       &EMAIL_SCHEMA, arena, ret_emails, error);
    if (viewer->seen_by)
        return db_load(session, QUERY_EMAIL_PAGE_OF_USER,
                       PARAMS(TEXT("user_id", viewer->seen_by), FILTER, PLACE), limit,
                       &EMAIL_SCHEMA, arena, ret_emails, error);
    return db_load(session, QUERY_EMAIL_PAGE_OF_ORGANIZATION,
                   PARAMS(TEXT("organization_id", viewer->organization_id), FILTER, PLACE), limit,
                   &EMAIL_SCHEMA, arena, ret_emails, error);
}

static bool count_all(struct session *session, const struct viewer *viewer,
                      const struct email_filter *filter, int64_t *ret_count, struct error *error)
{
    if (filter->context_id)
        return db_number(session, QUERY_EMAIL_COUNT_OF_CONTEXT, PARAMS(CONTEXT, FILTER), ret_count,
                         error);
    if (is_rare(filter->state))
        return db_number(session, QUERY_EMAIL_COUNT_OF_RARE, PARAMS(SEEN, FILTER), ret_count,
                         error);
    if (viewer->decider && viewer->seen_by)
        return db_number(session, QUERY_EMAIL_COUNT_OF_DECIDER, PARAMS(DECIDED, FILTER), ret_count,
                         error);
    if (viewer->is_agent)
        return db_number(session, QUERY_EMAIL_COUNT_OF_AGENT,
                         PARAMS(TEXT("agent_token_id", viewer->seen_by), FILTER), ret_count, error);
    if (!filter->state && !filter->account_id && !filter->context_type)
        return tally_seen(session, viewer, TALLY_EMAILS, ret_count, error);
    if (viewer->seen_by)
        return db_number(session, QUERY_EMAIL_COUNT_OF_USER,
                         PARAMS(TEXT("user_id", viewer->seen_by), FILTER), ret_count, error);
    return db_number(session, QUERY_EMAIL_COUNT_OF_ORGANIZATION,
                     PARAMS(TEXT("organization_id", viewer->organization_id), FILTER), ret_count,
                     error);
#undef CONTEXT
#undef DECIDED
#undef SEEN
#undef PLACE
#undef FILTER
}

bool email_list_page(struct session *session, const struct viewer *viewer,
                     const struct email_filter *filter, size_t offset, size_t limit,
                     struct arena *arena, struct email_page *ret_page, struct error *error)
{
    if (!load_page(session, viewer, filter, offset, limit, arena, &ret_page->items, error) ||
        !count_all(session, viewer, filter, &ret_page->count, error))
        return false;
    email_list_truncate(ret_page->items);
    return true;
}
