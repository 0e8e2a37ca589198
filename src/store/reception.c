#include "store/reception.h"

#include <string.h>

#include "base/fault.h"
#include "base/id.h"
#include "base/text.h"
#include "model/calendar.h"
#include "store/conversation_store.h"
#include "store/document_store.h"
#include "store/same_mail.h"
#include "json/json.h"

struct references { /* ids that a mail refers to, oldest first */
    const char *ids[RECEPTION_REFERENCES_MAX];
    size_t count;
};

static void add_reference(struct references *references, const char *id)
{
    for (size_t i = 0; i < references->count; i++)
        if (text_equal(references->ids[i], id))
            return;
    if (references->count == RECEPTION_REFERENCES_MAX) {
        memmove(references->ids, references->ids + 1,
                (RECEPTION_REFERENCES_MAX - 1) * sizeof *references->ids);
        references->count--;
    }
    references->ids[references->count++] = id;
}

static void add_references(struct references *references, const char *text, struct arena *arena)
{
    for (const char *at = text ? strchr(text, '<') : NULL; at; at = strchr(at, '<')) {
        size_t size = strcspn(at, "> \t\r\n");
        if (size > 1 && at[size] == '>')
            add_reference(references, arena_copy_bytes(arena, at, size + 1));
        at += size;
    }
}

static bool load_same_id(struct session *session, const char *account_id, const char *message_id,
                         size_t limit, struct arena *arena, struct list *ret_emails,
                         struct error *error)
{
    return db_load(session, QUERY_THREAD_EMAIL,
                   PARAMS(TEXT("account_id", account_id), TEXT("message_id", message_id),
                          NUMBER("limit", (int64_t)limit)),
                   limit, &EMAIL_SCHEMA, arena, ret_emails, error);
}

static bool find_key(struct session *session, const struct email *email, const char *message_id,
                     struct arena *arena, const char **ret_conversation_id, struct error *error)
{
    struct list found;
    if (!db_load(session, QUERY_THREAD_KEY,
                 PARAMS(TEXT("account_id", email->account_id), TEXT("message_id", message_id)), 1,
                 &EMAIL_SCHEMA, arena, &found, error))
        return false;
    *ret_conversation_id = found.count ? ((struct email *)found.items)->id : NULL;
    return true;
}

/* A Date has no milliseconds, and clocks of others are wrong: an answer to mail of ours comes after
 * it all the same. */
static void come_after(struct email *email, const struct email *parent)
{
    if (parent->state == EMAIL_SENT && email->sent_at.ms <= parent->sent_at.ms)
        email->sent_at.ms = parent->sent_at.ms + 1;
}

/* The newest reference that is known says where it belongs; a mail that is there, before one that
 * others have only referred to. */
static bool find_by_references(struct session *session, const struct references *references,
                               struct arena *arena, struct email *email, struct error *error)
{
    struct list found;
    for (size_t i = references->count; i-- > 0 && !email->conversation_id;) {
        if (!load_same_id(session, email->account_id, references->ids[i], 1, arena, &found, error))
            return false;
        if (found.count) {
            const struct email *parent = found.items;
            email->parent_id = parent->id;
            email->conversation_id = parent->conversation_id;
            come_after(email, parent);
        }
    }
    for (size_t i = references->count; i-- > 0 && !email->conversation_id;)
        if (!find_key(session, email, references->ids[i], arena, &email->conversation_id, error))
            return false;
    return true;
}

static bool find_by_thread(struct session *session, struct arena *arena, struct email *email,
                           struct error *error)
{
    struct conversation conversation;
    if (!email->provider_thread_id)
        return true;
    if (conversation_store_find_thread(session, email->account_id, email->provider_thread_id, arena,
                                       &conversation, error)) {
        email->conversation_id = conversation.id;
        return true;
    }
    if (error->code != ERROR_NOT_FOUND)
        return false;
    *error = (struct error){0};
    return true;
}

/* is_used: another mail has its Message-ID, and is the one that was referred to. */
static bool find_conversation(struct session *session, const struct references *references,
                              bool is_used, struct arena *arena, struct email *email,
                              struct error *error)
{
    email->conversation_id = email->parent_id = NULL;
    if (!find_by_references(session, references, arena, email, error))
        return false;
    if (!email->conversation_id && email->message_id && !is_used &&
        !find_key(session, email, email->message_id, arena, &email->conversation_id, error))
        return false;
    return email->conversation_id || find_by_thread(session, arena, email, error);
}

/* Those that are not there: whoever comes later and is one, or refers to one, is of this
 * conversation. */
static bool keep_references(struct session *session, const struct references *references,
                            const struct email *email, struct error *error)
{
    for (size_t i = 0; i < references->count; i++)
        if (!db_change(session, QUERY_THREAD_KEY_INSERT,
                       PARAMS(TEXT("account_id", email->account_id),
                              TEXT("message_id", references->ids[i]),
                              TEXT("conversation_id", email->conversation_id)),
                       NULL, error))
            return false;
    return true;
}

static bool enter(struct session *session, struct email *email, const struct account *account,
                  struct arena *arena, struct error *error)
{
    if (!email->conversation_id)
        return conversation_store_open(session, email, account, email->sent_at, arena, error);
    return conversation_store_add(session, email->conversation_id, email, account->email_address,
                                  email->sent_at, arena, error);
}

static bool store_documents(struct session *session, const struct list *documents,
                            const struct account *account, moment now, struct error *error)
{
    const struct document *items = documents->items;
    for (size_t i = 0; i < documents->count; i++) {
        struct document document = items[i];
        document.organization_id = account->organization_id;
        document.user_id = account->user_id;
        document.created_at = document.updated_at = now;
        if (!document_store_insert(session, &document, error))
            return false;
    }
    return true;
}

static bool insert(struct session *session, struct email *email, const struct account *account,
                   bool is_used, moment now, struct arena *arena, struct error *error)
{
    struct references references = {0};
    struct step step = {
        .event = EVENT_RECEIVED, .at = now, .actor = "system", .reason = email->reason};
    add_references(&references, email->reference_ids, arena);
    add_references(&references, email->in_reply_to, arena);
    return find_conversation(session, &references, is_used, arena, email, error) &&
           enter(session, email, account, arena, error) &&
           keep_references(session, &references, email, error) &&
           email_store_insert(session, email, &step, error);
}

bool reception_store(struct session *session, struct email *email, const struct list *documents,
                     const struct account *account, moment now, struct arena *arena,
                     bool *ret_is_new, struct error *error)
{
    const struct email *same;
    bool is_used;
    email->id = id_new(arena);
    email->organization_id = account->organization_id;
    email->user_id = account->user_id;
    email->account_id = account->id;
    email->provider = PROVIDER_NAMES[account->provider];
    email->state = EMAIL_RECEIVED;
    if (email->invitation.start)
        email->calendar = json_write(&CALENDAR_VIEW, &email->invitation, arena).data;
    bool has_date = email->message_date.ms > 0 && email->message_date.ms <= now.ms;
    email->sent_at = has_date ? email->message_date : now;
    if (!same_mail_find(session, email, arena, &same, &is_used, error))
        return false;
    *ret_is_new = !same;
    FAULT(RECEIVED);
    if (!same)
        return store_documents(session, documents, account, now, error) &&
               insert(session, email, account, is_used, now, arena, error);
    *email = *same;
    return true;
}
