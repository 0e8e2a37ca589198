/* How far a call came, and what that means; what a service says in its own words is in
 * gmail_reply_test.c. */
#include "provider/web_mail.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"

struct thing {
    int64_t number;
};
static const struct field THING_FIELDS[] = {FIELD(struct thing, number, .use = STORED), {0}};
static const struct schema THING = SCHEMA(struct thing, THING_FIELDS);

static bool agree(void *context)
{
    (void)context;
    return true;
}

static bool decline(void *context)
{
    (void)context;
    return false;
}

static const struct {
    const char *name;
    struct web_says says;
    enum web_meaning meaning, at_send;
    const char *sentence;
    const char *token;
    bool is_elsewhere; /* nobody listens there */
} ROWS[] = {
    {"done", {200, "{\"number\":7}"}, WEB_DONE, WEB_DONE, NULL},
    {"nothing to read", {204, NULL}, WEB_LATER, WEB_UNCLEAR, "Gmail's reply to a.call cannot be "},
    {"not to be read", {200, "{\"number\":\"x\"}"}, WEB_LATER, WEB_UNCLEAR, "cannot be read"},
    {"reset", {.end = WEB_RESET}, WEB_LATER, WEB_UNCLEAR, "Gmail did not answer a.call; 127.0.0.1"},
    {"broken off", {200, "{", .missing = 1}, WEB_LATER, WEB_UNCLEAR, "Gmail did not answer"},
    {"broken off refusal", {400, "{", .missing = 1}, WEB_LATER, WEB_UNCLEAR, "did not answer"},
    {"nobody there", {0}, WEB_LATER, WEB_LATER, "Gmail did not answer", NULL, true},
    {"no token to be sent", {0}, WEB_LATER, WEB_LATER, "control character", "a\nb"},
};

static struct web_answer ask(struct web_peer *peer, size_t i, http_commit *commit)
{
    struct thing thing = {0};
    struct web_answer answer;
    struct web_mail mail = gmail_peer_open(peer);
    const struct web_call call = {
        .name = "a.call",
        .method = "POST",
        .url = ROWS[i].is_elsewhere ? "http://127.0.0.1:1/" : peer->settings.gmail_url,
        .headers = {{"X-One", "1"}, {"X-Two", "2"}},
        .body = {"body", 4},
        .commit = commit,
    };
    bool is_done = web_mail_ask(&mail, &call, &answer) &&
                   web_mail_read(&mail, &call, &THING, &thing, &answer);
    assert_true(is_done == (answer.meaning == WEB_DONE));
    if (is_done)
        assert_int_equal(thing.number, 7);
    gmail_peer_close(peer, &mail);
    return answer;
}

static void check_row(size_t i, http_commit *commit, enum web_meaning meaning)
{
    struct web_peer *peer = gmail_peer_start(&ROWS[i].says, 1);
    if (ROWS[i].token)
        peer->attempt.credential.access_token = ROWS[i].token;
    struct web_answer answer = ask(peer, i, commit);
    if (answer.meaning != meaning || answer.is_stale ||
        (ROWS[i].sentence ? !strstr(answer.sentence, ROWS[i].sentence) : answer.sentence != NULL))
        fail_msg("%s: %d %s", ROWS[i].name, (int)answer.meaning, text_or(answer.sentence, ""));
    web_peer_finish(peer);
    if (peer->heard.requests) {
        assert_non_null(strstr(peer->heard.heads[0], "\r\nX-One: 1\r\nX-Two: 2\r\n"));
        assert_non_null(strstr(peer->heard.heads[0], "\r\nAuthorization: Bearer the-token\r\n"));
        assert_int_equal(peer->heard.body_sizes[0], 4);
    }
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        check_row(i, NULL, ROWS[i].meaning);
        check_row(i, agree, ROWS[i].at_send);
    }
}

static void test_without_commit_it_is_not_sent(void **state)
{
    (void)state;
    const struct web_says says = {.end = WEB_CLOSE};
    struct web_peer *peer = gmail_peer_start(&says, 1);
    struct web_answer answer = ask(peer, 0, decline);
    assert_int_equal(answer.meaning, WEB_LATER);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.body_sizes[0], 0);
}

static void test_too_long_a_reply(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char *body = arena_alloc(arena, 1024 * 1024 + 2);
    memset(body, ' ', 1024 * 1024 + 1);
    static const enum web_meaning MEANINGS[] = {WEB_LATER, WEB_UNCLEAR};
    for (size_t i = 0; i < COUNT(MEANINGS); i++) {
        const struct web_says says = {200, body};
        struct web_peer *peer = gmail_peer_start(&says, 1);
        struct web_answer answer = ask(peer, 0, i ? agree : NULL);
        assert_int_equal(answer.meaning, MEANINGS[i]);
        assert_string_equal(answer.sentence, "Gmail's reply to a.call is too long");
        web_peer_finish(peer);
    }
}

static void test_a_connection_belongs_to_its_mailbox(void **state)
{
    (void)state;
    const struct web_says says[] = {{200, "{\"number\":7}"}, {200, "{\"number\":7}"}};
    struct web_peer *peer = gmail_peer_start(says, COUNT(says));
    ask(peer, 0, NULL);
    struct web_mail mail = gmail_peer_open(peer);
    assert_string_equal(mail.connection->mark, "");
    strcpy(mail.connection->mark, "here");
    gmail_peer_close(peer, &mail);
    peer->account.id = "another";
    mail = gmail_peer_open(peer);
    assert_string_equal(mail.connection->mark, "");
    gmail_peer_close(peer, &mail);
    peer->account.id = "account";
    mail = gmail_peer_open(peer);
    assert_string_equal(mail.connection->mark, "here");
    gmail_peer_close(peer, &mail);
    ask(peer, 0, NULL);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.connections, 1);
}

static void test_outcomes(void **state)
{
    (void)state;
    static const enum outcome_kind KINDS[] = {
        [WEB_DONE] = OUTCOME_SENT,       [WEB_LATER] = OUTCOME_TRY_LATER,
        [WEB_HOLD] = OUTCOME_TRY_LATER,  [WEB_SIGN_IN] = OUTCOME_SIGN_IN_AGAIN,
        [WEB_REFUSED] = OUTCOME_REFUSED, [WEB_GONE] = OUTCOME_TRY_LATER,
        [WEB_UNCLEAR] = OUTCOME_UNKNOWN, [WEB_ACCOUNT] = OUTCOME_TRY_LATER,
    };
    for (size_t i = 0; i < COUNT(KINDS); i++) {
        const struct web_answer answer = {
            .meaning = (enum web_meaning)i, .pause_ms = 9, .is_stale = true, .sentence = "why"};
        struct outcome outcome = web_mail_outcome(&answer);
        assert_int_equal(outcome.kind, KINDS[i]);
        assert_true(outcome.holds_mailbox == (i == WEB_HOLD));
        assert_true(outcome.needs_mending == (i == WEB_ACCOUNT));
        assert_true(outcome.is_stale == (i == WEB_LATER));
        assert_int_equal(outcome.retry_after_ms, 9);
        assert_string_equal(outcome.reason, "why");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_without_commit_it_is_not_sent),
        cmocka_unit_test(test_too_long_a_reply),
        cmocka_unit_test(test_a_connection_belongs_to_its_mailbox),
        cmocka_unit_test(test_outcomes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
