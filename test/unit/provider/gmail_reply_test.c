/* Row by row: what Gmail answers, and what it means for a mail; of a call that may send the mail
 * and of one that may not. */
#include "provider/gmail_reply.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "case.h"
#include "gmail_peer.h"
#include "json/json.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };
static const moment NOW = {1789000000000}; /* 2026-09-10T00:26:40Z */

static bool agree(void *context)
{
    (void)context;
    return true;
}

#define QUOTA(status, message) \
    "{\"error\":{\"code\":" #status ",\"message\":\"" message "\",\"errors\":" \
    "[{\"reason\":\"rateLimitExceeded\"}]}}"

#define DETAILED(errors, reason) \
    "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\",\"errors\":[" errors "]," \
    "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.Help\",\"links\":[{}]}," \
    "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"" reason "\"," \
    "\"domain\":\"googleapis.com\",\"metadata\":{\"service\":\"gmail\"}}]}}"

static const struct {
    struct web_says says;
    enum web_meaning meaning, at_send;
    const char *reason; /* NULL: none */
    int64_t pause_ms;
} ROWS[] = {
    {{400, GMAIL_ERROR(400, "badRequest", "x")}, WEB_REFUSED, WEB_REFUSED, "badRequest", 0},
    {{400, GMAIL_ERROR(400, "invalidArgument", "x")},
     WEB_REFUSED,
     WEB_REFUSED,
     "invalidArgument",
     0},
    {{400, GMAIL_ERROR(400, "failedPrecondition", "x")},
     WEB_ACCOUNT,
     WEB_ACCOUNT,
     "failedPrecondition",
     0},
    {{400, "{\"error\":{\"status\":\"FAILED_PRECONDITION\"}}"},
     WEB_ACCOUNT,
     WEB_ACCOUNT,
     "FAILED_PRECONDITION",
     0},
    {{401, GMAIL_ERROR(401, "authError", "x")}, WEB_SIGN_IN, WEB_SIGN_IN, "authError", 0},
    {{403, GMAIL_ERROR(403, "dailyLimitExceeded", "x")},
     WEB_HOLD,
     WEB_HOLD,
     "dailyLimitExceeded",
     3600000},
    {{403, GMAIL_ERROR(403, "userRateLimitExceeded", "x")},
     WEB_HOLD,
     WEB_HOLD,
     "userRateLimitExceeded",
     0},
    {{403, GMAIL_ERROR(403, "rateLimitExceeded", "x")}, WEB_HOLD, WEB_HOLD, "rateLimitExceeded", 0},
    {{403, GMAIL_ERROR(403, "quotaExceeded", "x")}, WEB_HOLD, WEB_HOLD, "quotaExceeded", 0},
    {{403, GMAIL_ERROR(403, "insufficientPermissions", "x")},
     WEB_SIGN_IN,
     WEB_SIGN_IN,
     "insufficientPermissions",
     0},
    {{403, GMAIL_ERROR(403, "domainPolicy", "x")}, WEB_ACCOUNT, WEB_ACCOUNT, "domainPolicy", 0},
    {{403, GMAIL_ERROR(403, "accessNotConfigured", "x")},
     WEB_ACCOUNT,
     WEB_ACCOUNT,
     "accessNotConfigured",
     300000},
    {{403, GMAIL_ERROR(403, "forbidden", "x")}, WEB_ACCOUNT, WEB_ACCOUNT, "forbidden", 0},
    {{403, GMAIL_ERROR(403, "anythingElse", "x")}, WEB_ACCOUNT, WEB_ACCOUNT, "anythingElse", 0},
    /* As Google's newer services say it. */
    {{403, DETAILED("", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")},
     WEB_SIGN_IN,
     WEB_SIGN_IN,
     "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
     0},
    {{403, DETAILED("{\"reason\":\"forbidden\"}", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")},
     WEB_SIGN_IN,
     WEB_SIGN_IN,
     "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
     0},
    {{403, DETAILED("{\"reason\":\"domainPolicy\"}", "SOMETHING_ELSE")},
     WEB_ACCOUNT,
     WEB_ACCOUNT,
     "domainPolicy",
     0},
    {{403, DETAILED("", "RATE_LIMIT_EXCEEDED")}, WEB_HOLD, WEB_HOLD, "RATE_LIMIT_EXCEEDED", 0},
    {{403, DETAILED("", "SERVICE_DISABLED")}, WEB_ACCOUNT, WEB_ACCOUNT, "SERVICE_DISABLED", 300000},
    {{404, GMAIL_ERROR(404, "notFound", "x")}, WEB_GONE, WEB_GONE, "notFound", 0},
    {{408, GMAIL_ERROR(408, "x", "x")}, WEB_LATER, WEB_UNCLEAR, "x", 0},
    {{409, GMAIL_ERROR(409, "aborted", "x")}, WEB_LATER, WEB_UNCLEAR, "aborted", 0},
    {{410, GMAIL_ERROR(410, "gone", "x")}, WEB_GONE, WEB_GONE, "gone", 0},
    {{413, GMAIL_ERROR(413, "uploadTooLarge", "x")}, WEB_REFUSED, WEB_REFUSED, "uploadTooLarge", 0},
    {{418, GMAIL_ERROR(418, "teapot", "x")}, WEB_REFUSED, WEB_REFUSED, "teapot", 0},
    {{429, GMAIL_ERROR(429, "userRateLimitExceeded", "x")},
     WEB_HOLD,
     WEB_HOLD,
     "userRateLimitExceeded",
     0},
    {{499, GMAIL_ERROR(499, "cancelled", "x")}, WEB_LATER, WEB_UNCLEAR, "cancelled", 0},
    {{500, GMAIL_ERROR(500, "backendError", "x")}, WEB_LATER, WEB_UNCLEAR, "backendError", 0},
    {{503, GMAIL_ERROR(503, "backendError", "x"), "Retry-After: 7\r\n"},
     WEB_LATER,
     WEB_UNCLEAR,
     "backendError",
     7000},
    {{504, "<html>"}, WEB_LATER, WEB_UNCLEAR, NULL, 0},
    /* How long to wait: in the header, in the text, in both, and nothing that makes sense. */
    {{429, QUOTA(429, "x"), "Retry-After: 30\r\n"}, WEB_HOLD, WEB_HOLD, "rateLimitExceeded", 30000},
    {{429, QUOTA(429, "User-rate limit exceeded.  Retry after 2026-09-10T00:36:40.250Z  (Mail "
                      "sending)")},
     WEB_HOLD,
     WEB_HOLD,
     "rateLimitExceeded",
     600250},
    {{429, QUOTA(429, "Limit. retry after 2026-09-10T00:36:40Z."), "Retry-After: 30\r\n"},
     WEB_HOLD,
     WEB_HOLD,
     "rateLimitExceeded",
     600000},
    {{403, QUOTA(403, "Retry after 2026-09-10T02:36:40+02:00")},
     WEB_HOLD,
     WEB_HOLD,
     "rateLimitExceeded",
     600000},
    {{429, QUOTA(429, "Retry after 2026-09-10T00:26:39Z")},
     WEB_HOLD,
     WEB_HOLD,
     "rateLimitExceeded",
     0},
    {{429, QUOTA(429, "Retry after some time")}, WEB_HOLD, WEB_HOLD, "rateLimitExceeded", 0},
    {{429, QUOTA(429, "Retry after 9999-01-01T00:00:00Z")},
     WEB_HOLD,
     WEB_HOLD,
     "rateLimitExceeded",
     DAY_MS},
    {{429, QUOTA(429, "x"), "Retry-After: 99999999999\r\n"},
     WEB_HOLD,
     WEB_HOLD,
     "rateLimitExceeded",
     DAY_MS},
    {{429, QUOTA(429, "Retry after "
                      "000000000000000000000000000000000000000000000000000000000000000")},
     WEB_HOLD,
     WEB_HOLD,
     "rateLimitExceeded",
     0},
    /* Not in Gmail's own words. */
    {{400, "Bad Request"}, WEB_LATER, WEB_UNCLEAR, NULL, 0},
    {{401, "{}"}, WEB_LATER, WEB_UNCLEAR, NULL, 0},
    {{403, "{\"error\":\"blocked\"}"}, WEB_LATER, WEB_UNCLEAR, NULL, 0},
    {{404, "{\"error\":{\"message\":\"no such page\"}}"}, WEB_LATER, WEB_UNCLEAR, NULL, 0},
    {{429, ""}, WEB_HOLD, WEB_HOLD, NULL, 0},
    {{403, "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\"}}"},
     WEB_ACCOUNT,
     WEB_ACCOUNT,
     "PERMISSION_DENIED",
     0},
    {{400, "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"errors\":[{}]}}"},
     WEB_REFUSED,
     WEB_REFUSED,
     "INVALID_ARGUMENT",
     0},
    /* Redirects go nowhere. */
    {{301, "", "Location: /x\r\n"}, WEB_LATER, WEB_UNCLEAR, NULL, 0},
    {{307, "", "Location: /x\r\n"}, WEB_LATER, WEB_UNCLEAR, NULL, 0},
    {{308, ""}, WEB_LATER, WEB_UNCLEAR, NULL, 0},
};

static struct web_answer ask(const struct web_says *says, bool may_send, struct web_mail *mail)
{
    const struct web_call call = {
        .name = "the.call",
        .method = "POST",
        .url = arena_format(mail->arena, "%s/x", mail->settings->gmail_url),
        .commit = may_send ? agree : NULL,
    };
    struct web_answer answer;
    assert_false(web_mail_ask(mail, &call, &answer));
    assert_int_equal(answer.result.status, says->status);
    return answer;
}

static void check_row(size_t i, bool may_send)
{
    struct web_peer *peer = gmail_peer_start(&ROWS[i].says, 1);
    struct web_mail mail = gmail_peer_open(peer);
    struct web_answer answer = ask(&ROWS[i].says, may_send, &mail);
    enum web_meaning meaning = may_send ? ROWS[i].at_send : ROWS[i].meaning;
    if (answer.meaning != meaning || !text_equal(answer.reason, ROWS[i].reason) ||
        answer.pause_ms != ROWS[i].pause_ms ||
        !strstr(answer.sentence,
                arena_format(peer->arena, "Gmail answered the.call with %d", ROWS[i].says.status)))
        fail_msg("row %zu: %d %s %lld %s", i, (int)answer.meaning, text_or(answer.reason, ""),
                 (long long)answer.pause_ms, answer.sentence);
    gmail_peer_close(peer, &mail);
    web_peer_finish(peer);
}

static void test_rows(void **state)
{
    (void)state;
    clock_stop_at(NOW);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        check_row(i, false);
        check_row(i, true);
    }
    clock_stop_at((moment){0});
}

static void test_a_token_is_never_repeated(void **state)
{
    (void)state;
    static const struct web_says SAYS[] = {
        {400, GMAIL_ERROR(400, "the-token", "the-token is no good")},
        {400, GMAIL_ERROR(400, "bad\\r\\nthing", "first line\\nsecond line")}};
    struct web_peer *peer = gmail_peer_start(SAYS, COUNT(SAYS));
    struct web_mail mail = gmail_peer_open(peer);
    struct web_answer answer = ask(&SAYS[0], false, &mail);
    assert_int_equal(answer.meaning, WEB_REFUSED);
    assert_null(answer.reason);
    assert_string_equal(answer.sentence, "Gmail answered the.call with 400");
    answer = ask(&SAYS[1], false, &mail);
    assert_string_equal(answer.sentence, "Gmail answered the.call with 400 bad: first line");
    gmail_peer_close(peer, &mail);
    web_peer_finish(peer);
}

static void test_names_of_things(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"r-123", "18f0", "a_B", "-"};
    static const char *const BAD[] = {NULL, "", " ", "a b", "a/b", "a?", "a\n", "\xc3\xa4", "a%"};
    char longest[130];
    for (size_t i = 0; i < COUNT(GOOD); i++)
        assert_true(gmail_is_id(GOOD[i]));
    for (size_t i = 0; i < COUNT(BAD); i++)
        assert_false(gmail_is_id(BAD[i]));
    memset(longest, 'x', sizeof longest);
    longest[128] = '\0';
    assert_true(gmail_is_id(longest));
    longest[128] = 'x';
    longest[129] = '\0';
    assert_false(gmail_is_id(longest));
    assert_true(gmail_is_history_id("1"));
    assert_true(gmail_is_history_id("18446744073709551615"));
    assert_false(gmail_is_history_id("12345678901234567890123456789012345678901"));
    assert_false(gmail_is_history_id("0"));
    assert_false(gmail_is_history_id("1x"));
    assert_false(gmail_is_history_id(NULL));
}

static void test_a_message(void **state)
{
    (void)state;
    static const char TEXT[] = GMAIL_MESSAGE("m2", "SENT", "<a@b>", "x@y", "ref");
    AUTO_ARENA arena = arena_create();
    struct gmail_message message = {0};
    struct error error;
    assert_true(json_read((struct bytes){TEXT, sizeof TEXT - 1}, &GMAIL_MESSAGE, STORED, arena,
                          &message, NULL, &error));
    assert_string_equal(message.id, "m2");
    assert_string_equal(message.history_id, "75");
    assert_true(gmail_has_label(&message, "SENT"));
    assert_false(gmail_has_label(&message, "DRAFT"));
    assert_string_equal(gmail_message_id(&message), "<a@b>");
    assert_string_equal(gmail_header(&message, EMAIL_REFERENCE_HEADER), "ref");
    assert_null(gmail_header(&message, "To"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_a_token_is_never_repeated),
        cmocka_unit_test(test_names_of_things),
        cmocka_unit_test(test_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
