#include "html/shallow.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void test_makes_shallow(void **state)
{
    (void)state;
    static const struct {
        const char *html;
        size_t depth;
        const char *shallow;
    } ROWS[] = {
        {"", 0, ""},
        {"a < b <3 <", 0, "a < b <3 <"},
        {"<p>a</p>b", 1, "<p>a</p>b"},
        {"<p>a</p>b", 0, "<br>a<br>b"},
        {"<b>a</b>b", 0, "ab"},
        {"<div><div><b>a</b></div></div>b", 2, "<div><div>a</div></div>b"},
        {"<div><div><b>a</b></div></div>b", 1, "<div><br>a<br></div>b"},
        {"<div><div><div>a</div></div></div>", 1, "<div><br>a<br></div>"},
        {"a<br>b<img src=x>c<hr>", 0, "a<br>b<img src=x>c<hr>"},
        {"<p>a<p>b<p>c", 1, "<p>a<p>b<p>c"},
        {"<ul><li>a<li>b</ul>", 2, "<ul><li>a<li>b</ul>"},
        {"<table><tr><td>a<td>b<tr><td>c</table>", 3, "<table><tr><td>a<td>b<tr><td>c</table>"},
        {"a</p></b></x>b", 0, "ab"},
        {"<b><i>a</b>c</i>", 2, "<b><i>a</b>c"},
        {"<b><i>a</b>c</i>", 1, "<b>a</b>c"},
        {"<o:p>a</o:p>", 9, "a"},
        {"a<!-- <p> -->b<!doctype x>c<?x>d</ x>e", 0, "abcde"},
        {"<style>p{a:\"<b>\"}</style>x", 0, "<style>p{a:\"<b>\"}</style>x"},
        {"<script>\"<p>\"</script >x", 0, "<script>\"<p>\"</script >x"},
        {"<textarea><p></textarea>x", 0, "<textarea><p></textarea>x"},
        {"<plaintext><p>", 0, "<plaintext><p>"},
        {"<i title='<p>' id=\">\">a</i>", 0, "a"},
        {"a<b", 0, "a"},
        {"a<p hidden>b<i>c</i></p>d", 0, "a<br>d"},
        {"a<p style='display:none'>b<p>c", 0, "a<br>c"},
        {"a<i STYLE=\"Display: none\">b</i>c", 0, "ac"},
        {"a<i style=display:none>b</i>c", 0, "ac"},
        {"a<i style=color:red>b</i>c<i data-style='display:none'>d</i>", 0, "abcd"},
        {"<div hidden>b</div>a<i hidden>b<div>c</div></i>d", 1,
         "<div hidden>b</div>a<i hidden>b<br>c<br></i>d"},
        {"<div><i hidden>b</div>c", 1, "<div></div>c"},
        {"<input type=x value=a><input hidden value=b>", 0, "<input type=x value=a>"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *shallow = shallow_html(ROWS[i].html, ROWS[i].depth, arena);
        if (!text_equal(shallow, ROWS[i].shallow))
            fail_msg("%s gave %s", ROWS[i].html, shallow);
    }
}

static void test_reads_what_is_too_deep(void **state)
{
    (void)state;
    static const char *const PIECES[] = {"<div>",
                                         "<b>",
                                         "<p><b>",
                                         "<table><tr><td>",
                                         "<br>",
                                         "<font x=1>",
                                         "<a><p>",
                                         "</p>",
                                         "<li>",
                                         "<svg>",
                                         "<x-y>",
                                         "<select><option>",
                                         "<textarea></textarea>",
                                         "<style></style>",
                                         "<p hidden>",
                                         "<button>x",
                                         "<template>",
                                         "<math>",
                                         "<!--x-->",
                                         "<"};
    enum { SIZE = 1024 * 1024 };
    for (size_t i = 0; i < COUNT(PIECES); i++) {
        AUTO_ARENA arena = arena_create();
        AUTO_TREE tree = {0};
        struct error error;
        size_t size = strlen(PIECES[i]);
        char *html = arena_alloc(arena, SIZE + 1);
        for (size_t at = 0; at + size <= SIZE; at += size)
            memcpy(html + at, PIECES[i], size);
        if (!shallow_read(html, arena, &tree, &error))
            fail_msg("%s: %s", PIECES[i], error.message);
    }
}

static void test_refuses_what_is_too_large(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct tree tree;
    struct error error;
    char *html = arena_alloc(arena, HTML_BYTES_MAX + 2);
    memset(html, 'a', HTML_BYTES_MAX + 1);
    assert_false(shallow_read(html, arena, &tree, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_makes_shallow),
        cmocka_unit_test(test_reads_what_is_too_deep),
        cmocka_unit_test(test_refuses_what_is_too_large),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
