#include "net/smtp.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "base/clock.h"
#include "net/envelope.h"
#include "net/submission.h"

const char *const SMTP_SECURITY_NAMES[] = {
    [SMTP_TLS] = "tls",
    [SMTP_STARTTLS] = "starttls",
    [SMTP_PLAIN] = "none",
    NULL,
};

enum { RESET_TIMEOUT_MS = 5000 };

/* It has carried as many mails as the server takes on one. */
static bool smtp_is_full(const struct submission *submission)
{
    const struct smtp_connection *connection = submission->connection;
    uint64_t offered = connection->hello.mails_most, learned = submission->server->mails_most;
    return (offered && connection->mails >= offered) || (learned && connection->mails >= learned);
}

static void end(struct submission *submission)
{
    if (submission->ending != SUBMISSION_DROP && smtp_is_full(submission))
        submission->ending = SUBMISSION_CLOSE;
    struct wire *wire = &submission->connection->wire;
    struct reply reply;
    int64_t timeout_ms = submission->server->reply_timeout_ms;
    int64_t deadline_ms = clock_steady_ms() +
                          (timeout_ms < RESET_TIMEOUT_MS ? timeout_ms : RESET_TIMEOUT_MS);
    if (submission->ending == SUBMISSION_RESET &&
        (wire_write(wire, "RSET\r\n", 6, deadline_ms) != WIRE_FINE ||
         wire_read_reply(wire, deadline_ms, &reply) != WIRE_FINE || reply.code >= 300))
        submission->ending = SUBMISSION_DROP;
    if (submission->ending == SUBMISSION_CLOSE)
        connection_close(submission->connection);
    if (submission->ending == SUBMISSION_DROP)
        connection_drop(submission->connection);
}

/* False: nothing may be said at all. */
static bool check_envelope(struct submission *submission, unsigned extensions)
{
    enum smtp_phase phase;
    const char *fault = envelope_fault(submission->envelope, extensions, submission->arena, &phase);
    if (!fault)
        return true;
    submission->result->outcome = SMTP_REFUSED;
    submission->result->phase = phase;
    submission->result->message = fault;
    return false;
}

/* RFC 1870: what is over the limit need not go out first. */
static bool smtp_check_size(struct submission *submission)
{
    uint64_t size = spool_size(submission->message);
    uint64_t most = submission->connection->hello.size_most;
    if (!most || size <= most)
        return true;
    submission->result->outcome = SMTP_REFUSED;
    submission->result->phase = SMTP_MAIL;
    submission->result->message = arena_format(
        submission->arena, "the mail has %llu bytes, and %s takes mail of at most %llu",
        (unsigned long long)size, submission->server->host, (unsigned long long)most);
    return false;
}

static bool begin(struct submission *submission)
{
    struct smtp_result *result = submission->result;
    *result = (struct smtp_result){.outcome = SMTP_ACCEPTED};
    if (!check_envelope(submission, SMTP_HAS_UTF8) ||
        !connection_open(submission->connection, submission->server, submission->arena, result))
        return false;
    result->carried = submission->connection->mails;
    if (!check_envelope(submission, submission->connection->hello.extensions) ||
        !smtp_check_size(submission))
        return false;
    submission->connection->mails++;
    return true;
}

void smtp_send(struct smtp_connection *connection, const struct smtp_server *server,
               const struct smtp_envelope *envelope, const struct spool *message,
               smtp_commit *commit, void *context, struct arena *arena,
               struct smtp_result *ret_result)
{
    struct submission submission = {
        .connection = connection,
        .server = server,
        .envelope = envelope,
        .message = message,
        .arena = arena,
        .result = ret_result,
    };
    if (!begin(&submission))
        return;
    submission_run(&submission, commit, context);
    end(&submission);
}

bool smtp_check(const struct smtp_server *server, struct arena *arena, struct error *error)
{
    struct smtp_connection connection = {0};
    struct smtp_result result = {0};
    if (!connection_open(&connection, server, arena, &result))
        return fail(error, result.is_barred ? ERROR_INVALID : ERROR_PROVIDER,
                    result.is_barred ? "host" : "", "%s", result.message);
    connection_close(&connection);
    return true;
}

struct smtp_connection *smtp_connection_create(void)
{
    struct smtp_connection *connection = calloc(1, sizeof *connection);
    if (!connection)
        abort();
    return connection;
}

void smtp_connection_destroy(struct smtp_connection *connection)
{
    if (!connection)
        return;
    connection_close(connection);
    free(connection);
}

void net_start(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
}
