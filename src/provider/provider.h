/* provider.h - the plug between delivery and other people's mail servers.
 *
 * A provider is a row in PROVIDERS and a file. It answers with an outcome (model/outcome.h), never
 * repeats a mail by itself, and knows nothing of states, retries or the database. */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/spool.h"
#include "model/account.h"
#include "model/email.h"
#include "model/outcome.h"

struct oauth_client { /* as which we are known to a provider's sign-in */
    const char *authorize_url, *token_url;
    const char *id, *secret; /* NULL: not set up */
};

struct provider_settings { /* of the process; read-only once it runs */
    const char *sandbox_folder;
    const char *spool_folder;
    const char *hello_name;   /* EHLO; NULL: the host's */
    const char *ca_file;      /* PEM; NULL: the system's */
    bool allow_private_hosts; /* of SMTP and IMAP: this machine and its network, too */
    int64_t connect_timeout_ms, reply_timeout_ms;
    int64_t imap_timeout_ms;           /* of one look into a Sent folder */
    const char *gmail_url, *graph_url; /* without a slash at the end */
    struct oauth_client google, microsoft;
    int64_t web_timeout_ms; /* of one call to Gmail or Graph, the upload of the mail included */
};

/* Connections that outlive one mail; each provider keeps what it wants in it. */
struct provider_pool;
struct provider_pool *provider_pool_create(const struct provider_settings *settings);
void provider_pool_destroy(struct provider_pool *pool);
/* Closes what has been idle for longer than that. */
void provider_pool_close_idle(struct provider_pool *pool, int64_t idle_ms);

struct credential { /* opened; what a mailbox has not is NULL */
    const char *password;
    const char *imap_password; /* NULL: the same */
    const char *access_token;  /* of a mailbox whose provider uses_grants */
};

struct attempt { /* all that one attempt may need */
    const struct account *account;
    struct credential credential;
    const struct email *email;   /* with the provider_handle that a former attempt kept */
    const struct email *parent;  /* the mail that it answers, without bodies; NULL: none */
    const struct spool *message; /* complete; with Bcc where the provider takes_bcc */
    struct list recipients; /* of struct address: whom it is to reach; the rest has it, or may */
    struct arena *arena;
    /* What the provider keeps of the mail from now on, durable when it returns true; before the
     * mail is sent by it. */
    bool (*keep_handle)(void *context, const char *handle);
    /* The last byte is about to be written, or that which sends the mail is about to be asked:
     * false = it must not be. */
    bool (*commit)(void *context);
    /* The same when it is written for some of the recipients only, or something is kept of them: a
     * list of struct recipient (model/recipient.h), who are in doubt from now on. */
    bool (*commit_some)(void *context, const struct list *recipients);
    /* What became of those, likewise, durable when it returns true; before it is written for
     * others. detail: a JSON object for the event. */
    bool (*keep_recipients)(void *context, const struct list *recipients, const char *detail);
    void *context;
};

/* What a provider says of a mail whose outcome is unknown. */
enum probe_kind {
    PROBE_SENT,
    PROBE_NOT_SENT,   /* certainly, and it will not be by itself any more */
    PROBE_ASK_AGAIN,  /* nothing can be told yet, or nobody answered */
    PROBE_UNKNOWABLE, /* nobody can ever tell: a person decides */
};
struct probe {
    enum probe_kind kind;
    const char *reason; /* one sentence for a person */
    bool is_silent;     /* with PROBE_ASK_AGAIN: nobody answered, nor would about other mail now */
    bool is_refused;    /* likewise: the access token does not hold */
    const char *provider_message_id, *provider_thread_id, *message_id; /* with PROBE_SENT */
};

struct provider {
    const char *name;
    bool takes_bcc;   /* it reads the envelope from the header, and keeps Bcc to itself */
    bool uses_grants; /* it is signed in to by OAuth */
    int64_t sends_at_once, sends_per_minute; /* of one mailbox at most, when nothing else is said;
                                                0: no limit of its own */
    uint64_t message_bytes_max; /* of a complete mail; 0: not known, or its server says */
    /* Connects and signs in. ERROR_PROVIDER says exactly what failed, ERROR_INVALID ("smtp.host")
     * that it may not be connected to, and was not. */
    bool (*check)(const struct provider_settings *settings, const struct account *account,
                  const struct credential *credential, struct arena *arena, struct error *error);
    void (*send)(struct provider_pool *pool, const struct attempt *attempt,
                 struct outcome *ret_outcome);
    /* asked: how often before. NULL: nobody can be asked. Uses nothing of attempt but account,
     * credential, email and arena. */
    void (*probe)(struct provider_pool *pool, const struct attempt *attempt, int64_t asked,
                  struct probe *ret_probe);
    bool (*can_be_asked)(const struct account *account); /* NULL: whenever there is a probe */
};

/* Every kind has a row; one that this build cannot send through is NULL. */
const struct provider *provider_of(enum provider_kind kind);
const struct provider *provider_named(const char *name); /* as in struct email; NULL: none */

/* Whether the mailbox's provider can tell what became of a mail. */
bool provider_can_be_asked(const struct account *account);
