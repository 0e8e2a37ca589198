#include "mime/head.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"

static struct head read_head(const char *text, size_t limit, struct arena *arena)
{
    AUTO_SPOOL spool = letter_spool(text);
    struct source source;
    struct head head;
    source_start(&source, spool);
    source.boundaries[source.boundary_count++] = "b";
    mime_head_read(&source, limit, arena, &head);
    return head;
}

static void reads_fields(void **state)
{
    (void)state;
    static const struct {
        const char *text, *subject, *to;
        bool has_fields;
        enum piece end;
    } ROWS[] = {
        {"Subject: a\n\n", "a", NULL, true, PIECE_LINE},
        {"SUBJECT :a\r\n\r\n", "a", NULL, true, PIECE_LINE},
        {"Subject: a\r\n  b\r\n\tc\r\n\r\n", "a  b c", NULL, true, PIECE_LINE},
        {"Subject:\n\n", "", NULL, true, PIECE_LINE},
        {"Subject: a", "a", NULL, true, PIECE_END},
        {"Subject: a\n--b\n", "a", NULL, true, PIECE_BOUNDARY},
        {"Subject: a\nSubject: b\n\n", "a", NULL, true, PIECE_LINE},
        {"To: a@b\nSubject: s\nto: c@d\n\n", "s", "a@b, c@d", true, PIECE_LINE},
        {"garbage\nSubject: a\n\n", "a", NULL, true, PIECE_LINE},
        {"Subject: a\ngarbage\n more\n\n", "a", NULL, true, PIECE_LINE},
        {" Subject: a\n\n", NULL, NULL, false, PIECE_LINE},
        {"X: y\n\nSubject: body\n", NULL, NULL, true, PIECE_LINE},
        {": a\n\n", NULL, NULL, false, PIECE_LINE},
        {"Sub ject: a\n\n", NULL, NULL, false, PIECE_LINE},
        {"\n", NULL, NULL, false, PIECE_LINE},
        {"", NULL, NULL, false, PIECE_END},
        {"Subject: a\x01\x7F\xFC\n\n", "a  ü", NULL, true, PIECE_LINE},
        {"Subject: \x1B$B-!\x1B(B a\x1B[1m\n\n", "① a�1m", NULL, true, PIECE_LINE},
        {"Subject: a\x1B[1m\n\n", "a [1m", NULL, true, PIECE_LINE},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct head head = read_head(ROWS[i].text, 1000, arena);
        assert_string_equal(text_or(head.values[HEAD_SUBJECT], "-"), text_or(ROWS[i].subject, "-"));
        assert_string_equal(text_or(head.values[HEAD_TO], "-"), text_or(ROWS[i].to, "-"));
        assert_int_equal(head.has_fields, ROWS[i].has_fields);
        assert_int_equal(head.end, ROWS[i].end);
        assert_false(head.is_over);
    }
}

static void keeps_to_the_limit(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const char TEXT[] = "Subject: abc\nTo: a@b\n\nbody";
    struct head head = read_head(TEXT, strlen("Subject: abc\nTo: a@b\n"), arena);
    assert_false(head.is_over);
    assert_string_equal(head.values[HEAD_TO], "a@b");
    head = read_head(TEXT, strlen("Subject: abc\nTo: a@b"), arena);
    assert_true(head.is_over);
    assert_string_equal(head.values[HEAD_SUBJECT], "abc");
    assert_null(head.values[HEAD_TO]);
    assert_int_equal(head.end, PIECE_LINE); /* read to its end all the same */
    assert_true(read_head(TEXT, 0, arena).is_over);
}

/* What nobody has encoded is in the character set of the body, where that is known. */
static void decodes_once_more(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct head head = read_head("To: \xE1 <a@b>\nSubject: \xD3\xDE\nTo: \xC1@c\nCc: \xC3\xBC\n\n",
                                 1000, arena);
    assert_true(head.has_raw);
    assert_string_equal(head.values[HEAD_SUBJECT], "ÓÞ");
    mime_head_recode(&head, NULL, arena);
    assert_string_equal(head.values[HEAD_SUBJECT], "ÓÞ");
    mime_head_recode(&head, "koi8-r", arena);
    assert_string_equal(head.values[HEAD_SUBJECT], "сч");
    assert_string_equal(head.values[HEAD_TO], "А <a@b>, а@c");
    assert_string_equal(head.values[HEAD_CC], "ü"); /* it is UTF-8 */
    head = read_head("Subject: \xC3\xBC\n\n", 1000, arena);
    assert_false(head.has_raw);
    mime_head_recode(&head, "koi8-r", arena);
    assert_string_equal(head.values[HEAD_SUBJECT], "ü");
}

/* As many fields of one name as there is room for take no more time than one. */
static void joins_many_fields(void **state)
{
    (void)state;
    enum { COUNT_OF_FIELDS = 30000 };
    static const char FIELD_TEXT[] = "To: a@b\n";
    AUTO_ARENA arena = arena_create();
    size_t size = sizeof FIELD_TEXT - 1;
    char *text = arena_alloc(arena, COUNT_OF_FIELDS * size + 2);
    for (size_t i = 0; i < COUNT_OF_FIELDS; i++)
        memcpy(text + i * size, FIELD_TEXT, size);
    text[COUNT_OF_FIELDS * size] = '\n';
    struct head head = read_head(text, COUNT_OF_FIELDS * size + 1, arena);
    assert_int_equal(strlen(head.values[HEAD_TO]), COUNT_OF_FIELDS * 5 - 2);
    head = read_head(
        "References: <a@b>\nIn-Reply-To: <c@d>\nReferences: <e@f>\nIn-Reply-To: g@h\n\n", 1000,
        arena);
    assert_string_equal(head.values[HEAD_REFERENCES], "<a@b> <e@f>");
    assert_string_equal(head.values[HEAD_IN_REPLY_TO], "<c@d> g@h");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_fields),
        cmocka_unit_test(keeps_to_the_limit),
        cmocka_unit_test(decodes_once_more),
        cmocka_unit_test(joins_many_fields),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
