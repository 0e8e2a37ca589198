#include "delivery/loopback.h"

#include "message/incoming.h"
#include "store/account_store.h"
#include "store/reception.h"

enum { SAME_ADDRESS_MOST = 100, COPIES_MOST = 1000 };

struct copy { /* of a mail, for one mailbox */
    struct account account;
    struct email email;
    struct list documents;
};

static bool find_mailboxes(const struct turn *turn, struct list *ret_copies, struct error *error)
{
    struct list recipients = email_recipients(&turn->email, turn->arena), accounts;
    const struct address *addresses = recipients.items;
    struct copy *copies = arena_new(turn->arena, struct copy, COPIES_MOST);
    size_t count = 0;
    AUTO_READING session = db_read(turn->delivery->db);
    for (size_t i = 0; i < recipients.count; i++) {
        if (!account_store_find_sandboxes(session, addresses[i].email, SAME_ADDRESS_MOST,
                                          turn->arena, &accounts, error))
            return false;
        for (size_t j = 0; j < accounts.count && count < COPIES_MOST; j++)
            copies[count++].account = ((struct account *)accounts.items)[j];
    }
    *ret_copies = (struct list){copies, count};
    return true;
}

/* Each gets documents of its own. */
static bool read_copies(const struct turn *turn, const struct list *copies, struct error *error)
{
    struct copy *items = copies->items;
    for (size_t i = 0; i < copies->count; i++)
        if (!incoming_read(turn->message, turn->delivery->blobs, turn->arena, &items[i].email,
                           &items[i].documents, error))
            return false;
    return true;
}

bool loopback_prepare(const struct turn *turn, struct list *ret_copies, struct error *error)
{
    *ret_copies = (struct list){0};
    return turn->account.provider != PROVIDER_SANDBOX ||
           (find_mailboxes(turn, ret_copies, error) && read_copies(turn, ret_copies, error));
}

bool loopback_store(struct session *session, const struct list *copies, moment now,
                    struct arena *arena, struct error *error)
{
    struct copy *items = copies->items;
    bool is_new;
    for (size_t i = 0; i < copies->count; i++)
        if (!reception_store(session, &items[i].email, &items[i].documents, &items[i].account, now,
                             arena, &is_new, error))
            return false;
    return true;
}
