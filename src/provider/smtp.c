#include "net/smtp.h"
#include "net/mail_guard.h"

#include "provider/providers.h"
#include "provider/sign_in_turn.h"
#include "provider/smtp_sent.h"
#include "provider/smtp_transactions.h"

static struct smtp_server server_of(const struct provider_settings *settings,
                                    const struct account *account, const char *password)
{
    static const enum smtp_security SECURITY[] = {
        [SECURITY_TLS] = SMTP_TLS,
        [SECURITY_STARTTLS] = SMTP_STARTTLS,
        [SECURITY_NONE] = SMTP_PLAIN,
    };
    return (struct smtp_server){
        .host = account->smtp_host,
        .port = account->smtp_port,
        .security = SECURITY[account->smtp_security],
        .username = account->smtp_username,
        .password = password,
        .hello_name = settings->hello_name,
        .trust = {.ca_file = settings->ca_file,
                  .ca_pem = account->tls_ca_pem,
                  .fingerprints = account->tls_fingerprint},
        .allow_private = settings->allow_private_hosts,
        .connect_timeout_ms = settings->connect_timeout_ms,
        .reply_timeout_ms = settings->reply_timeout_ms,
    };
}

static bool smtp_admit(const struct provider_settings *settings, const char *name, const char *host,
                       int64_t port, struct arena *arena, struct error *error)
{
    struct error why;
    return !host ||
           mail_guard_check(host, port, settings->allow_private_hosts, settings->connect_timeout_ms,
                            arena, &why) ||
           fail(error, why.code, arena_format(arena, "%s.%s", name, why.field), "%s", why.message);
}

static bool smtp_connect(const struct smtp_server *server, struct arena *arena, struct error *error)
{
    struct error why;
    return smtp_check(server, arena, &why) ||
           fail(error, why.code, *why.field ? arena_format(arena, "smtp.%s", why.field) : "", "%s",
                why.message);
}

/* Both are looked at before one is connected to. */
static bool check(const struct provider_settings *settings, const struct account *account,
                  const struct credential *credential, struct arena *arena, struct error *error)
{
    struct smtp_server server = server_of(settings, account, credential->password);
    return smtp_admit(settings, "smtp", account->smtp_host, account->smtp_port, arena, error) &&
           smtp_admit(settings, "imap", account->imap_host, account->imap_port, arena, error) &&
           smtp_connect(&server, arena, error) &&
           (!smtp_sent_is_there(account) ||
            smtp_sent_check(settings, account, credential, arena, error));
}

static void *create_connection(void)
{
    return smtp_connection_create();
}

static void destroy_connection(void *connection)
{
    smtp_connection_destroy(connection);
}

static const struct connection_kind CONNECTIONS = {create_connection, destroy_connection};

static void send(struct provider_pool *pool, const struct attempt *attempt,
                 struct outcome *ret_outcome)
{
    struct smtp_server server = server_of(provider_pool_settings(pool), attempt->account,
                                          attempt->credential.password);
    server.mails_most = session_limits_find(provider_pool_limits(pool), attempt->account->id);
    struct sign_in_turn place = {provider_pool_turns(pool), attempt->account};
    const struct smtp_turn turn = sign_in_turn_of(&place);
    server.turn = &turn;
    struct smtp_connection *connection = provider_pool_take(pool, &CONNECTIONS,
                                                            attempt->account->id);
    smtp_transactions_run(pool, connection, &server, attempt, ret_outcome);
    provider_pool_put(pool, &CONNECTIONS, attempt->account->id, connection);
}

const struct provider SMTP_PROVIDER = {
    .name = "smtp",
    .check = check,
    .send = send,
    .probe = smtp_sent_probe,
    .can_be_asked = smtp_sent_is_there,
};
