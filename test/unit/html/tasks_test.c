/* HTML is read by another process, and its refusals come back as they are. */
#include "html/tasks.h"

#include <string.h>

#include "case.h"
#include "parser/parser.h"

static const struct parser_task *const TASKS[] = {&HTML_SANITIZE_TASK, &HTML_TEXT_TASK, NULL};

static void html_is_read(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    const char *text = NULL;
    assert_true(html_sanitize("<p onclick=x>a<script>b</script>", arena, &text, &error));
    assert_string_equal(text, "<p>a</p>");
    struct html_file files[] = {{"a@b", "logo.png", NULL}, {"c@d", NULL, "x.gif"}};
    assert_true(html_sanitize_with("<img src=logo.png><img src=X.GIF><img src=y.gif alt=y>",
                                   &(struct list){files, 2}, arena, &text, &error));
    assert_string_equal(text, "<img src=\"cid:a@b\"><img src=\"cid:c@d\">y");
    assert_true(html_text("<p>a<p>b", arena, &text, &error));
    assert_string_equal(text, "a\n\nb");
    assert_true(html_sanitize("", arena, &text, &error));
    assert_string_equal(text, "");
}

static void what_is_too_much_is_refused(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    const char *text = NULL;
    char *deep = arena_alloc(arena, 3 * 1000 + 1), *large = arena_alloc(arena, HTML_BYTES_MAX + 2);
    for (size_t i = 0; i < 1000; i++)
        memcpy(deep + 3 * i, "<b>", 3);
    memset(large, 'a', HTML_BYTES_MAX + 1);
    assert_true(html_sanitize(deep, arena, &text, &error));
    assert_false(html_text(deep, arena, &text, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(error.message, "is nested too deep");
    assert_false(html_text(large, arena, &text, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(error.message, "has more than 10485760 bytes");
    large[HTML_BYTES_MAX] = '\0';
    assert_true(html_text(large, arena, &text, &error));
    assert_string_equal(text, large);
}

/* What comes after it is read elsewhere. */
static void a_reader_is_to_be_had(void **state)
{
    (void)state;
    struct error error;
    const struct parser_settings settings = {1, 60 * 1000, 512UL * 1024 * 1024, false, NULL};
    assert_true(parser_hatch(TASKS, NULL, &error));
    parser_start(&settings);
}

static void it_has_read_all_of_it(void **state)
{
    (void)state;
    assert_int_equal(parser_counts().started, 1);
    assert_int_equal(parser_counts().died, 0);
    parser_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_is_read),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(a_reader_is_to_be_had),
        cmocka_unit_test(html_is_read),
        cmocka_unit_test(what_is_too_much_is_refused),
        cmocka_unit_test(it_has_read_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
