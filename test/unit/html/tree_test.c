#include "html/tree.h"

#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "case.h"

static bool reads(const char *html, struct error *error)
{
    AUTO_TREE tree = {0};
    *error = (struct error){0};
    return tree_read(html, &tree, error) && tree.root->v.element.tag == GUMBO_TAG_HTML;
}

static const char *repeat(const char *text, size_t size_bytes, struct arena *arena)
{
    size_t size = strlen(text);
    char *all = arena_alloc(arena, size_bytes + size + 1), *to = all;
    while ((size_t)(to - all) + size <= size_bytes)
        to = stpcpy(to, text);
    return all;
}

static void reads_anything(void **state)
{
    (void)state;
    static const char *const HTML[] = {"",
                                       " ",
                                       "<",
                                       "<html>",
                                       "text",
                                       "</p>",
                                       "<!doctype html>x",
                                       "<frameset>",
                                       "\xFF",
                                       "<a b='c' d=\"e\" f>g</a>"};
    struct error error;
    for (size_t i = 0; i < COUNT(HTML); i++)
        assert_true(reads(HTML[i], &error));
}

static void limits_depth(void **state)
{
    (void)state;
    struct error error;
    AUTO_ARENA arena = arena_create();
    assert_true(reads(repeat("<div>", 5 * 500, arena), &error));
    assert_false(reads(repeat("<div>", 5 * 520, arena), &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(error.message, "is nested too deep");
}

static void limits_size(void **state)
{
    (void)state;
    struct error error;
    AUTO_ARENA arena = arena_create();
    assert_true(reads(repeat("x", HTML_BYTES_MAX, arena), &error));
    assert_false(reads(repeat("x", HTML_BYTES_MAX + 1, arena), &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
}

/* Text as long as a node is large takes a place among the nodes. */
static void tells_nodes_from_text_of_their_size(void **state)
{
    (void)state;
    struct error error;
    AUTO_ARENA arena = arena_create();
    const char *text = repeat("p", sizeof(GumboNode) - 1, arena);
    const char *piece = arena_format(arena, "<b title='%s'>%s</b><p>", text, text);
    assert_true(reads(repeat(piece, 100000, arena), &error));
}

/* Each of these takes a parser without limits hours, or all memory. */
static const char *const HOSTILE[] = {
    "<div>",
    "<b>",
    "<font x=1>",
    "<a><p>",
    "</x>",
    "</p>",
    "<table><tr><td>",
    "<table>x<b></b>",
    "<svg>",
    "<select><option>",
    "<template>",
    "<button>x",
    "<div><object></div></object>",
    "<b><p></b>",
    "<nobr>x",
    "<ruby><rt>",
    "<b>x</b>",
    "<br>",
    "<!--x-->",
    "<form><div>",
    "x ",
    "&amp",
    "<",
    "<li>x",
    "<svg><![CDATA[x]]></svg>",
};

static void *read_hostile(void *context)
{
    enum { SIZE_BYTES = 4 * 1024 * 1024 };
    struct error error;
    (void)context;
    for (size_t i = 0; i < COUNT(HOSTILE); i++) {
        AUTO_ARENA arena = arena_create();
        const char *html = repeat(HOSTILE[i], SIZE_BYTES, arena);
        if (!reads(html, &error) && error.code != ERROR_TOO_LARGE)
            return context;
    }
    return NULL;
}

static void survives_hostile_html(void **state)
{
    (void)state;
    enum { STACK_SIZE = 1024 * 1024 };
    pthread_attr_t attributes;
    pthread_t thread;
    void *failed = NULL;
    char mark;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    assert_int_equal(pthread_create(&thread, &attributes, read_hostile, &mark), 0);
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
    pthread_attr_destroy(&attributes);
}

static void survives_attributes(void **state)
{
    (void)state;
    struct error error;
    AUTO_ARENA arena = arena_create();
    struct buf buf = BUF(arena, HTML_BYTES_MAX);
    buf_add(&buf, "<a");
    for (int i = 0; i < 500000; i++)
        buf_addf(&buf, " a%d", i);
    assert_false(reads(buf_text(&buf, &error), &error));
    buf = BUF(arena, HTML_BYTES_MAX);
    for (int i = 0; i < 500; i++)
        buf_addf(&buf, "<font x%d=1>", i);
    for (int i = 0; i < 1000000; i++)
        buf_add(&buf, "<p>");
    assert_false(reads(buf_text(&buf, &error), &error));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_anything),
        cmocka_unit_test(limits_depth),
        cmocka_unit_test(limits_size),
        cmocka_unit_test(tells_nodes_from_text_of_their_size),
        cmocka_unit_test(survives_hostile_html),
        cmocka_unit_test(survives_attributes),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
