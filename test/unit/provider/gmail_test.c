/* What Gmail's row promises: sizes, what is known of an unknown mail, whose mailbox it is. */
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"
#include "provider/gmail_draft.h"

static void test_its_row(void **state)
{
    (void)state;
    assert_ptr_equal(provider_of(PROVIDER_GMAIL), &GMAIL_PROVIDER);
    assert_ptr_equal(provider_named("gmail"), &GMAIL_PROVIDER);
    assert_true(GMAIL_PROVIDER.takes_bcc);
    assert_true(GMAIL_PROVIDER.uses_grants);
    assert_int_equal(GMAIL_PROVIDER.sends_at_once, 3);
    assert_int_equal(GMAIL_PROVIDER.sends_per_minute, 0);
}

static void test_a_mail_that_is_too_large(void **state)
{
    (void)state;
    const struct web_says nothing = {500, ""};
    struct web_peer *peer = gmail_peer_start(&nothing, 1);
    struct outcome outcome;
    gmail_peer_write(peer, GMAIL_MAIL_BYTES_MAX + 1);
    GMAIL_PROVIDER.send(peer->pool, &peer->attempt, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_REFUSED);
    assert_non_null(strstr(outcome.reason, "36700161 bytes"));
    assert_non_null(strstr(outcome.reason, "Gmail's limit is 36700160"));
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 0);
}

static void test_a_mail_of_the_largest_size_is_tried(void **state)
{
    (void)state;
    const struct web_says says[] = {GMAIL_PROFILE_SAYS, {503, "busy"}};
    struct web_peer *peer = gmail_peer_start(says, COUNT(says));
    struct outcome outcome;
    gmail_peer_write(peer, GMAIL_MAIL_BYTES_MAX);
    GMAIL_PROVIDER.send(peer->pool, &peer->attempt, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_TRY_LATER);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 2);
}

static void test_nothing_is_asked_without_a_token(void **state)
{
    (void)state;
    const struct web_says nothing = {500, ""};
    struct web_peer *peer = gmail_peer_start(&nothing, 1);
    struct outcome outcome;
    struct probe probe;
    struct error error;
    peer->attempt.credential.access_token = NULL;
    GMAIL_PROVIDER.send(peer->pool, &peer->attempt, &outcome);
    assert_int_equal(outcome.kind, OUTCOME_SIGN_IN_AGAIN);
    peer->email.provider_handle = GMAIL_HANDLE;
    GMAIL_PROVIDER.probe(peer->pool, &peer->attempt, 9, &probe);
    assert_int_equal(probe.kind, PROBE_ASK_AGAIN);
    assert_false(GMAIL_PROVIDER.check(&peer->settings, &peer->account, &peer->attempt.credential,
                                      peer->arena, &error));
    assert_int_equal(error.code, ERROR_PROVIDER);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 0);
}

#define NOTHING \
    { \
        200, "{}" \
    }
#define CHANGED \
    { \
        200, "{\"id\":\"r-1\",\"message\":{\"id\":\"m7\"}}" \
    }
#define FOUND_SENT \
    { \
        200, "{\"history\":[{\"messages\":[{\"id\":\"m2\",\"threadId\":\"t1\"}]}]}" \
    }
#define TOO_MUCH \
    { \
        200, "{\"messages\":[],\"nextPageToken\":\"x\"}" \
    }

#define LISTED_SENT \
    { \
        200, "{\"messages\":[{\"id\":\"m2\",\"threadId\":\"t1\"}]}" \
    }

