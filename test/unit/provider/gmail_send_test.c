/* What Gmail says to each call of a send, and what is known of the mail then.
 * covers: src/provider/gmail_call.c src/provider/gmail_draft.c */
#include "provider/gmail_send.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"

static const struct web_says WELL[] = {GMAIL_PROFILE_SAYS, GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS,
                                       GMAIL_READ_SAYS};
enum { FIRST, CREATION, SEND, READ, CALLS };

static struct outcome send(struct web_peer *peer)
{
    struct web_mail mail = gmail_peer_open(peer);
    struct outcome outcome = gmail_send_mail(&mail, &peer->attempt);
    gmail_peer_close(peer, &mail);
    return outcome;
}

static void test_a_mail_goes_out(void **state)
{
    (void)state;
    static const char *const ASKED[] = {
        "GET " GMAIL_ME "profile HTTP/1.1\r\n", "POST " GMAIL_ME "drafts HTTP/1.1\r\n",
        "POST " GMAIL_ME "drafts/send HTTP/1.1\r\n",
        "GET " GMAIL_ME "messages/m2?format=metadata&metadataHeaders=Message-ID&metadataHeaders="
        "From&metadataHeaders=X-Outtray-Ref HTTP/1.1\r\n"};
    struct web_peer *peer = gmail_peer_start(WELL, COUNT(WELL));
    struct outcome outcome = send(peer);
    assert_int_equal(outcome.kind, OUTCOME_SENT);
    assert_null(outcome.reason);
    assert_string_equal(outcome.provider_message_id, "m2");
    assert_string_equal(outcome.provider_thread_id, "t1");
    assert_string_equal(outcome.message_id, "<CA@mail.gmail.com>");
    assert_string_equal(outcome.detail,
                        "{\"call\":\"drafts.send\",\"status\":200,\"draft_id\":\"r-1\",\"id\":"
                        "\"m2\",\"thread_id\":\"t1\",\"message_id\":\"<CA@mail.gmail.com>\"}");
    assert_string_equal(peer->steps, "KC");
    assert_string_equal(peer->kept, GMAIL_HANDLE);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, COUNT(ASKED));
    assert_int_equal(peer->heard.connections, 1);
    for (size_t i = 0; i < COUNT(ASKED); i++) {
        if (!text_starts(peer->heard.heads[i], ASKED[i]))
            fail_msg("%s", peer->heard.heads[i]);
        assert_non_null(strstr(peer->heard.heads[i], "\r\nAuthorization: Bearer the-token\r\n"));
    }
    assert_int_equal(peer->heard.body_sizes[SEND], strlen("{\"id\":\"r-1\"}"));
    assert_true(peer->heard.body_hashes[SEND] == web_hash(0, "{\"id\":\"r-1\"}", 12));
}

/* The next mail need not ask where the history is. */
static void test_the_place_in_the_history_is_kept(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {GMAIL_PROFILE_SAYS, GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS,
                                           GMAIL_READ_SAYS,    GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS,
                                           GMAIL_READ_SAYS};
    struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
    assert_int_equal(send(peer).kind, OUTCOME_SENT);
    assert_int_equal(send(peer).kind, OUTCOME_SENT);
    assert_string_equal(peer->kept, "r-1 m1 t1 75");
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, COUNT(SAYS));
}

static void test_a_mailbox_without_history(void **state)
{
    (void)state;
    struct web_says says[][4] = {
        {GMAIL_GONE_SAYS, GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS, GMAIL_READ_SAYS},
        {{404, "no such page"}, GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS, GMAIL_READ_SAYS}};
    for (size_t i = 0; i < COUNT(says); i++) {
        struct web_peer *peer = gmail_peer_start(says[i], COUNT(says[i]));
        assert_int_equal(send(peer).kind, OUTCOME_SENT);
        assert_string_equal(peer->kept, "r-1 m1 t1 -");
        web_peer_finish(peer);
    }
}

