#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "json/json_reader.h"

#include <cmocka.h>

static const struct place TOP = {0}, TO = {&TOP, "to", 0}, ITEM = {&TO, NULL, 12},
                          EMAIL = {&ITEM, "email", 0}, ODD = {&TOP, "a b\n\xc3\xa4", 0};

static void places_have_paths(void **state)
{
    static const struct {
        const struct place *place;
        const char *path;
    } ROWS[] = {
        {&TOP, ""}, {&TO, "to"}, {&ITEM, "to[12]"}, {&EMAIL, "to[12].email"}, {&ODD, "a?b???"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        struct reader reader = {.arena = arena, .error = &error};
        assert_false(reader_refuse(&reader, ROWS[i].place, "must be %d", 7));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_string_equal(error.field, ROWS[i].path);
        assert_string_equal(error.message, "must be 7");
    }
}

static void long_keys_are_cut(void **state)
{
    AUTO_ARENA arena = arena_create();
    char key[1000];
    struct error error = {0};
    struct reader reader = {.arena = arena, .error = &error};
    (void)state;
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    assert_false(reader_refuse(&reader, &(struct place){&TOP, key, 0}, "no"));
    assert_int_equal(strlen(error.field), 40);
}

static void errors_get_their_place(void **state)
{
    AUTO_ARENA arena = arena_create();
    struct error error = {ERROR_NOT_FOUND, "elsewhere", "is not there"};
    struct reader reader = {.arena = arena, .error = &error};
    (void)state;
    assert_false(reader_locate(&reader, &ITEM));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_string_equal(error.field, "to[12]");
    assert_string_equal(error.message, "is not there");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(places_have_paths),
        cmocka_unit_test(long_keys_are_cut),
        cmocka_unit_test(errors_get_their_place),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