static const struct {
    const char *name, *handle;
    int64_t asked;
    struct web_says says[4];
    enum probe_kind kind;
} PROBES[] = {
    {"no draft is known, and it was sent", NULL, 0, {LISTED_SENT, GMAIL_READ_SAYS}, PROBE_SENT},
    {"no draft is known, at first", "", 0, {NOTHING}, PROBE_ASK_AGAIN},
    {"no draft is known, for good", NULL, 6, {NOTHING}, PROBE_UNKNOWABLE},
    {"of another mailbox", "unfinished AAMk", 6, {NOTHING}, PROBE_UNKNOWABLE},
    {"what it said before, still there",
     "unfinished " GMAIL_HANDLE,
     3,
     {GMAIL_DRAFT_SAYS, NOTHING},
     PROBE_NOT_SENT},
    {"what it said before is gone",
     "unfinished " GMAIL_HANDLE,
     3,
     {GMAIL_GONE_SAYS, FOUND_SENT, GMAIL_READ_SAYS},
     PROBE_SENT},
    {"what was noted is not ours", "{\"draft\":1}", 0, {{0}}, PROBE_UNKNOWABLE},
    {"sent", GMAIL_HANDLE, 0, {GMAIL_GONE_SAYS, FOUND_SENT, GMAIL_READ_SAYS}, PROBE_SENT},
    {"sent, and its draft is there",
     GMAIL_HANDLE,
     9,
     {GMAIL_DRAFT_SAYS, FOUND_SENT, GMAIL_READ_SAYS},
     PROBE_SENT},
    {"there, at first", GMAIL_HANDLE, 0, {GMAIL_DRAFT_SAYS, NOTHING}, PROBE_ASK_AGAIN},
    {"there, soon after", GMAIL_HANDLE, 2, {GMAIL_DRAFT_SAYS, NOTHING}, PROBE_ASK_AGAIN},
    {"still there", GMAIL_HANDLE, 3, {GMAIL_DRAFT_SAYS, NOTHING}, PROBE_NOT_SENT},
    {"still there, changed", GMAIL_HANDLE, 3, {CHANGED, NOTHING}, PROBE_NOT_SENT},
    {"there, too much to look through",
     GMAIL_HANDLE,
     5,
     {GMAIL_DRAFT_SAYS, GMAIL_GONE_SAYS, TOO_MUCH},
     PROBE_ASK_AGAIN},
    {"there, too much for good",
     GMAIL_HANDLE,
     6,
     {GMAIL_DRAFT_SAYS, GMAIL_GONE_SAYS, TOO_MUCH},
     PROBE_UNKNOWABLE},
    {"gone, at first", GMAIL_HANDLE, 0, {GMAIL_GONE_SAYS, NOTHING}, PROBE_ASK_AGAIN},
    {"gone, for a while", GMAIL_HANDLE, 5, {GMAIL_GONE_SAYS, NOTHING}, PROBE_ASK_AGAIN},
    {"gone for good", GMAIL_HANDLE, 6, {GMAIL_GONE_SAYS, NOTHING}, PROBE_UNKNOWABLE},
    {"nobody answers", GMAIL_HANDLE, 9, {{.end = WEB_CLOSE}}, PROBE_ASK_AGAIN},
    {"nobody says what was sent",
     GMAIL_HANDLE,
     9,
     {GMAIL_DRAFT_SAYS, {503, "busy"}},
     PROBE_ASK_AGAIN},
    {"sign in", GMAIL_HANDLE, 9, {{401, GMAIL_ERROR(401, "authError", "x")}}, PROBE_ASK_AGAIN},
};

static void test_what_became_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(PROBES); i++) {
        struct web_peer *peer = gmail_peer_start(PROBES[i].says, COUNT(PROBES[i].says));
        struct probe probe = {.kind = -1};
        peer->email.provider_handle = PROBES[i].handle;
        peer->attempt.message = NULL;
        peer->attempt.keep_handle = NULL;
        peer->attempt.commit = NULL;
        GMAIL_PROVIDER.probe(peer->pool, &peer->attempt, PROBES[i].asked, &probe);
        if (probe.kind != PROBES[i].kind || text_is_empty(probe.reason))
            fail_msg("%s: %d %s", PROBES[i].name, (int)probe.kind, text_or(probe.reason, ""));
        if (probe.kind == PROBE_SENT) {
            assert_string_equal(probe.provider_message_id, "m2");
            assert_string_equal(probe.provider_thread_id, "t1");
            assert_string_equal(probe.message_id, "<CA@mail.gmail.com>");
        }
        web_peer_finish(peer);
        assert_int_equal(web_peer_count(peer, "POST "), 0);
    }
}

static void test_whose_mailbox_it_is(void **state)
{
    (void)state;
    static const struct {
        struct web_says says;
        const char *fault; /* NULL: none */
    } rows[] = {
        {GMAIL_PROFILE_SAYS, NULL},
        {{200, "{\"emailAddress\":\"ANN@Example.com\"}"}, NULL},
        {{200, "{\"emailAddress\":\"eve@example.com\"}"}, "which is eve@example.com"},
        {{401, GMAIL_ERROR(401, "authError", "Invalid Credentials")}, "Invalid Credentials"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct web_peer *peer = gmail_peer_start(&rows[i].says, 1);
        struct error error = {0};
        bool is_right = GMAIL_PROVIDER.check(&peer->settings, &peer->account,
                                             &peer->attempt.credential, peer->arena, &error);
        if (is_right != !rows[i].fault ||
            (!is_right && (error.code != ERROR_PROVIDER || !strstr(error.message, rows[i].fault))))
            fail_msg("row %zu: %s", i, error.message);
        web_peer_finish(peer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_row),
        cmocka_unit_test(test_a_mail_that_is_too_large),
        cmocka_unit_test(test_a_mail_of_the_largest_size_is_tried),
        cmocka_unit_test(test_nothing_is_asked_without_a_token),
        cmocka_unit_test(test_what_became_of_it),
        cmocka_unit_test(test_whose_mailbox_it_is),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