struct fault {
    const char *name;
    struct web_says says;
    enum outcome_kind before, at_send; /* what it means before drafts.send, and of that */
    bool holds;
};
#define ERROR(status, reason) GMAIL_ERROR(status, reason, "said")
static const struct fault FAULTS[] = {
    {"reset", {.end = WEB_RESET}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"closed", {.end = WEB_CLOSE}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"silent", {.end = WEB_HANG}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"half", {200, "{\"id\":\"x\"", .missing = 100}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"no JSON", {200, "<html>"}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"other JSON", {200, "{\"id\":7}"}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"empty JSON", {200, "{}"}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"odd id",
     {200, "{\"id\":\"../x\",\"message\":{\"id\":\"m\"}}"},
     OUTCOME_TRY_LATER,
     OUTCOME_UNKNOWN},
    {"redirect",
     {307, "", "Location: http://127.0.0.1:1/x\r\n"},
     OUTCOME_TRY_LATER,
     OUTCOME_UNKNOWN},
    {"400", {400, ERROR(400, "invalidArgument")}, OUTCOME_REFUSED, OUTCOME_REFUSED},
    {"400 of a proxy", {400, "<html>"}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"401", {401, ERROR(401, "authError")}, OUTCOME_SIGN_IN_AGAIN, OUTCOME_SIGN_IN_AGAIN},
    {"403 quota",
     {403, ERROR(403, "userRateLimitExceeded")},
     OUTCOME_TRY_LATER,
     OUTCOME_TRY_LATER,
     true},
    {"403 scope",
     {403, ERROR(403, "insufficientPermissions")},
     OUTCOME_SIGN_IN_AGAIN,
     OUTCOME_SIGN_IN_AGAIN},
    {"403 policy", {403, ERROR(403, "domainPolicy")}, OUTCOME_TRY_LATER, OUTCOME_TRY_LATER},
    {"408", {408, ERROR(408, "timeout")}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"413", {413, ERROR(413, "uploadTooLarge")}, OUTCOME_REFUSED, OUTCOME_REFUSED},
    {"429", {429, ERROR(429, "rateLimitExceeded")}, OUTCOME_TRY_LATER, OUTCOME_TRY_LATER, true},
    {"429 of a proxy", {429, "slow down"}, OUTCOME_TRY_LATER, OUTCOME_TRY_LATER, true},
    {"500", {500, ERROR(500, "backendError")}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"502", {502, "<html>"}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
    {"503", {503, ERROR(503, "backendError")}, OUTCOME_TRY_LATER, OUTCOME_UNKNOWN},
};

static enum outcome_kind expected(const struct fault *fault, int call)
{
    return call == READ ? OUTCOME_SENT : call == SEND ? fault->at_send : fault->before;
}

static void check_fault(const struct fault *fault, int call)
{
    static const size_t ASKED_TO_SEND[] = {0, 0, 1, 1};
    struct web_says says[CALLS];
    memcpy(says, WELL, sizeof says);
    says[call] = fault->says;
    struct web_peer *peer = gmail_peer_start(says, COUNT(says));
    if (fault->says.end == WEB_HANG) {
        provider_pool_destroy(peer->pool);
        peer->settings.web_timeout_ms = 300;
        peer->pool = provider_pool_create(&peer->settings);
    }
    struct outcome outcome = send(peer);
    bool is_right = outcome.kind == expected(fault, call) &&
                    outcome.holds_mailbox == (fault->holds && call != READ) && !outcome.is_stale &&
                    !outcome.reason == (outcome.kind == OUTCOME_SENT) &&
                    (call == READ ? text_equal(outcome.provider_message_id, "m2") &&
                                        text_equal(outcome.provider_thread_id, "t1")
                                  : !outcome.provider_message_id);
    if (!is_right || strstr(text_or(outcome.reason, ""), "the-token"))
        fail_msg("%s at call %d: %s, %s", fault->name, call, OUTCOME_NAMES[outcome.kind],
                 text_or(outcome.reason, ""));
    assert_string_equal(peer->steps, call < SEND ? "" : "KC");
    web_peer_finish(peer);
    if (web_peer_count(peer, GMAIL_ASKED_TO_SEND) != ASKED_TO_SEND[call])
        fail_msg("%s at call %d: asked to send another number of times", fault->name, call);
}

static void test_every_fault_at_every_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FAULTS); i++)
        for (int call = 0; call < CALLS; call++)
            check_fault(&FAULTS[i], call);
}

