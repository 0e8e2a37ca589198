#include "api/editing.h"

#include "api/attaching.h"
#include "api/drafting.h"
#include "api/permission.h"
#include "api/threading.h"
#include "api/views.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/decision.h"
#include "store/erasure.h"

struct writing { /* one change of a draft, on its way to the database */
    struct request *request;
    struct email *email;
    struct list documents;
    const char *id;
    const struct schema *view;
    uint64_t present;
    struct email *changes;
    int64_t version; /* that the body says it changes; 0: any */
};

static bool check_version(const struct writing *writing, const struct email *email,
                          struct error *error)
{
    if (!email_state_may_be_revised(email->state))
        return fail(error, ERROR_CONFLICT, "status", "a mail that is %s cannot be changed",
                    EMAIL_STATE_NAMES[email->state]);
    return drafting_check_version(writing->request, email, writing->version, error);
}

/* A view without context_type knows of cases only: that it has none takes no other kind away. */
static void apply_context(const struct writing *writing, const struct email *before,
                          struct email *email)
{
    const struct schema *view = writing->view;
    if (schema_find(view, "context_type") || !schema_has(view, writing->present, "context_id"))
        return;
    bool is_kept = !email->context_id && !text_equal(before->context_type, "case");
    email->context_type = is_kept ? before->context_type : writing->changes->context_type;
    if (is_kept)
        email->context_id = before->context_id;
}

/* A reply stays in its conversation, and so in its mailbox, whatever else is said of that. */
static void apply_parent(const struct writing *writing, const struct email *before,
                         struct email *email)
{
    const struct email *changes = writing->changes;
    if (schema_has(writing->view, writing->present, "parent_id") &&
        !text_equal(changes->parent_id, before->parent_id)) {
        email->conversation_id = changes->conversation_id;
        email->provider_thread_id = changes->provider_thread_id;
        email->in_reply_to = changes->in_reply_to;
        email->reference_ids = changes->reference_ids;
        if (!email->parent_id)
            return;
        email->account_id = changes->account_id;
        email->from_email = changes->from_email;
        email->subject = text_or(email->subject, changes->subject);
    } else if (email->parent_id) {
        email->account_id = before->account_id;
        email->from_email = before->from_email;
    }
}

static void apply(const struct writing *writing, struct email *email)
{
    const struct email before = *email;
    schema_apply(writing->view, writing->present, writing->changes, email);
    if (schema_has(writing->view, writing->present, "account_id"))
        email->from_email = writing->changes->from_email;
    if (!text_equal(before.account_id, email->account_id)) {
        email->from_name = NULL; /* it was that mailbox's */
        if (!email->message_id)  /* and so is the conversation */
            email->conversation_id = email->provider_thread_id = NULL;
    }
    email->client_id = before.client_id;
    email->version = before.version;
    if (!email->content_sha256 || schema_has(writing->view, writing->present, "planned_send_at"))
        email->reason = NULL; /* of a plan that was missed; a rejection's stands */
    apply_parent(writing, &before, email);
    apply_context(writing, &before, email);
}

/* Once it has been queued, its Message-ID and its conversation are those of its mailbox, and that
 * may have been asked to send it. */
static bool check_moves(const struct request *request, const struct email *before,
                        const struct email *email, struct error *error)
{
    if (!email->message_id)
        return true; /* never, or it failed and is another mail now */
    if (!text_equal(before->account_id, email->account_id))
        return fail(error, ERROR_CONFLICT, "from_account_id",
                    "the mail has been queued from its mailbox before, and stays there");
    return text_equal(before->conversation_id, email->conversation_id) ||
           fail(error, ERROR_CONFLICT, drafting_parent_field(request),
                "the mail has been queued in its conversation before, and stays there");
}

/* An autosave is no step of a mail's life; an edit of what somebody may be about to approve is. */
static bool tell_of_edit(struct session *session, const struct request *request,
                         const struct email *email, struct error *error)
{
    const struct step step = request_step(request, EVENT_CHANGED);
    return email_store_tell(session, email, &step, error);
}

/* What has failed is a draft again; an edit of a draft is as it was. */
static bool editing_revise(struct session *session, const struct request *request,
                           struct email *email, struct error *error)
{
    const struct step step = request_step(request, EVENT_REVISE);
    return email_state_is_editable(email->state) ||
           decision_revise(session, email, &step, request->arena, error);
}

/* Whoever saves all that was read gives back a plan that has passed: that is no wish to send. */
static void editing_drop_passed_plan(const struct email *before, struct email *email, moment now)
{
    bool is_same = email->planned_send_at.ms == before->planned_send_at.ms;
    if (before->state == EMAIL_FAILED && is_same && email->planned_send_at.ms <= now.ms)
        email->planned_send_at = (moment){0};
}

