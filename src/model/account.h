/* account.h - a mailbox that a user has connected, and how it is reached. */
#pragma once
#include "base/address.h"
#include "base/error.h"
#include "base/schema.h"

enum provider_kind { PROVIDER_SANDBOX, PROVIDER_SMTP, PROVIDER_GMAIL, PROVIDER_OUTLOOK };
enum { PROVIDER_COUNT = PROVIDER_OUTLOOK + 1 };
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
    bool is_default;                             /* of its user */
    bool is_active;                              /* false: disconnected; what it sent stays */
    bool appends_signature;                      /* to all that it sends */
    const char *signature_html, *signature_text; /* its own; NULL: its user's */

    const char *smtp_host;
    int64_t smtp_port;
    enum account_security smtp_security;
    const char *smtp_username;
    const char *sealed_password; /* base/secret.h, about = id */

    const char *imap_host; /* where its Sent folder can be looked into; NULL: nowhere */
    int64_t imap_port;
    enum account_security imap_security;
    const char *imap_username;        /* NULL: as for SMTP; so the password */
    const char *sealed_imap_password; /* likewise */

    /* What its servers are known by, instead of the authorities; NULL: by these. server_trust.h */
    const char *tls_fingerprint, *tls_ca_pem;

    const char *sealed_refresh_token; /* likewise; of a mailbox that is signed in to by OAuth */
    const char *granted_scopes;       /* as its provider named them, separated by spaces */
    struct list
        aliases;        /* of struct address: verified at its provider, mail may be from them too */
    bool needs_sign_in; /* its credentials are dead: its mail waits until its user signs in again */
    bool is_held;       /* its own trouble keeps its mail back until that is over */
    bool is_paused;     /* by an administrator: no mail leaves until one lets it go on */
    int64_t probes; /* mails, one at a time, that have tried in vain whether the trouble is over */
    moment paused_until;      /* no mail before then; with needs_sign_in or is_held one mail tries
                                 then, and where it is not set none does */
    const char *pause_reason; /* why it is paused or held, or needs a sign-in */
    int64_t sends_per_minute, sends_at_once; /* at most; 0: as the provider's settings say */
    int64_t undo_seconds;            /* a send waits so long, and may be canceled meanwhile */
    bool requires_approval;          /* nobody's mail leaves it without another's consent */
    const char *language, *timezone; /* its people write so (message/manner.h); NULL: en, UTC */
    bool is_apart; /* a sandbox whose address another organization had first: its folder is apart */

    moment created_at, updated_at;
};
extern const struct schema ACCOUNT_SCHEMA; /* its columns */

/* Whether mail leaves through it just now. */
enum account_status { ACCOUNT_CONNECTED, ACCOUNT_REAUTH_REQUIRED, ACCOUNT_PAUSED };
extern const char *const ACCOUNT_STATUS_NAMES[]; /* NULL-terminated */
enum account_status account_status(const struct account *account, moment now);

/* Why it is not connected: one sentence, or NULL. */
const char *account_status_reason(const struct account *account);

/* Whether trouble of its own keeps all its mail back: dead credentials, or what its provider has
 * against the account. */
bool account_is_held(const struct account *account);
/* Whether a mail of it may be tried now; of a mailbox that is held only one at a time. */
bool account_may_send(const struct account *account, moment now);
/* An administrator has let it go on: what was found before does not count as much, and of one that
 * is held one mail tries at once. is_paused is false already. */
void account_resume(struct account *account, moment now);
/* Nothing keeps its mail back any more, as far as is known. An administrator's pause stays. */
void account_let_go(struct account *account);

/* Whether its mail may be from this address: its own, or a verified alias. In any case. */
bool account_sends_as(const struct account *account, const char *address);

/* TLS and its port, where an imap_host is named and nothing else of it. */
void account_fill_imap(struct account *account);

/* What its servers are known by, and no more. */
bool account_check_trust(const struct account *account, struct error *error);

/* host and port there, a port that exists, and no sending in the clear to another machine unless
 * may_be_plain. */
bool account_check(const struct account *account, bool may_be_plain, struct error *error);
