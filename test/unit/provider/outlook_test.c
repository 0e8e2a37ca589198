/* What becomes of a mail, whatever Outlook says at whichever call.
 * covers: src/provider/outlook_find.c src/provider/outlook_send.c */
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "outlook_peer.h"

enum { SAYS_MOST = 9 };
#define SAYS(...) \
    { \
        __VA_ARGS__, \
        { \
            0 \
        } \
    }
#define NO_WORD(how) \
    { \
        .end = how \
    }
#define BUSY_SAYS \
    { \
        503, OUTLOOK_ERROR("ErrorServerBusy"), "Retry-After: 7\r\n" \
    }
#define THROTTLED_SAYS \
    { \
        429, OUTLOOK_ERROR("ApplicationThrottled"), "Retry-After: 7\r\n" \
    }
#define FAULT_SAYS \
    { \
        500, OUTLOOK_ERROR("ErrorInternalServerError") \
    }
#define SIGN_IN_SAYS \
    { \
        401, OUTLOOK_ERROR("InvalidAuthenticationToken") \
    }
#define DENIED_SAYS \
    { \
        400, OUTLOOK_ERROR("ErrorInvalidRecipients") \
    }
#define REDIRECT_SAYS \
    { \
        307, NULL, "Location: http://127.0.0.1:1/\r\n" \
    }
#define GARBAGE_SAYS(status) \
    { \
        status, "{\"id\": \"17f\", \"thread" \
    }
#define DELETED_SAYS \
    { \
        204, NULL \
    }

static void test_its_row(void **state)
{
    (void)state;
    assert_ptr_equal(provider_of(PROVIDER_OUTLOOK), &OUTLOOK_PROVIDER);
    assert_ptr_equal(provider_named("outlook"), &OUTLOOK_PROVIDER);
    assert_true(OUTLOOK_PROVIDER.takes_bcc);
    assert_true(OUTLOOK_PROVIDER.uses_grants);
    assert_int_equal(OUTLOOK_PROVIDER.sends_at_once, 3);
    assert_int_equal(OUTLOOK_PROVIDER.sends_per_minute, 30);
}

static void test_a_mail_is_sent(void **state)
{
    (void)state;
    static const struct web_says SAID[] = {OUTLOOK_CREATED, OUTLOOK_CHANGED, OUTLOOK_ACCEPTED,
                                           OUTLOOK_IS_SENT};
    struct web_peer *peer = outlook_peer_start(SAID, COUNT(SAID));
    struct outcome outcome = outlook_peer_send(peer);
    assert_int_equal(outcome.kind, OUTCOME_SENT);
    assert_null(outcome.reason);
    assert_string_equal(outcome.provider_message_id, OUTLOOK_ID);
    assert_string_equal(outcome.provider_thread_id, "c1");
    assert_string_equal(outcome.message_id, "<theirs@example.com>");
    assert_string_equal(peer->kept, OUTLOOK_ID);
    assert_string_equal(peer->steps, "KC");
    assert_non_null(strstr(outcome.detail, "{\"call\":\"messages.send\",\"status\":202,"
                                           "\"request_id\":\"r-7\",\"client_request_id\":\""));
    web_peer_finish(peer);
    static const char *const CALLS[] = {
        "POST " OUTLOOK_MESSAGES " HTTP", "PATCH " OUTLOOK_MESSAGES "/AAk%2F1%3D HTTP",
        OUTLOOK_ASKED_TO_SEND, "GET " OUTLOOK_MESSAGES "/AAk%2F1%3D?%24select=id%2C"};
    assert_int_equal(peer->heard.requests, COUNT(CALLS));
    for (size_t i = 0; i < COUNT(CALLS); i++) {
        const char *head = peer->heard.heads[i];
        if (!text_starts(head, CALLS[i]) ||
            !strstr(head, "\r\nAuthorization: Bearer the-token\r\n") ||
            !strstr(head, "\r\nPrefer: IdType=\"ImmutableId\"\r\n") ||
            !strstr(head, "\r\nclient-request-id: "))
            fail_msg("call %zu: %s", i, head);
    }
    assert_non_null(strstr(peer->heard.heads[0], "\r\nContent-Type: text/plain\r\n"));
    assert_int_equal(peer->heard.body_sizes[2], 0);
}

