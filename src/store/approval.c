#include "store/approval.h"

#include "base/text.h"
#include "model/email_content.h"

static bool is_required_by_others(struct session *session, const struct email *email,
                                  bool *ret_is_required, struct error *error)
{
    int64_t number = 0;
    if (!db_number(session, QUERY_EMAIL_APPROVAL_REQUIRED,
                   PARAMS(TEXT("account_id", email->account_id), TEXT("user_id", email->user_id),
                          TEXT("asked_by", email->asked_by)),
                   &number, error))
        return false;
    *ret_is_required = number;
    return true;
}

bool approval_is_required(struct session *session, const struct email *email, bool *ret_is_required,
                          struct error *error)
{
    *ret_is_required = true;
    return email->requires_approval ||
           is_required_by_others(session, email, ret_is_required, error);
}

bool approval_is_given(const struct email *email)
{
    return email->approved_sha256 && text_equal(email->approved_sha256, email->content_sha256);
}

void approval_written_by(struct email *email, const char *user_id, const char *token_id)
{
    email->asked_by = user_id;
    email->asked_token_id = token_id;
}

void approval_ask(struct email *email, struct arena *arena)
{
    email->content_sha256 = email_content_sha256(email, arena);
    email->approved_sha256 = email->approved_by = NULL;
    email->approved_at = (moment){0};
}

/* Four eyes where the mailbox or the user wants them; an agent's mail needs only a person's. */
static bool may_give(struct session *session, const struct email *email, const struct step *step,
                     struct error *error)
{
    bool is_required;
    if (step->token_id && text_equal(step->token_id, email->asked_token_id))
        return fail(error, ERROR_FORBIDDEN, "", "who asked for approval cannot give it");
    if (!text_equal(step->actor, email->asked_by))
        return true;
    if (!is_required_by_others(session, email, &is_required, error))
        return false;
    return (email->requires_approval && !is_required) ||
           fail(error, ERROR_FORBIDDEN, "", "who asked for approval cannot give it");
}

bool approval_give(struct session *session, struct email *email, const char *content_sha256,
                   const struct step *step, struct arena *arena, struct error *error)
{
    if (email->state != EMAIL_PENDING_APPROVAL)
        return fail(error, ERROR_CONFLICT, "status", "a mail that is %s cannot be approved",
                    EMAIL_STATE_NAMES[email->state]);
    if (!may_give(session, email, step, error))
        return false;
    email->content_sha256 = email_content_sha256(email, arena);
    if (!text_equal(email->content_sha256, content_sha256))
        return fail(error, ERROR_CONFLICT, "content_sha256",
                    "is not what the mail says now: look at it once more");
    email->approved_sha256 = email->content_sha256;
    email->approved_by = step->actor;
    email->approved_at = step->at;
    email->decided_by = step->actor;
    email->decided_version = email->version;
    return email_store_approval(session, email, error);
}
