#include "notice/notice_body.h"

#include <string.h>

#include "case.h"

enum { BODY_MOST = 20 * 1000, LARGE = 50 * 1000 };

static struct event example(void)
{
    return (struct event){
        .number = 17,
        .email_id = "019e458a-8b40-7a41-9c2b-3f0e8d6a4b17",
        .at = {1779286200123},
        .event = EVENT_REFUSED,
        .from_state = EMAIL_SENDING,
        .to_state = EMAIL_FAILED,
        .actor = "system",
        .reason = "550 no \"such\" user",
        .detail = "{\"replies\":[]}",
        .token_id = "not told",
        .salt = "not told",
        .hash = "ab",
    };
}

static void test_what_is_told_of_an_event(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct event event = example();
    assert_string_equal(
        notice_body(&event, arena),
        "{\"type\":\"email.failed\",\"timestamp\":\"2026-05-20T14:10:00.123Z\",\"data\":{"
        "\"number\":17,\"email_id\":\"019e458a-8b40-7a41-9c2b-3f0e8d6a4b17\",\"event\":\"refused\","
        "\"from\":\"sending\",\"to\":\"failed\",\"actor\":\"system\","
        "\"reason\":\"550 no \\\"such\\\" user\",\"detail\":{\"replies\":[]},\"hash\":\"ab\"}}");
    event.reason = event.detail = NULL;
    event.mail_sha256 = "cd";
    assert_string_equal(
        notice_body(&event, arena),
        "{\"type\":\"email.failed\",\"timestamp\":\"2026-05-20T14:10:00.123Z\",\"data\":{"
        "\"number\":17,\"email_id\":\"019e458a-8b40-7a41-9c2b-3f0e8d6a4b17\",\"event\":\"refused\","
        "\"from\":\"sending\",\"to\":\"failed\",\"actor\":\"system\",\"mail_sha256\":\"cd\","
        "\"hash\":\"ab\"}}");
}

static void test_ids(void **state)
{
    static const struct {
        int64_t number;
        const char *hash, *id;
    } ROWS[] = {
        {17, "0123456789abcdef0123", "w_17_0123456789abcdef"},
        {17, "0123456789abcdee0123", "w_17_0123456789abcdee"}, /* another one, after a restore */
        {18, "0123456789abcdef0123", "w_18_0123456789abcdef"},
        {17, NULL, "w_17"}, /* older than the chain */
    };
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct event event = {.number = ROWS[i].number, .hash = ROWS[i].hash};
        assert_string_equal(notice_id("w", &event, arena), ROWS[i].id);
    }
}

/* Control characters take six bytes each, and a letter may be of several. */
static void test_it_is_never_too_large(void **state)
{
    static const char *const FILLERS[] = {"x", "\x01", "\xc3\xa4", "\"", "\xf0\x9f\x98\x80"};
    (void)state;
    for (size_t i = 0; i < COUNT(FILLERS); i++) {
        AUTO_ARENA arena = arena_create();
        struct event event = example();
        size_t size = strlen(FILLERS[i]);
        char *filled = arena_alloc(arena, LARGE + 1);
        for (size_t at = 0; at + size < LARGE; at += size)
            memcpy(filled + at, FILLERS[i], size);
        event.reason = filled;
        const char *body = notice_body(&event, arena);
        assert_true(strlen(body) < BODY_MOST);
        assert_non_null(strstr(body, "\"detail\":{"));
        event.detail = arena_format(arena, "{\"replies\":\"%.*s\"}", LARGE / 2, i ? "x" : filled);
        body = notice_body(&event, arena);
        assert_true(strlen(body) < BODY_MOST);
        assert_int_equal(!strstr(body, "\"detail_is_left_out\":true"), i > 0);
        assert_int_equal(!strstr(body, "\"detail\":"), i == 0);
    }
}

static void test_of_a_test(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_string_equal(notice_test_body("w", (moment){1779286200000}, arena),
                        "{\"type\":\"webhook.test\",\"timestamp\":\"2026-05-20T14:10:00.000Z\","
                        "\"data\":{\"webhook_id\":\"w\"}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_told_of_an_event),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_it_is_never_too_large),
        cmocka_unit_test(test_of_a_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
