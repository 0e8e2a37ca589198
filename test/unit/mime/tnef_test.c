#include "mime/tnef.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "case.h"
#include "mime/library.h"
#include "tnef_writer.h"

/* Of its own block, so that a byte too far is seen. */
static bool read_exactly(const struct bytes *bytes, size_t files_max, struct arena *arena,
                         struct tnef *ret_tnef)
{
    unsigned char *copy = malloc(bytes->size + !bytes->size);
    memcpy(copy, bytes->data, bytes->size);
    const struct bytes copied = {copy, bytes->size};
    bool is_read = tnef_read(&copied, files_max, arena, ret_tnef);
    struct tnef_file *files = is_read ? ret_tnef->files.items : NULL;
    for (size_t i = 0; is_read && i < ret_tnef->files.count; i++) {
        const unsigned char *at = files[i].data.data;
        assert_true(!files[i].data.size ||
                    (at >= copy && at + files[i].data.size <= copy + bytes->size));
        files[i].data.data = arena_copy_bytes(arena, at, files[i].data.size);
    }
    free(copy);
    return is_read;
}

/* `text|html|rich whole|name,type,id:content;...`, with - for what is NULL. */
static const char *told(const struct tnef *tnef, struct arena *arena)
{
    const struct tnef_file *files = tnef->files.items;
    const char *all = arena_format(arena, "%s|%s|%s%s|", text_or(tnef->text, "-"),
                                   text_or(tnef->html, "-"), tnef->has_rich_text ? "rich " : "",
                                   tnef->is_whole ? "whole" : "part");
    for (size_t i = 0; i < tnef->files.count; i++)
        all = arena_format(arena, "%s%s,%s,%s:%.*s;", all, text_or(files[i].name, "-"),
                           text_or(files[i].type, "-"), text_or(files[i].content_id, "-"),
                           (int)files[i].data.size, (const char *)files[i].data.data);
    return all;
}

static const char *read_steps(const struct tnef_step *steps, size_t files_max, struct arena *arena)
{
    const struct bytes bytes = tnef_write(steps, arena);
    struct tnef tnef;
    return read_exactly(&bytes, files_max, arena, &tnef) ? told(&tnef, arena) : "broken";
}