/* A row: what is said from the first call on, until a fault ends it. */
static const struct {
    const char *name;
    struct web_says says[SAYS_MOST];
    enum outcome_kind kind;
    int64_t pause_ms; /* not 0: for the whole mailbox */
    size_t sends;     /* how often it was asked to send */
    const char *steps;
} FAULTS[] = {
    {"create: reset", SAYS(NO_WORD(WEB_RESET)), OUTCOME_TRY_LATER, 0, 0, ""},
    {"create: closed", SAYS(NO_WORD(WEB_CLOSE)), OUTCOME_TRY_LATER, 0, 0, ""},
    {"create: sign in", SAYS(SIGN_IN_SAYS), OUTCOME_SIGN_IN_AGAIN, 0, 0, ""},
    {"create: denied", SAYS(DENIED_SAYS), OUTCOME_REFUSED, 0, 0, ""},
    {"create: busy", SAYS(BUSY_SAYS), OUTCOME_TRY_LATER, 7000, 0, ""},
    {"create: throttled", SAYS(THROTTLED_SAYS), OUTCOME_TRY_LATER, 7000, 0, ""},
    {"create: fault", SAYS(FAULT_SAYS), OUTCOME_TRY_LATER, 0, 0, ""},
    {"create: redirect", SAYS(REDIRECT_SAYS), OUTCOME_TRY_LATER, 0, 0, ""},
    {"create: half a reply", SAYS({201, "{\"id", .missing = 9}), OUTCOME_TRY_LATER, 0, 0, ""},
    {"create: garbage, and it is not there",
     SAYS(GARBAGE_SAYS(201), OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED), OUTCOME_TRY_LATER, 0,
     0, ""},
    {"create: garbage, and it is there",
     SAYS(GARBAGE_SAYS(201), OUTLOOK_NOTHING_LISTED,
          OUTLOOK_LISTED(OUTLOOK_ITEM_BODY(OUTLOOK_ID, true, "<ours@example.com>")),
          OUTLOOK_CHANGED, OUTLOOK_ACCEPTED, OUTLOOK_IS_SENT),
     OUTCOME_SENT, 0, 1, "KC"},
    {"create: nameless", SAYS({201, "{}"}, OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED),
     OUTCOME_TRY_LATER, 0, 0, ""},
    {"create: refused by who is not Graph", SAYS({403, "<html>"}), OUTCOME_TRY_LATER, 0, 0, ""},
    {"mark: reset", SAYS(OUTLOOK_CREATED, NO_WORD(WEB_RESET)), OUTCOME_TRY_LATER, 0, 0, "K"},
    {"mark: busy", SAYS(OUTLOOK_CREATED, BUSY_SAYS), OUTCOME_TRY_LATER, 7000, 0, "K"},
    {"mark: sign in", SAYS(OUTLOOK_CREATED, SIGN_IN_SAYS), OUTCOME_SIGN_IN_AGAIN, 0, 0, "K"},
    {"mark: gone", SAYS(OUTLOOK_CREATED, OUTLOOK_GONE), OUTCOME_TRY_LATER, 0, 0, "K"},
    {"mark: not wanted",
     SAYS(OUTLOOK_CREATED, {400, OUTLOOK_ERROR("ErrorInvalidProperty")}, OUTLOOK_ACCEPTED,
          OUTLOOK_IS_SENT),
     OUTCOME_SENT, 0, 1, "KC"},
    {"mark: garbage", SAYS(OUTLOOK_CREATED, GARBAGE_SAYS(200), OUTLOOK_ACCEPTED, OUTLOOK_IS_SENT),
     OUTCOME_SENT, 0, 1, "KC"},
    {"send: reset", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, NO_WORD(WEB_RESET)), OUTCOME_UNKNOWN, 0,
     1, "KC"},
    {"send: closed", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, NO_WORD(WEB_CLOSE)), OUTCOME_UNKNOWN, 0,
     1, "KC"},
    {"send: sign in", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, SIGN_IN_SAYS), OUTCOME_SIGN_IN_AGAIN,
     0, 1, "KC"},
    {"send: denied",
     SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, DENIED_SAYS, OUTLOOK_STILL_DRAFT, DELETED_SAYS),
     OUTCOME_REFUSED, 0, 1, "KCK"},
    {"send: the account's trouble",
     SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, {403, OUTLOOK_ERROR("ErrorAccessDenied")}),
     OUTCOME_TRY_LATER, 0, 1, "KC"},
    {"send: refused, and sent",
     SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, DENIED_SAYS, OUTLOOK_IS_SENT), OUTCOME_SENT, 0, 1,
     "KC"},
    {"send: refused by who is not Graph", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, {403, "no"}),
     OUTCOME_UNKNOWN, 0, 1, "KC"},
    {"send: gone",
     SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, OUTLOOK_GONE, OUTLOOK_GONE, OUTLOOK_NOTHING_LISTED,
          OUTLOOK_NOTHING_LISTED),
     OUTCOME_TRY_LATER, 0, 1, "KC"},
    {"send: throttled", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, THROTTLED_SAYS), OUTCOME_TRY_LATER,
     7000, 1, "KC"},
    {"send: busy", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, BUSY_SAYS), OUTCOME_UNKNOWN, 0, 1, "KC"},
    {"send: fault", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, FAULT_SAYS), OUTCOME_UNKNOWN, 0, 1,
     "KC"},
    {"send: redirect", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, REDIRECT_SAYS), OUTCOME_UNKNOWN, 0, 1,
     "KC"},
    {"send: half a reply", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, {202, "", .missing = 5}),
     OUTCOME_UNKNOWN, 0, 1, "KC"},
    {"read: reset", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, OUTLOOK_ACCEPTED, FAULT_SAYS),
     OUTCOME_SENT, 0, 1, "KC"},
    {"read: sign in", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, OUTLOOK_ACCEPTED, SIGN_IN_SAYS),
     OUTCOME_SENT, 0, 1, "KC"},
    {"read: garbage", SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, OUTLOOK_ACCEPTED, GARBAGE_SAYS(200)),
     OUTCOME_SENT, 0, 1, "KC"},
    {"read: still a draft, then gone, then there",
     SAYS(OUTLOOK_CREATED, OUTLOOK_CHANGED, OUTLOOK_ACCEPTED, OUTLOOK_STILL_DRAFT, OUTLOOK_GONE,
          OUTLOOK_IS_SENT),
     OUTCOME_SENT, 0, 1, "KC"},
};

