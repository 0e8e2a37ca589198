#include "model/account.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/server_trust.h"

const char *const PROVIDER_NAMES[] = {"sandbox", "smtp", "gmail", "outlook", NULL};
const char *const ACCOUNT_SECURITY_NAMES[] = {"", "tls", "starttls", "none", NULL};

const char *const ACCOUNT_STATUS_NAMES[] = {
    [ACCOUNT_CONNECTED] = "connected",
    [ACCOUNT_REAUTH_REQUIRED] = "reauth_required",
    [ACCOUNT_PAUSED] = "paused",
    NULL,
};

static const struct field ACCOUNT_FIELDS[] = {
    FIELD(struct account, id, .use = STORED),
    FIELD(struct account, organization_id, .use = STORED),
    FIELD(struct account, user_id, .use = STORED),
    NAME_FIELD(struct account, provider, PROVIDER_NAMES, .use = STORED),
    FIELD(struct account, email_address, .use = STORED),
    FIELD(struct account, display_name, .use = STORED),
    FIELD(struct account, is_default, .use = STORED),
    FIELD(struct account, is_active, .use = STORED),
    FIELD(struct account, appends_signature, .use = STORED),
    FIELD(struct account, signature_html, .use = STORED),
    FIELD(struct account, signature_text, .use = STORED),
    FIELD(struct account, smtp_host, .use = STORED),
    FIELD(struct account, smtp_port, .use = STORED),
    NAME_FIELD(struct account, smtp_security, ACCOUNT_SECURITY_NAMES, .use = STORED),
    FIELD(struct account, smtp_username, .use = STORED),
    FIELD(struct account, sealed_password, .use = STORED),
    FIELD(struct account, imap_host, .use = STORED),
    FIELD(struct account, imap_port, .use = STORED),
    NAME_FIELD(struct account, imap_security, ACCOUNT_SECURITY_NAMES, .use = STORED),
    FIELD(struct account, imap_username, .use = STORED),
    FIELD(struct account, sealed_imap_password, .use = STORED),
    FIELD(struct account, tls_fingerprint, .use = STORED),
    FIELD(struct account, tls_ca_pem, .use = STORED),
    FIELD(struct account, sealed_refresh_token, .use = STORED),
    FIELD(struct account, granted_scopes, .use = STORED),
    FIELD(struct account, aliases, .use = STORED, .items = &ADDRESS_SCHEMA),
    FIELD(struct account, needs_sign_in, .use = STORED),
    FIELD(struct account, is_held, .use = STORED),
    FIELD(struct account, is_paused, .use = STORED),
    FIELD(struct account, probes, .use = STORED),
    FIELD(struct account, paused_until, .use = STORED),
    FIELD(struct account, pause_reason, .use = STORED),
    FIELD(struct account, sends_per_minute, .use = STORED),
    FIELD(struct account, sends_at_once, .use = STORED),
    FIELD(struct account, undo_seconds, .use = STORED),
    FIELD(struct account, requires_approval, .use = STORED),
    FIELD(struct account, language, .use = STORED),
    FIELD(struct account, timezone, .use = STORED),
    FIELD(struct account, is_apart, .use = STORED),
    FIELD(struct account, created_at, .use = STORED),
    FIELD(struct account, updated_at, .use = STORED),
    {0},
};
const struct schema ACCOUNT_SCHEMA = SCHEMA(struct account, ACCOUNT_FIELDS);

enum account_status account_status(const struct account *account, moment now)
{
    if (account->needs_sign_in && !account->is_paused)
        return ACCOUNT_REAUTH_REQUIRED;
    bool is_paused = account->is_paused || account->is_held || account->paused_until.ms > now.ms;
    return is_paused ? ACCOUNT_PAUSED : ACCOUNT_CONNECTED;
}

const char *account_status_reason(const struct account *account)
{
    return account->is_paused ? "an administrator has paused it" : account->pause_reason;
}

bool account_is_held(const struct account *account)
{
    return account->needs_sign_in || account->is_held;
}

bool account_may_send(const struct account *account, moment now)
{
    bool is_tried_again = account->paused_until.ms || !account_is_held(account);
    return !account->is_paused && is_tried_again && account->paused_until.ms <= now.ms;
}

void account_resume(struct account *account, moment now)
{
    if (account_is_held(account))
        account->paused_until = now;
    else
        account_let_go(account);
}

void account_let_go(struct account *account)
{
    account->needs_sign_in = account->is_held = false;
    account->probes = 0;
    account->paused_until = (moment){0};
    account->pause_reason = NULL;
}

