#include "net/smtp.h"
#include "net/account_trouble.h"
#include "net/mail_guard.h"

#include "provider/providers.h"
#include "provider/sign_in_turn.h"
#include "provider/smtp_sent.h"
#include "json/json.h"

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

/* What the audit trail keeps: how far it came, and each reply of the server. */
static const struct field REPLY_FIELDS[] = {
    FIELD(struct smtp_reply, recipient, .use = SHOWN | OMITTED),
    FIELD(struct smtp_reply, code, .use = SHOWN),
    FIELD(struct smtp_reply, text, .use = SHOWN),
    {0},
};
static const struct schema REPLY_SCHEMA = SCHEMA(struct smtp_reply, REPLY_FIELDS);

struct dialogue {
    const char *phase;
    struct list replies;
};
static const struct field DIALOGUE_FIELDS[] = {
    FIELD(struct dialogue, phase, .use = SHOWN),
    FIELD(struct dialogue, replies, .use = SHOWN, .items = &REPLY_SCHEMA),
    {0},
};
static const struct schema DIALOGUE_SCHEMA = SCHEMA(struct dialogue, DIALOGUE_FIELDS);

static const char *detail_of(const struct smtp_result *result, struct arena *arena)
{
    struct dialogue dialogue = {SMTP_PHASE_NAMES[result->phase], result->replies};
    return json_write(&DIALOGUE_SCHEMA, &dialogue, arena).data;
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

/* A recipient that is refused tells nothing of the connection. */
static void smtp_learn(struct session_limits *limits, const char *account_id,
                       const struct smtp_result *result)
{
    if (result->is_spent)
        session_limits_note(limits, account_id, SESSION_REFUSED, result->carried);
    else if (!result->carried && result->phase >= SMTP_MAIL && result->phase != SMTP_RCPT)
        session_limits_note(limits, account_id,
                            result->outcome == SMTP_ACCEPTED ? SESSION_BEGAN : SESSION_DENIED, 0);
}

static void send(struct provider_pool *pool, const struct attempt *attempt,
                 struct outcome *ret_outcome)
{
    static const enum outcome_kind OUTCOME_OF[] = {
        [SMTP_ACCEPTED] = OUTCOME_SENT,       [SMTP_REFUSED] = OUTCOME_REFUSED,
        [SMTP_TRY_LATER] = OUTCOME_TRY_LATER, [SMTP_SIGN_IN] = OUTCOME_SIGN_IN_AGAIN,
        [SMTP_UNKNOWN] = OUTCOME_UNKNOWN,
    };
    struct smtp_server server = server_of(provider_pool_settings(pool), attempt->account,
                                          attempt->credential.password);
    struct session_limits *limits = provider_pool_limits(pool);
    server.mails_most = session_limits_find(limits, attempt->account->id);
    struct smtp_envelope envelope = {
        .sender = attempt->email->from_email,
        .recipients = email_recipients(attempt->email, attempt->arena),
    };
    struct sign_in_turn place = {provider_pool_turns(pool), attempt->account};
    const struct smtp_turn turn = sign_in_turn_of(&place);
    struct smtp_result result = {0};
    server.turn = &turn;
    struct smtp_connection *connection = provider_pool_take(pool, &CONNECTIONS,
                                                            attempt->account->id);
    smtp_send(connection, &server, &envelope, attempt->message, attempt->commit, attempt->context,
              attempt->arena, &result);
    provider_pool_put(pool, &CONNECTIONS, attempt->account->id, connection);
    smtp_learn(limits, attempt->account->id, &result);
    *ret_outcome = (struct outcome){
        .kind = OUTCOME_OF[result.outcome],
        .is_stale = result.is_stale,
        /* Who may not sign in just now is asked for by one mail at a time, too. */
        .holds_mailbox = result.outcome == SMTP_TRY_LATER && result.phase == SMTP_AUTHENTICATING,
        .needs_mending = result.is_barred || result.trouble,
        .retry_after_ms = result.trouble ? result.trouble->pause_ms : 0,
        .reason = result.outcome == SMTP_ACCEPTED ? NULL : result.message,
        .detail = detail_of(&result, attempt->arena),
        /* SMTP gives no ids: the Message-ID is what names the mail at both ends. */
        .provider_message_id = attempt->email->message_id,
        .provider_thread_id = attempt->email->provider_thread_id,
        .message_id = attempt->email->message_id,
    };
}

const struct provider SMTP_PROVIDER = {
    .name = "smtp",
    .check = check,
    .send = send,
    .probe = smtp_sent_probe,
    .can_be_asked = smtp_sent_is_there,
};
