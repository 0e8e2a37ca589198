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

/* Pictures without an id get one, and keep it where the HTML shows them. */
static void test_pictures_without_an_id(void **state)
{
    (void)state;
    static const struct {
        const char *src;
        size_t shown; /* which of the attachments; COUNT: none */
    } ROWS[] = {
        {"cid:id@x", 0},
        {"cid:ID@X", 0},
        {"logo.png", 1},
        {"./a/LOGO.png", 1},
        {"cid:logo.png", 1},
        {"https://x.example/b.gif", 2},
        {"cid:my image", 3},
        {"cid:my%20image", 3},
        {"scan.JPG", 4},
        {"note.txt", 6},
        {"https://y.example/logo.png", 6},
        {"", 6},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        const char *locations[] = {NULL, NULL, "https://x.example/b.gif", "my image", NULL, NULL};
        struct attachment items[] = {
            {.sha256 = "d0", .content_id = "id@x", .content_type = "text/plain"},
            {.sha256 = "d1", .filename = "logo.png", .content_type = "image/png"},
            {.sha256 = "d2", .filename = "x", .content_type = "image/gif"},
            {.sha256 = "d3", .filename = "y", .content_type = "image/png; name=y"},
            {.sha256 = "d4", .filename = "scan.jpg", .content_type = "application/octet-stream"},
            {.sha256 = "d5", .filename = "note.txt", .content_type = "text/plain"},
        };
        struct list list = {items, COUNT(items)}, files = embedded_files(&list, locations, arena);
        const char *html = NULL;
        assert_int_equal(files.count, 5);
        assert_true(html_sanitize_with(arena_format(arena, "<img src='%s'>", ROWS[i].src), &files,
                                       arena, &html, &error));
        embedded_mark(html, &list, arena);
        for (size_t j = 0; j < COUNT(items); j++) {
            if (items[j].is_inline != (j == ROWS[i].shown))
                fail_msg("%s gave %s, and %zu", ROWS[i].src, html, j);
            const char *id = j == 0 ? "id@x" : arena_format(arena, "d%zu@inline", j);
            assert_true(text_equal(items[j].content_id, j == 0 || items[j].is_inline ? id : NULL));
        }
        embedded_mark(NULL, &list, arena);
        for (size_t j = 1; j < COUNT(items); j++)
            assert_null(items[j].content_id);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_marks_what_is_shown),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_pictures_without_an_id),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
