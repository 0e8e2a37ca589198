#include "api/drafting.h"
#include "api/handlers.h"
#include "api/idempotency.h"
#include "api/sending.h"
#include "api/threading.h"
#include "api/views.h"

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

bool email_send(struct request *request, struct error *error)
{
    struct email_send *send = arena_new(request->arena, struct email_send, 1);
    bool is_answered;
    if (!request_read(request, send, NULL, error) ||
        !idempotency_begin(request, send->idempotency_key, &is_answered, error))
        return false;
    if (is_answered)
        return true;
    if (send->draft_uid && send->email.planned_send_at.ms)
        return fail(error, ERROR_INVALID, "planned_send_at",
                    "is not for a stored draft here: save it with the draft");
    return send->draft_uid ? sending_draft(request, send->draft_uid, error)
                           : send_fresh(request, &send->email, error);
}
