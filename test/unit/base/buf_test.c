#include "base/buf.h"

#include <string.h>

#include "case.h"

static void builds_from_pieces(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    struct buf buf = BUF(arena, 100);
    assert_string_equal(buf_text(&buf, &error), "");
    buf_add(&buf, "one");
    buf_add(&buf, "");
    buf_add_char(&buf, ',');
    buf_addf(&buf, "%d%s", 2, "");
    buf_addf(&buf, "%s", "");
    buf_add_bytes(&buf, ",three and more", 6);
    assert_string_equal(buf_text(&buf, &error), "one,2,three");
    buf_add(&buf, "!"); /* the text so far may be asked for in between */
    assert_string_equal(buf_text(&buf, &error), "one,2,three!");
    assert_int_equal(buf.size, 12);
}

static void grows_beyond_its_first_room(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    struct buf buf = BUF(arena, 100000);
    for (int i = 0; i < 10000; i++)
        buf_addf(&buf, "%05d,", i % 100);
    assert_true(buf.size == 60000);
    const char *text = buf_text(&buf, &error);
    assert_int_equal(strlen(text), 60000);
    assert_memory_equal(text + 6 * 9999, "00099,", 7);
}

static void the_limit_is_exact_and_sticks(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    struct buf buf = BUF(arena, 4);
    buf_add(&buf, "abcd");
    assert_string_equal(buf_text(&buf, &error), "abcd");
    buf_add_char(&buf, 'e');
    assert_null(buf_text(&buf, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);

    struct buf formatted = BUF(arena, 4);
    buf_addf(&formatted, "%s", "abcde");
    buf_add(&formatted, "a"); /* would fit, but what came before is missing */
    assert_null(buf_text(&formatted, &error));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(builds_from_pieces),
        cmocka_unit_test(grows_beyond_its_first_room),
        cmocka_unit_test(the_limit_is_exact_and_sticks),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
