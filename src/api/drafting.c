#include "api/drafting.h"

#include "api/attaching.h"
#include "api/permission.h"
#include "api/precondition.h"
#include "api/replies.h"
#include "api/threading.h"
#include "api/views.h"
#include "base/id.h"
#include "base/text.h"
#include "message/outgoing.h"
#include "store/account_store.h"
#include "store/approval.h"
#include "store/email_store.h"

bool drafting_find_account(struct session *session, struct request *request, const char *account_id,
                           struct account *ret_account, struct error *error)
{
    if (!account_id)
        return account_store_find_default(session, request->viewer.user_id, request->arena,
                                          ret_account, error);
    const struct viewer viewer = permission_viewer(request, THING_MAILBOX, ACT_SEND | ACT_SUBMIT);
    return account_store_find(session, &viewer, account_id, request->arena, ret_account, error) &&
           (ret_account->is_active ||
            fail(error, ERROR_NOT_FOUND, "account", "this mailbox is disconnected"));
}

bool drafting_account(struct request *request, const char *account_id, struct account *ret_account,
                      struct error *error)
{
    return drafting_find_account(request_reading(request), request, account_id, ret_account, error);
}

const char *drafting_parent_field(const struct request *request)
{
    static const char *const NAMES[FAMILY_COUNT] = {
        [FAMILY_OUTTRAY] = "reply_to",
        [FAMILY_OUTBOUND] = "reply_to_correspondence_id",
        [FAMILY_EMAIL] = "reply_to_message_uid",
        [FAMILY_MESSAGES] = "threadId",
    };
    return NAMES[request->family];
}

static bool drafting_find_sender(struct request *request, struct email *email,
                                 struct account *ret_account, struct error *error)
{
    bool is_named = email->account_id;
    *ret_account = (struct account){0};
    if (email->parent_id)
        return threading_answer(request, email->parent_id, drafting_parent_field(request), email,
                                ret_account, error);
    if (!drafting_account(request, email->account_id, ret_account, error)) {
        if (is_named || error->code != ERROR_NOT_FOUND)
            return false;
        *error = (struct error){0}; /* a draft may wait for a mailbox; a send may not */
    }
    email->account_id = ret_account->id;
    email->from_email = ret_account->email_address;
    return true;
}

bool drafting_choose_account(struct request *request, struct email *email, struct error *error)
{
    struct account account;
    return drafting_find_sender(request, email, &account, error);
}

void drafting_note_owner(const struct request *request, const struct account *account,
                         struct email *email)
{
    email->organization_id = request->viewer.organization_id;
    email->user_id = text_or(account->user_id, request->viewer.user_id);
    email->agent_token_id = permission_sends(request) ? NULL : request->token_id;
}

struct creation { /* of a draft, on its way to the database */
    struct request *request;
    struct email *email;
    struct list documents;
};

static bool create_work(struct session *session, void *context, struct error *error)
{
    struct creation *creation = context;
    struct step step = request_step(creation->request, EVENT_CREATED);
    return attaching_store(session, &creation->documents, error) &&
           email_store_insert(session, creation->email, &step, error);
}

/* The user whose mail the draft will be: another one only where the mailbox is named. */
static const char *drafting_owner(struct request *request, const struct email *email)
{
    struct email wanted = *email;
    struct account account;
    struct error none;
    bool is_told = (email->account_id || email->parent_id) &&
                   request->scopes & SCOPE_ORGANIZATION &&
                   drafting_find_sender(request, &wanted, &account, &none);
    return is_told ? account.user_id : request->viewer.user_id;
}

/* The draft that this client_id stands for, if there is one already. */
static bool find_former(struct request *request, struct email *email, bool *ret_is_found,
                        struct error *error)
{
    const char *id = NULL;
    *ret_is_found = false;
    if (!email->client_id)
        return true;
    if (!email_store_find_client_id(request_reading(request), drafting_owner(request, email),
                                    email->client_id, request->arena, &id, error))
        return false;
    *ret_is_found = id;
    return !id || drafting_find(request, ACT_WRITE, id, email, error);
}

