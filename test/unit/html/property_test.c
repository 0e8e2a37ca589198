#include "html/property.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "case.h"

/* Those that are only looked at have no names. */
static const char *name_of(enum property property)
{
    switch (property) {
    case PROPERTY_BACKGROUND_IMAGE: return "(image)";
    case PROPERTY_LOST_COLOR: return "(lost color)";
    case PROPERTY_SIZE: return "(size)";
    case PROPERTY_INDENT: return "(indent)";
    default: return property_name(property);
    }
}

static void test_reads(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *read;
    } ROWS[] = {
        {"color", "red", " color:red"},
        {"color", "nocolour", ""},
        {"color", "lab(1 2 3)", " (lost color):?"},
        {"color", "abcdef", " color:#abcdef"},
        {"color", "abcde", ""},
        {"background-color", "rgb(1 2 3)", " background-color:rgb(1 2 3)"},
        {"background-color", "lab(1 2 3)", " (image):?"},
        {"background", "red", " (image):none background-color:red"},
        {"background", "url(x)", " (image):?"},
        {"background", "url(x) red", " (image):? background-color:red"},
        {"background", "RED URL(x)", " (image):? background-color:RED"},
        {"background", "none", " (image):none background-color:transparent"},
        {"background", "url(a b)/cover,rgb(1, 2, 3)", " (image):? background-color:rgb(1, 2, 3)"},
        {"background", "inherit", " (image):none background-color:transparent"},
        {"background-image", "none", " (image):none"},
        {"background-image", "url(x)", " (image):?"},
        {"font-size", "12px", " (size):12px font-size:12px"},
        {"font-size", "calc(1px + 1em)", " (size):calc(1px + 1em)"},
        {"text-indent", "-9px", " (indent):-9px"},
        {"text-indent", "1em", " (indent):1em text-indent:1em"},
        {"font", "12px Arial",
         " font-style:normal font-weight:normal (size):12px font-size:12px line-height:normal "
         "font-family:Arial"},
        {"font", "italic small-caps 700 90%/1.5 'A B', serif",
         " font-style:italic font-weight:700 (size):90% font-size:90% line-height:1.5 "
         "font-family:A B, serif"},
        {"font", "0/0 a",
         " font-style:normal font-weight:normal (size):0 font-size:0 line-height:0 font-family:a"},
        {"font", "menu", ""},
        {"font", "inherit", ""},
        {"margin", "0 auto", " margin:0 auto"},
        {"margin", "0 -1px", ""},
        {"width", "calc(1px)", ""},
        {"display", "none", " display:none"},
        {"display", "nothing", ""},
        {"display", "inline flex", " display:inline flex"},
        {"visibility", "hidden", " visibility:hidden"},
        {"visibility", "gone", ""},
        {"opacity", ".5", " opacity:.5"},
        {"opacity", "x", ""},
        {"overflow-y", "hidden", " overflow:hidden"},
        {"max-height", "0", " max-height:0"},
        {"mso-hide", "all", " mso-hide:all"},
        {"behavior", "url(x)", ""},
        {"-moz-binding", "url(x)", ""},
        {"z-index", "1", ""},
        {"", "x", ""},
        {"zzz", "x", ""},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct property_value values[PROPERTY_PARTS_MAX];
        struct buf all = BUF(arena, 1000);
        struct error none;
        size_t count = property_read(&(struct css_declaration){ROWS[i].name, ROWS[i].value, false},
                                     arena, values);
        assert_in_range(count, 0, PROPERTY_PARTS_MAX);
        for (size_t j = 0; j < count; j++)
            buf_addf(&all, " %s:%s", name_of(values[j].property), values[j].value);
        const char *read = all.size ? buf_text(&all, &none) : "";
        if (!text_equal(read, ROWS[i].read))
            fail_msg("%s:%s gave%s", ROWS[i].name, ROWS[i].value, read);
    }
}

/* Each that may stay has its name, and is read by it. */
static void test_names(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (unsigned i = 0; i < PROPERTY_STAYING; i++) {
        struct property_value values[PROPERTY_PARTS_MAX];
        const char *name = property_name((enum property)i);
        assert_non_null(name);
        size_t count = property_read(&(struct css_declaration){name, "inherit", false}, arena,
                                     values);
        assert_true(count && values[count - 1].property == i);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_reads),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
