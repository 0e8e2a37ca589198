#include "mime/head.h"

#include <string.h>

#include "base/buf.h"
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

/* What is left to be read behind it. */
static const char *content_of(const char *text, bool is_part, struct arena *arena,
                              struct head *ret_head)
{
    AUTO_SPOOL spool = letter_spool(text);
    struct source source;
    struct bytes line;
    const char *content = "";
    source_start(&source, spool);
    source.boundaries[source.boundary_count++] = "b";
    (is_part ? mime_head_read_part : mime_head_read)(&source, 1000, arena, ret_head);
    while (ret_head->end == PIECE_LINE && source_next(&source, &line) == PIECE_LINE)
        content = arena_format(arena, "%s%.*s", content, (int)line.size, (const char *)line.data);
    return content;
}

static void ends_where_content_begins(void **state)
{
    (void)state;
    static const struct {
        const char *text, *content, *subject;
        bool is_part, is_broken;
    } ROWS[] = {
        {"Subject: a\n\nb", "b", "a", false, false},
        {"Subject: a\r\r\n\r\r\nb", "b", "a", false, false},
        {"Subject: a\nHello, call me.\n\nb", "Hello, call me.\n\nb", "a", false, true},
        {"Subject: a\nHello, call me.", "Hello, call me.", "a", false, true},
        {"Subject: a\nHello.\n--b\n", "Hello.\n", "a", false, true},
        {"Subject: a\nDear all:\nNote: x\n y\nbye\n\nb", "Dear all:\nNote: x\n y\nbye\n\nb", "a",
         false, true},
        {"Subject: a\nE-Mail: x\nbye\n", "E-Mail: x\nbye\n", "a", false, true},
        {"Subject: a\nNote: x", "Note: x", "a", false, true},
        {"Subject: a\nNote: x\n\nb", "b", "a", false, false},
        /* it goes on behind a line that is none of it */
        {"From: a\nnonsense\nSubject: a\n\nb", "b", "a", false, false},
        {"Subject: a\nnonsense\nX-A: a\nnonsense\nMIME-Version: 1\n\nb", "b", "a", false, false},
        {"Subject: a\nsee\nSubject: b\nTo: c\n\nd", "see\nSubject: b\nTo: c\n\nd", "a", false,
         true},
        {"Subject: a\n--x\nContent-Type: a/b\n\nb", "--x\nContent-Type: a/b\n\nb", "a", false,
         true},
        /* of a part */
        {"Content-Type: a/b\n\nb", "b", NULL, true, false},
        {"\nSubject: a\n", "Subject: a\n", NULL, true, false},
        {"call me\n\nb", "call me\n\nb", NULL, true, true},
        {"Note: call me\n\nb", "Note: call me\n\nb", NULL, true, true},
        {"Subject: a\n\nb", "Subject: a\n\nb", NULL, true, true},
        {"Content-Type: a/b\ncall me\n\nb", "call me\n\nb", NULL, true, true},
        {"Content-Type: a/b\nNote: x\ncall me\n", "Note: x\ncall me\n", NULL, true, true},
        {"x\nContent-Type: a/b\n\nb", "x\nContent-Type: a/b\n\nb", NULL, true, true},
        {"Content-Type: a/b\nx\nContent-ID: <a>\n\nb", "b", NULL, true, false},
        {"Content-Type: a/b\n", "", NULL, true, false},
        {"", "", NULL, true, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct head head;
        print_message("# row %zu\n", i);
        assert_string_equal(content_of(ROWS[i].text, ROWS[i].is_part, arena, &head),
                            ROWS[i].content);
        assert_string_equal(text_or(head.values[HEAD_SUBJECT], "-"), text_or(ROWS[i].subject, "-"));
        assert_int_equal(head.is_broken, ROWS[i].is_broken);
        assert_false(head.is_over);
    }
}

static void gives_lines_that_no_part_has(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct head head;
    content_of("Content-Type: a/b\nx\nContent-ID: <a>\ny\nX-A: b\n\nb", true, arena, &head);
    assert_int_equal(head.lost.size, 4);
    assert_memory_equal(head.lost.data, "x\ny\n", 4);
    content_of("Content-Type: a/b\nx\nContent-ID: <a>\nb\n\n", true, arena, &head);
    assert_int_equal(head.lost.size, 2);
}

static void folds_parameters_that_begin_a_line(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct head head = read_head("Content-Type: a/b; \nname=x;\ny=z\n\n", 1000, arena);
    assert_string_equal(head.values[HEAD_CONTENT_TYPE], "a/b;  name=x; y=z");
}

static void keeps_the_newest_received(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct head head = read_head("Received: a; b\n c\nReceived: d\n\n", 1000, arena);
    assert_string_equal(head.values[HEAD_RECEIVED], "a; b c");
}

/* A text without an empty line is no header, however long. */
static void looks_ahead_only_so_far(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct buf text = BUF(arena, 400 * 1024);
    struct head head;
    struct source source;
    buf_add(&text, "Subject: a\n");
    while (text.size < 300 * 1024)
        buf_add(&text, "this is a line\n");
    AUTO_SPOOL spool = letter_spool(text.data);
    source_start(&source, spool);
    mime_head_read(&source, 256 * 1024, arena, &head);
    assert_false(head.is_over);
    assert_int_equal(source_tell(&source), strlen("Subject: a\n"));
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
        cmocka_unit_test(ends_where_content_begins),
        cmocka_unit_test(gives_lines_that_no_part_has),
        cmocka_unit_test(folds_parameters_that_begin_a_line),
        cmocka_unit_test(keeps_the_newest_received),
        cmocka_unit_test(looks_ahead_only_so_far),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
