#include "provider/gmail_handle.h"

#include "base/text.h"
#include "case.h"

static void test_there_and_back(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct gmail_handle handle = {"r-12", "18f0a", "18f09", "12345678901234567890"};
    const char *text = gmail_handle_write(&handle, arena);
    assert_string_equal(text, "r-12 18f0a 18f09 12345678901234567890");
    struct gmail_handle read;
    assert_true(gmail_handle_read(text, arena, &read));
    assert_string_equal(read.draft_id, "r-12");
    assert_string_equal(read.message_id, "18f0a");
    assert_string_equal(read.thread_id, "18f09");
    assert_string_equal(read.history_id, "12345678901234567890");
    const struct gmail_handle without = {"r-12", "18f0a", "18f09", NULL};
    text = gmail_handle_write(&without, arena);
    assert_string_equal(text, "r-12 18f0a 18f09 -");
    assert_true(gmail_handle_read(text, arena, &read));
    assert_null(read.history_id);
}

static void test_what_is_none(void **state)
{
    (void)state;
    static const char *const NONE[] = {
        "",          "r",
        "r m t",     "r m t 0",
        "r m t x",   "r m t 1 2",
        "r  m t 1",  " r m t 1",
        "r m t 1\n", "r/../x m t 1",
        "r m? t 1",  "r m t -1",
        "r m t 00",  "r m t 12345678901234567890123456789012345678901",
    };
    AUTO_ARENA arena = arena_create();
    struct gmail_handle read;
    for (size_t i = 0; i < COUNT(NONE); i++)
        if (gmail_handle_read(NONE[i], arena, &read))
            fail_msg("row %zu: %s", i, NONE[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
