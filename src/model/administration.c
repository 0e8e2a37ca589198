#include "model/administration.h"

#include <string.h>

#include "base/sha256.h"
#include "model/account.h"
#include "model/identity.h"
#include "model/template.h"
#include "model/webhook.h"

/* clang-format off */
const char *const EVENT_NAMES[] = {
    EMAIL_EVENT_NAME_LIST
    [ACT_ORGANIZATION_CREATED] = "organization.created",
    [ACT_ORGANIZATION_CHANGED] = "organization.changed",
    [ACT_USER_CREATED] = "user.created",
    [ACT_USER_CHANGED] = "user.changed",
    [ACT_TOKEN_CREATED] = "token.created",
    [ACT_TOKEN_CHANGED] = "token.changed",
    [ACT_TOKEN_REVOKED] = "token.revoked",
    [ACT_MAILBOX_CONNECTED] = "mailbox.connected",
    [ACT_MAILBOX_CHANGED] = "mailbox.changed",
    [ACT_MAILBOX_DISCONNECTED] = "mailbox.disconnected",
    [ACT_MAILBOX_REAUTH_REQUIRED] = "mailbox.reauth_required",
    [ACT_MAILBOX_PAUSED] = "mailbox.paused",
    [ACT_MAILBOX_RESUMED] = "mailbox.resumed",
    [ACT_WEBHOOK_CREATED] = "webhook.created",
    [ACT_WEBHOOK_CHANGED] = "webhook.changed",
    [ACT_WEBHOOK_DELETED] = "webhook.deleted",
    [ACT_SIGNATURE_CHANGED] = "signature.changed",
    [ACT_TEMPLATE_CREATED] = "template.created",
    [ACT_TEMPLATE_CHANGED] = "template.changed",
    [ACT_TEMPLATE_DELETED] = "template.deleted",
    [ACT_CONTEXT_CHANGED] = "context.changed",
    [ACT_CONTEXT_DELETED] = "context.deleted",
    [ACT_KEY_ROTATED] = "key.rotated",
    [ACT_REQUEST_UNAUTHORIZED] = "request.unauthorized",
    [ACT_REQUEST_FORBIDDEN] = "request.forbidden",
    [ACT_REQUESTS_REFUSED] = "requests.refused",
    [ACT_END] = NULL,
};
/* clang-format on */

bool event_is_administration(unsigned event)
{
    return event >= ACT_FIRST && event < ACT_END;
}

/* What a mail would say: its hash proves which text it was, and tells none of it. */
static const char *write_sha256(const void *member, struct arena *arena)
{
    const char *text = *(const char *const *)member;
    struct sha256 sha;
    if (!text)
        return NULL;
    sha256_start(&sha);
    sha256_add(&sha, text, strlen(text));
    return arena_format(arena, "sha256:%s", sha256_finish(&sha, arena));
}
static const struct spelling AS_SHA256 = {.write = write_sha256};

/* Scheme, host and port: a webhook's path and query may be a secret. */
static const char *write_origin(const void *member, struct arena *arena)
{
    const char *url = *(const char *const *)member;
    const char *host = url ? strstr(url, "://") : NULL;
    if (!host)
        return NULL;
    size_t size = (size_t)(host - url) + strlen("://");
    return arena_copy_bytes(arena, url, size + strcspn(url + size, "/?#"));
}
static const struct spelling AS_ORIGIN = {.write = write_origin};

static const char *write_scopes(const void *member, struct arena *arena)
{
    return scope_names((unsigned)*(const int64_t *)member, arena);
}
static const struct spelling AS_SCOPES = {.write = write_scopes};

/* clang-format off */
static const struct field ORGANIZATION_FIELDS[] = {
    FIELD(struct organization, name, .use = SHOWN),
    {0},
};
const struct schema ORGANIZATION_TOLD = SCHEMA(struct organization, ORGANIZATION_FIELDS);

