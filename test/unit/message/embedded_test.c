#include "message/embedded.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "desk.h"
#include "html/html.h"

static void test_marks_what_is_shown(void **state)
{
    (void)state;
    static const struct {
        const char *html, *content_id;
        bool is_shown;
    } ROWS[] = {
        {"<img src=\"cid:a@b\">", "a@b", true},
        {"<img alt=\"x\" src=\"cid:a@b\">", "a@b", true},
        {"<IMG SRC=CID:a@b>", "a@b", true},
        {"<img src='cid:a%40b'>", "a@b", true},
        {"<img src='cid:a%4'>", "a%4", true},
        {"<img src='cid:%'>", "%", true},
        {"<img src='cid:a&amp;b&lt;&gt;&quot;&#39;'>", "a&b<>\"'", true},
        {"<img src='cid:a%26amp;b'>", "a&amp;b", true},
        {"<img src='cid:a@b'><img src='cid:c'>", "c", true},
        {"<img src=\"cid:A@b\">", "a@b", false},
        {"<img src=\"cid:a@bc\">", "a@b", false},
        {"<img src=\"cid:a@b\">", NULL, false},
        {"<img src=\"cid:\">", "", true},
        {"<p>src=\"cid:a@b\"</p>", "a@b", false},
        {"<img src=\"cid:x\" alt=' src=\"cid:a@b\"'>", "a@b", false},
        {"<p title=\"cid:a@b\">", "a@b", false},
        {"<a href=\"cid:a@b\">x</a>", "a@b", false},
        {"", "a@b", false},
        {NULL, "a@b", false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        struct attachment items[] = {{.content_id = "other", .is_inline = true},
                                     {.content_id = ROWS[i].content_id}};
        struct list list = {items, 2};
        const char *html = NULL;
        if (ROWS[i].html)
            assert_true(html_sanitize(ROWS[i].html, arena, &html, &error));
        embedded_mark(html, &list, arena);
        if (items[1].is_inline != ROWS[i].is_shown)
            fail_msg("%s and %s", html, ROWS[i].content_id);
        assert_false(items[0].is_inline);
    }
}

static void test_many(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct attachment *items = arena_new(arena, struct attachment, 1000);
    struct list list = {items, 1000};
    for (size_t i = 0; i < 1000; i++)
        items[i].content_id = arena_format(arena, "%zu@x", i);
    const char *most = desk_repeat("<img src=\"cid:x\">", 10 * 1000, arena);
    embedded_mark(arena_format(arena, "%s<img src=\"cid:999@x\">", most), &list, arena);
    assert_false(items[999].is_inline); /* nobody looks that far */
    most += strlen("<img src=\"cid:x\">");
    embedded_mark(arena_format(arena, "%s<img src=\"cid:999@x\">", most), &list, arena);
    assert_true(items[999].is_inline);
    embedded_mark(NULL, &(struct list){NULL, 0}, arena);
    embedded_mark(NULL, &list, arena);
    assert_false(items[999].is_inline);
    embedded_mark("<img src=\"cid:999@x\">", &list, arena);
    assert_true(items[999].is_inline && !items[0].is_inline);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_marks_what_is_shown),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