/* All of it was asked for, and nothing more. */
static void assert_all_said(const char *name, const struct web_peer *peer,
                            const struct web_says *says, size_t most)
{
    size_t count = 0;
    while (count < most && (says[count].status || says[count].end))
        count++;
    if (peer->heard.requests != count)
        fail_msg("%s: %zu requests, not %zu", name, peer->heard.requests, count);
}

static bool is_explained(const struct outcome *outcome)
{
    const char *detail = text_or(outcome->detail, "");
    bool has_reason = !text_is_empty(outcome->reason);
    return has_reason == (outcome->kind != OUTCOME_SENT) && strstr(detail, "{\"call\":\"") &&
           !strstr(detail, "the-token") && !strstr(text_or(outcome->reason, ""), "the-token");
}

static void test_a_fault_at_each_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FAULTS); i++) {
        struct web_peer *peer = outlook_peer_start(FAULTS[i].says, SAYS_MOST);
        struct outcome outcome = outlook_peer_send(peer);
        if (outcome.kind != FAULTS[i].kind || !is_explained(&outcome))
            fail_msg("%s: %s, %s, %s", FAULTS[i].name, OUTCOME_NAMES[outcome.kind],
                     text_or(outcome.reason, ""), outcome.detail);
        if (outcome.holds_mailbox != (FAULTS[i].pause_ms != 0) ||
            outcome.retry_after_ms < FAULTS[i].pause_ms)
            fail_msg("%s: it is held for %lld ms", FAULTS[i].name,
                     (long long)outcome.retry_after_ms);
        if (outcome.kind == OUTCOME_SENT)
            assert_string_equal(outcome.provider_message_id, OUTLOOK_ID);
        if (!text_equal(peer->steps, FAULTS[i].steps))
            fail_msg("%s: %s", FAULTS[i].name, peer->steps);
        web_peer_finish(peer);
        assert_all_said(FAULTS[i].name, peer, FAULTS[i].says, SAYS_MOST);
        if (web_peer_count(peer, OUTLOOK_ASKED_TO_SEND) != FAULTS[i].sends)
            fail_msg("%s: %zu times", FAULTS[i].name, web_peer_count(peer, OUTLOOK_ASKED_TO_SEND));
    }
}

