#include "api/drafting.h"
#include "api/explaining.h"
#include "api/handlers.h"
#include "api/idempotency.h"
#include "api/permission.h"
#include "api/precondition.h"
#include "api/sending.h"
#include "api/views.h"
#include "base/text.h"
#include "message/outgoing.h"
#include "store/approval.h"
#include "store/decision.h"

/* What is decided about a mail: read, tried in one transaction on what the mail is by then, and
 * answered with what it has become. */

struct deciding;
typedef bool decision(struct session *session, struct deciding *deciding, struct error *error);

struct deciding {
    struct request *request;
    decision *decide;
    unsigned acts;
    struct step step;
    struct decision_body body;
    struct email email;
    struct account account;
};

/* An approver hears what has become of the same user's own mail, rather than that there is none. */
static bool find(struct session *session, struct deciding *deciding, struct error *error)
{
    struct request *request = deciding->request;
    struct viewer viewer = permission_viewer(request, THING_EMAIL, ACT_APPROVE);
    if (deciding->acts != ACT_APPROVE)
        return permission_find_email(session, request, deciding->acts, request->id,
                                     &deciding->email, error);
    viewer.seen_by = viewer.user_id;
    return email_store_find(session, &viewer, request->id, request->arena, &deciding->email, error);
}

static bool decide_work(struct session *session, void *context, struct error *error)
{
    struct deciding *deciding = context;
    const struct email *email = &deciding->email;
    return find(session, deciding, error) &&
           precondition_check(deciding->request, email->version, error) &&
           deciding->decide(session, deciding, error);
}

static bool find_account(struct session *session, struct deciding *deciding, struct error *error)
{
    if (!deciding->email.account_id)
        return fail(error, ERROR_INVALID, "from_account_id", "no mailbox to send from");
    return account_store_find_any(session, deciding->email.account_id, deciding->request->arena,
                                  &deciding->account, error);
}

/* Whether it can be composed, of a mail that may be queued; the rest is the transaction's to say.
 */
static bool check_bodies(struct request *request, struct error *error)
{
    struct email email;
    struct error none;
    return !email_store_find(request_reading(request), &request->viewer, request->id,
                             request->arena, &email, &none) ||
           (email.state != EMAIL_DRAFT && email.state != EMAIL_PENDING_APPROVAL &&
            email.state != EMAIL_FAILED) ||
           outgoing_check(&email, error);
}

/* Whoever waits for the mail, be it delivery or a send that is parked, hears of it. */
static bool run(struct request *request, unsigned acts, enum email_event event, decision *decide,
                struct error *error)
{
    bool leaves = event != EVENT_REJECT && event != EVENT_CANCEL;
    struct deciding *deciding = arena_new(request->arena, struct deciding, 1);
    *deciding = (struct deciding){
        .request = request, .decide = decide, .acts = acts, .step = request_step(request, event)};
    request->email_id = request->id;
    if (!request_read(request, &deciding->body, NULL, error) ||
        (leaves && !check_bodies(request, error)) ||
        !request_write(request, decide_work, deciding, error))
        return false;
    bell_ring(request->api->bell, "due");
    bell_ring(request->api->bell, deciding->email.id);
    email_decision_answer(request, &deciding->email);
    return true;
}

void email_decision_answer(struct request *request, const struct email *email)
{
    struct email shown = *email;
    struct error error = {0};
    if (explaining_recipients(request, &shown, &error))
        drafting_reply(request, request->route->status, &shown);
    else
        reply_error(request, &error);
}

static bool submit(struct session *session, struct deciding *deciding, struct error *error)
{
    struct request *request = deciding->request;
    struct email *email = &deciding->email;
    if (email->state == EMAIL_PENDING_APPROVAL)
        return true;
    if (!find_account(session, deciding, error) || !email_check_sendable(email, error) ||
        !email_check(email, &request->api->settings.limits, error))
        return false;
    email->requires_approval = !permission_sends(request);
    approval_written_by(email, deciding->step.actor, deciding->step.token_id);
    return submission_ask(session, email, &deciding->account, &deciding->step, request->arena,
                          error);
}

static bool approve(struct session *session, struct deciding *deciding, struct error *error)
{
    const char *seen = deciding->body.content_sha256;
    struct arena *arena = deciding->request->arena;
    return find_account(session, deciding, error) &&
           approval_give(session, &deciding->email, seen, &deciding->step, arena, error) &&
           submission_queue(session, &deciding->email, &deciding->account, &deciding->step, arena,
                            error);
}

static bool reject(struct session *session, struct deciding *deciding, struct error *error)
{
    deciding->step.reason = deciding->body.reason;
    return decision_reject(session, &deciding->email, &deciding->step, error);
}

/* A token that may only draft takes back what nobody has agreed to yet. */
static bool cancel(struct session *session, struct deciding *deciding, struct error *error)
{
    if (!permission_sends(deciding->request) && !email_state_is_editable(deciding->email.state) &&
        deciding->email.state != EMAIL_CANCELED)
        return fail(error, ERROR_FORBIDDEN, "", "the token may only cancel what has not been sent");
    deciding->step.reason = deciding->body.reason;
    return decision_cancel(session, &deciding->email, &deciding->step, error);
}

static bool retry(struct session *session, struct deciding *deciding, struct error *error)
{
    return find_account(session, deciding, error) &&
           decision_retry(session, &deciding->email, &deciding->account, &deciding->step,
                          deciding->request->arena, error);
}

static bool resolve(struct session *session, struct deciding *deciding, struct error *error)
{
    moment sent_at = deciding->body.sent_at;
    if (!decision_is_needed(&deciding->email, error))
        return false;
    if (deciding->body.outcome == RESOLUTION_RESEND)
        return retry(session, deciding, error);
    if (sent_at.ms > deciding->step.at.ms)
        return fail(error, ERROR_INVALID, "sent_at", "must be in the past");
    deciding->step.event = EVENT_FOUND;
    return decision_sent(session, &deciding->email, sent_at.ms ? sent_at : deciding->step.at,
                         &deciding->step, error);
}

bool email_submit(struct request *request, struct error *error)
{
    return run(request, ACT_SUBMIT, EVENT_SUBMIT, submit, error);
}

bool email_approve(struct request *request, struct error *error)
{
    return run(request, ACT_APPROVE, EVENT_APPROVE, approve, error);
}

bool email_reject(struct request *request, struct error *error)
{
    return run(request, ACT_APPROVE, EVENT_REJECT, reject, error);
}

bool email_cancel(struct request *request, struct error *error)
{
    return run(request, ACT_WRITE | ACT_SUBMIT, EVENT_CANCEL, cancel, error);
}

bool email_retry(struct request *request, struct error *error)
{
    return run(request, ACT_WRITE, EVENT_RETRY, retry, error);
}

bool email_resolve(struct request *request, struct error *error)
{
    return run(request, ACT_WRITE, EVENT_RETRY, resolve, error);
}
