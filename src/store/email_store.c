#include "store/email_store.h"

#include <stdio.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "store/event_store.h"
#include "store/quota_store.h"
#include "store/recipient_store.h"
#include "store/tally.h"

static const char *state_name(enum email_state state)
{
    return EMAIL_STATE_NAMES[state];
}

enum { FOR_USER_BYTES = sizeof "{\"for_user\":\"\"}" + ID_SIZE };

/* detail, or for whom a token of another user acted. */
static const char *detail_of(const struct email *email, const struct step *step,
                             char for_user[FOR_USER_BYTES])
{
    if (step->detail || !step->names_user || text_equal(step->actor, email->user_id))
        return step->detail;
    snprintf(for_user, FOR_USER_BYTES, "{\"for_user\":\"%s\"}", email->user_id);
    return for_user;
}

static bool write_event(struct session *session, const struct email *email, enum email_state from,
                        const struct step *step, struct error *error)
{
    char for_user[FOR_USER_BYTES];
    struct event event = {
        .organization_id = email->organization_id,
        .email_id = email->id,
        .at = step->at,
        .event = step->event,
        .from_state = from,
        .to_state = email->state,
        .actor = step->actor,
        .token_id = step->token_id,
        .reason = step->reason,
        .detail = detail_of(email, step, for_user),
        .mail_sha256 = email->mail_sha256,
        .request_id = step->request_id,
    };
    return event_store_append(session, &event, error);
}

static int64_t body_bytes(const struct email *email)
{
    return (int64_t)(strlen(text_or(email->body_text, "")) + strlen(text_or(email->body_html, "")));
}

static bool save_body(struct session *session, const struct email *email, struct error *error)
{
    return db_save(
        session, QUERY_EMAIL_BODY_SAVE, &EMAIL_SCHEMA, email,
        PARAMS(BYTES("raw", email->raw), TEXT("raw_document_id", email->raw_document_id)), NULL,
        error);
}

static bool email_store_add_document(struct session *session, const struct email *email,
                                     const char *document_id, struct error *error)
{
    return db_change(session, QUERY_EMAIL_DOCUMENT_INSERT,
                     PARAMS(TEXT("email_id", email->id), TEXT("document_id", document_id)), NULL,
                     error);
}

/* Which documents it has, so that none goes while a mail needs it. */
static bool save_documents(struct session *session, const struct email *email, struct error *error)
{
    const struct attachment *attachments = email->attachments.items;
    for (size_t i = 0; i < email->attachments.count; i++)
        if (!email_store_add_document(session, email, attachments[i].document_id, error))
            return false;
    return !email->raw_document_id ||
           email_store_add_document(session, email, email->raw_document_id, error);
}

static bool forget_documents(struct session *session, const struct email *email,
                             struct error *error)
{
    return db_change(session, QUERY_EMAIL_DOCUMENTS_DELETE, PARAMS(TEXT("email_id", email->id)),
                     NULL, error);
}

static bool count(struct session *session, const struct email *email, enum tally tally,
                  int64_t number, struct error *error)
{
    return tally_add(session, email->organization_id, email->user_id, tally, number, error);
}

/* Sets what the email is counted for, and counts the difference. */
static bool email_store_count(struct session *session, struct email *email, int64_t bytes,
                              struct error *error)
{
    bool was_waiting = email->is_waiting;
    const struct quota_amounts amounts = {{
        [QUOTA_STORED_BYTES] = bytes - email->stored_bytes,
        [QUOTA_WAITING_EMAILS] = email_is_waiting(email) - was_waiting,
    }};
    email->stored_bytes = bytes;
    email->is_waiting = email_is_waiting(email);
    return quota_store_add(session, email->organization_id, &amounts, error);
}

static int64_t email_store_bytes(const struct email *email)
{
    return email_stored_bytes(email) + email->signature_bytes;
}

static bool email_store_count_gone(struct session *session, const struct email *email,
                                   struct error *error)
{
    const struct quota_amounts amounts = {{
        [QUOTA_STORED_BYTES] = -email->stored_bytes,
        [QUOTA_WAITING_EMAILS] = -email->is_waiting,
    }};
    return quota_store_add(session, email->organization_id, &amounts, error);
}

static bool count_new(struct session *session, const struct email *email, struct error *error)
{
    return email->state == EMAIL_RECEIVED ||
           (count(session, email, TALLY_EMAILS, 1, error) &&
            (email->state != EMAIL_DRAFT || count(session, email, TALLY_DRAFTS, 1, error)));
}

static bool state_of_new(const struct step *step, enum email_state *ret_state, struct error *error)
{
    *ret_state = step->event == EVENT_RECEIVED ? EMAIL_RECEIVED : EMAIL_DRAFT;
    return step->event == EVENT_CREATED || step->event == EVENT_RECEIVED ||
           email_next(EMAIL_DRAFT, step->event, ret_state) ||
           fail(error, ERROR_INTERNAL, "", "a new email cannot %s", EMAIL_EVENT_NAMES[step->event]);
}