#define STRAY OUTLOOK_ITEM_BODY("stray", true, "<ours@example.com>")

/* What a later attempt makes of what it finds. */
static const struct {
    const char *name, *handle;
    int64_t probes;
    struct web_says says[SAYS_MOST];
    enum outcome_kind kind;
    size_t sends, creates, deletes;
} AGAIN[] = {
    {"nothing was left behind", NULL, 0,
     SAYS(OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED, OUTLOOK_CREATED, OUTLOOK_CHANGED,
          OUTLOOK_ACCEPTED, OUTLOOK_IS_SENT),
     OUTCOME_SENT, 1, 1, 0},
    {"a stray draft is taken away", NULL, 0,
     SAYS(OUTLOOK_NOTHING_LISTED, OUTLOOK_LISTED(STRAY), DELETED_SAYS, OUTLOOK_CREATED,
          OUTLOOK_CHANGED, OUTLOOK_ACCEPTED, OUTLOOK_IS_SENT),
     OUTCOME_SENT, 1, 1, 1},
    {"somebody has sent the stray draft", NULL, 0, SAYS(OUTLOOK_LISTED(OUTLOOK_SENT_BODY)),
     OUTCOME_SENT, 0, 0, 0},
    {"nobody says what is left", NULL, 0, SAYS(FAULT_SAYS), OUTCOME_TRY_LATER, 0, 0, 0},
    {"an unfinished draft is taken away", "unfinished " OUTLOOK_ID, 0,
     SAYS(OUTLOOK_STILL_DRAFT, DELETED_SAYS, OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED,
          OUTLOOK_CREATED, OUTLOOK_CHANGED, OUTLOOK_ACCEPTED, OUTLOOK_IS_SENT),
     OUTCOME_SENT, 1, 1, 1},
    {"an unfinished draft was sent, and stays", "unfinished " OUTLOOK_ID, 0, SAYS(OUTLOOK_IS_SENT),
     OUTCOME_SENT, 0, 0, 0},
    {"an unfinished draft, and nobody answers", "unfinished " OUTLOOK_ID, 0, SAYS(FAULT_SAYS),
     OUTCOME_TRY_LATER, 0, 0, 0},
    {"an unfinished draft that stays", "unfinished " OUTLOOK_ID, 0,
     SAYS(OUTLOOK_STILL_DRAFT, FAULT_SAYS), OUTCOME_TRY_LATER, 0, 0, 1},
    {"an unfinished draft that is to stay", "unfinished " OUTLOOK_ID, 0,
     SAYS(OUTLOOK_STILL_DRAFT, DENIED_SAYS), OUTCOME_TRY_LATER, 0, 0, 1},
    {"a stray draft that stays", NULL, 0,
     SAYS(OUTLOOK_NOTHING_LISTED, OUTLOOK_LISTED(STRAY), FAULT_SAYS), OUTCOME_TRY_LATER, 0, 0, 1},
    {"the draft is still there", OUTLOOK_ID, 0,
     SAYS(OUTLOOK_STILL_DRAFT, OUTLOOK_ACCEPTED, OUTLOOK_IS_SENT), OUTCOME_SENT, 1, 0, 0},
    {"it was sent", OUTLOOK_ID, 0, SAYS(OUTLOOK_IS_SENT), OUTCOME_SENT, 0, 0, 0},
    {"it was sent, and has moved", OUTLOOK_ID, 0,
     SAYS(OUTLOOK_GONE, OUTLOOK_LISTED(OUTLOOK_SENT_BODY)), OUTCOME_SENT, 0, 0, 0},
    {"nobody answers", OUTLOOK_ID, 0, SAYS(FAULT_SAYS), OUTCOME_TRY_LATER, 0, 0, 0},
    {"gone, and another draft says nothing", OUTLOOK_ID, 0,
     SAYS(OUTLOOK_GONE, OUTLOOK_LISTED(STRAY), OUTLOOK_LISTED(STRAY)), OUTCOME_UNKNOWN, 0, 0, 0},
    {"gone, and nobody answers", OUTLOOK_ID, 0, SAYS(OUTLOOK_GONE, FAULT_SAYS), OUTCOME_TRY_LATER,
     0, 0, 0},
    {"gone, however often it was asked about", OUTLOOK_ID, 7,
     SAYS(OUTLOOK_GONE, OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED), OUTCOME_UNKNOWN, 0, 0, 0},
    {"gone while it was sent", OUTLOOK_ID, 0,
     SAYS(OUTLOOK_STILL_DRAFT, OUTLOOK_GONE, OUTLOOK_GONE, OUTLOOK_NOTHING_LISTED,
          OUTLOOK_NOTHING_LISTED),
     OUTCOME_UNKNOWN, 1, 0, 0},
    {"refused, and nobody says why", OUTLOOK_ID, 0,
     SAYS(OUTLOOK_STILL_DRAFT, DENIED_SAYS, FAULT_SAYS), OUTCOME_UNKNOWN, 1, 0, 0},
    {"refused", OUTLOOK_ID, 0,
     SAYS(OUTLOOK_STILL_DRAFT, DENIED_SAYS, OUTLOOK_STILL_DRAFT, DELETED_SAYS), OUTCOME_REFUSED, 1,
     0, 1},
};

