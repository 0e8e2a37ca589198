#include "model/account.h"

#include <string.h>

#include "base/text.h"

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
    FIELD(struct account, sealed_refresh_token, .use = STORED),
    FIELD(struct account, granted_scopes, .use = STORED),
    FIELD(struct account, aliases, .use = STORED, .items = &ADDRESS_SCHEMA),
    FIELD(struct account, needs_sign_in, .use = STORED),
    FIELD(struct account, paused_until, .use = STORED),
    FIELD(struct account, pause_reason, .use = STORED),
    FIELD(struct account, sends_per_minute, .use = STORED),
    FIELD(struct account, sends_at_once, .use = STORED),
    FIELD(struct account, undo_seconds, .use = STORED),
    FIELD(struct account, requires_approval, .use = STORED),
    FIELD(struct account, created_at, .use = STORED),
    FIELD(struct account, updated_at, .use = STORED),
    {0},
};
const struct schema ACCOUNT_SCHEMA = SCHEMA(struct account, ACCOUNT_FIELDS);

enum account_status account_status(const struct account *account, moment now)
{
    if (account->needs_sign_in)
        return ACCOUNT_REAUTH_REQUIRED;
    return account->paused_until.ms > now.ms ? ACCOUNT_PAUSED : ACCOUNT_CONNECTED;
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
    return *host && strlen(host) <= 253 && strspn(host, ALLOWED) == strlen(host);
}

bool account_check(const struct account *account, bool may_be_plain, struct error *error)
{
    if (text_has_line_break(account->display_name))
        return fail(error, ERROR_INVALID, "displayName", "must be one line");
    if (account->provider != PROVIDER_SMTP)
        return !account->smtp_host ||
               fail(error, ERROR_INVALID, "smtp", "is for a mailbox of the provider smtp");
    if (!account->smtp_host || !is_host(account->smtp_host))
        return fail(error, ERROR_INVALID, "smtp.host", "must be a host name or an IP address");
    if (account->smtp_port < 1 || account->smtp_port > 65535)
        return fail(error, ERROR_INVALID, "smtp.port",
                    "must be 1 to 65535 (465 for tls, 587 for starttls)");
    if (text_has_control(account->smtp_username))
        return fail(error, ERROR_INVALID, "smtp.username", "must not hold control characters");
    if (account->smtp_security == SECURITY_NONE && !may_be_plain &&
        !is_loopback(account->smtp_host))
        return fail(error, ERROR_INVALID, "smtp.security",
                    "none is for this machine only: mail and password would travel in the clear");
    return true;
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