static void test_read_back_is_of_use_where_it_can_be(void **state)
{
    (void)state;
    static const struct {
        struct web_says says;
        const char *message_id, *detail;
    } ROWS[] = {
        {{200, GMAIL_MESSAGE("m2", "SENT", "<a@b>", "Ann <ANN@example.com>", "x")}, "<a@b>", NULL},
        {{200, GMAIL_MESSAGE("m2", "SENT", "<a@b>", "\\\"<x>\\\" <main@example.com>", "x")},
         "<a@b>",
         "\"from\":\"main@example.com\""},
        {{200, GMAIL_MESSAGE("m2", "SENT", "<a@b>", "main@example.com", "x")},
         "<a@b>",
         "\"from\":\"main@example.com\""},
        {{200, GMAIL_MESSAGE("m2", "SENT", "a@b", "ann@example.com", "x")}, NULL, NULL},
        {{200, GMAIL_MESSAGE("m2", "SENT", "<a@b>\\r\\nX: y>", "ann@example.com", "x")},
         NULL,
         NULL},
        {{200, "{\"id\":\"m2\",\"payload\":{\"headers\":[{\"name\":null},{}]}}"}, NULL, NULL},
        {{503, "busy"},
         NULL,
         "\"note\":\"it was sent, but not read again: Gmail answered "
         "messages.get with 503\""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_says says[CALLS + 2];
        memcpy(says, WELL, sizeof WELL);
        says[READ] = says[READ + 1] = says[READ + 2] = ROWS[i].says;
        struct web_peer *peer = gmail_peer_start(says, COUNT(says));
        struct outcome outcome = send(peer);
        bool is_noted = strstr(outcome.detail, "\"from\"") || strstr(outcome.detail, "\"note\"");
        if (outcome.kind != OUTCOME_SENT || !text_equal(outcome.message_id, ROWS[i].message_id) ||
            (ROWS[i].detail ? !strstr(outcome.detail, ROWS[i].detail) : is_noted))
            fail_msg("row %zu: %s", i, outcome.detail);
        assert_string_equal(outcome.provider_thread_id, "t1");
        web_peer_finish(peer);
    }
}

static void test_what_cannot_be_read_at_once(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {
        GMAIL_PROFILE_SAYS, GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS, {503, "busy"}, GMAIL_READ_SAYS};
    struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
    struct outcome outcome = send(peer);
    assert_string_equal(outcome.message_id, "<CA@mail.gmail.com>");
    assert_null(strstr(outcome.detail, "note"));
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, COUNT(SAYS));
}

static void test_what_must_be_durable_is_or_nothing_is_sent(void **state)
{
    (void)state;
    struct web_peer *peer = gmail_peer_start(WELL, COUNT(WELL));
    peer->refuses_handle = true;
    struct outcome outcome = send(peer);
    assert_int_equal(outcome.kind, OUTCOME_TRY_LATER);
    assert_non_null(strstr(outcome.reason, "could not note the draft"));
    assert_string_equal(peer->steps, "K");
    web_peer_finish(peer);
    assert_int_equal(web_peer_count(peer, GMAIL_ASKED_TO_SEND), 0);

    peer = gmail_peer_start(WELL, COUNT(WELL));
    peer->refuses_commit = true;
    outcome = send(peer);
    assert_int_equal(outcome.kind, OUTCOME_TRY_LATER);
    assert_string_equal(peer->steps, "KC");
    web_peer_finish(peer);
    for (size_t i = 0; i < peer->heard.requests; i++) /* its header may be on the wire */
        if (text_starts(peer->heard.heads[i], GMAIL_ASKED_TO_SEND))
            assert_int_equal(peer->heard.body_sizes[i], 0);
}

#define HISTORY(id) \
    "{\"history\":[{\"id\":\"71\",\"messages\":[{\"id\":\"" id "\",\"threadId\":\"t1\"}]}]}"
#define OTHER_ID "01a1fcf6-6fcb-736a-944d-000000000000"
#define OURS_SAYS \
    { \
        200, GMAIL_MESSAGE("m2", "SENT", "<a@b>", "ann@example.com", WEB_PEER_ID) \
    }