static void test_a_later_attempt(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(AGAIN); i++) {
        struct web_peer *peer = outlook_peer_start(AGAIN[i].says, SAYS_MOST);
        peer->email.attempts = 2;
        peer->email.provider_handle = AGAIN[i].handle;
        peer->email.probes = AGAIN[i].probes;
        struct outcome outcome = outlook_peer_send(peer);
        if (outcome.kind != AGAIN[i].kind || !is_explained(&outcome))
            fail_msg("%s: %s, %s", AGAIN[i].name, OUTCOME_NAMES[outcome.kind],
                     text_or(outcome.reason, ""));
        web_peer_finish(peer);
        assert_all_said(AGAIN[i].name, peer, AGAIN[i].says, SAYS_MOST);
        if (web_peer_count(peer, OUTLOOK_ASKED_TO_SEND) != AGAIN[i].sends ||
            web_peer_count(peer, "POST " OUTLOOK_MESSAGES " HTTP") != AGAIN[i].creates ||
            web_peer_count(peer, "DELETE ") != AGAIN[i].deletes)
            fail_msg("%s: asked for something else", AGAIN[i].name);
    }
}

/* Nothing is asked to be sent that this server could not note before. */
static void test_what_cannot_be_noted(void **state)
{
    (void)state;
    static const struct web_says SAID[] = {OUTLOOK_CREATED, OUTLOOK_CHANGED, OUTLOOK_ACCEPTED};
    for (int is_commit = 0; is_commit < 2; is_commit++) {
        struct web_peer *peer = outlook_peer_start(SAID, COUNT(SAID));
        peer->refuses_handle = !is_commit;
        peer->refuses_commit = is_commit;
        assert_int_equal(outlook_peer_send(peer).kind, OUTCOME_TRY_LATER);
        assert_string_equal(peer->steps, is_commit ? "KC" : "K");
        web_peer_finish(peer);
        assert_int_equal(web_peer_count(peer, OUTLOOK_ASKED_TO_SEND), 0);
    }
}

/* A draft that is no use to anybody is not left in the mailbox. */
static void test_a_refused_draft_is_taken_away(void **state)
{
    (void)state;
    static const size_t SIZES[] = {3000, 0};
    static const struct web_says SAID[] = {{413, "too large"},
                                           OUTLOOK_CREATED,
                                           {400, OUTLOOK_ERROR("ErrorAttachmentType")},
                                           DELETED_SAYS};
    struct web_peer *peer = outlook_peer_start(SAID, COUNT(SAID));
    outlook_peer_attach(peer, SIZES);
    assert_int_equal(outlook_peer_send(peer).kind, OUTCOME_REFUSED);
    assert_string_equal(peer->steps, "K");
    assert_string_equal(peer->kept, "unfinished " OUTLOOK_ID);
    web_peer_finish(peer);
    assert_int_equal(web_peer_count(peer, "DELETE " OUTLOOK_MESSAGES "/AAk%2F1%3D HTTP"), 1);
}

