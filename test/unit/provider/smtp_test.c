/* What an account and an email become in the terms of net/smtp.h, and what its result becomes. */
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "call.h"
#include "case.h"
#include "provider/providers.h"

struct sending {
    struct call call; /* for its message and its commits */
    struct scripted_server *server;
    struct provider_settings settings;
    struct provider_pool *pool;
    struct account account;
    struct address to[1], bcc[1];
    struct email email;
};

static struct sending *begin(const char *script)
{
    static struct sending sending;
    sending = (struct sending){.to = {{"b0@example.com", NULL}}, .bcc = {{"c@example.com", NULL}}};
    sending.call = call_start(script, &sending.server);
    sending.settings = (struct provider_settings){
        .hello_name = "client.example",
        .allow_private_hosts = true,
        .connect_timeout_ms = CALL_TIMEOUT_MS,
        .reply_timeout_ms = CALL_TIMEOUT_MS,
    };
    sending.pool = provider_pool_create(&sending.settings);
    sending.account = (struct account){
        .id = "account",
        .provider = PROVIDER_SMTP,
        .smtp_host = sending.call.server.host,
        .smtp_port = sending.call.server.port,
        .smtp_security = SECURITY_NONE,
        .smtp_username = sending.call.server.username,
    };
    sending.email = (struct email){.from_email = "a@example.com",
                                   .message_id = "<1@example.com>",
                                   .provider_thread_id = "thread",
                                   .to_recipients = {sending.to, 1}};
    return &sending;
}

static struct outcome send(struct sending *sending)
{
    struct outcome outcome = {.kind = OUTCOME_COUNT};
    struct attempt attempt = {
        .account = &sending->account,
        .credential = {.password = sending->call.server.password},
        .email = &sending->email,
        .message = sending->call.message,
        .recipients = email_recipients(&sending->email, sending->call.arena),
        .arena = sending->call.arena,
        .commit = call_commit,
        .context = &sending->call,
    };
    SMTP_PROVIDER.send(sending->pool, &attempt, &outcome);
    return outcome;
}

static void end(struct sending *sending)
{
    provider_pool_destroy(sending->pool);
    struct heard heard = call_finish(&sending->call, sending->server);
    free(heard.content);
}

static const struct {
    const char *name, *script;
    enum outcome_kind kind;
    const char *reason, *detail;
} ROWS[] = {
    {"accepted", HELLO MAIL RCPT DATA ".\n" SENT, OUTCOME_SENT, NULL, "\"final_dot\""},
    {"refused", HELLO MAIL "<RCPT\n550 5.1.1 no\n" RSET, OUTCOME_REFUSED, "550 5.1.1 no",
     "{\"recipient\":\"b0@example.com\",\"code\":550,\"text\":\"5.1.1 no\"}"},
    {"later", HELLO MAIL "<RCPT\n451 4.7.1 no\n" RSET, OUTCOME_TRY_LATER, "451 4.7.1 no",
     "\"code\":451"},
    {"dropped", HELLO MAIL RCPT DATA ".\nclose\n", OUTCOME_UNKNOWN, "", "\"final_dot\""},
    {"sign in", HELLO "<MAIL\n530 5.7.0 who\n<QUIT\n", OUTCOME_SIGN_IN_AGAIN, "530 5.7.0 who", ""},
    {"dropped early", "close\n", OUTCOME_TRY_LATER, "closed", "\"replies\":[]"},
};

static void test_outcomes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct sending *sending = begin(ROWS[i].script);
        struct outcome outcome = send(sending);
        if (outcome.kind != ROWS[i].kind || !strstr(outcome.detail, ROWS[i].detail))
            fail_msg("%s: %s, %s", ROWS[i].name, OUTCOME_NAMES[outcome.kind], outcome.detail);
        assert_int_equal(!outcome.reason, !ROWS[i].reason);
        if (outcome.reason)
            assert_non_null(strstr(outcome.reason, ROWS[i].reason));
        assert_false(outcome.is_stale);
        assert_string_equal(outcome.message_id, "<1@example.com>");
        assert_string_equal(outcome.provider_message_id, "<1@example.com>");
        assert_string_equal(outcome.provider_thread_id, "thread");
        end(sending);
    }
}

static void test_recipients_of_the_envelope(void **state)
{
    (void)state;
    struct sending *sending = begin(HELLO MAIL RCPT "<RCPT TO:<c@example.com>\n250 Ok\n" DATA
                                                    ".\n" SENT);
    sending->email.bcc_recipients = (struct list){sending->bcc, 1};
    sending->email.cc_recipients = (struct list){sending->to, 1}; /* mailed once */
    assert_int_equal(send(sending).kind, OUTCOME_SENT);
    assert_int_equal(sending->call.commits, 1);
    end(sending);
}

/* A kept connection that has died costs no delay: the next attempt takes a new one. */
static void test_a_stale_connection(void **state)
{
    (void)state;
    struct sending *sending = begin(
        HELLO MAIL RCPT DATA ".\n" SENT "<MAIL\nclose\n--\n" HELLO MAIL RCPT DATA ".\n" SENT);
    assert_int_equal(send(sending).kind, OUTCOME_SENT);
    struct outcome outcome = send(sending);
    assert_int_equal(outcome.kind, OUTCOME_TRY_LATER);
    assert_true(outcome.is_stale);
    outcome = send(sending);
    assert_int_equal(outcome.kind, OUTCOME_SENT);
    assert_false(outcome.is_stale);
    end(sending);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_recipients_of_the_envelope),
        cmocka_unit_test(test_a_stale_connection),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