#define FOREIGN_SAYS \
    { \
        200, GMAIL_MESSAGE("m9", "SENT", "<a@b>", "ann@example.com", OTHER_ID) \
    }
#define STILL_THERE \
    { \
        200, GMAIL_DRAFT_BODY \
    }
#define DELETED \
    { \
        204, "" \
    }
#define CHANGED \
    { \
        200, "{\"id\":\"r-1\",\"message\":{\"id\":\"m5\",\"threadId\":\"t1\"}}" \
    }

/* With a handle that a former attempt has kept. */
static const struct {
    const char *name;
    struct web_says says[8];
    enum outcome_kind kind;
    size_t asked_to_send, made;
    const char *steps, *kept;
} KEPT[] = {
    {"never sent",
     {STILL_THERE, {200, "{}"}, GMAIL_SENT_SAYS, GMAIL_READ_SAYS},
     OUTCOME_SENT,
     1,
     0,
     "C",
     NULL},
    {"others were sent",
     {STILL_THERE, {200, HISTORY("m9")}, FOREIGN_SAYS, GMAIL_SENT_SAYS, GMAIL_READ_SAYS},
     OUTCOME_SENT,
     1,
     0,
     "C",
     NULL},
    {"sent", {GMAIL_GONE_SAYS, {200, HISTORY("m2")}, OURS_SAYS}, OUTCOME_SENT, 0, 0, "", NULL},
    {"sent, and still there",
     {STILL_THERE, {200, HISTORY("m2")}, OURS_SAYS},
     OUTCOME_SENT,
     0,
     0,
     "",
     NULL},
    {"gone", {GMAIL_GONE_SAYS, {200, "{}"}}, OUTCOME_UNKNOWN, 0, 0, "", NULL},
    {"changed by somebody",
     {CHANGED,
      {200, "{}"},
      GMAIL_PROFILE_SAYS,
      {200, "{\"id\":\"r-2\",\"message\":{\"id\":\"m6\",\"threadId\":\"t6\"}}"},
      GMAIL_SENT_SAYS,
      GMAIL_READ_SAYS},
     OUTCOME_SENT,
     1,
     1,
     "KC",
     "r-2 m6 t6 70"},
    {"nobody says", {{503, "busy"}}, OUTCOME_TRY_LATER, 0, 0, "", NULL},
    {"a proxy says it is gone", {{404, "<html>"}}, OUTCOME_TRY_LATER, 0, 0, "", NULL},
    {"no history", {STILL_THERE, {500, "busy"}}, OUTCOME_TRY_LATER, 0, 0, "", NULL},
    {"nobody signed in", {{401, ERROR(401, "authError")}}, OUTCOME_SIGN_IN_AGAIN, 0, 0, "", NULL},
    {"gone at last",
     {STILL_THERE, {200, "{}"}, GMAIL_GONE_SAYS, GMAIL_GONE_SAYS, {200, "{}"}},
     OUTCOME_UNKNOWN,
     1,
     0,
     "C",
     NULL},
    {"sent just now",
     {STILL_THERE, {200, "{}"}, GMAIL_GONE_SAYS, GMAIL_GONE_SAYS, {200, HISTORY("m2")}, OURS_SAYS},
     OUTCOME_SENT,
     1,
     0,
     "C",
     NULL},
};

static void test_a_draft_that_was_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(KEPT); i++) {
        struct web_peer *peer = gmail_peer_start(KEPT[i].says, COUNT(KEPT[i].says));
        peer->email.provider_handle = GMAIL_HANDLE;
        struct outcome outcome = send(peer);
        if (outcome.kind != KEPT[i].kind || !text_equal(peer->steps, KEPT[i].steps) ||
            !text_equal(peer->kept, KEPT[i].kept))
            fail_msg("%s: %s, %s, %s", KEPT[i].name, OUTCOME_NAMES[outcome.kind],
                     text_or(outcome.reason, ""), peer->steps);
        if (outcome.kind == OUTCOME_SENT)
            assert_string_equal(outcome.provider_message_id, "m2");
        web_peer_finish(peer);
        if (web_peer_count(peer, GMAIL_ASKED_TO_SEND) != KEPT[i].asked_to_send ||
            web_peer_count(peer, "POST " GMAIL_ME "drafts HTTP") != KEPT[i].made)
            fail_msg("%s: %zu calls", KEPT[i].name, peer->heard.requests);
    }
}

