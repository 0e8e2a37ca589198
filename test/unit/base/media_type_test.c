#include "base/media_type.h"

#include "base/text.h"
#include "case.h"

/* As `essence;name=value;...` */
static const char *show(const struct media_type *type, struct arena *arena)
{
    const char *shown = type->essence;
    for (size_t i = 0; i < type->parameter_count; i++)
        shown = arena_format(arena, "%s;%s=%s", shown, type->parameters[i].name,
                             type->parameters[i].value);
    return shown;
}

static void reads(void **state)
{
    (void)state;
    static const struct {
        const char *text, *read; /* NULL: refused */
    } ROWS[] = {
        {"application/pdf", "application/pdf"},
        {"Text/HTML", "text/html"},
        {"image/svg+xml", "image/svg+xml"},
        {"text/plain; charset=utf-8", "text/plain;charset=utf-8"},
        {"text/calendar;METHOD=REQUEST ; component=VEVENT",
         "text/calendar;method=REQUEST;component=VEVENT"},
        {" text/csv;charset=\"iso-8859-1\" ", "text/csv;charset=iso-8859-1"},
        {"a/b; x=\"say \\\"hi\\\"; or\"", "a/b;x=say \"hi\"; or"},
        {"a/b; name=\"grün.txt\"", "a/b;name=grün.txt"},
        {"a/b;", "a/b"},
        {"a/b;; x=1;", "a/b;x=1"},
        {"a/b; x=\"\"", "a/b;x="},
        {"application/pkcs7-mime; smime-type=signed-data",
         "application/pkcs7-mime;smime-type=signed-data"},
        {"", NULL},
        {"text", NULL},
        {"text/", NULL},
        {"/plain", NULL},
        {"a/b/c", NULL},
        {"te xt/plain", NULL},
        {"*/*", NULL},
        {"image/*", NULL},
        {"text/pl\xC3\xA4in", NULL},
        {"a/b charset=utf-8", NULL},
        {"a/b; charset", NULL},
        {"a/b; charset=", NULL},
        {"a/b; =x", NULL},
        {"a/b; x=a b", NULL},
        {"a/b; x=\"open", NULL},
        {"a/b; x=1; X=2", NULL},
        {"a/b, c/d", NULL},
        {"a/b\r\nX: y", NULL},
        {"a/b; x=\"\r\n\"", NULL},
        {"a/b; x=\"\xFF\"", NULL},
        {"a/b;a=1;b=1;c=1;d=1;e=1;f=1;g=1;h=1;i=1;j=1;k=1;l=1;m=1;n=1;o=1;p=1;q=1", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct media_type type;
        bool ok = media_type_read(ROWS[i].text, arena, &type);
        if (ok != (ROWS[i].read != NULL))
            fail_msg("%s was %s", ROWS[i].text, ok ? "read" : "refused");
        assert_int_equal(media_type_is_valid(ROWS[i].text), ok);
        if (ok)
            assert_string_equal(show(&type, arena), ROWS[i].read);
    }
}

static void too_long(void **state)
{
    (void)state;
    char text[MEDIA_TYPE_MAX_BYTES + 2] = "a/";
    for (size_t i = 2; i < MEDIA_TYPE_ESSENCE_MAX_BYTES; i++)
        text[i] = 'b';
    assert_true(media_type_is_valid(text));
    text[MEDIA_TYPE_ESSENCE_MAX_BYTES] = 'b';
    assert_false(media_type_is_valid(text));
    text[MEDIA_TYPE_ESSENCE_MAX_BYTES] = ';';
    for (size_t i = MEDIA_TYPE_ESSENCE_MAX_BYTES + 1; i < MEDIA_TYPE_MAX_BYTES; i++)
        text[i] = i == MEDIA_TYPE_ESSENCE_MAX_BYTES + 2 ? '=' : 'c';
    assert_true(media_type_is_valid(text));
    text[MEDIA_TYPE_MAX_BYTES] = 'c';
    assert_false(media_type_is_valid(text));
}

static void knows_names(void **state)
{
    (void)state;
    static const struct {
        const char *filename, *type;
    } ROWS[] = {
        {"a.pdf", "application/pdf"},
        {"Scan.PDF", "application/pdf"},
        {"x.tar.gz", "application/gzip"},
        {"invite.ics", "text/calendar"},
        {"a.unknown", NULL},
        {"pdf", NULL},
        {"a.", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_true(text_equal(media_type_of_name(ROWS[i].filename), ROWS[i].type));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(too_long),
        cmocka_unit_test(knows_names),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
