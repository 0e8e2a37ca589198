#include "html/allowed.h"

#include "base/text.h"
#include "case.h"

static void judges_elements(void **state)
{
    (void)state;
    static const struct {
        GumboTag tag;
        enum verdict verdict;
    } ROWS[] = {
        {GUMBO_TAG_P, KEPT},
        {GUMBO_TAG_A, KEPT},
        {GUMBO_TAG_BR, KEPT_EMPTY},
        {GUMBO_TAG_IMG, KEPT_EMPTY},
        {GUMBO_TAG_SCRIPT, DROPPED},
        {GUMBO_TAG_STYLE, DROPPED},
        {GUMBO_TAG_SVG, DROPPED},
        {GUMBO_TAG_TITLE, DROPPED},
        {GUMBO_TAG_FORM, UNWRAPPED},
        {GUMBO_TAG_BUTTON, UNWRAPPED},
        {GUMBO_TAG_UNKNOWN, UNWRAPPED},
        {GUMBO_TAG_BODY, UNWRAPPED},
        {GUMBO_TAG_XMP, KEPT_AS_TEXT},
        {GUMBO_TAG_PLAINTEXT, KEPT_AS_TEXT},
        {GUMBO_TAG_TEXTAREA, DROPPED},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_int_equal(allowed_element(ROWS[i].tag), ROWS[i].verdict);
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        GumboTag tag;
        const char *name;
    } ROWS[] = {
        {GUMBO_TAG_P, "p"},         {GUMBO_TAG_BR, "br"},        {GUMBO_TAG_BODY, "div"},
        {GUMBO_TAG_FORM, "div"},    {GUMBO_TAG_NAV, "div"},      {GUMBO_TAG_BUTTON, "span"},
        {GUMBO_TAG_LABEL, "span"},  {GUMBO_TAG_UNKNOWN, "span"}, {GUMBO_TAG_XMP, "pre"},
        {GUMBO_TAG_LISTING, "pre"}, {GUMBO_TAG_SCRIPT, "span"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_string_equal(allowed_name(ROWS[i].tag), ROWS[i].name);
}

static void judges_attributes(void **state)
{
    (void)state;
    static const struct {
        GumboTag tag;
        const char *name, *value, *allowed;
    } ROWS[] = {
        {GUMBO_TAG_A, "href", "https://x.example/?a=b&c", "https://x.example/?a=b&c"},
        {GUMBO_TAG_A, "href", " HTTP://x\t.example\n/a b ", "HTTP://x.example/a%20b"},
        {GUMBO_TAG_A, "href", "mailto:a@b.c", "mailto:a@b.c"},
        {GUMBO_TAG_A, "href", "tel:+49 30 1234", "tel:+49%2030%201234"},
        {GUMBO_TAG_A, "href", "TEL:+49301234", "TEL:+49301234"},
        {GUMBO_TAG_A, "href", "sms:+49301234?body=x", "sms:+49301234?body=x"},
        {GUMBO_TAG_A, "href", "telnet:x", NULL},
        {GUMBO_TAG_A, "href", "smsto", NULL},
        {GUMBO_TAG_A, "href", "#top", NULL},
        {GUMBO_TAG_A, "href", "javascript:alert(1)", NULL},
        {GUMBO_TAG_A, "href", "java\nscript:alert(1)", NULL},
        {GUMBO_TAG_A, "href", "\x01javascript:alert(1)", NULL},
        {GUMBO_TAG_A, "href", "//x.example", NULL},
        {GUMBO_TAG_A, "href", "/path", NULL},
        {GUMBO_TAG_A, "href", "https:x", NULL},
        {GUMBO_TAG_A, "href", "", NULL},
        {GUMBO_TAG_P, "href", "https://x.example/", NULL},
        {GUMBO_TAG_IMG, "alt", "<x>", "<x>"},
        {GUMBO_TAG_TD, "width", " 50% ", "50%"},
        {GUMBO_TAG_TD, "width", "x y", NULL},
        {GUMBO_TAG_TD, "background", "https://x.example/", NULL},
        {GUMBO_TAG_P, "onclick", "x", NULL},
        {GUMBO_TAG_P, "id", "x", NULL},
        {GUMBO_TAG_P, "class", "x", NULL},
        {GUMBO_TAG_A, "target", "_blank", NULL},
        {GUMBO_TAG_P, "style", "color:red", NULL}, /* look.h knows of it */
        {GUMBO_TAG_IMG, "src", "cid:a@b", NULL},   /* and picture.h of this */
        {GUMBO_TAG_FONT, "face", "'Segoe UI', Arial", "Segoe UI, Arial"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *allowed = allowed_attribute(ROWS[i].tag, ROWS[i].name, ROWS[i].value, arena);
        if (!text_equal(allowed, ROWS[i].allowed))
            fail_msg("%s=%s gave %s", ROWS[i].name, ROWS[i].value, text_or(allowed, "nothing"));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(judges_elements),
        cmocka_unit_test(test_names),
        cmocka_unit_test(judges_attributes),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
