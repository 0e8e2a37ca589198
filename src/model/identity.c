#include "model/identity.h"

#include "base/arena.h"
#include "base/text.h"

static const struct field ORGANIZATION_FIELDS[] = {
    FIELD(struct organization, id, .use = STORED),
    FIELD(struct organization, name, .use = STORED),
    FIELD(struct organization, created_at, .use = STORED),
    {0},
};
const struct schema ORGANIZATION_SCHEMA = SCHEMA(struct organization, ORGANIZATION_FIELDS);

static const struct field USER_FIELDS[] = {
    FIELD(struct user, id, .use = STORED),
    FIELD(struct user, organization_id, .use = STORED),
    FIELD(struct user, email, .use = STORED),
    FIELD(struct user, name, .use = STORED),
    FIELD(struct user, signature_html, .use = STORED),
    FIELD(struct user, signature_text, .use = STORED),
    FIELD(struct user, requires_approval, .use = STORED),
    FIELD(struct user, created_at, .use = STORED),
    {0},
};
const struct schema USER_SCHEMA = SCHEMA(struct user, USER_FIELDS);

static const struct field TOKEN_FIELDS[] = {
    FIELD(struct token, id, .use = STORED | SHOWN),
    FIELD(struct token, organization_id, .use = STORED),
    FIELD(struct token, user_id, .use = STORED | SHOWN),
    FIELD(struct token, hash, .use = STORED),
    FIELD(struct token, label, .use = STORED | SHOWN),
    FIELD(struct token, scopes, .use = STORED),
    FIELD(struct token, requests_per_minute, .use = STORED),
    FIELD(struct token, created_at, .use = STORED | SHOWN),
    FIELD(struct token, expires_at, .use = STORED | SHOWN),
    FIELD(struct token, last_used_at, .use = STORED | SHOWN),
    FIELD(struct token, revoked_at, .use = STORED | SHOWN),
    {0},
};
const struct schema TOKEN_SCHEMA = SCHEMA(struct token, TOKEN_FIELDS);

static const struct {
    const char *name;
    enum scope scope;
} SCOPES[] = {
    {"inbox:read", SCOPE_READ},   {"inbox:write", SCOPE_WRITE},
    {"inbox:draft", SCOPE_DRAFT}, {"inbox:approve", SCOPE_APPROVE},
    {"admin", SCOPE_ADMIN},       {"inbox:all", SCOPE_ORGANIZATION},
};
enum { SCOPE_COUNT = sizeof SCOPES / sizeof *SCOPES };

const char *token_fault(const struct token *token, moment now)
{
    if (token->revoked_at.ms)
        return "the token has been revoked";
    if (token->expires_at.ms && token->expires_at.ms <= now.ms)
        return "the token has expired";
    return NULL;
}

int64_t token_requests_per_minute(const struct token *token, int64_t setting)
{
    if (token->requests_per_minute)
        return token->requests_per_minute;
    /* An application's back end speaks for many users. It is told of a limit all the same: the
     * documented replies of the outbound family carry one. */
    bool is_back_end = token->scopes & SCOPE_ORGANIZATION;
    return is_back_end && setting ? TOKEN_REQUESTS_PER_MINUTE_MOST : setting;
}

unsigned scope_read(const char *name)
{
    for (size_t i = 0; i < SCOPE_COUNT; i++)
        if (text_equal(SCOPES[i].name, name))
            return SCOPES[i].scope;
    return 0;
}

const char *scope_names(unsigned scopes, struct arena *arena)
{
    const char *names = "";
    for (size_t i = 0; i < SCOPE_COUNT; i++)
        if (scopes & SCOPES[i].scope)
            names = arena_format(arena, "%s%s%s", names, *names ? " " : "", SCOPES[i].name);
    return names;
}
