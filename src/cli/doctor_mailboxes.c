/* The mailboxes that mail leaves through. */
#include "base/clock.h"
#include "base/text.h"
#include "cli/credential.h"
#include "cli/doctor.h"
#include "store/overview_store.h"

static bool list(struct doctor *doctor, struct list *ret_accounts, struct error *error)
{
    AUTO_READING session = db_read(doctor->cli->db);
    return overview_store_accounts(session, NULL, NULL, LIST_MOST, doctor->cli->arena, ret_accounts,
                                   error);
}

/* A sandbox has nobody to sign in to. */
static bool can_be_tried(const struct account *account)
{
    const struct provider *provider = provider_of(account->provider);
    return provider && provider->check;
}

static bool try(struct doctor *doctor, const struct account *account, struct error *error)
{
    struct credential credential;
    return credential_open(doctor->cli, account, &credential, error) &&
           credential_try(doctor->cli, account, &credential, error);
}

/* Whether it is all right, or there is nothing to be found out. */
static bool look_at(struct doctor *doctor, const struct account *account, moment now)
{
    struct error error;
    const char *address = account->email_address, *id = account->id;
    if (account->is_paused) {
        doctor_say(doctor, LEVEL_WARN, "%s (%s) is paused until an administrator lets it go on",
                   address, id);
        return false;
    }
    if (account->needs_sign_in) {
        doctor_say(doctor, LEVEL_WARN, "%s (%s) needs a new sign-in, and its mail waits: %s",
                   address, id, text_or(account->pause_reason, "its grant is dead"));
        return false;
    }
    if (account->is_held) {
        doctor_say(doctor, LEVEL_WARN, "%s (%s) is held, and its mail waits: %s", address, id,
                   text_or(account->pause_reason, "its provider has something against it"));
        return false;
    }
    if (account->paused_until.ms > now.ms) {
        doctor_say(doctor, LEVEL_WARN, "%s (%s) is paused until %s: %s", address, id,
                   moment_text(account->paused_until, 0, doctor->cli->arena),
                   text_or(account->pause_reason, "its provider wants no mail before"));
        return false;
    }
    if (doctor->given->offline || !can_be_tried(account) || try(doctor, account, &error))
        return true;
    bool is_refused = error.code == ERROR_INVALID && *error.field; /* such as smtp.host */
    doctor_say(doctor, LEVEL_FAIL, "%s (%s): %s%s%s", address, id, is_refused ? error.field : "",
               is_refused ? " " : "", error.message);
    return false;
}

bool doctor_mailboxes(struct doctor *doctor, struct error *error)
{
    struct list accounts;
    if (!list(doctor, &accounts, error))
        return false;
    moment now = clock_now();
    const struct account *account = accounts.items;
    size_t good = 0;
    for (size_t i = 0; i < accounts.count; i++)
        good += look_at(doctor, &account[i], now);
    if (good == accounts.count)
        doctor_say(doctor, LEVEL_OK,
                   doctor->given->offline ? "%zu, none was signed in to"
                                          : "all %zu can be sent through",
                   good);
    return true;
}

bool doctor_defaults(struct doctor *doctor, struct error *error)
{
    struct troubles troubles;
    moment now = clock_now();
    AUTO_READING session = db_read(doctor->cli->db);
    if (!overview_store_troubles(session, now, now, doctor->cli->arena, &troubles, error))
        return false;
    if (troubles.without_default)
        doctor_say(doctor, LEVEL_WARN, "%lld users have mailboxes and none as their default",
                   (long long)troubles.without_default);
    else
        doctor_say(doctor, LEVEL_OK, "every user with a mailbox has one");
    return true;
}
