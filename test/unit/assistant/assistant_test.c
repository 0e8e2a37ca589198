/* When nobody is asked at all; real conversations are in test/http/test_prepare_inference.py. */
#include "assistant/assistant.h"

#include <string.h>

#include "case.h"

static const char *refusal(const struct assistant_settings *settings,
                           const struct assistant_letter *letter, struct arena *arena)
{
    struct error error = {0};
    struct assistant_letter proposed = {"untouched", NULL, NULL};
    struct assistant *assistant = assistant_create(settings);
    bool is_done = assistant_complete(assistant, letter, arena, &proposed, &error);
    assistant_destroy(assistant);
    assert_false(is_done);
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_string_equal(proposed.subject, "untouched");
    return arena_format(arena, "%s", error.message);
}

static void test_nobody_is_asked(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct assistant_letter letter = {"s", "t", NULL};
    struct assistant_settings nobody = {.timeout_ms = 1000};
    struct assistant_settings closed = {.url = "http://127.0.0.1:1/", .timeout_ms = 1000};
    assert_non_null(strstr(refusal(&nobody, &letter, arena), "no language model is set up"));
    assert_non_null(strstr(refusal(&closed, &letter, arena), "did not answer"));
    assert_non_null(
        strstr(refusal(&closed, &(struct assistant_letter){"", NULL, NULL}, arena), "no text"));
    char *long_text = arena_alloc(arena, ASSISTANT_LETTER_BYTES + 1);
    memset(long_text, 'x', ASSISTANT_LETTER_BYTES);
    letter.body_text = long_text;
    assert_non_null(strstr(refusal(&closed, &letter, arena), "too long"));
    assistant_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nobody_is_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
