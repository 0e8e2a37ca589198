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
    assert_false(html_sanitize(deep, arena, &text, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(error.message, "is nested too deep");
    assert_false(html_text(large, arena, &text, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(error.message, "has more than 10485760 bytes");
    large[HTML_BYTES_MAX] = '\0';
    assert_true(html_text(large, arena, &text, &error));
    assert_string_equal(text, large);
}

int main(void)
{
    struct error error;
    const struct parser_settings settings = {1, 60 * 1000, 512UL * 1024 * 1024, false, NULL};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_is_read),
        cmocka_unit_test(what_is_too_much_is_refused),
    };
    int here = cmocka_run_group_tests_name("here", tests, NULL, NULL);
    if (!parser_hatch(TASKS, NULL, &error))
        return 1;
    parser_start(&settings);
    int there = cmocka_run_group_tests_name("there", tests, NULL, NULL);
    there += parser_counts().started != 1;
    parser_stop();
    return here + there;
}
