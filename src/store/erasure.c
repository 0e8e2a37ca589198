#include "store/erasure.h"

#include <ctype.h>

#include "base/text.h"
#include "store/account_store.h"
#include "store/call_store.h"
#include "store/conversation_store.h"
#include "store/document_store.h"
#include "store/event_store.h"

const char *const ERASURE_NAMES[] = {
    [ERASURE_DONE] = "erased",
    [ERASURE_DELETED] = "deleted",
    [ERASURE_HAS_BEEN] = "erased before",
    [ERASURE_GONE] = "deleted before",
    NULL,
};

static const char *const FIRST[EMAIL_STATE_COUNT] = {
    [EMAIL_QUEUED] = "it is still to be sent: cancel it first",
    [EMAIL_SENDING] = "it is being sent: wait until that has ended",
    [EMAIL_UNKNOWN] = "nobody knows yet whether it was sent: resolve it first",
};

const char *erasure_obstacle(const struct email *email)
{
    return FIRST[email->state];
}

static bool retell_conversation(struct session *session, const struct email *email,
                                struct arena *arena, struct error *error)
{
    const struct viewer everybody = {.organization_id = email->organization_id};
    struct conversation conversation;
    struct account account;
    return !email->conversation_id ||
           (conversation_store_find(session, &everybody, email->conversation_id, arena,
                                    &conversation, error) &&
            account_store_find_any(session, conversation.account_id, arena, &account, error) &&
            conversation_store_retell(session, conversation.id, account.email_address, arena,
                                      error));
}

/* Its trail too may quote what it said, such as why it was rejected. */
bool erasure_forget(struct session *session, const char *email_id, struct error *error)
{
    return call_store_erase(session, email_id, error) &&
           event_store_erase(session, email_id, error);
}

/* What has been in the queue is told of in its conversation. */
bool erasure_remove(struct session *session, const struct email *email, const struct step *step,
                    struct arena *arena, struct error *error)
{
    bool is_gone;
    return email_store_remove(session, email, step, error) &&
           erasure_forget(session, email->id, error) &&
           (!email->message_id ||
            conversation_store_take_out(session, email, arena, &is_gone, error));
}

static bool erase_draft(struct session *session, const struct email *email, const struct step *step,
                        struct arena *arena, struct error *error)
{
    struct step deleted = *step;
    deleted.event = EVENT_DELETED;
    return email_store_tell(session, email, step, error) &&
           erasure_remove(session, email, &deleted, arena, error);
}

bool erasure_run(struct session *session, struct email *email, const struct step *step,
                 struct arena *arena, enum erasure *ret_erasure, struct error *error)
{
    *ret_erasure = email->erased_at.ms ? ERASURE_HAS_BEEN : ERASURE_DONE;
    if (email->erased_at.ms)
        return true;
    if (erasure_obstacle(email))
        return fail(error, ERROR_CONFLICT, "status", "%s", erasure_obstacle(email));
    if (!document_store_erase(session, email->id, error))
        return false;
    if (email_state_is_editable(email->state)) {
        *ret_erasure = ERASURE_DELETED;
        return erase_draft(session, email, step, arena, error);
    }
    return call_store_erase(session, email->id, error) &&
           email_store_erase(session, email, step, error) &&
           retell_conversation(session, email, arena, error);
}

/* For LIKE, which looks into lists that are JSON: what is spelled otherwise there, or means
 * something to LIKE, may be anything. */
static const char *pattern_of(const char *address, struct arena *arena)
{
    char *pattern = arena_format(arena, "%%%s%%", address);
    for (char *at = pattern; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '@' && *at != '.' && *at != '-')
            *at = '%';
    return pattern;
}

static bool has_address(const struct list *list, const char *address)
{
    const struct address *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (items[i].email && text_equal_nocase(items[i].email, address))
            return true;
    return false;
}

static bool concerns(const struct email *email, const char *address)
{
    return (email->from_email && text_equal_nocase(email->from_email, address)) ||
           has_address(&email->to_recipients, address) ||
           has_address(&email->cc_recipients, address) ||
           has_address(&email->bcc_recipients, address) ||
           has_address(&email->reply_to_recipients, address) ||
           (email->list_post && text_equal_nocase(email->list_post, address));
}

bool erasure_list(struct session *session, struct erasure_search *search, size_t limit,
                  struct arena *arena, struct list *ret_emails, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_EMAIL_TO_ERASE,
                 PARAMS(TEXT("organization_id", search->organization_id),
                        TEXT("pattern", pattern_of(search->address, arena)),
                        TEXT("after_id", search->after_id), NUMBER("limit", (int64_t)limit)),
                 limit, &EMAIL_SCHEMA, arena, &found, error))
        return false;
    struct email *emails = found.items;
    size_t count = 0;
    search->after_id = found.count == limit ? emails[found.count - 1].id : NULL;
    for (size_t i = 0; i < found.count; i++)
        if (concerns(&emails[i], search->address))
            emails[count++] = emails[i];
    *ret_emails = (struct list){emails, count};
    return true;
}