/* 127.example.com is a name like any other, and may be any machine. */
static bool is_loopback(const char *host)
{
    bool is_number = strspn(host, "0123456789.") == strlen(host);
    return text_equal_nocase(host, "localhost") || (is_number && text_starts(host, "127.")) ||
           text_equal(host, "::1") || text_equal(host, "[::1]");
}

/* RFC 952, RFC 4291: enough to keep a host from carrying anything else into a URL. */
static bool is_host(const char *host)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  ".-:[]";
    size_t size = strlen(host);
    bool is_in_brackets = size > 2 && host[0] == '[' && host[size - 1] == ']';
    size_t brackets = is_in_brackets ? strcspn(host + 1, "[]") + 2 : strcspn(host, "[]");
    return size && size <= 253 && strspn(host, ALLOWED) == size && brackets == size;
}

struct server {       /* that an account names */
    const char *name; /* of the object that its settings stand in */
    const char *host;
    int64_t port;
    enum account_security security;
    const char *username;
    const char *ports; /* the usual ones */
};

static bool fail_at(struct error *error, const struct server *server, const char *setting,
                    const char *what)
{
    char field[sizeof error->field];
    snprintf(field, sizeof field, "%s.%s", server->name, setting);
    return fail(error, ERROR_INVALID, field, "%s", what);
}

static bool check_server(const struct server *server, bool may_be_plain, struct error *error)
{
    if (!server->host || !is_host(server->host))
        return fail_at(error, server, "host", "must be a host name or an IP address");
    if (server->port < 1 || server->port > 65535)
        return fail_at(error, server, "port", server->ports);
    if (text_has_control(server->username))
        return fail_at(error, server, "username", "must not hold control characters");
    if (server->security == SECURITY_NONE && !may_be_plain && !is_loopback(server->host))
        return fail_at(
            error, server, "security",
            "none is for this machine only: mail and password would travel in the clear");
    return true;
}

static bool check_imap(const struct account *account, bool may_be_plain, struct error *error)
{
    struct server server = {
        .name = "imap",
        .host = account->imap_host,
        .port = account->imap_port,
        .security = account->imap_security,
        .username = text_or(account->imap_username, account->smtp_username),
        .ports = "must be 1 to 65535 (993 for tls, 143 for starttls)",
    };
    if (!check_server(&server, may_be_plain, error))
        return false;
    return server.username ||
           fail_at(error, &server, "username", "is required where smtp has none");
}

void account_fill_imap(struct account *account)
{
    if (!account->imap_host)
        return;
    if (account->imap_security == SECURITY_UNSET)
        account->imap_security = SECURITY_TLS;
    if (!account->imap_port)
        account->imap_port = account->imap_security == SECURITY_TLS ? 993 : 143;
}

bool account_check_trust(const struct account *account, struct error *error)
{
    if (account->provider != PROVIDER_SMTP)
        return (!account->tls_fingerprint && !account->tls_ca_pem) ||
               fail(error, ERROR_INVALID, account->tls_fingerprint ? "tlsFingerprint" : "tlsCaPem",
                    "is for a mailbox of the provider smtp");
    if (account->tls_fingerprint && account->tls_ca_pem)
        return fail(error, ERROR_INVALID, "tlsCaPem",
                    "cannot be beside tlsFingerprint: a server is known by the one or the other");
    return !account->tls_ca_pem || server_trust_check_pem(account->tls_ca_pem, error);
}

bool account_check(const struct account *account, bool may_be_plain, struct error *error)
{
    struct server server = {
        .name = "smtp",
        .host = account->smtp_host,
        .port = account->smtp_port,
        .security = account->smtp_security,
        .username = account->smtp_username,
        .ports = "must be 1 to 65535 (465 for tls, 587 for starttls)",
    };
    if (text_has_line_break(account->display_name))
        return fail(error, ERROR_INVALID, "displayName", "must be one line");
    if (!account_check_trust(account, error))
        return false;
    if (account->provider != PROVIDER_SMTP)
        return (!account->smtp_host && !account->imap_host) ||
               fail(error, ERROR_INVALID, account->smtp_host ? "smtp" : "imap",
                    "is for a mailbox of the provider smtp");
    return check_server(&server, may_be_plain, error) &&
           (!account->imap_host || check_imap(account, may_be_plain, error));
}

bool account_sends_as(const struct account *account, const char *address)
{
    const struct address *aliases = account->aliases.items;
    if (text_equal_nocase(account->email_address, address))
        return true;
    for (size_t i = 0; i < account->aliases.count; i++)
        if (text_equal_nocase(aliases[i].email, address))
            return true;
    return false;
}