static const struct field ACCOUNT_FIELDS[] = {
    FIELD(struct account, user_id, .use = SHOWN),
    NAME_FIELD(struct account, provider, PROVIDER_NAMES, .use = SHOWN),
    FIELD(struct account, email_address, .use = SHOWN),
    FIELD(struct account, display_name, .use = SHOWN | OMITTED),
    FIELD(struct account, is_default, .use = SHOWN),
    FIELD(struct account, requires_approval, .use = SHOWN),
    FIELD(struct account, appends_signature, .use = SHOWN | OMITTED),
    FIELD(struct account, signature_html, .use = SHOWN | OMITTED, .spelling = &AS_SHA256),
    FIELD(struct account, signature_text, .use = SHOWN | OMITTED, .spelling = &AS_SHA256),
    FIELD(struct account, smtp_host, .use = SHOWN | OMITTED),
    FIELD(struct account, smtp_port, .use = SHOWN | OMITTED),
    NAME_FIELD(struct account, smtp_security, ACCOUNT_SECURITY_NAMES, .use = SHOWN | OMITTED),
    FIELD(struct account, smtp_username, .use = SHOWN | OMITTED),
    FIELD(struct account, sealed_password, .json = "password", .use = SECRET),
    FIELD(struct account, imap_host, .use = SHOWN | OMITTED),
    FIELD(struct account, imap_port, .use = SHOWN | OMITTED),
    NAME_FIELD(struct account, imap_security, ACCOUNT_SECURITY_NAMES, .use = SHOWN | OMITTED),
    FIELD(struct account, imap_username, .use = SHOWN | OMITTED),
    FIELD(struct account, sealed_imap_password, .json = "imap_password", .use = SECRET),
    FIELD(struct account, tls_fingerprint, .use = SHOWN | OMITTED),
    FIELD(struct account, tls_ca_pem, .use = SHOWN | OMITTED, .spelling = &AS_SHA256),
    FIELD(struct account, sealed_refresh_token, .json = "refresh_token", .use = SECRET),
    FIELD(struct account, granted_scopes, .use = SHOWN | OMITTED),
    FIELD(struct account, aliases, .use = SECRET, .items = &ADDRESS_SCHEMA),
    FIELD(struct account, sends_per_minute, .use = SHOWN | OMITTED),
    FIELD(struct account, sends_at_once, .use = SHOWN | OMITTED),
    FIELD(struct account, undo_seconds, .use = SHOWN | OMITTED),
    FIELD(struct account, language, .use = SHOWN | OMITTED),
    FIELD(struct account, timezone, .use = SHOWN | OMITTED),
    {0},
};
const struct schema ACCOUNT_TOLD = SCHEMA(struct account, ACCOUNT_FIELDS);

static const struct field USER_FIELDS[] = {
    FIELD(struct user, email, .use = SHOWN),
    FIELD(struct user, name, .use = SHOWN | OMITTED),
    FIELD(struct user, requires_approval, .use = SHOWN),
    {0},
};
const struct schema USER_TOLD = SCHEMA(struct user, USER_FIELDS);

static const struct field SIGNATURE_FIELDS[] = {
    FIELD(struct user, signature_html, .use = SHOWN, .spelling = &AS_SHA256),
    FIELD(struct user, signature_text, .use = SHOWN, .spelling = &AS_SHA256),
    {0},
};
const struct schema SIGNATURE_TOLD = SCHEMA(struct user, SIGNATURE_FIELDS);

static const struct field TOKEN_FIELDS[] = {
    FIELD(struct token, user_id, .use = SHOWN),
    FIELD(struct token, scopes, .use = SHOWN, .spelling = &AS_SCOPES),
    FIELD(struct token, label, .use = SHOWN | OMITTED),
    FIELD(struct token, expires_at, .use = SHOWN),
    FIELD(struct token, requests_per_minute, .use = SHOWN | OMITTED),
    {0},
};
const struct schema TOKEN_TOLD = SCHEMA(struct token, TOKEN_FIELDS);

static const struct field WEBHOOK_FIELDS[] = {
    FIELD(struct webhook, url, .json = "origin", .use = SHOWN, .spelling = &AS_ORIGIN),
    FIELD(struct webhook, url, .use = SECRET),
    FIELD(struct webhook, description, .use = SHOWN | OMITTED),
    FIELD(struct webhook, events, .use = SHOWN, .items = &TEXT_ITEM),
    FIELD(struct webhook, sealed_secret, .json = "secret", .use = SECRET),
    FIELD(struct webhook, is_active, .use = SHOWN),
    {0},
};
const struct schema WEBHOOK_TOLD = SCHEMA(struct webhook, WEBHOOK_FIELDS);

static const struct field TEMPLATE_FIELDS[] = {
    FIELD(struct template, name, .use = SHOWN),
    FIELD(struct template, context_type, .use = SHOWN | OMITTED),
    FIELD(struct template, subject, .use = SHOWN | OMITTED, .spelling = &AS_SHA256),
    FIELD(struct template, body_text, .use = SHOWN | OMITTED, .spelling = &AS_SHA256),
    FIELD(struct template, body_html, .use = SHOWN | OMITTED, .spelling = &AS_SHA256),
    {0},
};
const struct schema TEMPLATE_TOLD = SCHEMA(struct template, TEMPLATE_FIELDS);
/* clang-format on */
