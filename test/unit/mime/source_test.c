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

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(finds_lines_and_boundaries),
        cmocka_unit_test(cuts_long_lines),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
