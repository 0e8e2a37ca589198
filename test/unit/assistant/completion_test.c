#include "assistant/completion.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

#define SAYS(content) "{\"choices\":[{\"message\":{\"content\":\"" content "\"}}]}"

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

static void test_answers(void **state)
{
    static const struct {
        const char *body;
        struct assistant_letter given, expected;
    } ROWS[] = {
        {SAYS("{\\\"subject\\\":\\\"S\\\",\\\"body_text\\\":\\\"a\\\\nb\\\",\\\"body_html\\\":\\\"<"
              "p>\\\"}"),
         {"s", "t", "h"},
         {"S", "a\nb", "<p>"}},
        /* what was not given, nobody has asked for; what is not said stays */
        {SAYS("{\\\"subject\\\":\\\"S\\\",\\\"body_html\\\":\\\"<p>\\\"}"),
         {"s", "t", NULL},
         {"S", "t", NULL}},
        {SAYS("{\\\"subject\\\":\\\"\\\",\\\"body_text\\\":null}"),
         {"s", "t", NULL},
         {"s", "t", NULL}},
        {SAYS("{}"), {NULL, NULL, NULL}, {NULL, NULL, NULL}},
        /* in a frame, and with more than was asked for */
        {SAYS("Here it "
              "is:\\n```json\\n{\\\"subject\\\":\\\"S\\\",\\\"why\\\":{\\\"a\\\":[1]}}\\n```\\n"),
         {"s", "t", NULL},
         {"S", "t", NULL}},
        {"{\"id\":\"x\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":["
         "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"{\\\"subject\\\":"
         "\\\"S\\\"}\","
         "\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"total_"
         "tokens\":9}}",
         {"s", "t", NULL},
         {"S", "t", NULL}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        struct assistant_letter letter = {"?", "?", "?"};
        if (!completion_read(bytes_of(ROWS[i].body), &ROWS[i].given, arena, &letter, &error))
            fail_msg("%s: %s", ROWS[i].body, error.message);
        assert_true(text_equal(letter.subject, ROWS[i].expected.subject));
        assert_true(text_equal(letter.body_text, ROWS[i].expected.body_text));
        assert_true(text_equal(letter.body_html, ROWS[i].expected.body_html));
    }
}

static void test_what_is_no_answer(void **state)
{
    static const struct {
        const char *body, *says;
    } ROWS[] = {
        {"", "chat completions"},
        {"<html>", "chat completions"},
        {"[]", "chat completions"},
        {"{\"choices\":7}", "chat completions"},
        {"{\"choices\":[7]}", "chat completions"},
        {"{\"choices\":[{\"message\":\"x\"}]}", "chat completions"},
        {"{\"choices\":[{\"message\":{\"content\":7}}]}", "chat completions"},
        {"{\"choices\":[{\"message\":{\"content\":[]}}]}", "chat completions"},
        {"{}", "is empty"},
        {"{\"choices\":[]}", "is empty"},
        {"{\"choices\":[{}]}", "is empty"},
        {"{\"choices\":[{\"message\":{\"content\":null}}]}", "is empty"},
        {SAYS(""), "is empty"},
        {SAYS("I would rather not."), "not the JSON object"},
        {SAYS("} {"), "not the JSON object"},
        {SAYS("{\\\"subject\\\":7}"), "not the JSON object"},
        {SAYS("{\\\"body_text\\\":[\\\"x\\\"]}"), "not the JSON object"},
        {SAYS("{\\\"subject\\\":\\\"a"), "not the JSON object"},
        {SAYS("{\\\"subject\\\":\\\"a\\\\r\\\\nBcc: eve@example.net\\\"}"), "more than one line"},
        {SAYS("{\\\"subject\\\":\\\"a\\\\u0001\\\"}"), "more than one line"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        const struct assistant_letter given = {"s", "t", "h"};
        struct assistant_letter letter = {"?", "?", "?"};
        if (completion_read(bytes_of(ROWS[i].body), &given, arena, &letter, &error))
            fail_msg("%s", ROWS[i].body);
        assert_int_equal(error.code, ERROR_UNAVAILABLE);
        if (!strstr(error.message, ROWS[i].says))
            fail_msg("%s: %s", ROWS[i].body, error.message);
        assert_string_equal(letter.subject, "?");
    }
}

static void test_a_subject_that_no_mail_can_have(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    const struct assistant_letter given = {"s", "t", NULL};
    struct assistant_letter letter;
    char *subject = arena_alloc(arena, 1000);
    memset(subject, 'x', 999);
    const char *body = arena_format(arena, SAYS("{\\\"subject\\\":\\\"%s\\\"}"), subject);
    assert_false(completion_read(bytes_of(body), &given, arena, &letter, &error));
    assert_non_null(strstr(error.message, "too long"));
    body = arena_format(arena, SAYS("{\\\"subject\\\":\\\"%s\\\"}"), subject + 1);
    assert_true(completion_read(bytes_of(body), &given, arena, &letter, &error));
    assert_int_equal(strlen(letter.subject), 998);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_what_is_no_answer),
        cmocka_unit_test(test_a_subject_that_no_mail_can_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
