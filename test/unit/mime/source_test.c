#include "mime/source.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"

/* All pieces: lines in <>, boundaries as their level, `!` when final. */
static const char *pieces(const char *text, const char *const *boundaries, struct arena *arena)
{
    AUTO_SPOOL spool = letter_spool(text);
    struct source source;
    struct bytes line;
    const char *all = "";
    source_start(&source, spool);
    for (; boundaries && *boundaries; boundaries++)
        source.boundaries[source.boundary_count++] = *boundaries;
    for (enum piece piece; (piece = source_next(&source, &line)) != PIECE_END;)
        all = piece == PIECE_BOUNDARY
                  ? arena_format(arena, "%s%zu%s", all, source.hit_level,
                                 source.is_final ? "!" : "")
                  : arena_format(arena, "%s<%.*s>", all, (int)line.size, (const char *)line.data);
    assert_int_equal(source_next(&source, &line), PIECE_END);
    return all;
}

static void finds_lines_and_boundaries(void **state)
{
    (void)state;
    static const char *const BOUNDARIES[] = {"z", "a", "ab", "a", NULL};
    static const struct {
        const char *text, *pieces;
    } ROWS[] = {
        {"", ""},
        {"x", "<x>"},
        {"x\ny\r\n\nz", "<x\n><y\r\n><\n><z>"},
        {"--ab\n", "2"},
        {"--ab--\r\n", "2!"},
        {"--ab  \t\r\n", "2"},
        {"--ab-- \n", "2!"},
        {"--ab--", "2!"},
        {"--z\n", "0"},
        {"--a\n", "3"}, /* the innermost */
        {"--a-\n", "<--a-\n>"},
        {"--a--b\n", "<--a--b\n>"},
        {"--abc\n", "<--abc\n>"},
        {" --a\n", "< --a\n>"},
        {"x--a\n", "<x--a\n>"},
        {"-a\n--\n-", "<-a\n><--\n><->"},
        {"\xEF\xBB\xBFx\n\xEF\xBB\xBF", "<x\n><\xEF\xBB\xBF>"},
        {"\xEF\xBB\xBF", ""},
        {"x\r\r--a\r", "<x\n><\n>3"},
        {"x\ry\n", "<x\ry\n>"},
        {"x\r\r\n--a\r\r\ny\r\n", "<x\r\n>3<y\r\n>"},
        {"x\r\ny\r\r\n", "<x\r\n><y\r\r\n>"}, /* of no other line: it is its content */
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(pieces(ROWS[i].text, BOUNDARIES, arena), ROWS[i].pieces);
    }
}

/* A line longer than the buffer comes in parts; what looks like a boundary within is none. */
static void cuts_long_lines(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    char *text = arena_alloc(arena, (size_t)3 * SOURCE_SIZE);
    memset(text, 'x', (size_t)2 * SOURCE_SIZE);
    memcpy(text + SOURCE_SIZE, "--a\n--a", 7);
    AUTO_SPOOL spool = letter_spool(text);
    struct source source;
    struct bytes line;
    source_start(&source, spool);
    source.boundaries[source.boundary_count++] = "a";
    assert_int_equal(source_next(&source, &line), PIECE_LINE);
    assert_int_equal(line.size, SOURCE_SIZE);
    assert_false(source.is_line_start);
    assert_int_equal(source_next(&source, &line), PIECE_LINE);
    assert_int_equal(line.size, 4);
    assert_true(source.is_line_start);
    assert_int_equal(source_next(&source, &line), PIECE_LINE);
    assert_int_equal(source_next(&source, &line), PIECE_END);
    assert_false(source.has_failed);
}

static void goes_back(void **state)
{
    (void)state;
    AUTO_SPOOL spool = letter_spool("one\ntwo\nthree\n");
    struct source source;
    struct bytes line;
    source_start(&source, spool);
    assert_int_equal(source_tell(&source), 0);
    source_next(&source, &line);
    assert_int_equal(source_tell(&source), 4);
    source_next(&source, &line);
    source_seek(&source, 4);
    assert_int_equal(source_next(&source, &line), PIECE_LINE);
    assert_memory_equal(line.data, "two\n", 4);
    source.end_offset = 8;
    source_seek(&source, 0);
    source_next(&source, &line);
    source_next(&source, &line);
    assert_int_equal(source_next(&source, &line), PIECE_END);
}

static bool finds_stray(struct stray *stray, const char *text)
{
    return stray_ends(stray, &(struct bytes){text, strlen(text)});
}

static void finds_delimiters_that_nobody_announced(void **state)
{
    (void)state;
    struct stray stray = {""};
    AUTO_ARENA arena = arena_create();
    assert_false(finds_stray(&stray, "Content-Type: a/b\n"));
    assert_false(finds_stray(&stray, "--x y \r\n"));
    assert_true(finds_stray(&stray, "content-type: a/b\n"));
    assert_string_equal(stray.delimiter, "x y");
    static const char *const NONE[] = {"--\n", "-- \n", "-x\n", "x\n", "--x\n"};
    for (size_t i = 0; i < COUNT(NONE); i++) {
        stray.delimiter[0] = '\0';
        assert_false(finds_stray(&stray, NONE[i]));
        assert_false(i < COUNT(NONE) - 1 && finds_stray(&stray, "Content-Type: a/b\n"));
    }
    assert_false(finds_stray(&stray, "Content: a/b\n")); /* behind --x */
    assert_false(finds_stray(&stray, "Content-Type: a/b\n"));
    char *wide = arena_alloc(arena, BOUNDARY_MAX_BYTES + 5);
    memset(wide, '-', BOUNDARY_MAX_BYTES + 3);
    assert_false(finds_stray(&stray, wide));
    assert_false(finds_stray(&stray, "Content-Type: a/b\n"));
    wide[BOUNDARY_MAX_BYTES + 2] = '\0';
    assert_false(finds_stray(&stray, wide));
    assert_true(finds_stray(&stray, "Content-Type: a/b\n"));
}

static void takes_a_delimiter_beside_the_right_one(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL spool = letter_spool("one\n--y\n--x--\n--y--\n");
    struct source source;
    struct bytes line;
    source_start(&source, spool);
    source.boundaries[source.boundary_count++] = "x";
    source_take_stray(&source, &(struct stray){"y"}, 0, 4, arena);
    assert_int_equal(source_next(&source, &line), PIECE_BOUNDARY);
    assert_false(source.is_final);
    assert_int_equal(source_next(&source, &line), PIECE_BOUNDARY);
    assert_int_equal(source_next(&source, &line), PIECE_BOUNDARY);
    assert_true(source.is_final);
    source.boundaries[0] = NULL;
    source_seek(&source, 4);
    assert_int_equal(source_next(&source, &line), PIECE_BOUNDARY);
    assert_int_equal(source_next(&source, &line), PIECE_LINE);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(goes_back),
        cmocka_unit_test(finds_delimiters_that_nobody_announced),
        cmocka_unit_test(takes_a_delimiter_beside_the_right_one),
        cmocka_unit_test(finds_lines_and_boundaries),
        cmocka_unit_test(cuts_long_lines),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
