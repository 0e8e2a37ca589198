#include "store/conversation_store.h"

#include "base/id.h"
#include "base/text.h"
#include "store/account_store.h"
#include "store/tally.h"

enum { MAILS_TOLD_OF_MOST = 1000 }; /* beyond, they hardly have anybody new */

bool conversation_store_insert(struct session *session, const struct conversation *conversation,
                               struct error *error)
{
    return db_save(session, QUERY_CONVERSATION_INSERT, &CONVERSATION_SCHEMA, conversation, NULL,
                   NULL, error) &&
           tally_add(session, conversation->organization_id, conversation->user_id,
                     TALLY_CONVERSATIONS, 1, error);
}

bool conversation_store_find(struct session *session, const struct viewer *viewer, const char *id,
                             struct arena *arena, struct conversation *ret_conversation,
                             struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_CONVERSATION_BY_ID,
                 PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                        TEXT("seen_by", viewer->seen_by)),
                 1, &CONVERSATION_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "conversation", "no conversation has this id");
    *ret_conversation = *(struct conversation *)found.items;
    return true;
}

bool conversation_store_find_thread(struct session *session, const char *account_id,
                                    const char *thread_id, struct arena *arena,
                                    struct conversation *ret_conversation, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_CONVERSATION_BY_THREAD,
                 PARAMS(TEXT("account_id", account_id), TEXT("thread_id", thread_id),
                        NUMBER("limit", 1)),
                 1, &CONVERSATION_SCHEMA, arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "thread", "this mailbox has no thread with this id");
    *ret_conversation = *(struct conversation *)found.items;
    return true;
}

bool conversation_store_find_latest(struct session *session, const char *id, struct arena *arena,
                                    struct email *ret_email, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_CONVERSATION_LATEST_EMAIL, PARAMS(TEXT("id", id)), 1, &EMAIL_SCHEMA,
                 arena, &found, error))
        return false;
    if (!found.count)
        return fail(error, ERROR_NOT_FOUND, "email", "the conversation has no mail to answer");
    *ret_email = *(struct email *)found.items;
    return true;
}

static void add_participant(struct list *participants, const struct address *address,
                            const char *own_address)
{
    struct address *items = participants->items;
    if (!address->email || text_equal_nocase(address->email, own_address) ||
        participants->count == CONVERSATION_PARTICIPANTS_MAX)
        return;
    for (size_t i = 0; i < participants->count; i++)
        if (address_equal(&items[i], address))
            return;
    items[participants->count++] = *address;
}

/* A blind copy is nobody's business but the sender's. */
static struct list participants_of(const struct list *before, const struct email *email,
                                   const char *own_address, struct arena *arena)
{
    const struct address from = {email->from_email, email->from_name};
    const struct list lists[] = {
        *before, {(void *)&from, 1}, email->to_recipients, email->cc_recipients};
    struct list all = {arena_new(arena, struct address, CONVERSATION_PARTICIPANTS_MAX), 0};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t j = 0; j < lists[i].count; j++)
            add_participant(&all, &((const struct address *)lists[i].items)[j], own_address);
    return all;
}

/* The caller's own mail is about what he says. */
static void inherit(struct email *email, const struct conversation *conversation)
{
    email->provider_thread_id = text_or(email->provider_thread_id, conversation->thread_id);
    if (email->state == EMAIL_RECEIVED && !email->context_id) {
        email->context_type = conversation->context_type;
        email->context_id = conversation->context_id;
    }
}

bool conversation_store_add(struct session *session, const char *id, struct email *email,
                            const char *own_address, moment at, struct arena *arena,
                            struct error *error)
{
    struct conversation conversation = {0};
    const struct viewer everybody = {.organization_id = email->organization_id};
    if (!conversation_store_find(session, &everybody, id, arena, &conversation, error))
        return false;
    inherit(email, &conversation);
    conversation.participants = participants_of(&conversation.participants, email, own_address,
                                                arena);
    conversation.last_message_at = at;
    conversation.is_resolved = conversation.is_resolved && email->state != EMAIL_RECEIVED;
    return db_save(session, QUERY_CONVERSATION_GROW, &CONVERSATION_SCHEMA, &conversation, NULL,
                   NULL, error);
}

