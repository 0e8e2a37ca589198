#include "api/threading.h"

#include "api/drafting.h"
#include "api/permission.h"
#include "base/text.h"
#include "grant/grant.h"
#include "mime/thread.h"
#include "provider/thread_find.h"
#include "store/account_store.h"
#include "store/conversation_store.h"

static bool find_parent(struct request *request, const char *id, const char *field,
                        struct email *ret_parent, struct error *error)
{
    if (drafting_find(request, ACT_READ | ACT_WRITE, id, ret_parent, error))
        return true;
    if (error->code != ERROR_NOT_FOUND)
        return false;
    return request->family == FAMILY_EMAIL
               ? fail(error, ERROR_INVALID, field, "names no mail that is there")
               : fail(error, ERROR_NOT_FOUND, "correspondence", "no mail has this id");
}

static bool check_parent(const struct email *parent, const char *field, struct error *error)
{
    if (parent->state != EMAIL_SENT && parent->state != EMAIL_RECEIVED)
        return fail(error, ERROR_INVALID, field,
                    "names a mail that is %s: only what was sent or received can be answered",
                    EMAIL_STATE_NAMES[parent->state]);
    if (parent->erased_at.ms)
        return fail(error, ERROR_INVALID, field, "names a mail that was erased");
    if (!parent->message_id)
        return fail(error, ERROR_INVALID, field,
                    "names a mail without a Message-ID: no answer to it could be threaded");
    return parent->conversation_id ||
           fail(error, ERROR_INVALID, field, "names a mail that belongs to no conversation");
}

static bool find_mailbox(struct request *request, const struct conversation *conversation,
                         const char *field, struct account *ret_account, struct error *error)
{
    const struct viewer viewer = permission_viewer(request, THING_MAILBOX,
                                                   ACT_READ | ACT_SEND | ACT_SUBMIT);
    if (!account_store_find(request_reading(request), &viewer, conversation->account_id,
                            request->arena, ret_account, error))
        return error->code == ERROR_NOT_FOUND
                   ? fail(error, ERROR_INVALID, field, "its conversation's mailbox is gone")
                   : false;
    return ret_account->is_active ||
           fail(error, ERROR_INVALID, field,
                "its conversation's mailbox, %s, is disconnected: connect it again to answer",
                ret_account->email_address);
}

/* What the caller said himself stays: he may know a longer chain than we do. */
static void fill_in(struct email *email, const struct email *parent,
                    const struct conversation *conversation, const struct account *account,
                    struct arena *arena)
{
    email->parent_id = parent->id;
    email->conversation_id = conversation->id;
    email->provider_thread_id = conversation->thread_id;
    email->account_id = account->id;
    email->from_email = account->email_address;
    email->in_reply_to = text_or(email->in_reply_to, parent->message_id);
    if (!email->reference_ids)
        email->reference_ids = mime_reply_references(parent->reference_ids, parent->in_reply_to,
                                                     parent->message_id, arena);
    if (!email->subject)
        email->subject = mime_reply_subject(text_or(parent->subject, ""), arena);
    if (!email->context_id) {
        email->context_type = conversation->context_type;
        email->context_id = conversation->context_id;
    }
}

/* A caller that may answer the mail may know its conversation. */
static bool answer(struct request *request, const struct email *parent, const char *field,
                   struct email *email, struct account *ret_account, struct error *error)
{
    const struct viewer viewer = {.organization_id = request->viewer.organization_id};
    struct conversation conversation;
    if (!check_parent(parent, field, error) ||
        !conversation_store_find(request_reading(request), &viewer, parent->conversation_id,
                                 request->arena, &conversation, error) ||
        !find_mailbox(request, &conversation, field, ret_account, error))
        return false;
    fill_in(email, parent, &conversation, ret_account, request->arena);
    return true;
}

bool threading_answer(struct request *request, const char *parent_id, const char *field,
                      struct email *email, struct account *ret_account, struct error *error)
{
    struct email parent;
    return find_parent(request, parent_id, field, &parent, error) &&
           answer(request, &parent, field, email, ret_account, error);
}

/* With the mailbox's own token; what cannot be asked for now may be later, a dead grant not. */
static bool threading_ask(struct request *request, const struct account *account,
                          const char *message_id, const char *field, const char **ret_thread_id,
                          struct error *error)
{
    struct credential credential = {0};
    const char *reason = NULL;
    request_stop_reading(request);
    switch (grants_token(request->api->settings.grants, account, NULL, request->arena,
                         &credential.access_token, &reason)) {
    case GRANT_GIVEN: break;
    case GRANT_LATER: return fail(error, ERROR_UNAVAILABLE, "", "%s", reason);
    case GRANT_HELD:
    case GRANT_DEAD: return fail(error, ERROR_INVALID, field, "cannot be looked up: %s", reason);
    }
    struct provider_pool *pool = provider_pool_create(&request->api->settings.provider);
    bool is_told = thread_find(pool, account, &credential, message_id, request->arena,
                               ret_thread_id, error);
    provider_pool_destroy(pool);
    if (!is_told && error->code == ERROR_PROVIDER) {
        struct error why = *error;
        return fail(error, ERROR_INVALID, field, "cannot be looked up: %s", why.message);
    }
    return is_told;
}

static bool threading_is_unmapped(const char *field, const struct account *account,
                                  struct error *error)
{
    return fail(error, ERROR_INVALID, field,
                "names a mail that is not in the mailbox %s at its provider: an answer would begin "
                "another thread there",
                account->email_address);
}

bool threading_find_thread(struct request *request, const struct email *email,
                           const struct account *account, const char **ret_thread_id,
                           struct error *error)
{
    const struct viewer viewer = {.organization_id = request->viewer.organization_id};
    const char *field = drafting_parent_field(request);
    struct conversation conversation;
    struct email parent;
    *ret_thread_id = NULL;
    if (!email->parent_id || !email->conversation_id || !thread_find_is_needed(account))
        return true;
    if (!conversation_store_find(request_reading(request), &viewer, email->conversation_id,
                                 request->arena, &conversation, error))
        return error->code == ERROR_NOT_FOUND; /* the transaction says what is wrong */
    if (!text_is_empty(conversation.thread_id))
        return true;
    if (!email_store_find(request_reading(request), &viewer, email->parent_id, request->arena,
                          &parent, error))
        return error->code == ERROR_NOT_FOUND;
    if (!threading_ask(request, account, parent.message_id, field, ret_thread_id, error))
        return false;
    return *ret_thread_id || threading_is_unmapped(field, account, error);
}

bool threading_continue(struct request *request, const struct account *account,
                        const char *thread_id, struct email *email, struct error *error)
{
    static const char FIELD_NAME[] = "threadId";
    struct session *session = request_reading(request);
    struct conversation conversation;
    struct email parent;
    struct account same;
    if (!conversation_store_find_thread(session, account->id, thread_id, request->arena,
                                        &conversation, error))
        return false;
    if (!conversation_store_find_latest(session, conversation.id, request->arena, &parent, error))
        return error->code == ERROR_NOT_FOUND
                   ? fail(error, ERROR_INVALID, FIELD_NAME,
                          "names a thread of which no mail has been sent or received yet")
                   : false;
    if (!email->subject && !text_is_empty(conversation.subject))
        email->subject = mime_reply_subject(conversation.subject, request->arena);
    return answer(request, &parent, FIELD_NAME, email, &same, error);
}
