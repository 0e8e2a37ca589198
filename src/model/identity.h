/* identity.h - who may do what: organizations, their users, and the tokens that stand for them. */
#pragma once
#include "base/schema.h"

struct organization {
    const char *id;
    const char *name;
    moment created_at;
};
extern const struct schema ORGANIZATION_SCHEMA;

struct user {
    const char *id;
    const char *organization_id;
    const char *email;
    const char *name;
    const char *signature_html, *signature_text;
    bool requires_approval; /* nobody's mail but with another's consent */
    moment created_at;
};
extern const struct schema USER_SCHEMA;

enum scope {
    SCOPE_NONE = 0, /* of a route: any token, or none */
    SCOPE_READ = 1 << 0,
    SCOPE_WRITE = 1 << 1,
    SCOPE_DRAFT = 1 << 2, /* drafts and submits, never sends */
    SCOPE_APPROVE = 1 << 3,
    SCOPE_ADMIN = 1 << 4,
    SCOPE_ORGANIZATION =
        1 << 5, /* inbox:all: what the other scopes allow, for the whole organization */
    SCOPE_ALL = SCOPE_READ | SCOPE_WRITE | SCOPE_DRAFT | SCOPE_APPROVE | SCOPE_ADMIN |
                SCOPE_ORGANIZATION,
};

struct token {
    const char *id;
    const char *organization_id;
    const char *user_id;
    const char *hash; /* SHA-256 of what was shown once */
    const char *label;
    int64_t scopes;              /* enum scope */
    int64_t requests_per_minute; /* 0: as the server's setting says */
    moment created_at, expires_at, last_used_at, revoked_at;
};
extern const struct schema TOKEN_SCHEMA;

enum { TOKEN_REQUESTS_PER_MINUTE_MOST = 60 * 1000 * 1000 }; /* as good as any number */

/* How many requests a minute the token may make, where the server's setting is that; 0: any number.
 * A token with inbox:all may make the most there are, unless it has a number of its own. */
int64_t token_requests_per_minute(const struct token *token, int64_t setting);

/* How long a server may go by what it read of a token before. */
enum { IDENTITY_REVOKED_AFTER_MS = 1000 };

/* Why it does not hold at that time; NULL when it does. */
const char *token_fault(const struct token *token, moment now);

/* "inbox:read" and so on; 0 for a name that is none. */
unsigned scope_read(const char *name);
/* The names in scopes, separated by spaces. */
const char *scope_names(unsigned scopes, struct arena *arena);

/* Whose things a query may show; model/rights.h says which. */
struct viewer {
    const char *organization_id;
    const char *user_id; /* of the token */
    /* A user's id: that user's. The id of an agent's token: what it has made. "": nobody's. NULL:
     * the whole organization's. */
    const char *seen_by;
    bool is_agent;       /* seen_by is a token's id */
    bool only_drafts;    /* of mail, only what may still be edited */
    const char *decider; /* this user also sees what waits for approval, and what the same user has
                            decided; NULL: only the above */
};