/* With the handle of a draft that says what the mail said before it was edited. */
static const struct {
    const char *name, *handle;
    struct web_says says[9];
    enum outcome_kind kind;
    size_t asked_to_send, made, deleted;
} UNFINISHED[] = {
    {"never sent",
     GMAIL_HANDLE,
     {STILL_THERE,
      {200, "{}"},
      DELETED,
      GMAIL_PROFILE_SAYS,
      {200, "{}"},
      GMAIL_DRAFT_SAYS,
      GMAIL_SENT_SAYS,
      GMAIL_READ_SAYS},
     OUTCOME_SENT,
     1,
     1,
     1},
    {"sent",
     GMAIL_HANDLE,
     {GMAIL_GONE_SAYS, {200, HISTORY("m2")}, OURS_SAYS},
     OUTCOME_SENT,
     0,
     0,
     0},
    {"gone",
     GMAIL_HANDLE,
     {GMAIL_GONE_SAYS,
      {200, "{}"},
      GMAIL_PROFILE_SAYS,
      {200, "{}"},
      GMAIL_DRAFT_SAYS,
      GMAIL_SENT_SAYS,
      GMAIL_READ_SAYS},
     OUTCOME_SENT,
     1,
     1,
     0},
    {"nobody says", GMAIL_HANDLE, {{503, "busy"}}, OUTCOME_TRY_LATER, 0, 0, 0},
    {"not to be deleted",
     GMAIL_HANDLE,
     {STILL_THERE, {200, "{}"}, {400, ERROR(400, "invalidArgument")}},
     OUTCOME_TRY_LATER,
     0,
     0,
     1},
    {"not deleted",
     GMAIL_HANDLE,
     {STILL_THERE, {200, "{}"}, {503, ""}},
     OUTCOME_TRY_LATER,
     0,
     0,
     1},
    {"of a mailbox elsewhere",
     "AAMk",
     {GMAIL_PROFILE_SAYS, {200, "{}"}, GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS, GMAIL_READ_SAYS},
     OUTCOME_SENT,
     1,
     1,
     0},
};

static void test_a_draft_of_what_it_said_before(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(UNFINISHED); i++) {
        struct web_peer *peer = gmail_peer_start(UNFINISHED[i].says, COUNT(UNFINISHED[i].says));
        peer->email.attempts = 2;
        peer->email.provider_handle = UNFINISHED[i].handle;
        email_unfinish_handle(&peer->email, arena);
        struct outcome outcome = send(peer);
        if (outcome.kind != UNFINISHED[i].kind)
            fail_msg("%s: %s, %s", UNFINISHED[i].name, OUTCOME_NAMES[outcome.kind],
                     text_or(outcome.reason, ""));
        web_peer_finish(peer);
        if (web_peer_count(peer, GMAIL_ASKED_TO_SEND) != UNFINISHED[i].asked_to_send ||
            web_peer_count(peer, "POST " GMAIL_ME "drafts HTTP") != UNFINISHED[i].made ||
            web_peer_count(peer, "DELETE " GMAIL_ME "drafts/r-1 ") != UNFINISHED[i].deleted)
            fail_msg("%s: %zu calls", UNFINISHED[i].name, peer->heard.requests);
    }
}

static void test_a_handle_that_cannot_be_read(void **state)
{
    (void)state;
    struct web_peer *peer = gmail_peer_start(WELL, COUNT(WELL));
    peer->email.provider_handle = "../x";
    assert_int_equal(send(peer).kind, OUTCOME_UNKNOWN);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 0);
}

/* Nobody had asked to send it before, so the draft cannot have been sent. */
static void test_a_new_draft_that_is_gone_at_once(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {
        GMAIL_PROFILE_SAYS, GMAIL_DRAFT_SAYS, GMAIL_GONE_SAYS, GMAIL_GONE_SAYS, {200, "{}"}};
    struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
    assert_int_equal(send(peer).kind, OUTCOME_TRY_LATER);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, COUNT(SAYS));
}