bool email_store_insert(struct session *session, struct email *email, const struct step *step,
                        struct error *error)
{
    if (!state_of_new(step, &email->state, error))
        return false;
    email->version = 1;
    email->created_at = email->updated_at = step->at;
    email->body_bytes = body_bytes(email);
    bool has_body = email->body_text || email->body_html || email->raw.data ||
                    email->raw_document_id;
    enum email_state from = email->state == EMAIL_RECEIVED ? EMAIL_RECEIVED : EMAIL_DRAFT;
    email->stored_bytes = 0;
    email->is_waiting = false;
    return email_store_count(session, email, email_store_bytes(email), error) &&
           db_save(session, QUERY_EMAIL_INSERT, &EMAIL_SCHEMA, email, NULL, NULL, error) &&
           (!has_body || save_body(session, email, error)) &&
           save_documents(session, email, error) && count_new(session, email, error) &&
           write_event(session, email, from, step, error);
}

bool email_store_find(struct session *session, const struct viewer *viewer, const char *id,
                      struct arena *arena, struct email *ret_email, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_EMAIL_BY_ID,
                 PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                        TEXT("seen_by", viewer->seen_by),
                        NUMBER("only_drafts", viewer->only_drafts),
                        TEXT("decider", viewer->decider)),
                 1, &EMAIL_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "draft", "no email has this id");
    *ret_email = *(struct email *)found.items;
    return true;
}

bool email_store_body_bytes(struct session *session, const char *id, int64_t *ret_bytes,
                            struct error *error)
{
    return db_number(session, QUERY_EMAIL_BODY_BYTES, PARAMS(TEXT("id", id)), ret_bytes, error);
}

bool email_store_is_own(struct session *session, const char *user_id, const char *id,
                        bool *ret_is_own, struct error *error)
{
    int64_t number = 0;
    if (!db_number(session, QUERY_EMAIL_IS_OWN, PARAMS(TEXT("id", id), TEXT("user_id", user_id)),
                   &number, error))
        return false;
    *ret_is_own = number;
    return true;
}

static bool is_overtaken(struct error *error)
{
    return fail(error, ERROR_CONFLICT, "version", "has been changed by somebody else meanwhile");
}

bool email_store_change(struct session *session, struct email *email, moment now,
                        struct error *error)
{
    int64_t changed = 0;
    email->updated_at = now;
    email->body_bytes = body_bytes(email);
    if (!email_store_count(session, email, email_store_bytes(email), error) ||
        !db_save(session, QUERY_EMAIL_CHANGE, &EMAIL_SCHEMA, email, NULL, &changed, error) ||
        !save_body(session, email, error) || !forget_documents(session, email, error) ||
        !save_documents(session, email, error))
        return false;
    if (!changed)
        return is_overtaken(error);
    email->version++;
    return true;
}

static bool email_store_is_erased(struct error *error)
{
    return fail(error, ERROR_CONFLICT, "status", "what this mail said was erased");
}

bool email_store_move(struct session *session, struct email *email, const struct step *step,
                      struct error *error)
{
    enum email_state from = email->state, to;
    int64_t moved = 0, claim = email->claim;
    if (!email_next(from, step->event, &to))
        return fail(error, ERROR_CONFLICT, "status", "a mail that is %s cannot %s",
                    state_name(from), EMAIL_EVENT_NAMES[step->event]);
    if (email->erased_at.ms)
        return email_store_is_erased(error);
    struct email after = *email;
    after.state = to;
    after.updated_at = step->at;
    if (step->event == EVENT_CLAIM)
        after.claim++;
    if (to == EMAIL_QUEUED && from != EMAIL_SENDING)
        after.trying_since = (moment){0};
    if (!email_store_count(session, &after, after.stored_bytes, error) ||
        !db_save(session, QUERY_EMAIL_MOVE, &EMAIL_SCHEMA, &after,
                 PARAMS(TEXT("from_state", state_name(from)), NUMBER("from_claim", claim)), &moved,
                 error))
        return false;
    if (!moved)
        return fail(error, ERROR_CONFLICT, "status", "is no longer %s", state_name(from));
    *email = after;
    int64_t drafts = (to == EMAIL_DRAFT) - (from == EMAIL_DRAFT);
    return (!drafts || count(session, email, TALLY_DRAFTS, drafts, error)) &&
           write_event(session, email, from, step, error);
}

bool email_store_hold(struct session *session, struct email *email, const struct step *step,
                      struct error *error)
{
    struct email held = *email;
    held.next_attempt_at = (moment){0};
    held.reason = step->reason;
    if (!email_store_move(session, &held, step, error))
        return false;
    *email = held;
    return true;
}

bool email_store_unplan(struct session *session, struct email *email, const struct step *step,
                        struct error *error)
{
    int64_t changed = 0;
    struct email unplanned = *email;
    unplanned.planned_send_at = (moment){0};
    unplanned.reason = step->reason;
    unplanned.updated_at = step->at;
    if (!email_store_count(session, &unplanned, unplanned.stored_bytes, error) ||
        !db_save(session, QUERY_EMAIL_CHANGE, &EMAIL_SCHEMA, &unplanned, NULL, &changed, error))
        return false;
    if (!changed)
        return is_overtaken(error);
    unplanned.version++;
    *email = unplanned;
    return write_event(session, email, email->state, step, error);
}

