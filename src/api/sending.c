#include "api/sending.h"

#include <string.h>

#include "api/attaching.h"
#include "api/drafting.h"
#include "api/explaining.h"
#include "api/failure.h"
#include "api/permission.h"
#include "api/threading.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "message/outgoing.h"
#include "store/approval.h"
#include "store/conversation_store.h"
#include "store/submission.h"

struct submission { /* on its way into the queue */
    struct request *request;
    struct email *email;
    struct account account; /* of a stored draft: its mailbox when it is queued */
    const char *id;         /* of a stored draft; NULL: the email is new */
    int64_t attempts;       /* that a stored one had when it was to be sent; -1: it was under way */
    struct list documents;
    const char *thread_id; /* of an answer: what its conversation is found to be called; or NULL */
};

/* About what the mail will have, never more: base64 in lines, and the bodies as they are. */
static uint64_t least_bytes(const struct email *email)
{
    const struct attachment *attachments = email->attachments.items;
    uint64_t bytes = strlen(text_or(email->body_text, "")) + strlen(text_or(email->body_html, ""));
    for (size_t i = 0; i < email->attachments.count; i++)
        bytes += (uint64_t)attachments[i].size_bytes / 57 * 78;
    return bytes;
}

/* Whoever sends learns now what his mailbox's provider would say later. */
static bool check_size(const struct email *email, const struct account *account,
                       struct error *error)
{
    const struct provider *provider = provider_of(account->provider);
    uint64_t most = provider ? provider->message_bytes_max : 0, bytes = least_bytes(email);
    return !most || bytes <= most ||
           fail(error, ERROR_TOO_LARGE, "attachments",
                "the mail would have more than %llu bytes; %s takes at most %llu",
                (unsigned long long)bytes, provider->name, (unsigned long long)most);
}

/* Who sends a draft that was planned means now, be it that consent is needed first. What failed
 * after it was approved is sent as it was approved, its time included. */
static bool drop_plan(struct session *session, struct email *email, moment now, struct error *error)
{
    bool is_agreed_to = email->state == EMAIL_FAILED && approval_is_given(email);
    if (!email->version || !email->planned_send_at.ms || is_agreed_to)
        return true;
    email->planned_send_at = (moment){0};
    return email_store_change(session, email, now, error);
}

static bool sending_may_begin(const struct email *email)
{
    return email->state == EMAIL_DRAFT || email->state == EMAIL_FAILED;
}

/* Somebody else was faster with the same draft: what has come of that is the answer. */
static bool sending_is_overtaken(const struct submission *submission)
{
    const struct email *email = submission->email;
    return !sending_may_begin(email) || (submission->id && submission->attempts != email->attempts);
}

static bool load_draft(struct session *session, struct submission *submission, struct error *error)
{
    struct request *request = submission->request;
    struct email *email = submission->email;
    return permission_find_email(session, request, ACT_SEND | ACT_SUBMIT, submission->id, email,
                                 error) &&
           drafting_check_version(request, email, 0, error) &&
           (sending_is_overtaken(submission) ||
            drafting_find_account(session, request, email->account_id, &submission->account,
                                  error));
}

/* Where the first try decides, a mailbox that is left alone for now has none. */
static bool sending_check_mailbox(const struct request *request, const struct account *account,
                                  moment now, struct error *error)
{
    return !request->api->settings.first_try_decides ||
           account_status(account, now) == ACCOUNT_CONNECTED ||
           fail(error, ERROR_PROVIDER, "", "%s",
                text_or(account->pause_reason, "somebody must sign in to the mailbox again"));
}

static bool submit_work(struct session *session, void *context, struct error *error)
{
    struct submission *submission = context;
    struct request *request = submission->request;
    struct email *email = submission->email;
    const struct account *account = &submission->account;
    struct step step = request_step(request, EVENT_SEND);
    if (submission->id && !load_draft(session, submission, error))
        return false;
    if (sending_is_overtaken(submission))
        return true;
    email->requires_approval = !permission_sends(request);
    email->account_id = account->id;
    email->provider_thread_id = text_or(submission->thread_id, email->provider_thread_id);
    if (!sending_check_mailbox(request, account, step.at, error))
        return false;
    if (submission->thread_id && !conversation_store_name_thread(session, email->conversation_id,
                                                                 submission->thread_id, error))
        return false;
    return email_check_sendable(email, error) &&
           email_check(email, &request->api->settings.limits, error) &&
           check_size(email, account, error) &&
           attaching_store(session, &submission->documents, error) &&
           drop_plan(session, email, step.at, error) &&
           submission_send(session, email, account, &step, request->arena, error);
}

static void wake(void *context, uint64_t number)
{
    const struct api *api = context;
    http_wake(api->server, number);
}

static bool load_awaited(struct request *request, struct email *ret_email, struct error *error)
{
    return drafting_find(request, ACT_SEND | ACT_SUBMIT, request->waits_for, ret_email, error);
}

static void resume(struct http_exchange *exchange, void *context);

/* Listening begins before the mail can be seen by delivery, so that no ring is missed. */
static uint64_t wait_for(struct request *request, const char *email_id)
{
    int64_t left_ms = request->wait_until_ms - clock_steady_ms();
    if (request->waits_for != email_id)
        request->waits_for = arena_copy(request->lasting, email_id);
    uint64_t number = http_park(request->exchange, left_ms > 0 ? left_ms : 0, resume);
    bell_listen(request->api->bell, email_id, wake, request->api, number);
    request->park_number = number;
    return number;
}

static void stop_waiting(struct request *request)
{
    bell_forget(request->api->bell, request->waits_for, request->park_number);
}