#define DRAFTS "{\"drafts\":[{\"id\":\"r-1\",\"message\":{\"id\":\"m1\",\"threadId\":\"t1\"}}]}"
#define OUR_DRAFT \
    { \
        200, GMAIL_MESSAGE("m1", "DRAFT", "<ours@example.com>", "ann@example.com", WEB_PEER_ID) \
    }
#define OTHER_DRAFT \
    { \
        200, GMAIL_MESSAGE("m1", "DRAFT", "<ours@example.com>", "ann@example.com", OTHER_ID) \
    }
static const struct {
    const char *name;
    struct web_says says[8];
    size_t deleted;
} ORPHANS[] = {
    {"ours",
     {GMAIL_PROFILE_SAYS,
      {200, DRAFTS},
      OUR_DRAFT,
      DELETED,
      GMAIL_DRAFT_SAYS,
      GMAIL_SENT_SAYS,
      GMAIL_READ_SAYS},
     1},
    {"another's",
     {GMAIL_PROFILE_SAYS,
      {200, DRAFTS},
      OTHER_DRAFT,
      GMAIL_DRAFT_SAYS,
      GMAIL_SENT_SAYS,
      GMAIL_READ_SAYS},
     0},
    {"none",
     {GMAIL_PROFILE_SAYS, {200, "{}"}, GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS, GMAIL_READ_SAYS},
     0},
    {"nobody says",
     {GMAIL_PROFILE_SAYS, {500, ""}, GMAIL_DRAFT_SAYS, GMAIL_SENT_SAYS, GMAIL_READ_SAYS},
     0},
};

static void test_a_draft_that_nobody_has_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ORPHANS); i++) {
        struct web_peer *peer = gmail_peer_start(ORPHANS[i].says, COUNT(ORPHANS[i].says));
        peer->email.attempts = 2;
        struct outcome outcome = send(peer);
        if (outcome.kind != OUTCOME_SENT || !text_equal(peer->kept, GMAIL_HANDLE))
            fail_msg("%s: %s", ORPHANS[i].name, text_or(outcome.reason, ""));
        web_peer_finish(peer);
        assert_int_equal(web_peer_count(peer, "POST " GMAIL_ME "drafts HTTP"), 1);
        assert_int_equal(web_peer_count(peer, "DELETE " GMAIL_ME "drafts/r-1 "),
                         ORPHANS[i].deleted);
        assert_non_null(strstr(peer->heard.heads[1],
                               "drafts?q=rfc822msgid%3Aours%40example.com&maxResults=500 "));
    }
}

/* It had died while nobody used it. */
static void test_a_connection_that_was_kept_too_long(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {GMAIL_PROFILE_SAYS, GMAIL_DRAFT_SAYS,
                                           GMAIL_SENT_SAYS,    GMAIL_READ_SAYS,
                                           {.end = WEB_RESET}, {.end = WEB_RESET}};
    struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
    assert_int_equal(send(peer).kind, OUTCOME_SENT);
    struct outcome outcome = send(peer);
    assert_int_equal(outcome.kind, OUTCOME_TRY_LATER);
    assert_true(outcome.is_stale);
    outcome = send(peer);
    assert_int_equal(outcome.kind, OUTCOME_TRY_LATER);
    assert_false(outcome.is_stale);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, COUNT(SAYS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_mail_goes_out),
        cmocka_unit_test(test_the_place_in_the_history_is_kept),
        cmocka_unit_test(test_a_mailbox_without_history),
        cmocka_unit_test(test_every_fault_at_every_call),
        cmocka_unit_test(test_read_back_is_of_use_where_it_can_be),
        cmocka_unit_test(test_what_cannot_be_read_at_once),
        cmocka_unit_test(test_what_must_be_durable_is_or_nothing_is_sent),
        cmocka_unit_test(test_a_draft_that_was_kept),
        cmocka_unit_test(test_a_draft_of_what_it_said_before),
        cmocka_unit_test(test_a_handle_that_cannot_be_read),
        cmocka_unit_test(test_a_new_draft_that_is_gone_at_once),
        cmocka_unit_test(test_a_draft_that_nobody_has_kept),
        cmocka_unit_test(test_a_connection_that_was_kept_too_long),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