bool conversation_store_open(struct session *session, struct email *email,
                             const struct account *account, moment at, struct arena *arena,
                             struct error *error)
{
    struct conversation conversation = {
        .id = id_new(arena),
        .organization_id = email->organization_id,
        .user_id = email->user_id,
        .account_id = account->id,
        .subject = email->subject,
        .context_type = email->context_type,
        .context_id = email->context_id,
        .participants = participants_of(&(struct list){0}, email, account->email_address, arena),
        .message_count = 1,
        .created_at = at,
        .last_message_at = at,
        .thread_id = email->provider_thread_id,
    };
    /* SMTP knows no threads: the conversation is the thread. */
    bool is_threaded = account->provider != PROVIDER_SMTP && account->provider != PROVIDER_SANDBOX;
    if (!is_threaded && !conversation.thread_id)
        conversation.thread_id = conversation.id;
    email->conversation_id = conversation.id;
    email->provider_thread_id = conversation.thread_id;
    return conversation_store_insert(session, &conversation, error);
}

bool conversation_store_retell(struct session *session, const char *id, const char *own_address,
                               struct arena *arena, struct error *error)
{
    struct list left;
    if (!db_load(session, QUERY_CONVERSATION_LEFT,
                 PARAMS(TEXT("id", id), NUMBER("limit", MAILS_TOLD_OF_MOST)), MAILS_TOLD_OF_MOST,
                 &EMAIL_SCHEMA, arena, &left, error))
        return false;
    const struct email *emails = left.items;
    struct conversation told = {.id = id, .subject = left.count ? emails->subject : NULL};
    for (size_t i = 0; i < left.count; i++)
        told.participants = participants_of(&told.participants, &emails[i], own_address, arena);
    return db_save(session, QUERY_CONVERSATION_RETELL, &CONVERSATION_SCHEMA, &told, NULL, NULL,
                   error);
}

static bool conversation_store_shrink(struct session *session,
                                      const struct conversation *conversation, struct arena *arena,
                                      struct error *error)
{
    struct account account;
    return db_change(session, QUERY_CONVERSATION_SHRINK, PARAMS(TEXT("id", conversation->id)), NULL,
                     error) &&
           account_store_find_any(session, conversation->account_id, arena, &account, error) &&
           conversation_store_retell(session, conversation->id, account.email_address, arena,
                                     error);
}

bool conversation_store_take_out(struct session *session, const struct email *email,
                                 struct arena *arena, bool *ret_is_gone, struct error *error)
{
    const struct viewer everybody = {.organization_id = email->organization_id};
    struct conversation conversation;
    int64_t removed = 0;
    *ret_is_gone = false;
    if (!email->conversation_id)
        return true;
    if (!conversation_store_find(session, &everybody, email->conversation_id, arena, &conversation,
                                 error) ||
        !db_change(session, QUERY_CONVERSATION_REMOVE_EMPTY,
                   PARAMS(TEXT("id", conversation.id), TEXT("email_id", email->id)), &removed,
                   error))
        return false;
    *ret_is_gone = removed;
    return removed ? tally_add(session, conversation.organization_id, conversation.user_id,
                               TALLY_CONVERSATIONS, -1, error)
                   : conversation_store_shrink(session, &conversation, arena, error);
}

bool conversation_store_name_thread(struct session *session, const char *id, const char *thread_id,
                                    struct error *error)
{
    return db_change(session, QUERY_CONVERSATION_NAME_THREAD,
                     PARAMS(TEXT("id", id), TEXT("thread_id", thread_id)), NULL, error);
}

bool conversation_store_touch(struct session *session, const char *id, const char *thread_id,
                              moment now, struct error *error)
{
    if (thread_id && !conversation_store_name_thread(session, id, thread_id, error))
        return false;
    return db_change(session, QUERY_CONVERSATION_TOUCH,
                     PARAMS(TEXT("id", id), NUMBER("last_message_at", now.ms)), NULL, error);
}

bool conversation_store_resolve(struct session *session, const struct viewer *viewer,
                                const char *id, bool is_resolved, struct error *error)
{
    int64_t changed = 0;
    if (!db_change(session, QUERY_CONVERSATION_RESOLVE,
                   PARAMS(TEXT("id", id), TEXT("organization_id", viewer->organization_id),
                          TEXT("seen_by", viewer->seen_by), NUMBER("is_resolved", is_resolved)),
                   &changed, error))
        return false;
    return changed || fail(error, ERROR_NOT_FOUND, "conversation", "no conversation has this id");
}
