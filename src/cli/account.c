#include "base/clock.h"
#include "base/text.h"
#include "cli/credential.h"
#include "cli/mailbox.h"
#include "cli/password.h"
#include "cli/print.h"
#include "message/manner.h"
#include "mime/address.h"
#include "mime/domain.h"
#include "model/server_trust.h"
#include "store/holding.h"
#include "store/mending.h"
#include "store/overview_store.h"

struct account_add {
    const char *user, *email, *display_name;
    bool is_default;
    const char *language, *timezone;
    const char *host, *username, *password_file;
    int64_t port; /* 0: what belongs to the security */
    enum account_security security;
    const char *imap_host, *imap_username, *imap_password_file; /* NULL: as for SMTP */
    const char *tls_fingerprint;
    int64_t imap_port; /* 0: what belongs to the security */
    enum account_security imap_security;
};
/* clang-format off */
#define ADDED(member, ...) FIELD(struct account_add, member, __VA_ARGS__)
#define EVERY_ACCOUNT \
    ADDED(user, .use = REQUIRED, .about = "whose mailbox it becomes, by address"), \
    ADDED(email, .use = REQUIRED, .spelling = &LINE_SPELLING, .max = 320, \
          .about = "the mailbox's address"), \
    ADDED(display_name, .spelling = &LINE_SPELLING, .max = 200, \
          .about = "name beside the address in what is sent"), \
    ADDED(language, .spelling = &LANGUAGE_SPELLING, .max = MANNER_LANGUAGE_BYTES, \
          .about = "in which its answers say who wrote the quoted mail; otherwise en"), \
    ADDED(timezone, .spelling = &TIMEZONE_SPELLING, .max = MANNER_ZONE_BYTES, \
          .about = "such as Europe/Berlin, in which they say when; otherwise UTC"), \
    {.name = "default", .kind = KIND_BOOL, .offset = offsetof(struct account_add, is_default), \
     .about = "use it where none is named"}

static const struct field SANDBOX_FIELDS[] = {EVERY_ACCOUNT, {0}};
static const struct field SMTP_FIELDS[] = {
    EVERY_ACCOUNT,
    ADDED(host, .use = REQUIRED, .spelling = &LINE_SPELLING, .max = 253,
          .about = "the server's name or IP address"),
    ADDED(port, .max = UINT16_MAX, .about = "its port; otherwise 465 for tls, 587 for the rest"),
    NAME_FIELD(struct account_add, security, ACCOUNT_SECURITY_NAMES, .preset = "tls",
          .about = "tls, starttls or none"),
    ADDED(username, .spelling = &LINE_SPELLING, .max = 320, .about = "sign in with this name"),
    ADDED(password_file, .max = 3000, .about = "the password is the first line of this file"),
    ADDED(imap_host, .spelling = &LINE_SPELLING, .max = 253,
          .about = "where its Sent folder is looked into for a mail that its server may have taken"),
    ADDED(imap_port, .max = UINT16_MAX, .about = "otherwise 993 for tls, 143 for the rest"),
    NAME_FIELD(struct account_add, imap_security, ACCOUNT_SECURITY_NAMES, .preset = "tls",
          .about = "tls, starttls or none"),
    ADDED(imap_username, .spelling = &LINE_SPELLING, .max = 320, .about = "otherwise --username"),
    ADDED(tls_fingerprint, .spelling = &FINGERPRINTS_SPELLING, .max = 1024,
          .about = "its servers are known by the SHA-256 fingerprint of their certificate, whoever "
                   "signed it"),
    ADDED(imap_password_file, .max = 3000, .about = "otherwise the same password"),
    {0},
};
/* clang-format on */
const struct schema ACCOUNT_SANDBOX_OPTIONS = SCHEMA(struct account_add, SANDBOX_FIELDS);
const struct schema ACCOUNT_SMTP_OPTIONS = SCHEMA(struct account_add, SMTP_FIELDS);

static const struct field ACCOUNT_SHOWN[] = {
    FIELD(struct account, id, .use = SHOWN),
    NAME_FIELD(struct account, provider, PROVIDER_NAMES, .use = SHOWN),
    FIELD(struct account, email_address, .json = "email", .use = SHOWN),
    FIELD(struct account, display_name, .use = SHOWN),
    FIELD(struct account, is_default, .json = "default", .use = SHOWN),
    FIELD(struct account, language, .use = SHOWN | OMITTED),
    FIELD(struct account, timezone, .use = SHOWN | OMITTED),
    FIELD(struct account, smtp_host, .use = SHOWN),
    FIELD(struct account, smtp_port, .use = SHOWN | OMITTED),
    FIELD(struct account, smtp_username, .use = SHOWN),
    FIELD(struct account, imap_host, .use = SHOWN | OMITTED),
    FIELD(struct account, user_id, .use = SHOWN),
    {0},
};
const struct schema ACCOUNT_VIEW = SCHEMA(struct account, ACCOUNT_SHOWN);