static const struct {
    const char *told;
    struct tnef_step steps[12];
} ROWS[] = {
    {"-|-|whole|", {{0}}},
    {"-|-|whole|a.pdf,-,-:abc;", {TNEF_BEGIN, TNEF_TITLE("a.pdf"), TNEF_CONTENT("abc")}},
    {"-|-|whole|a,-,-:;b,-,-:2;",
     {TNEF_BEGIN, TNEF_TITLE("a"), TNEF_CONTENT(""), TNEF_BEGIN, TNEF_CONTENT("2"),
      TNEF_TITLE("b")}},
    {"-|-|whole|-,-,-:abc;", {TNEF_CONTENT("abc")}}, /* it did not begin */
    /* the names of a file, in their order */
    {"-|-|whole|long,-,-:c;",
     {TNEF_BEGIN, TNEF_TITLE("title"), TNEF_CONTENT("c"), TNEF_PROPERTY(0x1E, 0x3704, "short\0"),
      TNEF_PROPERTY(0x1E, 0x3707, "long\0"), TNEF_PROPERTY(0x1E, 0x3001, "shown\0"),
      TNEF_FILE_LIST}},
    {"-|-|whole|title,-,-:c;",
     {TNEF_BEGIN, TNEF_TITLE("title"), TNEF_CONTENT("c"), TNEF_PROPERTY(0x1E, 0x3704, "short\0"),
      TNEF_PROPERTY(0x1E, 0x3707, "\0"), TNEF_FILE_LIST}},
    {"-|-|whole|transport,-,-:c;",
     {TNEF_BEGIN, TNEF_TEXT(TNEF_OF_FILE, 0x69001, "transport"), TNEF_CONTENT("c"),
      TNEF_PROPERTY(0x1E, 0x3001, "shown\0"), TNEF_FILE_LIST}},
    {"-|-|whole|shown,-,-:c;",
     {TNEF_BEGIN, TNEF_CONTENT("c"), TNEF_PROPERTY(0x1E, 0x3001, "shown"), TNEF_FILE_LIST}},
    /* characters */
    {"ж|-|whole|ж,-,-:c;",
     {TNEF_CODE_PAGE("\xE3\4"), TNEF_BODY("\xE6"), TNEF_BEGIN, TNEF_TITLE("\xE6"),
      TNEF_CONTENT("c")}},
    {"日|-|whole|日,-,-:c;",
     {TNEF_BEGIN, TNEF_TITLE("\x93\xFA"), TNEF_CONTENT("c"), TNEF_BODY("\x93\xFA"),
      TNEF_CODE_PAGE("\xA4\3")}},
    {"ü|-|whole|ü,-,-:c;",
     {TNEF_CODE_PAGE("\xFF\xFF"), TNEF_BODY("\xFC"), TNEF_BEGIN, TNEF_TITLE("\xFC"),
      TNEF_CONTENT("c")}},
    {"-|-|whole|文書.pdf,-,-:c;",
     {TNEF_BEGIN, TNEF_TITLE("??.pdf"), TNEF_CONTENT("c"), TNEF_UNICODE(0x3707, u"文書.pdf"),
      TNEF_FILE_LIST}},
    {"-|-|whole|文書,-,-:c;",
     {TNEF_BEGIN,
      TNEF_CONTENT("c"),
      {TNEF_OF_FILE, 0x3707, "\x87\x65\xF8\x66", 4, 0x1F},
      TNEF_FILE_LIST}},
    {"-|-|whole|a\xEF\xBF\xBD,-,-:c;",
     {TNEF_BEGIN, TNEF_CONTENT("c"), {TNEF_OF_FILE, 0x3707, "a\0b", 3, 0x1F}, TNEF_FILE_LIST}},
    /* what else is known of a file */
    {"-|-|whole|a,image/png,x@y:c;",
     {TNEF_BEGIN, TNEF_TITLE("a"), TNEF_CONTENT("c"), TNEF_PROPERTY(0x1E, 0x370E, "image/png\0"),
      TNEF_UNICODE(0x3712, u"x@y"), TNEF_FILE_LIST}},
    {"-|-|whole|a,-,-:in it;",
     {TNEF_BEGIN, TNEF_TITLE("a"), TNEF_PROPERTY(0x102, 0x3701, "in it"), TNEF_FILE_LIST}},
    {"-|-|whole|a,-,-:in it;",
     {TNEF_BEGIN, TNEF_TITLE("a"), TNEF_CONTENT(""), TNEF_PROPERTY(0x102, 0x3701, "in it"),
      TNEF_FILE_LIST}},
    {"-|-|part|a,-,-:one;",
     {TNEF_BEGIN, TNEF_TITLE("a"), TNEF_CONTENT("one"), TNEF_PROPERTY(0x102, 0x3701, "two"),
      TNEF_FILE_LIST}},
    {"-|-|part|a,-,-:one;",
     {TNEF_BEGIN, TNEF_TITLE("a"), TNEF_CONTENT("one"), TNEF_CONTENT("two")}},
    {"-|-|part|", {TNEF_BEGIN, TNEF_TITLE("a link")}},
    {"-|-|part|",
     {TNEF_BEGIN, TNEF_TITLE("ole"), TNEF_PROPERTY(0x0D, 0x3701, "0123456789abcdefg"),
      TNEF_FILE_LIST}},
    /* bodies */
    {"one\r\n|-|whole|", {TNEF_BODY("one\r\n")}},
    {"two|-|whole|", {TNEF_BODY("one"), TNEF_PROPERTY(0x1E, 0x1000, "two\0"), TNEF_MAIL_LIST}},
    {"drü|-|whole|", {TNEF_BODY("one"), TNEF_UNICODE(0x1000, u"drü"), TNEF_MAIL_LIST}},
    {"one|-|whole|", {TNEF_BODY("one"), TNEF_UNICODE(0x1000, u""), TNEF_MAIL_LIST}},
    {"-|<p>ü|whole|", {TNEF_UNICODE(0x1013, u"<p>ü"), TNEF_MAIL_LIST}},
    {"-|<p>ü|whole|", {TNEF_PROPERTY(0x102, 0x1013, "<p>\xC3\xBC"), TNEF_MAIL_LIST}},
    {"-|<p>ж|whole|",
     {TNEF_PROPERTY(0x102, 0x1013, "<p>\xE6"), TNEF_PROPERTY(3, 0x3FDE, "\xE3\4\0\0"),
      TNEF_MAIL_LIST}},
    {"-|<meta charset=windows-1251>ж|whole|",
     {TNEF_PROPERTY(0x102, 0x1013, "<meta charset=windows-1251>\xE6"), TNEF_MAIL_LIST}},
    {"-|<p>ж|whole|",
     {TNEF_CODE_PAGE("\xE3\4"), TNEF_PROPERTY(0x1E, 0x1013, "<p>\xE6\0"), TNEF_MAIL_LIST}},
    {"-|-|rich whole|", {TNEF_PROPERTY(0x102, 0x1009, "LZFu"), TNEF_MAIL_LIST}},
    {"-|-|whole|", {TNEF_PROPERTY(0x102, 0x1009, ""), TNEF_MAIL_LIST}},
    /* kinds of messages */
    {"-|-|whole|", {TNEF_CLASS("IPM.Microsoft Mail.Note")}},
    {"-|-|whole|", {TNEF_CLASS("ipm.note.SMIME")}},
    {"-|-|part|", {TNEF_CLASS("IPM.Microsoft Schedule.MtgReq")}},
    {"-|-|part|", {TNEF_UNICODE(0x1A, u"IPM.Appointment"), TNEF_MAIL_LIST}},
    {"-|-|whole|", {TNEF_UNICODE(0x1A, u"IPM.Note"), TNEF_MAIL_LIST}},
    /* all kinds of properties that are passed over */
    {"t|-|whole|",
     {TNEF_PROPERTY(2, 1, "\1\0xx"), TNEF_PROPERTY(3, 1, "1234"), TNEF_PROPERTY(5, 1, "12345678"),
      TNEF_PROPERTY(0x0B, 1, "\1\0\0\0"), TNEF_PROPERTY(0x40, 1, "12345678"),
      TNEF_PROPERTY(0x48, 1, "0123456789abcdef"), TNEF_PROPERTY(0x14, 0x8001, "12345678"),
      TNEF_PROPERTY(0x1E, 0x8002, "x"), TNEF_PROPERTY(0x1002, 1, "\2\0\0\0\1\0xx\2\0xx"),
      TNEF_PROPERTY(0x1E, 0x1000, "t"), TNEF_MAIL_LIST}},
    {"t|-|whole|", /* several values of one property, and one of none */
     {TNEF_PROPERTY(0x101E, 0x1000, "\2\0\0\0\1\0\0\0axxx\4\0\0\0abcd"),
      TNEF_PROPERTY(0x1102, 0x1000, "\0\0\0\0"), TNEF_PROPERTY(0x1003, 1, "\1\0\0\0abcd"),
      TNEF_UNICODE(0x1000, u"t"), TNEF_MAIL_LIST}},
    {"t|-|whole|-,-,-:c;", /* at another level it is something else */
     {TNEF_BODY("t"), TNEF_TEXT(TNEF_OF_FILE, 0x2800C, "u"), TNEF_CONTENT("c"),
      TNEF_TEXT(TNEF_OF_MAIL, 0x18010, "no name"), TNEF_TEXT(TNEF_OF_MAIL, 0x1FFFF, "unknown")}},
    /* lists that are broken are read up to there */
    {"t|-|part|",
     {TNEF_BODY("t"), TNEF_PROPERTY(0x1E, 0x3001, "x"), TNEF_PROPERTY(0x7F, 1, ""),
      TNEF_PROPERTY(0x1E, 0x1000, "no"), TNEF_MAIL_LIST}},
    {"t|-|part|", {TNEF_BODY("t"), TNEF_DATA(TNEF_OF_MAIL, 0x69003, "\xFF\xFF\xFF\xFF")}},
    {"t|-|part|",
     {TNEF_BODY("t"),
      TNEF_DATA(TNEF_OF_MAIL, 0x69003, "\1\0\0\0\x1E\0\0\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")}},
    {"t|-|part|",
     {TNEF_BODY("t"),
      TNEF_DATA(TNEF_OF_MAIL, 0x69003, "\1\0\0\0\x1E\0\0\x10\1\0\0\0\xFF\xFF\xFF\xFFxx")}},
    {"t|-|part|",
     {TNEF_BODY("t"), TNEF_DATA(TNEF_OF_MAIL, 0x69003,
                                "\1\0\0\0\3\x10\0\x10\xFF\xFF\xFF\xFF"
                                "1234")}},
    {"t|-|part|",
     {TNEF_BODY("t"), TNEF_DATA(TNEF_OF_MAIL, 0x69003,
                                "\1\0\0\0\3\0\0\x80"
                                "0123456789abcdef\2\0\0\0xxxx1234")}},
};

