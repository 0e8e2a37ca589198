#include "mime/content.h"

#include <string.h>

#include "base/buf.h"
#include "case.h"
#include "letter.h"
#include "mime/library.h"

struct kept {
    struct buf buf;
    unsigned calls, fails_at;
};

static bool keep(void *context, const void *data, size_t size, struct error *error)
{
    struct kept *kept = context;
    buf_add_bytes(&kept->buf, data, size);
    return ++kept->calls != kept->fails_at || fail(error, ERROR_FULL, "", "full");
}

static const char *decoded(const char *text, GMimeContentEncoding encoding, struct arena *arena,
                           enum piece *ret_end)
{
    AUTO_SPOOL spool = letter_spool(text);
    struct source source;
    struct error error;
    struct kept kept = {.buf = BUF(arena, LETTER_MOST)};
    struct content content = {.context = &kept, .write = keep, .error = &error};
    source_start(&source, spool);
    source.boundaries[source.boundary_count++] = "b";
    g_mime_encoding_init_decode(&content.decoder, encoding);
    *ret_end = content_read(&content, &source);
    assert_false(content.has_failed);
    return buf_text(&kept.buf, &error);
}

static void decodes(void **state)
{
    (void)state;
    enum { PLAIN, QUOTED, BASE64, UU };
    static const GMimeContentEncoding ENCODINGS[] = {
        GMIME_CONTENT_ENCODING_7BIT, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
        GMIME_CONTENT_ENCODING_BASE64, GMIME_CONTENT_ENCODING_UUENCODE};
    static const struct {
        const char *text;
        int encoding;
        const char *decoded;
        enum piece end;
    } ROWS[] = {
        {"", PLAIN, "", PIECE_END},
        {"a\r\nb\n", PLAIN, "a\r\nb\n", PIECE_END},
        {"a\r\nb\n--b\nc", PLAIN, "a\r\nb", PIECE_BOUNDARY},
        {"a\r\n\r\n--b--\r\n", PLAIN, "a\r\n", PIECE_BOUNDARY},
        {"--b\n", PLAIN, "", PIECE_BOUNDARY},
        {"\n--b\n", PLAIN, "", PIECE_BOUNDARY},
        {"a=\r\nb=3D\r\nc=\n--b\n", QUOTED, "ab=\r\nc", PIECE_BOUNDARY},
        {"QUJ\r\nD\n--b\n", BASE64, "ABC", PIECE_BOUNDARY},
        {"Q U-J*D RA", BASE64, "ABCD", PIECE_END},
        {"x\nbegin 644 f\n#86)C\n`\nend\ny\n--b\n", UU, "abc", PIECE_BOUNDARY},
        {"x\ny\n", UU, "", PIECE_END},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        enum piece end;
        assert_string_equal(decoded(ROWS[i].text, ENCODINGS[ROWS[i].encoding], arena, &end),
                            ROWS[i].decoded);
        assert_int_equal(end, ROWS[i].end);
    }
}

static void decodes_long_lines(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    enum piece end;
    char *text = arena_alloc(arena, 400001);
    for (size_t i = 0; i < 400000; i += 4)
        memcpy(text + i, "QUJD", 4);
    const char *got = decoded(text, GMIME_CONTENT_ENCODING_BASE64, arena, &end);
    assert_int_equal(strlen(got), 300000);
    assert_int_equal(strspn(got, "ABC"), 300000);
    assert_int_equal(strlen(decoded(text, GMIME_CONTENT_ENCODING_7BIT, arena, &end)), 400000);
}

static void stops_writing_after_a_failure(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL spool = letter_spool("a\nb\nc\n--b\n");
    struct source source;
    struct error error;
    struct kept kept = {.buf = BUF(arena, 100), .fails_at = 2};
    struct content content = {.context = &kept, .write = keep, .error = &error};
    source_start(&source, spool);
    source.boundaries[source.boundary_count++] = "b";
    g_mime_encoding_init_decode(&content.decoder, GMIME_CONTENT_ENCODING_7BIT);
    assert_int_equal(content_read(&content, &source), PIECE_BOUNDARY);
    assert_true(content.has_failed);
    assert_int_equal(kept.calls, 2);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(decodes),
        cmocka_unit_test(decodes_long_lines),
        cmocka_unit_test(stops_writing_after_a_failure),
    };
    library_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