/* What every kind of account has in common. */
static bool begin_account(struct cli *cli, const struct account_add *given,
                          enum provider_kind provider, struct account *ret_account,
                          struct error *error)
{
    struct user user;
    struct address address;
    if (!mime_address_read(given->email, cli->arena, &address, error) ||
        !cli_find_user(cli, given->user, &user, error))
        return false;
    *ret_account = (struct account){
        .organization_id = user.organization_id,
        .user_id = user.id,
        .provider = provider,
        .email_address = address.email,
        .display_name = text_or(given->display_name, address.name),
        .is_default = given->is_default,
        .language = given->language,
        .timezone = given->timezone,
    };
    return true;
}

static bool keep_account(struct cli *cli, struct mending *mending, struct error *error)
{
    mending->by = cli_act(ACT_MAILBOX_CONNECTED, NULL, NULL);
    if (!db_write(cli->db, mending_keep, mending, error))
        return false;
    print_object(cli, &ACCOUNT_VIEW, &mending->account);
    return true;
}

bool account_add_sandbox(struct cli *cli, void *options, struct error *error)
{
    struct mending mending = {.arena = cli->arena, .now = clock_now()};
    return begin_account(cli, options, PROVIDER_SANDBOX, &mending.account, error) &&
           account_check(&mending.account, false, error) && keep_account(cli, &mending, error);
}

static void fill_servers(const struct account_add *given, struct arena *arena,
                         struct account *account)
{
    account->smtp_host = domain_host(given->host, arena);
    account->smtp_security = given->security;
    account->smtp_port = given->port ? given->port : given->security == SECURITY_TLS ? 465 : 587;
    account->smtp_username = given->username;
    account->imap_host = given->imap_host ? domain_host(given->imap_host, arena) : NULL;
    account->tls_fingerprint = given->tls_fingerprint;
    account->imap_port = given->imap_port;
    account->imap_security = given->imap_host ? given->imap_security : SECURITY_UNSET;
    account->imap_username = given->imap_username;
    account_fill_imap(account);
}

static bool read_passwords(struct cli *cli, const struct account_add *given,
                           struct credential *ret_credential, struct error *error)
{
    *ret_credential = (struct credential){0};
    return (!given->username ||
            password_read(given->password_file, cli->arena, &ret_credential->password, error)) &&
           (!given->imap_password_file || password_read(given->imap_password_file, cli->arena,
                                                        &ret_credential->imap_password, error));
}

bool account_add_smtp(struct cli *cli, void *options, struct error *error)
{
    const struct account_add *given = options;
    struct secret_key key;
    struct credential credential;
    struct mending mending = {.key = &key, .arena = cli->arena, .now = clock_now()};
    struct account *account = &mending.account;
    if (!begin_account(cli, given, PROVIDER_SMTP, account, error))
        return false;
    fill_servers(given, cli->arena, account);
    if (!account_check(account, cli->config.allow_plain_smtp, error) ||
        !read_passwords(cli, given, &credential, error) ||
        !credential_try(cli, account, &credential, error) ||
        !secret_key_open(cli->paths.key, &key, error))
        return false;
    mending.password = credential.password;
    mending.imap_password = credential.imap_password;
    return keep_account(cli, &mending, error);
}

bool account_list(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    AUTO_READING session = db_read(cli->db);
    struct list accounts;
    if (!overview_store_accounts(session, NULL, NULL, LIST_MOST, cli->arena, &accounts, error))
        return false;
    print_list(cli, &ACCOUNT_VIEW, accounts);
    return true;
}

bool account_test(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    struct account account;
    struct credential credential;
    if (!mailbox_find(cli, cli_word(cli, 0), &account, error) ||
        !credential_open(cli, &account, &credential, error) ||
        !credential_try(cli, &account, &credential, error))
        return false;
    if (cli->json)
        print_object(cli, &ACCOUNT_VIEW, &account);
    else
        printf("%s: %s works\n", account.email_address, PROVIDER_NAMES[account.provider]);
    return true;
}

struct account_pausing { /* on its way to the database */
    struct cli *cli;
    const char *id;
    bool is_paused;
    struct account account;
};

static bool account_pause_work(struct session *session, void *context, struct error *error)
{
    struct account_pausing *pausing = context;
    struct account *account = &pausing->account;
    if (!account_store_find_any(session, pausing->id, pausing->cli->arena, account, error))
        return false;
    const struct administration by = cli_act(ACT_MAILBOX_CHANGED, account->organization_id, NULL);
    const struct account before = *account;
    account->is_paused = pausing->is_paused;
    account->updated_at = clock_now();
    if (!account->is_paused)
        account_resume(account, account->updated_at);
    return account_store_change(session, account, error) &&
           holding_note(session, &by, &before, account, error);
}

static bool account_set_paused(struct cli *cli, bool is_paused, struct error *error)
{
    struct account_pausing pausing = {.cli = cli, .is_paused = is_paused};
    struct account account;
    if (!mailbox_find(cli, cli_word(cli, 0), &account, error))
        return false;
    pausing.id = account.id;
    if (!db_write(cli->db, account_pause_work, &pausing, error))
        return false;
    print_object(cli, &ACCOUNT_VIEW, &pausing.account);
    return true;
}

bool account_pause(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    return account_set_paused(cli, true, error);
}

bool account_go_on(struct cli *cli, void *options, struct error *error)
{
    (void)options;
    return account_set_paused(cli, false, error);
}
