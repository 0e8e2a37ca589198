#include "html/form_text.h"

#include "case.h"
#include "page.h"

static void test_reads(void **state)
{
    (void)state;
    static const struct {
        const char *html, *text; /* of the element x */
    } ROWS[] = {
        {"<textarea id=x>a\n b</textarea>", "a\n b"},
        {"<textarea id=x>\n<b>a</textarea>", "<b>a"},
        {"<textarea id=x></textarea>", ""},
        {"<input id=x>", ""},
        {"<input id=x value=a>", "a"},
        {"<input id=x type=TEXT value=a>", "a"},
        {"<input id=x type=email value=a@b>", "a@b"},
        {"<input id=x type=submit value=Go>", "Go"},
        {"<input id=x type=hidden value=a>", ""},
        {"<input id=x type=PASSWORD value=a>", ""},
        {"<input id=x type=checkbox value=a checked>", ""},
        {"<input id=x type=radio value=a>", ""},
        {"<input id=x type=file value=a>", ""},
        {"<input id=x type=image value=a alt=b>", "b"},
        {"<select id=x></select>", ""},
        {"<select id=x><option>a<option>b</select>", "a"},
        {"<select id=x><option>a<option selected>b</select>", "b"},
        {"<select id=x><option selected>a<option selected>b</select>", "b"},
        {"<select id=x><optgroup label=g><option>a<option selected>b</optgroup></select>", "b"},
        {"<select id=x multiple><option>a<option selected>b</select>", "a, b"},
        {"<select id=x size=3><option>a<option>b</select>", "a, b"},
        {"<select id=x size=1><option>a<option>b</select>", "a"},
        {"<button id=x>a</button>", NULL},
        {"<p id=x>a", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        AUTO_TREE tree = {0};
        struct error error;
        assert_true(tree_read(ROWS[i].html, &tree, &error));
        const char *text = form_text(page_find(tree.root, "x"), arena);
        if (!text_equal(text, ROWS[i].text))
            fail_msg("%s gave %s", ROWS[i].html, text_or(text, "nothing"));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {cmocka_unit_test(test_reads)};
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
