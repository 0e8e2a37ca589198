#include "store/email_store.h"

static const int64_t CURSOR_END_MS = INT64_MAX;

static const char *state_name(enum email_state state)
{
    return EMAIL_STATE_NAMES[state];
}

static bool write_event(struct session *session, const struct email *email, enum email_state from,
                        const struct step *step, struct error *error)
{
    struct event event = {
        .organization_id = email->organization_id,
        .email_id = email->id,
        .at = step->at,
        .event = step->event,
        .from_state = from,
        .to_state = email->state,
        .actor = step->actor,
        .reason = step->reason,
        .detail = step->detail,
        .mail_sha256 = email->mail_sha256,
    };
    return db_save(session, QUERY_EVENT_INSERT, &EVENT_SCHEMA, &event, NULL, NULL, error);
}

static bool save_body(struct session *session, const struct email *email, struct error *error)
{
    return db_save(session, QUERY_EMAIL_BODY_SAVE, &EMAIL_SCHEMA, email, NULL, NULL, error);
}

bool email_store_insert(struct session *session, struct email *email, const struct step *step,
                        struct error *error)
{
    email->state = EMAIL_DRAFT;
    if (step->event != EVENT_CREATED && !email_next(EMAIL_DRAFT, step->event, &email->state))
        return fail(error, ERROR_INTERNAL, "", "a new email cannot %s",
                    EMAIL_EVENT_NAMES[step->event]);
    email->version = 1;
    email->created_at = email->updated_at = step->at;
    return db_save(session, QUERY_EMAIL_INSERT, &EMAIL_SCHEMA, email, NULL, NULL, error) &&
           ((!email->body_text && !email->body_html) || save_body(session, email, error)) &&
           write_event(session, email, EMAIL_DRAFT, step, error);
}

bool email_store_find(struct session *session, const struct viewer *viewer, const char *id,
                      struct arena *arena, struct email *ret_email, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_EMAIL_BY_ID,
                 PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                        TEXT("seen_by", viewer->seen_by)),
                 1, &EMAIL_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "draft", "no email has this id");
    *ret_email = *(struct email *)found.items;
    return true;
}

bool email_store_change(struct session *session, struct email *email, moment now,
                        struct error *error)
{
    int64_t changed = 0;
    email->updated_at = now;
    if (!db_save(session, QUERY_EMAIL_CHANGE, &EMAIL_SCHEMA, email, NULL, &changed, error) ||
        !save_body(session, email, error))
        return false;
    if (!changed)
        return fail(error, ERROR_CONFLICT, "version",
                    "has been changed by somebody else meanwhile");
    email->version++;
    return true;
}

bool email_store_move(struct session *session, struct email *email, const struct step *step,
                      struct error *error)
{
    enum email_state from = email->state, to;
    int64_t moved = 0, claim = email->claim;
    if (!email_next(from, step->event, &to))
        return fail(error, ERROR_CONFLICT, "status", "a mail that is %s cannot %s",
                    state_name(from), EMAIL_EVENT_NAMES[step->event]);
    struct email after = *email;
    after.state = to;
    after.updated_at = step->at;
    if (step->event == EVENT_CLAIM)
        after.claim++;
    if (!db_save(session, QUERY_EMAIL_MOVE, &EMAIL_SCHEMA, &after,
                 PARAMS(TEXT("from_state", state_name(from)), NUMBER("from_claim", claim)), &moved,
                 error))
        return false;
    if (!moved)
        return fail(error, ERROR_CONFLICT, "status", "is no longer %s", state_name(from));
    *email = after;
    return write_event(session, email, from, step, error);
}

bool email_store_identify(struct session *session, const struct email *email, struct error *error)
{
    int64_t changed = 0;
    if (!db_save(session, QUERY_EMAIL_IDENTIFY, &EMAIL_SCHEMA, email, NULL, &changed, error))
        return false;
    return changed ||
           fail(error, ERROR_CONFLICT, "version", "has been changed by somebody else meanwhile");
}

bool email_store_remove(struct session *session, const struct email *email, const struct step *step,
                        struct error *error)
{
    int64_t removed = 0;
    if (!email_state_is_editable(email->state))
        return fail(error, ERROR_CONFLICT, "status", "a mail that is %s cannot be deleted",
                    state_name(email->state));
    if (!db_save(session, QUERY_EMAIL_DELETE, &EMAIL_SCHEMA, email, NULL, &removed, error))
        return false;
    if (!removed)
        return fail(error, ERROR_CONFLICT, "version",
                    "has been changed by somebody else meanwhile");
    return db_change(session, QUERY_EMAIL_BODY_DELETE, PARAMS(TEXT("id", email->id)), NULL,
                     error) &&
           write_event(session, email, email->state, step, error);
}

bool email_store_drafts(struct session *session, const char *user_id, const char *case_id,
                        const struct email_cursor *before, size_t limit, struct arena *arena,
                        struct list *ret_emails, struct error *error)
{
    return db_load(session, QUERY_EMAIL_DRAFTS_OF_USER,
                   PARAMS(TEXT("user_id", user_id), TEXT("context_id", case_id),
                          NUMBER("before_at", before ? before->updated_at.ms : CURSOR_END_MS),
                          TEXT("before_id", before ? before->id : ""),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EMAIL_SCHEMA, arena, ret_emails, error);
}

bool email_store_page(struct session *session, const struct viewer *viewer,
                      const struct email_filter *filter, size_t offset, size_t limit,
                      struct arena *arena, struct email_page *ret_page, struct error *error)
{
#define FILTER \
    TEXT("organization_id", viewer->organization_id), TEXT("seen_by", viewer->seen_by), \
        TEXT("state", filter->state), TEXT("context_type", filter->context_type), \
        TEXT("context_id", filter->context_id), TEXT("account_id", filter->account_id)
    return db_load(
               session, QUERY_EMAIL_PAGE,
               PARAMS(FILTER, NUMBER("limit", (int64_t)limit), NUMBER("offset", (int64_t)offset)),
               limit, &EMAIL_SCHEMA, arena, &ret_page->items, error) &&
           db_number(session, QUERY_EMAIL_PAGE_COUNT, PARAMS(FILTER), &ret_page->count, error);
#undef FILTER
}

bool email_store_events(struct session *session, const char *email_id, size_t limit,
                        struct arena *arena, struct list *ret_events, struct error *error)
{
    return db_load(session, QUERY_EVENT_LIST,
                   PARAMS(TEXT("email_id", email_id), NUMBER("limit", (int64_t)limit)), limit,
                   &EVENT_SCHEMA, arena, ret_events, error);
}

bool email_store_queued_since(struct session *session, const char *email_id, moment *ret_at,
                              struct error *error)
{
    return db_number(session, QUERY_EVENT_QUEUED_SINCE, PARAMS(TEXT("email_id", email_id)),
                     &ret_at->ms, error);
}
