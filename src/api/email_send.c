#include "api/drafting.h"
#include "api/editing.h"
#include "api/handlers.h"
#include "api/idempotency.h"
#include "api/sending.h"
#include "api/threading.h"
#include "api/views.h"
#include "base/text.h"

/* A reply's mailbox is its conversation's, whatever else is said. */
static bool find_sender(struct request *request, struct email *email, struct account *ret_account,
                        struct error *error)
{
    return email->parent_id ? threading_answer(request, email->parent_id, "reply_to_message_uid",
                                               email, ret_account, error)
                            : drafting_account(request, email->account_id, ret_account, error);
}

static bool send_fresh(struct request *request, struct email *email, struct error *error)
{
    struct account account;
    if (!email->account_id && !email->parent_id)
        return fail(error, ERROR_INVALID, "from_account_id", "is required");
    if (!email->to_recipients.count)
        return fail(error, ERROR_INVALID, "to", "is required");
    if (!email->subject)
        return fail(error, ERROR_INVALID, "subject", "is required");
    if (!find_sender(request, email, &account, error))
        return false;
    email->account_id = account.id;
    return sending_fresh(request, email, &account, error);
}

/* What stands beside draft_uid would be dropped without a word: the draft is sent as it is. */
static bool email_send_check_alone(const struct email_send *send, struct error *error)
{
    static const char *const BESIDE[] = {"draft_uid", "idempotency_key", "planned_send_at"};
    for (const struct field *field = EMAIL_SEND.fields; field->name; field++) {
        bool is_beside = !field_is_set(field, (const char *)send + field->offset);
        for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++)
            is_beside |= text_equal(field_key(field), BESIDE[i]);
        if (!is_beside)
            return fail(error, ERROR_INVALID, field_key(field),
                        "must not stand beside draft_uid: that draft is sent as it is");
    }
    return true;
}

static bool send_draft(struct request *request, const struct email_send *send, struct error *error)
{
    struct email email;
    if (!email_send_check_alone(send, error))
        return false;
    if (!send->email.planned_send_at.ms)
        return sending_draft(request, send->draft_uid, error);
    if (!editing_plan(request, send->draft_uid, send->email.planned_send_at, &email, error))
        return false;
    sending_answer(request, &email);
    return true;
}

bool email_send(struct request *request, struct error *error)
{
    struct email_send *send = arena_new(request->arena, struct email_send, 1);
    bool is_answered;
    if (!request_read(request, send, NULL, error) ||
        !idempotency_begin(request, send->idempotency_key, &is_answered, error))
        return false;
    if (is_answered)
        return true;
    return send->draft_uid ? send_draft(request, send, error)
                           : send_fresh(request, &send->email, error);
}
