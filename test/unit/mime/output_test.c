#include "mime/output.h"

#include <string.h>

#include "case.h"
#include "letter.h"

static void writes_pieces_of_any_size(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL spool = spool_create("/tmp", LETTER_MOST);
    char *piece = arena_alloc(arena, 3 * OUTPUT_SIZE + 1),
         *all = arena_alloc(arena, 8 * OUTPUT_SIZE);
    struct error error;
    struct output output;
    static const size_t SIZES[] = {0, 1, OUTPUT_SIZE - 1, OUTPUT_SIZE, 3 * OUTPUT_SIZE, 7};
    output_start(&output, spool, &error);
    for (size_t i = 0, at = 0; i < COUNT(SIZES); i++) {
        memset(piece, 'a' + (int)i, SIZES[i]);
        output_add(&output, piece, SIZES[i]);
        memcpy(all + at, piece, SIZES[i]);
        at += SIZES[i];
    }
    assert_true(output_finish(&output));
    assert_string_equal(letter_text(spool, arena), all);
}

static void ends_lines_once(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL spool = spool_create("/tmp", LETTER_MOST);
    struct error error;
    struct output output;
    output_start(&output, spool, &error);
    output_end_line(&output); /* nothing is there yet */
    output_text(&output, "a");
    output_end_line(&output);
    output_end_line(&output);
    output_text(&output, "b\r\n");
    output_end_line(&output);
    assert_true(output_finish(&output));
    assert_string_equal(letter_text(spool, arena), "a\r\nb\r\n");
}

static void remembers_the_first_failure(void **state)
{
    (void)state;
    AUTO_SPOOL spool = spool_create("/tmp", 10);
    struct error error;
    struct output output;
    output_start(&output, spool, &error);
    for (int i = 0; i < 10000; i++)
        output_text(&output, "more than fits");
    output_text(&output, "x");
    assert_false(output_finish(&output));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_int_equal(spool_size(spool), 0);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(writes_pieces_of_any_size),
        cmocka_unit_test(ends_lines_once),
        cmocka_unit_test(remembers_the_first_failure),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