/* Read and written in one transaction: of two who edit different fields, neither loses any. */
static bool change_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    struct request *request = writing->request;
    struct email *email = writing->email;
    if (!permission_find_email(session, request, ACT_WRITE, writing->id, email, error) ||
        !check_version(writing, email, error))
        return false;
    const struct email before = *email;
    if (!editing_revise(session, request, email, error))
        return false;
    apply(writing, email);
    if (!check_moves(request, &before, email, error))
        return false;
    editing_drop_passed_plan(&before, email, clock_now());
    drafting_note_writer(request, email);
    bool is_seen = email->state == EMAIL_PENDING_APPROVAL;
    return (!is_seen || submission_ask_again(session, email, clock_now(), request->arena, error)) &&
           email_check(email, &request->api->settings.limits, error) &&
           attaching_store(session, &writing->documents, error) &&
           email_store_change(session, email, clock_now(), error) &&
           (!is_seen || tell_of_edit(session, request, email, error));
}

/* The one it has is not asked for again: it may have been disconnected meanwhile. */
static bool change_account(struct request *request, const struct email *email,
                           struct email *changes, struct error *error)
{
    if (!changes->account_id || !text_equal(changes->account_id, email->account_id))
        return drafting_choose_account(request, changes, error);
    changes->from_email = email->from_email;
    return true;
}

/* Its place in its conversation is as it was: what it answers, if anything, may have been erased
 * meanwhile, or its mailbox disconnected. */
static void keep_place(const struct email *email, struct email *changes)
{
    changes->conversation_id = email->conversation_id;
    changes->provider_thread_id = email->provider_thread_id;
    changes->in_reply_to = email->in_reply_to;
    changes->reference_ids = email->reference_ids;
    if (!email->parent_id)
        return;
    changes->account_id = email->account_id;
    changes->from_email = email->from_email;
}

static bool change_sender(struct request *request, uint64_t present, const struct email *email,
                          struct email *changes, struct error *error)
{
    struct account account;
    const struct schema *view = request->route->reads;
    bool has_parent = schema_has(view, present, "parent_id");
    bool is_same = has_parent && text_equal(changes->parent_id, email->parent_id);
    if (is_same)
        keep_place(email, changes);
    if (has_parent && changes->parent_id)
        return is_same ||
               threading_answer(request, changes->parent_id, drafting_parent_field(request),
                                changes, &account, error);
    return !schema_has(view, present, "account_id") ||
           change_account(request, email, changes, error);
}

/* Looked at before the transaction, which others wait for. */
static bool check_bodies(const struct writing *writing, const struct email *before,
                         struct error *error)
{
    struct email email = *before;
    apply(writing, &email);
    return drafting_check(&email, error);
}

bool editing_change(struct request *request, const char *id, uint64_t present,
                    struct email *changes, struct email *ret_email, struct error *error)
{
    struct writing writing = {
        .request = request,
        .email = ret_email,
        .id = id,
        .view = request->route->reads,
        .present = present,
        .changes = changes,
        .version = changes->version,
    };
    request->email_id = id;
    return drafting_find(request, ACT_WRITE, id, ret_email, error) &&
           check_version(&writing, ret_email, error) && check_bodies(&writing, ret_email, error) &&
           change_sender(request, present, ret_email, changes, error) &&
           attaching_resolve(request, &changes->attachments, &writing.documents, error) &&
           request_write(request, change_work, &writing, error);
}

bool editing_plan(struct request *request, const char *id, moment when, struct email *ret_email,
                  struct error *error)
{
    struct email changes = {.planned_send_at = when};
    struct writing writing = {
        .request = request,
        .email = ret_email,
        .id = id,
        .view = &EMAIL_DRAFT_VIEW,
        .present = schema_bit(&EMAIL_DRAFT_VIEW, "planned_send_at"),
        .changes = &changes,
    };
    request->email_id = id;
    return drafting_find(request, ACT_SEND | ACT_SUBMIT, id, ret_email, error) &&
           check_version(&writing, ret_email, error) && check_bodies(&writing, ret_email, error) &&
           email_check_sendable(ret_email, error) &&
           request_write(request, change_work, &writing, error);
}

static bool remove_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    struct step step = request_step(writing->request, EVENT_DELETED);
    return permission_find_email(session, writing->request, ACT_WRITE, writing->id, writing->email,
                                 error) &&
           check_version(writing, writing->email, error) &&
           erasure_remove(session, writing->email, &step, writing->request->arena, error);
}

bool editing_remove(struct request *request, const char *id, struct error *error)
{
    struct email email;
    struct writing writing = {.request = request, .email = &email, .id = id};
    return request_write(request, remove_work, &writing, error);
}
