#include "delivery/loopback.h"

#include "base/log.h"
#include "base/text.h"
#include "message/incoming.h"
#include "store/account_store.h"
#include "store/quota_store.h"
#include "store/reception.h"

enum { SAME_ADDRESS_MOST = 100 };

struct copy { /* of a mail, for one mailbox */
    struct account account;
    struct email email;
    struct list documents;
};

/* Of all recipients, each a list of struct account. */
static bool find_mailboxes(const struct turn *turn, struct list recipients, struct list *accounts,
                           size_t *ret_count, struct error *error)
{
    const struct address *addresses = recipients.items;
    AUTO_READING session = db_read(turn->delivery->db);
    *ret_count = 0;
    for (size_t i = 0; i < recipients.count; i++) {
        if (!account_store_find_sandboxes(session, turn->account.organization_id,
                                          addresses[i].email, SAME_ADDRESS_MOST, turn->arena,
                                          &accounts[i], error))
            return false;
        *ret_count += accounts[i].count;
    }
    return true;
}

/* Each gets documents of its own. */
static bool read_copy(const struct turn *turn, const struct account *account, struct copy *ret_copy,
                      struct error *error)
{
    ret_copy->account = *account;
    return incoming_read(turn->message, turn->delivery->blobs, turn->delivery->settings.keeps_raw,
                         turn->arena, &ret_copy->email, &ret_copy->documents, error);
}

static bool read_copies(const struct turn *turn, struct list *ret_copies, struct error *error)
{
    struct list recipients = email_recipients(&turn->email, turn->arena);
    struct list *accounts = arena_new(turn->arena, struct list, recipients.count);
    size_t most, count = 0;
    if (!find_mailboxes(turn, recipients, accounts, &most, error))
        return false;
    struct copy *copies = arena_new(turn->arena, struct copy, most);
    for (size_t i = 0; i < recipients.count; i++)
        for (size_t j = 0; j < accounts[i].count; j++) {
            const struct account *account = &((const struct account *)accounts[i].items)[j];
            if (!read_copy(turn, account, &copies[count++], error))
                return false;
        }
    *ret_copies = (struct list){copies, count};
    return true;
}

bool loopback_prepare(const struct turn *turn, struct list *ret_copies, struct error *error)
{
    *ret_copies = (struct list){0};
    return turn->account.provider != PROVIDER_SANDBOX || read_copies(turn, ret_copies, error);
}

static int64_t loopback_bytes(const struct copy *copy)
{
    const struct document *documents = copy->documents.items;
    int64_t bytes = email_stored_bytes(&copy->email);
    for (size_t i = 0; i < copy->documents.count; i++)
        bytes += documents[i].size_bytes + QUOTA_DOCUMENT_BYTES;
    return bytes;
}

/* A mailbox without room does not get it, as elsewhere; that is no failure of the sender's. */
static bool loopback_store_copy(struct session *session, struct copy *copy, moment now,
                                struct arena *arena, struct error *error)
{
    bool is_new;
    if (quota_store_check(session, copy->account.organization_id, QUOTA_STORED_BYTES,
                          loopback_bytes(copy), error))
        return reception_store(session, &copy->email, &copy->documents, &copy->account, now, arena,
                               &is_new, error);
    if (!text_equal(error->field, QUOTA_FIELD))
        return false;
    LOG(LOG_WARNING, "sandbox_full", LOG_TEXT("mailbox", copy->account.id),
        LOG_TEXT("reason", error->message));
    *error = (struct error){0};
    return true;
}

bool loopback_store(struct session *session, const struct list *copies, moment now,
                    struct arena *arena, struct error *error)
{
    struct copy *items = copies->items;
    for (size_t i = 0; i < copies->count; i++)
        if (!loopback_store_copy(session, &items[i], now, arena, error))
            return false;
    return true;
}