static void finds_what_is_in_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        print_message("# row %zu\n", i);
        assert_string_equal(read_steps(ROWS[i].steps, 1000, arena), ROWS[i].told);
    }
}

static const struct tnef_step LETTER[] = {
    TNEF_CODE_PAGE("\xE4\4"),
    TNEF_BODY("body"),
    TNEF_UNICODE(0x1000, u"text"),
    TNEF_PROPERTY(0x14, 0x8001, "12345678"),
    TNEF_PROPERTY(0x1E, 0x1013, "<p>html\0"),
    TNEF_MAIL_LIST,
    TNEF_BEGIN,
    TNEF_TITLE("a"),
    TNEF_CONTENT("content"),
    TNEF_UNICODE(0x3707, u"long"),
    TNEF_FILE_LIST,
    {0},
};
enum { LETTER_ATTRIBUTES = 7 };

/* Where an attribute ends a file may end; everywhere else it is broken. */
static void leaves_what_is_cut_off(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct bytes bytes = tnef_write(LETTER, arena);
    struct tnef tnef;
    size_t read = 0;
    assert_true(read_exactly(&bytes, 9, arena, &tnef));
    assert_string_equal(told(&tnef, arena), "text|<p>html|whole|long,-,-:content;");
    while (bytes.size--)
        read += read_exactly(&bytes, 9, arena, &tnef);
    assert_int_equal(read, LETTER_ATTRIBUTES);
}

