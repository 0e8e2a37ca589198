/* account.h - a mailbox that a user has connected, and how it is reached. */
#pragma once
#include "base/error.h"
#include "base/schema.h"

enum provider_kind { PROVIDER_SANDBOX, PROVIDER_SMTP, PROVIDER_GMAIL, PROVIDER_OUTLOOK };
extern const char *const PROVIDER_NAMES[]; /* NULL-terminated */

enum account_security { SECURITY_UNSET, SECURITY_TLS, SECURITY_STARTTLS, SECURITY_NONE };
extern const char *const ACCOUNT_SECURITY_NAMES[]; /* "", "tls", "starttls", "none" */

struct account {
    const char *id;
    const char *organization_id;
    const char *user_id;
    enum provider_kind provider;
    const char *email_address;
    const char *display_name;
    bool is_default; /* of its user */
    bool is_active;  /* false: disconnected; what it sent stays */

    const char *smtp_host;
    int64_t smtp_port;
    enum account_security smtp_security;
    const char *smtp_username;
    const char *sealed_password; /* base/secret.h, about = id */

    moment created_at, updated_at;
};
extern const struct schema ACCOUNT_SCHEMA; /* its columns */

/* host and port there, a port that exists, and no sending in the clear to another machine unless
 * may_be_plain. */
bool account_check(const struct account *account, bool may_be_plain, struct error *error);
