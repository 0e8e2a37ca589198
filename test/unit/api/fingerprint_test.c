/* Which bodies mean the same call. */
#include "api/fingerprint.h"

#include <string.h>

#include "api/views.h"
#include "case.h"

static const char *fingerprint(const struct schema *view, const char *text, struct arena *arena)
{
    struct bytes body = {text, strlen(text)};
    char *object = arena_alloc(arena, view->size);
    struct error error;
    struct sha256 sha;
    if (!json_read(body, view, CREATE, arena, object, NULL, &error))
        fail_msg("%s: %s %s", text, error.field, error.message);
    sha256_start(&sha);
    fingerprint_add(&sha, view, CREATE, object, "idempotency_key");
    return sha256_finish(&sha, arena);
}

struct row {
    const struct schema *view;
    const char *one, *other;
};

static void check(const struct row *rows, size_t count, bool are_equal)
{
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < count; i++) {
        const char *one = fingerprint(rows[i].view, rows[i].one, arena);
        const char *other = fingerprint(rows[i].view, rows[i].other, arena);
        if ((strcmp(one, other) == 0) != are_equal)
            fail_msg("row %zu: %s", i, rows[i].other);
    }
}

#define A "\"to\":[\"a@example.com\"],\"subject\":\"fp\""
#define UUID_TEXT "019e458a-8b40-7a41-9c2b-3f0e8d6a4b17"

static void test_the_same(void **state)
{
    static const struct row ROWS[] = {
        {&EMAIL_SEND, "{" A "}", "{\"subject\":\"fp\",\"to\":[\"a@example.com\"]}"},
        {&EMAIL_SEND, "{" A "}", "{ " A "\n}"},
        {&EMAIL_SEND, "{" A "}", "{\"to\":\"a@example.com\",\"subject\":\"\\u0066p\"}"},
        {&EMAIL_SEND, "{" A "}", "{" A ",\"cc\":null,\"bcc\":[],\"body_text\":\"\"}"},
        {&EMAIL_SEND, "{" A "}", "{" A ",\"attachments\":[],\"planned_send_at\":null}"},
        {&EMAIL_SEND, "{" A ",\"idempotency_key\":\"k\"}", "{" A "}"},
        {&EMAIL_SEND, "{" A "}", "{\"to\":[\"a@EXAMPLE.com\"],\"subject\":\"fp\"}"},
        {&EMAIL_SEND, "{" A "}", "{\"to\":[\"<a@example.com>\"],\"subject\":\"fp\"}"},
        {&EMAIL_SEND, "{\"from_account_id\":\"" UUID_TEXT "\"}",
         "{\"from_account_id\":\"019E458A-8B40-7A41-9C2B-3F0E8D6A4B17\"}"},
        {&EMAIL_SEND, "{\"planned_send_at\":\"2026-03-26T09:00:00Z\"}",
         "{\"planned_send_at\":\"2026-03-26T11:00:00.000+02:00\"}"},
        {&OUTBOUND_DRAFT, "{\"attachments\":[\"doc_01KS2RN2T0F90SRASZ1T6PMJRQ\"]}",
         "{\"attachments\":[{\"filename\":null,\"document_id\":\"01ks2rn2t0f90srasz1t6pmjrq\"}]}"},
        {&MESSAGES_SEND, "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"body\":\"x\"}",
         "{\"isHtml\":false,\"body\":\"x\",\"to\":[\"c@d.example\"],\"from\":[\"a@b.example\"]}"},
        {&ACCOUNT_CREATE,
         "{\"provider\":\"smtp\",\"smtp\":{\"host\":\"h\",\"port\":25,\"security\":\"none\"}}",
         "{\"smtp\":{\"security\":\"none\",\"port\":25,\"host\":\"h\"},\"provider\":\"smtp\"}"},
    };
    (void)state;
    check(ROWS, COUNT(ROWS), true);
}

static void test_not_the_same(void **state)
{
    static const struct row ROWS[] = {
        {&EMAIL_SEND, "{" A "}", "{" A ",\"cc\":\"b@example.com\"}"},
        {&EMAIL_SEND, "{" A "}", "{\"cc\":[\"a@example.com\"],\"subject\":\"fp\"}"},
        {&EMAIL_SEND, "{" A "}", "{\"to\":\"A <a@example.com>\",\"subject\":\"fp\"}"},
        {&EMAIL_SEND, "{\"subject\":\"ab\",\"body_text\":\"c\"}",
         "{\"subject\":\"a\",\"body_text\":\"bc\"}"},
        {&EMAIL_SEND, "{\"body_text\":\"c\"}", "{\"body_html\":\"c\"}"},
        {&EMAIL_SEND, "{\"to\":[\"a@b.example\"],\"cc\":[\"c@d.example\"]}",
         "{\"to\":[\"a@b.example\",\"c@d.example\"]}"},
        {&EMAIL_SEND, "{\"to\":[\"a@b.example\",\"c@d.example\"]}",
         "{\"to\":[\"c@d.example\",\"a@b.example\"]}"},
        {&EMAIL_SEND, "{\"planned_send_at\":\"2026-03-26T09:00:00Z\"}",
         "{\"planned_send_at\":\"2026-03-26T09:00:01Z\"}"},
        {&OUTBOUND_DRAFT, "{\"attachments\":[\"doc_01KS2RN2T0F90SRASZ1T6PMJRQ\"]}",
         "{\"attachments\":[{\"document_id\":\"01ks2rn2t0f90srasz1t6pmjrq\",\"inline\":true}]}"},
        {&MESSAGES_SEND, "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"body\":\"x\"}",
         "{\"from\":\"a@b.example\",\"to\":\"c@d.example\",\"body\":\"x\",\"isHtml\":true}"},
        {&ACCOUNT_CREATE,
         "{\"provider\":\"smtp\",\"smtp\":{\"host\":\"h\",\"port\":25,\"security\":\"none\"}}",
         "{\"provider\":\"smtp\",\"smtp\":{\"host\":\"h\",\"port\":26,\"security\":\"none\"}}"},
    };
    (void)state;
    check(ROWS, COUNT(ROWS), false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same),
        cmocka_unit_test(test_not_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