static void test_nothing_is_asked_without_a_token(void **state)
{
    (void)state;
    const struct web_says nothing = {500, ""};
    struct web_peer *peer = outlook_peer_start(&nothing, 1);
    struct probe probe;
    struct error error;
    peer->attempt.credential.access_token = NULL;
    assert_int_equal(outlook_peer_send(peer).kind, OUTCOME_SIGN_IN_AGAIN);
    peer->email.provider_handle = OUTLOOK_ID;
    OUTLOOK_PROVIDER.probe(peer->pool, &peer->attempt, 9, &probe);
    assert_int_equal(probe.kind, PROBE_ASK_AGAIN);
    assert_false(OUTLOOK_PROVIDER.check(&peer->settings, &peer->account, &peer->attempt.credential,
                                        peer->arena, &error));
    assert_int_equal(error.code, ERROR_PROVIDER);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 0);
}

#define FOLDER(id) \
    { \
        200, "{\"id\":\"" id "\"}" \
    }

static const struct {
    const char *name, *handle;
    int64_t asked;
    struct web_says says[4];
    enum probe_kind kind;
} PROBES[] = {
    {"no draft is known, and it was sent",
     NULL,
     0,
     {OUTLOOK_LISTED(OUTLOOK_SENT_BODY)},
     PROBE_SENT},
    {"no draft is known, at first",
     "",
     0,
     {OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED},
     PROBE_ASK_AGAIN},
    {"no draft is known, for good",
     NULL,
     6,
     {OUTLOOK_LISTED(STRAY), OUTLOOK_NOTHING_LISTED},
     PROBE_UNKNOWABLE},
    {"it was not complete",
     "unfinished " OUTLOOK_ID,
     0,
     {OUTLOOK_STILL_DRAFT, FOLDER("f1")},
     PROBE_NOT_SENT},
    {"it was not complete, and another was sent",
     "unfinished " OUTLOOK_ID,
     0,
     {OUTLOOK_GONE, OUTLOOK_LISTED(OUTLOOK_SENT_BODY)},
     PROBE_SENT},
    {"sent", OUTLOOK_ID, 0, {OUTLOOK_IS_SENT}, PROBE_SENT},
    {"sent, and moved",
     OUTLOOK_ID,
     0,
     {OUTLOOK_GONE, OUTLOOK_NOTHING_LISTED, OUTLOOK_LISTED(OUTLOOK_SENT_BODY)},
     PROBE_SENT},
    {"a draft, at first", OUTLOOK_ID, 0, {OUTLOOK_STILL_DRAFT}, PROBE_ASK_AGAIN},
    {"a draft, soon after", OUTLOOK_ID, 3, {OUTLOOK_STILL_DRAFT}, PROBE_ASK_AGAIN},
    {"it does not say what it is", OUTLOOK_ID, 0, {FOLDER(OUTLOOK_ID)}, PROBE_ASK_AGAIN},
    {"still in Drafts", OUTLOOK_ID, 4, {OUTLOOK_STILL_DRAFT, FOLDER("f1")}, PROBE_NOT_SENT},
    {"in the Outbox", OUTLOOK_ID, 9, {OUTLOOK_STILL_DRAFT, FOLDER("f2")}, PROBE_ASK_AGAIN},
    {"nobody says where Drafts are",
     OUTLOOK_ID,
     9,
     {OUTLOOK_STILL_DRAFT, FAULT_SAYS},
     PROBE_ASK_AGAIN},
    {"gone, at first",
     OUTLOOK_ID,
     0,
     {OUTLOOK_GONE, OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED},
     PROBE_ASK_AGAIN},
    {"gone, for a while",
     OUTLOOK_ID,
     5,
     {OUTLOOK_GONE, OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED},
     PROBE_ASK_AGAIN},
    {"gone for good",
     OUTLOOK_ID,
     6,
     {OUTLOOK_GONE, OUTLOOK_NOTHING_LISTED, OUTLOOK_NOTHING_LISTED},
     PROBE_UNKNOWABLE},
    {"gone, and another draft of it is there",
     OUTLOOK_ID,
     6,
     {OUTLOOK_GONE, OUTLOOK_LISTED(STRAY), OUTLOOK_LISTED(STRAY)},
     PROBE_UNKNOWABLE},
    {"nobody answers", OUTLOOK_ID, 9, {NO_WORD(WEB_CLOSE)}, PROBE_ASK_AGAIN},
    {"nobody lets us look", OUTLOOK_ID, 9, {OUTLOOK_GONE, BUSY_SAYS}, PROBE_ASK_AGAIN},
    {"sign in", OUTLOOK_ID, 9, {SIGN_IN_SAYS}, PROBE_ASK_AGAIN},
};