void drafting_note_writer(const struct request *request, struct email *email)
{
    email->requires_approval = !permission_sends(request);
    approval_written_by(email, request->viewer.user_id, request->token_id);
}

bool drafting_may_list(const struct request *request, const char *status, struct error *error)
{
    bool is_draft = false;
    for (int state = 0; state < EMAIL_STATE_COUNT; state++)
        is_draft |= text_equal(EMAIL_STATE_NAMES[state], status) &&
                    email_state_is_editable((enum email_state)state);
    return is_draft || permission_check(request, THING_MAIL, ACT_READ, error);
}

bool drafting_check(const struct email *email, struct error *error)
{
    bool will_leave = email->planned_send_at.ms || email->state == EMAIL_PENDING_APPROVAL;
    return !will_leave || outgoing_check(email, error);
}

static bool create(struct request *request, struct email *email, struct error *error)
{
    struct creation creation = {.request = request, .email = email};
    struct account account;
    email->id = id_new(request->arena);
    request->email_id = email->id;
    drafting_note_writer(request, email);
    if (!drafting_check(email, error) || !drafting_find_sender(request, email, &account, error))
        return false;
    drafting_note_owner(request, &account, email);
    return attaching_resolve(request, &email->attachments, &creation.documents, error) &&
           email_check(email, &request->api->settings.limits, error) &&
           request_write(request, create_work, &creation, error);
}

bool drafting_create(struct request *request, struct email *email, bool *ret_is_new,
                     struct error *error)
{
    bool is_found;
    if (!find_former(request, email, &is_found, error))
        return false;
    if (!is_found && !create(request, email, error)) {
        bool has_twin = email->client_id && error->code == ERROR_CONFLICT; /* it was faster */
        if (!has_twin || !find_former(request, email, &is_found, error) || !is_found)
            return false;
    }
    if (ret_is_new)
        *ret_is_new = !is_found;
    return true;
}

/* Its bodies may be long: a reply that is made from them may have to wait, before they are read. */
static bool await_turn(struct request *request, const char *id, struct error *error)
{
    int64_t bytes = 0;
    return !text_equal(request->route->method, "GET") ||
           (email_store_body_bytes(request_reading(request), id, &bytes, error) &&
            replies_begin(request, (uint64_t)bytes, error));
}

bool drafting_find(struct request *request, unsigned acts, const char *id, struct email *ret_email,
                   struct error *error)
{
    return await_turn(request, id, error) &&
           permission_find_email(request_reading(request), request, acts, id, ret_email, error);
}

/* Who has an old version gets the current one along with the refusal. */
static bool drafting_is_stale(struct request *request, const struct email *email)
{
    struct email *current = arena_new(request->arena, struct email, 1);
    *current = *email;
    request->current_draft = current;
    return false;
}

bool drafting_check_version(struct request *request, const struct email *email, int64_t version,
                            struct error *error)
{
    if (!precondition_check(request, email->version, error))
        return drafting_is_stale(request, email);
    if (!version || version == email->version)
        return true;
    fail(error, ERROR_STALE, "version", "version is not the current one, which is %lld",
         (long long)email->version);
    return drafting_is_stale(request, email);
}

/* Its version counts edits: what else happens to a mail shows in its record, too. */
static bool drafting_is_known(const struct request *request, const struct email *email)
{
    bool has_only_been_edited = email->state == EMAIL_DRAFT && !email->content_sha256 &&
                                !email->message_id;
    return has_only_been_edited && precondition_is_known(request, email->version);
}

void drafting_reply(struct request *request, int status, const struct email *email)
{
    struct email shown = views_shown(request, email);
    reply_version(request, email->version);
    if (drafting_is_known(request, email))
        reply_unchanged(request);
    else
        reply_status(request, status, &shown);
}