/* What is held back first, by an undo time, is answered at once. */
static bool may_leave_now(const struct email *email)
{
    return email->state == EMAIL_SENDING ||
           (email->state == EMAIL_QUEUED && email->next_attempt_at.ms <= clock_now().ms);
}

static bool is_under_way(const struct email *email)
{
    return email->state == EMAIL_QUEUED || email->state == EMAIL_SENDING;
}

static void resume(struct http_exchange *exchange, void *context)
{
    (void)context;
    struct request *request = http_attachment(exchange);
    struct error error = {0};
    struct email email;
    request_begin_turn(request);
    stop_waiting(request);
    /* Asked before listening again: an outcome that comes in between rings for the new park. */
    bool may_wait = request->wait_until_ms > clock_steady_ms() && request->api->is_open;
    if (may_wait)
        wait_for(request, request->waits_for);
    if (!load_awaited(request, &email, &error)) {
        reply_error(request, &error);
    } else if (!may_wait || !is_under_way(&email)) {
        sending_answer(request, &email);
    }
    if (may_wait && request->has_replied)
        stop_waiting(request);
    request_end_turn(request);
}

static bool queue_and_wait(struct submission *submission, struct error *error)
{
    struct request *request = submission->request;
    struct email *email = submission->email;
    bool waits = !request_prefers_async(request) && request->api->settings.send_wait_ms;
    request->wait_until_ms = clock_steady_ms() + request->api->settings.send_wait_ms;
    if (waits)
        wait_for(request, email->id);
    bool ok = request_write(request, submit_work, submission, error);
    if (ok) {
        bell_ring(request->api->bell, "due");
        if (waits && may_leave_now(email))
            return true;
    }
    if (waits)
        stop_waiting(request);
    if (ok)
        sending_answer(request, email);
    return ok;
}

bool sending_fresh(struct request *request, struct email *email, const struct account *account,
                   struct error *error)
{
    struct submission submission = {.request = request, .email = email, .account = *account};
    email->id = id_new(request->arena);
    request->email_id = email->id;
    drafting_note_owner(request, account, email);
    email->account_id = account->id;
    email->state = EMAIL_DRAFT;
    return email_check_sendable(email, error) && outgoing_check(email, error) &&
           threading_find_thread(request, email, account, &submission.thread_id, error) &&
           attaching_resolve(request, &email->attachments, &submission.documents, error) &&
           queue_and_wait(&submission, error);
}

/* Of a stored draft: its mailbox is looked at once more in the transaction. */
static bool sending_find_thread(struct submission *submission, struct error *error)
{
    const struct email *email = submission->email;
    struct account account;
    if (!email->parent_id || !sending_may_begin(email))
        return true;
    return drafting_account(submission->request, email->account_id, &account, error) &&
           threading_find_thread(submission->request, email, &account, &submission->thread_id,
                                 error);
}

bool sending_draft(struct request *request, const char *id, struct error *error)
{
    struct email email;
    if (!drafting_find(request, ACT_SEND | ACT_SUBMIT, id, &email, error) ||
        !drafting_check_version(request, &email, 0, error))
        return false;
    if (email.state == EMAIL_SENT || email.state == EMAIL_PENDING_APPROVAL) {
        sending_answer(request, &email);
        return true;
    }
    if (!sending_may_begin(&email) && !is_under_way(&email))
        return fail(error, ERROR_CONFLICT, "status", "a mail that is %s cannot be sent",
                    EMAIL_STATE_NAMES[email.state]);
    if (email.erased_at.ms)
        return fail(error, ERROR_CONFLICT, "status", "what this mail said was erased");
    if (sending_may_begin(&email) && !outgoing_check(&email, error))
        return false;
    request->email_id = email.id;
    struct email *kept = arena_new(request->arena, struct email, 1);
    *kept = email;
    struct submission submission = {
        .request = request,
        .email = kept,
        .id = kept->id,
        .attempts = sending_may_begin(kept) ? kept->attempts : -1,
    };
    return sending_find_thread(&submission, error) && queue_and_wait(&submission, error);
}

static void sending_fail(struct request *request, enum error_code code, const struct email *email)
{
    struct error error;
    fail(&error, code, code == ERROR_CONFLICT ? "status" : "", "%s",
         explaining_reason(email, request->arena));
    reply_failure(request, &error, email);
}

/* Where the mail shows what becomes of it. */
static const char *sending_location(const struct request *request, const struct email *email)
{
    return request->family == FAMILY_OUTBOUND
               ? arena_format(request->arena, "/api/v1/email/outbound/drafts/%s",
                              id_ulid(email->id, "draft_", request->arena))
               : arena_format(request->arena, "/api/email/outbound/%s", email->id);
}

/* Nothing in it may be taken for a mail that was sent. */
static void sending_accept(struct request *request, const struct email *email)
{
    struct email shown = *email;
    shown.sent_at = (moment){0};
    shown.provider_message_id = shown.provider_thread_id = NULL;
    shown.reason = explaining_reason(email, request->arena);
    http_reply_header(request->exchange, "Location", sending_location(request, email));
    if (request_prefers_async(request))
        http_reply_header(request->exchange, "Preference-Applied", "respond-async");
    views_reply_sent(request, 202, &shown);
}

void sending_answer(struct request *request, const struct email *email)
{
    bool decides = request->api->settings.first_try_decides;
    if (email->state == EMAIL_SENT)
        views_reply_sent(request, request->route->status, email);
    else if (email->state == EMAIL_CANCELED)
        sending_fail(request, ERROR_CONFLICT, email);
    else if (email->state == EMAIL_FAILED || (email->state == EMAIL_UNKNOWN && decides))
        sending_fail(request, ERROR_PROVIDER, email);
    else
        sending_accept(request, email);
}
