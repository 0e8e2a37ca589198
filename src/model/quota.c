#include "model/quota.h"

#include "base/text.h"

/* clang-format off */
const struct quota_kind QUOTAS[QUOTA_COUNT] = {
    [QUOTA_STORED_BYTES]   = {"stored_bytes", true, "emails with their bodies and as they came in, files, templates, contexts, kept replies"},
    [QUOTA_WAITING_EMAILS] = {"waiting_emails", false, "emails that are planned, wait for approval, are queued, sending or unknown"},
    [QUOTA_TEMPLATES]      = {"templates", false, "templates"},
    [QUOTA_CONTEXTS]       = {"contexts", false, "contexts, with the values of tokens"},
    [QUOTA_TOKENS]         = {"tokens", false, "tokens that are neither revoked nor expired"},
    [QUOTA_MAILBOXES]      = {"mailboxes", false, "connected mailboxes"},
};
/* clang-format on */

#define AMOUNT(column, member, quota) \
    { \
        .name = column, .kind = KIND_INT, .use = STORED, \
        .offset = offsetof(struct quotas, member) + (quota) * sizeof(int64_t) \
    }
#define USED(name, quota) AMOUNT(name, used.of, quota)
#define LIMIT(name, quota) AMOUNT(name "_limit", limits.of, quota)

static const struct field QUOTAS_FIELDS[] = {
    FIELD(struct quotas, organization_id, .use = STORED),
    FIELD(struct quotas, organization, .use = STORED),
    USED("stored_bytes", QUOTA_STORED_BYTES),
    USED("waiting_emails", QUOTA_WAITING_EMAILS),
    USED("templates", QUOTA_TEMPLATES),
    USED("contexts", QUOTA_CONTEXTS),
    USED("tokens", QUOTA_TOKENS),
    USED("mailboxes", QUOTA_MAILBOXES),
    LIMIT("stored_bytes", QUOTA_STORED_BYTES),
    LIMIT("waiting_emails", QUOTA_WAITING_EMAILS),
    LIMIT("templates", QUOTA_TEMPLATES),
    LIMIT("contexts", QUOTA_CONTEXTS),
    LIMIT("tokens", QUOTA_TOKENS),
    LIMIT("mailboxes", QUOTA_MAILBOXES),
    {0},
};
const struct schema QUOTAS_SCHEMA = SCHEMA(struct quotas, QUOTAS_FIELDS);

enum quota quota_of_name(const char *name)
{
    enum quota quota = 0;
    while (quota < QUOTA_COUNT && !text_equal(QUOTAS[quota].name, name))
        quota++;
    return quota;
}

int64_t quota_limit(const struct quotas *quotas, const struct quota_amounts *settings,
                    enum quota quota)
{
    int64_t own = quotas->limits.of[quota], general = settings->of[quota];
    return own ? own : general ? general : QUOTA_UNLIMITED;
}