static void leaves_what_is_changed(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct bytes bytes = tnef_write(LETTER, arena);
    char *changed = arena_copy_bytes(arena, bytes.data, bytes.size);
    static const char VALUES[] = {0, 1, 2, 0x7F, (char)0x80, (char)0xFF};
    struct tnef tnef;
    for (size_t i = 0; i < bytes.size; i++)
        for (size_t j = 0; j < sizeof VALUES; j++) {
            AUTO_ARENA inner = arena_create();
            char before = changed[i];
            changed[i] = VALUES[j];
            read_exactly(&(struct bytes){changed, bytes.size}, 9, inner, &tnef);
            changed[i] = before;
        }
}

static void leaves_a_broken_frame(void **state)
{
    (void)state;
#define START "\x78\x9F\x3E\x22\1\0"
#define BODY "\1\x0C\x80\2\0\1\0\0\0t\x74\0"
    static const struct {
        const char *bytes;
        size_t size;
        const char *told;
    } ONES[] = {
#define ONE(bytes, told) {(bytes), sizeof(bytes) - 1, (told)}
        ONE(START BODY, "t|-|whole|"),
        ONE(START BODY "\r\n", "t|-|whole|"),
        ONE(START BODY "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "t|-|whole|"),
        ONE(START, "-|-|whole|"),
        ONE("", NULL),
        ONE("\x78\x9F\x3E\x22", NULL),
        ONE("\x78\x9F\x3E\x22\1", NULL),
        ONE("\x78\x9F\x3E\x23\1\0" BODY, NULL),
        ONE("PK\3\4 is a zip file", NULL),
        ONE(START BODY "\0\0\1", NULL),
        ONE(START BODY "x", NULL),
        ONE(START "\3\x0C\x80\2\0\1\0\0\0t\x74\0", NULL), /* the level */
        ONE(START "\1\x0C\x80\2\0\1\0\0\0t\x75\0", NULL), /* the sum */
        ONE(START "\1\x0C\x80\2\0\2\0\0\0t\x74\0", NULL), /* the size */
        ONE(START "\1\x0C\x80\2\0\xFF\xFF\xFF\xFFt\x74\0", NULL),
        ONE(START BODY "\1\x0C\x80\2\0\xFF\xFF\xFF\x7Ft\x74\0", NULL),
    };
    for (size_t i = 0; i < COUNT(ONES); i++) {
        AUTO_ARENA arena = arena_create();
        struct tnef tnef;
        print_message("# row %zu\n", i);
        bool is_read = read_exactly(&(struct bytes){ONES[i].bytes, ONES[i].size}, 9, arena, &tnef);
        assert_int_equal(is_read, ONES[i].told != NULL);
        if (is_read)
            assert_string_equal(told(&tnef, arena), ONES[i].told);
    }
}

/* A message in a message in ..., each with a file. */
static struct bytes nest(unsigned depth, struct arena *arena)
{
    struct bytes inner = {"0123456789abcdef", 16};
    for (unsigned i = 0; i < depth; i++) {
        const struct tnef_step steps[] = {
            TNEF_BODY("t"),
            TNEF_BEGIN,
            TNEF_CONTENT("c"),
            TNEF_BEGIN,
            {TNEF_OF_FILE, 0x3701, inner.data, inner.size, 0x0D},
            TNEF_FILE_LIST,
            {0},
        };
        const struct tnef_step *given = i ? steps
                                          : (const struct tnef_step[]){
                                                TNEF_BODY("t"), TNEF_BEGIN, TNEF_CONTENT("c"), {0}};
        const struct bytes message = tnef_write(given, arena);
        inner = i + 1 < depth ? tnef_write_attached(&message, arena) : message;
    }
    return inner;
}

static void looks_into_attached_messages(void **state)
{
    (void)state;
    for (unsigned depth = 1; depth < 9; depth++) {
        AUTO_ARENA arena = arena_create();
        const struct bytes bytes = nest(depth, arena);
        struct tnef tnef;
        assert_true(read_exactly(&bytes, 1000, arena, &tnef));
        size_t seen = depth < TNEF_DEPTH_MAX + 1 ? depth : TNEF_DEPTH_MAX + 1;
        assert_int_equal(tnef.files.count, seen);
        assert_int_equal(tnef.is_whole, depth == 1);
        assert_string_equal(tnef.text, "t");
    }
}

/* One that is broken gives nothing, and what stands behind it is read. */
static void passes_broken_attached_messages(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct bytes message = tnef_write(
        (const struct tnef_step[]){TNEF_BEGIN, TNEF_CONTENT("lost"), {0}}, arena);
    message.size--;
    const struct bytes inner = tnef_write_attached(&message, arena);
    const struct tnef_step steps[] = {
        TNEF_BEGIN,        TNEF_CONTENT("a"),
        TNEF_BEGIN,        {TNEF_OF_FILE, 0x3701, inner.data, inner.size, 0x0D},
        TNEF_FILE_LIST,    TNEF_BEGIN,
        TNEF_CONTENT("b"), {0}};
    assert_string_equal(read_steps(steps, 9, arena), "-|-|part|-,-,-:a;-,-,-:b;");
}

/* So many attributes, of so many files, as there is room for. */
static void bears_thousands(void **state)
{
    (void)state;
    enum { MANY = 200 * 1000 };
    AUTO_ARENA arena = arena_create();
    struct tnef_step *steps = arena_new(arena, struct tnef_step, 2 * MANY + 1);
    struct tnef tnef;
    for (size_t i = 0; i < MANY; i++) {
        steps[2 * i] = (struct tnef_step)TNEF_BEGIN;
        steps[2 * i + 1] = (struct tnef_step)TNEF_CONTENT("c");
    }
    struct bytes bytes = tnef_write(steps, arena);
    assert_true(read_exactly(&bytes, 1000, arena, &tnef));
    assert_int_equal(tnef.files.count, 1000);
    assert_false(tnef.is_whole);
    assert_true(read_exactly(&bytes, 0, arena, &tnef));
    assert_int_equal(tnef.files.count, 0);
    for (size_t i = 0; i < 2 * MANY; i++)
        steps[i] = (struct tnef_step)TNEF_TITLE("again");
    bytes = tnef_write(steps, arena);
    assert_true(read_exactly(&bytes, 1000, arena, &tnef));
    assert_int_equal(tnef.files.count, 0);
    for (size_t i = 0; i < MANY; i++)
        steps[i] = (struct tnef_step)TNEF_PROPERTY(0x1E, 0x1000, "t");
    steps[MANY] = (struct tnef_step)TNEF_MAIL_LIST;
    steps[MANY + 1] = (struct tnef_step){0};
    assert_string_equal(read_steps(steps, 9, arena), "t|-|part|");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(finds_what_is_in_it),
        cmocka_unit_test(leaves_what_is_cut_off),
        cmocka_unit_test(leaves_what_is_changed),
        cmocka_unit_test(leaves_a_broken_frame),
        cmocka_unit_test(looks_into_attached_messages),
        cmocka_unit_test(passes_broken_attached_messages),
        cmocka_unit_test(bears_thousands),
    };
    library_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