bool email_store_approval(struct session *session, const struct email *email, struct error *error)
{
    int64_t changed = 0;
    return db_save(session, QUERY_EMAIL_APPROVAL, &EMAIL_SCHEMA, email, NULL, &changed, error) &&
           (changed || is_overtaken(error));
}

bool email_store_identify(struct session *session, const struct email *email, struct error *error)
{
    int64_t changed = 0;
    if (!db_save(session, QUERY_EMAIL_IDENTIFY, &EMAIL_SCHEMA, email, NULL, &changed, error))
        return false;
    return changed || is_overtaken(error);
}

static int64_t email_store_size(const char *text)
{
    return text ? (int64_t)strlen(text) : 0;
}

/* What is there already is signed and leaves, also over a quota. */
bool email_store_sign(struct session *session, struct email *email, struct error *error)
{
    int64_t bytes = email_store_size(email->signature_html) +
                    email_store_size(email->signature_text);
    int64_t more = bytes - email->signature_bytes;
    email->signature_bytes = bytes;
    if (!db_save(session, QUERY_EMAIL_SIGN, &EMAIL_SCHEMA, email, NULL, NULL, error))
        return false;
    if (!email->version || !more)
        return true; /* a new one is counted as a whole */
    email->stored_bytes += more;
    return quota_store_note(session, email->organization_id, QUOTA_STORED_BYTES, more, error) &&
           db_save(session, QUERY_EMAIL_COUNT_SIGNATURE, &EMAIL_SCHEMA, email, NULL, NULL, error);
}

bool email_store_handle(struct session *session, const struct email *email, struct error *error)
{
    return db_save(session, QUERY_EMAIL_HANDLE, &EMAIL_SCHEMA, email, NULL, NULL, error);
}

bool email_store_find_client_id(struct session *session, const char *user_id, const char *client_id,
                                struct arena *arena, const char **ret_id, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_EMAIL_BY_CLIENT_ID,
                 PARAMS(TEXT("user_id", user_id), TEXT("client_id", client_id)), 1, &EMAIL_SCHEMA,
                 arena, &found, error))
        return false;
    *ret_id = found.count ? ((struct email *)found.items)->id : NULL;
    return true;
}

/* What some have got is no draft to throw away. */
static bool email_store_forget_recipients(struct session *session, const struct email *email,
                                          struct error *error)
{
    bool has_accepted = false;
    if (!email->attempts)
        return true;
    if (!recipient_store_has_accepted(session, email->id, &has_accepted, error))
        return false;
    if (has_accepted)
        return fail(error, ERROR_CONFLICT, "status",
                    "some of its recipients have got this mail; it can be canceled for the others");
    return recipient_store_remove(session, email->id, error);
}

bool email_store_remove(struct session *session, const struct email *email, const struct step *step,
                        struct error *error)
{
    int64_t removed = 0;
    if (!email_state_may_be_revised(email->state))
        return fail(error, ERROR_CONFLICT, "status", "a mail that is %s cannot be deleted",
                    state_name(email->state));
    if (email->erased_at.ms)
        return email_store_is_erased(error);
    if (!email_store_forget_recipients(session, email, error))
        return false;
    if (!db_save(session, QUERY_EMAIL_DELETE, &EMAIL_SCHEMA, email, NULL, &removed, error))
        return false;
    if (!removed)
        return is_overtaken(error);
    return db_change(session, QUERY_EMAIL_BODY_DELETE, PARAMS(TEXT("id", email->id)), NULL,
                     error) &&
           forget_documents(session, email, error) &&
           email_store_count_gone(session, email, error) &&
           count(session, email, TALLY_EMAILS, -1, error) &&
           (email->state != EMAIL_DRAFT || count(session, email, TALLY_DRAFTS, -1, error)) &&
           write_event(session, email, email->state, step, error);
}

bool email_store_tell(struct session *session, const struct email *email, const struct step *step,
                      struct error *error)
{
    return write_event(session, email, email->state, step, error);
}

bool email_store_erase(struct session *session, struct email *email, const struct step *step,
                       struct error *error)
{
    int64_t erased = 0;
    if (!email_state_is_final(email->state))
        return fail(error, ERROR_CONFLICT, "status", "a mail that is %s cannot be erased",
                    state_name(email->state));
    if (!db_save(session, QUERY_EMAIL_ERASE, &EMAIL_SCHEMA, email,
                 PARAMS(NUMBER("now", step->at.ms)), &erased, error))
        return false;
    if (!erased)
        return is_overtaken(error);
    if (!email_store_count_gone(session, email, error))
        return false;
    email->version++;
    email->stored_bytes = email->signature_bytes = 0;
    email->erased_at = email->updated_at = step->at;
    return db_change(session, QUERY_EMAIL_BODY_DELETE, PARAMS(TEXT("id", email->id)), NULL,
                     error) &&
           forget_documents(session, email, error) &&
           recipient_store_remove(session, email->id, error) &&
           event_store_erase(session, email->id, error) &&
           write_event(session, email, email->state, step, error);
}
