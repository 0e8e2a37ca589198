#include "base/arena.h"

#include <string.h>

#include "case.h"

static void memory_is_zeroed_aligned_and_its_own(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    unsigned char *pieces[2000];
    for (size_t i = 0; i < 2000; i++) {
        size_t size = i * 7 % 301;
        pieces[i] = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t byte = 0; byte < size; byte++)
            assert_int_equal(pieces[i][byte], 0);
        memset(pieces[i], (int)(i % 251), size);
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t byte = 0; byte < i * 7 % 301; byte++)
            assert_int_equal(pieces[i][byte], i % 251);
}

static void a_piece_may_be_larger_than_a_block(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    enum { LARGE = 3 * 1024 * 1024 };
    char *small = arena_copy(arena, "small");
    char *large = arena_alloc(arena, LARGE);
    memset(large, 'x', LARGE);
    char *after = arena_copy(arena, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    assert_int_equal(large[LARGE - 1], 'x');
}

static void copies(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_null(arena_copy(arena, NULL));
    assert_string_equal(arena_copy(arena, ""), "");
    char *bytes = arena_copy_bytes(arena, "a\0b", 3);
    assert_memory_equal(bytes, "a\0b", 4);
    assert_string_equal(arena_copy_bytes(arena, NULL, 0), "");
    int *numbers = arena_new(arena, int, 10);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(numbers[i], 0);
}

static void formats_of_any_length(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_string_equal(arena_format(arena, "%s-%d", "a", 7), "a-7");
    assert_string_equal(arena_format(arena, "%s", ""), "");
    for (size_t size = 250; size < 260; size++) { /* around the buffer that is tried first */
        char text[260] = {0};
        memset(text, 'y', size);
        assert_string_equal(arena_format(arena, "%s", text), text);
    }
}

static void destroy_takes_nothing(void **state)
{
    (void)state;
    arena_destroy(NULL);
    arena_destroy(arena_create());
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_its_own),
        cmocka_unit_test(a_piece_may_be_larger_than_a_block),
        cmocka_unit_test(copies),
        cmocka_unit_test(formats_of_any_length),
        cmocka_unit_test(destroy_takes_nothing),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
