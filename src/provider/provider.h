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

struct provider_settings { /* of the process; read-only once it runs */
    const char *sandbox_folder;
    const char *spool_folder;
    const char *hello_name; /* EHLO; NULL: the host's */
    const char *ca_file;    /* PEM; NULL: the system's */
    int64_t connect_timeout_ms, reply_timeout_ms;
};

/* Connections that outlive one mail; each provider keeps what it wants in it. */
struct provider_pool;
struct provider_pool *provider_pool_create(const struct provider_settings *settings);
void provider_pool_destroy(struct provider_pool *pool);
/* Closes what has been idle for longer than that. */
void provider_pool_close_idle(struct provider_pool *pool, int64_t idle_ms);

struct attempt { /* all that one attempt may need */
    const struct account *account;
    const char *password; /* opened; NULL when the account has none */
    const struct email *email;
    const struct spool *message; /* without Bcc */
    struct arena *arena;
    /* The last byte is about to be written: false = it must not be. */
    bool (*commit)(void *context);
    void *context;
};

struct provider {
    const char *name;
    /* Connects and signs in. ERROR_PROVIDER says exactly what failed. */
    bool (*check)(const struct provider_settings *settings, const struct account *account,
                  const char *password, struct arena *arena, struct error *error);
    void (*send)(struct provider_pool *pool, const struct attempt *attempt,
                 struct outcome *ret_outcome);
};

/* Every kind has a row; one that this build cannot send through is NULL. */
const struct provider *provider_of(enum provider_kind kind);
