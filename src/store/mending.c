#include "store/mending.h"

#include "base/id.h"
#include "base/text.h"
#include "store/holding.h"
#include "store/queue_store.h"
#include "store/trail.h"

static struct account new_account(const struct mending *mending)
{
    struct account account = mending->account;
    account.id = id_new(mending->arena);
    account.is_active = true;
    account.created_at = account.updated_at = mending->now;
    return account;
}

/* Whatever is not named here stays as it was. */
static struct account mended(const struct account *former, const struct account *wanted, moment now)
{
    struct account account = *former;
    account.display_name = text_or(wanted->display_name, former->display_name);
    account.language = text_or(wanted->language, former->language);
    account.timezone = text_or(wanted->timezone, former->timezone);
    account.is_default = wanted->is_default || (former->is_active && former->is_default);
    account.smtp_host = wanted->smtp_host;
    account.smtp_port = wanted->smtp_port;
    account.smtp_security = wanted->smtp_security;
    account.smtp_username = wanted->smtp_username;
    account.imap_host = wanted->imap_host;
    account.imap_port = wanted->imap_port;
    account.imap_security = wanted->imap_security;
    account.imap_username = wanted->imap_username;
    account.tls_fingerprint = wanted->tls_fingerprint;
    account.tls_ca_pem = wanted->tls_ca_pem;
    account_let_go(&account);
    account.updated_at = now;
    return account;
}

static const char *sealed(const struct mending *mending, const char *secret, const char *account_id)
{
    return secret ? secret_seal(mending->key, secret, account_id, mending->arena) : NULL;
}

bool mending_keep(struct session *session, void *context, struct error *error)
{
    struct mending *mending = context;
    const struct account *wanted = &mending->account;
    struct account account;
    moment now = mending->now;
    bool is_there = account_store_find_to_mend(session, wanted, mending->arena, &account, error);
    if (!is_there && error->code != ERROR_NOT_FOUND)
        return false;
    const struct account before = account;
    bool was_active = is_there && account.is_active;
    if (was_active && wanted->provider != PROVIDER_SMTP && !account_is_held(&before))
        return fail(error, ERROR_CONFLICT, "emailAddress", "%s is connected already",
                    account.email_address);
    account = is_there ? mended(&account, wanted, now) : new_account(mending);
    account.sealed_password = sealed(mending, mending->password, account.id);
    account.sealed_imap_password = sealed(mending, mending->imap_password, account.id);
    bool is_kept = was_active ? account_store_change(session, &account, error)
                   : is_there ? account_store_restore(session, &account, error)
                              : account_store_insert(session, &account, error);
    if (is_kept)
        mending->account = account;
    return is_kept &&
           trail_note_mailbox(session, &mending->by, was_active ? &before : NULL, &account,
                              error) &&
           (!is_there || holding_note(session, &mending->by, &before, &account, error)) &&
           queue_store_ask_now(session, account.id, now, error);
}