static void test_what_became_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(PROBES); i++) {
        struct web_peer *peer = outlook_peer_start(PROBES[i].says, COUNT(PROBES[i].says));
        struct probe probe = {.kind = -1};
        peer->email.provider_handle = PROBES[i].handle;
        peer->attempt.message = NULL;
        peer->attempt.keep_handle = NULL;
        peer->attempt.commit = NULL;
        OUTLOOK_PROVIDER.probe(peer->pool, &peer->attempt, PROBES[i].asked, &probe);
        if (probe.kind != PROBES[i].kind || text_is_empty(probe.reason))
            fail_msg("%s: %d %s", PROBES[i].name, (int)probe.kind, text_or(probe.reason, ""));
        if (probe.kind == PROBE_SENT) {
            assert_string_equal(probe.provider_message_id, OUTLOOK_ID);
            assert_string_equal(probe.provider_thread_id, "c1");
            assert_string_equal(probe.message_id, "<theirs@example.com>");
        }
        web_peer_finish(peer);
        assert_all_said(PROBES[i].name, peer, PROBES[i].says, COUNT(PROBES[i].says));
        assert_int_equal(web_peer_count(peer, "POST "), 0);
    }
}

static void test_what_is_looked_for(void **state)
{
    (void)state;
    static const struct web_says SAID[] = {OUTLOOK_GONE, OUTLOOK_NOTHING_LISTED,
                                           OUTLOOK_NOTHING_LISTED};
    struct web_peer *peer = outlook_peer_start(SAID, COUNT(SAID));
    struct probe probe;
    peer->email.provider_handle = OUTLOOK_ID;
    peer->email.message_id = "<o'neill@example.com>";
    OUTLOOK_PROVIDER.probe(peer->pool, &peer->attempt, 0, &probe);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 3);
    assert_true(text_starts(
        peer->heard.heads[1],
        "GET " OUTLOOK_MESSAGES "?%24filter=singleValueExtendedProperties%2FAny%28ep%3A%20ep%2Fid"
        "%20eq%20%27String%20%7B7a0c1b52-6f0d-4c7e-8b1e-2f3c9d54e6a1%7D%20Name%20SendRef%27%20and"
        "%20ep%2Fvalue%20eq%20%27" WEB_PEER_ID "%27%29&%24select=id%2C"));
    assert_true(text_starts(peer->heard.heads[2],
                            "GET " OUTLOOK_MESSAGES "?%24filter=internetMessageId%20eq%20%27%3C"
                            "o%27%27neill%40example.com%3E%27&%24select=id%2C"));
}

static void test_whose_mailbox_it_is(void **state)
{
    (void)state;
    static const struct {
        struct web_says says;
        const char *fault; /* NULL: none */
    } rows[] = {
        {{200, "{\"mail\":\"ANN@Example.com\"}"}, NULL},
        {{200, "{\"mail\":null,\"userPrincipalName\":\"ann@example.com\"}"}, NULL},
        {{200, "{\"mail\":\"eve@example.com\"}"}, "which is eve@example.com"},
        {SIGN_IN_SAYS, "It says no."},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct web_peer *peer = outlook_peer_start(&rows[i].says, 1);
        struct error error = {0};
        bool is_right = OUTLOOK_PROVIDER.check(&peer->settings, &peer->account,
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
        cmocka_unit_test(test_a_mail_is_sent),
        cmocka_unit_test(test_a_fault_at_each_call),
        cmocka_unit_test(test_a_later_attempt),
        cmocka_unit_test(test_what_cannot_be_noted),
        cmocka_unit_test(test_a_refused_draft_is_taken_away),
        cmocka_unit_test(test_nothing_is_asked_without_a_token),
        cmocka_unit_test(test_what_became_of_it),
        cmocka_unit_test(test_what_is_looked_for),
        cmocka_unit_test(test_whose_mailbox_it_is),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
