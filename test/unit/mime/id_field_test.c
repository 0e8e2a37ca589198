#include "mime/id_field.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *ids;
    } ROWS[] = {
        {NULL, NULL},
        {"", NULL},
        {" ", NULL},
        {"<>", NULL},
        {"< >", NULL},
        {"junk", NULL},
        {"<a@b>", "<a@b>"},
        {"<a@b><c@d>, <e@f>;\t<g>", "<a@b> <c@d> <e@f> <g>"},
        {"<a @\t b>", "<a@b>"},
        {"<<a@b>>", "<a@b>"},
        {"<a@b <c@d>", "<a@b> <c@d>"},
        {"<a@b<c@d>", "<a@b> <c@d>"},
        {"<a@b", "<a@b>"},
        {"<a@b, junk", "<a@b>"},
        {"<a@b>>", "<a@b>"},
        {"<a<b@c>", "<b@c>"},
        {"<a", NULL},
        {"a@b", "<a@b>"},
        {"a@b, c@d\te@f;", "<a@b> <c@d> <e@f>"},
        {"a@b> c@d", "<a@b> <c@d>"},
        {"\"a@b\"", "<a@b>"},
        {"3a53c9f2 4B", "<3a53c9f2> <4B>"},
        {"3a53 a@b", "<a@b>"},
        {"Your mail of Tue, 3 May <a@b>", "<a@b>"},
        {"Your mail of Tue, Ann <ann@x>, <a@b>", "<ann@x> <a@b>"},
        {"=?utf-8?q?=3Ca=40b=3E?=", "<a@b>"},
        {"=?utf-8?q?=3Clong?= =?utf-8?q?er=40b=3E_=3Cc=40d=3E?=", "<longer@b> <c@d>"},
        {"=?us-ascii?B?PGFAYj4=?= <c@d>", "<a@b> <c@d>"},
        {"<=?utf-8?q?a=40b?=>", "<a@b>"},
        {"\xC3\xBC@b", "<\xC3\xBC@b>"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *ids = id_field_read(ROWS[i].raw, arena);
        if (!text_equal(ids, ROWS[i].ids))
            fail_msg("%s gave %s", text_or(ROWS[i].raw, "(none)"), text_or(ids, "nothing"));
    }
}

static void reads_one(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_null(id_field_read_one(NULL, arena));
    assert_null(id_field_read_one("none", arena));
    assert_string_equal(id_field_read_one("<a@b> <c@d>", arena), "<a@b>");
}

static void keeps_the_newest(void **state)
{
    (void)state;
    enum { SIZE = 8 * 2000 };
    AUTO_ARENA arena = arena_create();
    char *raw = arena_alloc(arena, SIZE + 1);
    for (size_t i = 0; i < 2000; i++)
        memcpy(raw + 8 * i, arena_format(arena, "<%04zu@>,", i), 8);
    const char *ids = id_field_read(raw, arena);
    assert_int_equal(strlen(ids), 8 * ID_FIELD_IDS_MAX - 1);
    assert_true(text_starts(ids, "<1000@> <1001@>"));
    assert_string_equal(ids + strlen(ids) - 7, "<1999@>");
}

static void goes_along(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *ids = " <a@b>  <c@d>";
    assert_string_equal(id_field_next(&ids, arena), "<a@b>");
    assert_string_equal(id_field_next(&ids, arena), "<c@d>");
    assert_null(id_field_next(&ids, arena));
    assert_null(id_field_next(&ids, arena));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(reads_one),
        cmocka_unit_test(keeps_the_newest),
        cmocka_unit_test(goes_along),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
