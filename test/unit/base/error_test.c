#include "base/error.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "case.h"

static void fails_in_one_statement(void **state)
{
    (void)state;
    struct error error = {0};
    assert_false(fail(&error, ERROR_INVALID, "to[2]", "must be %s", "an address"));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.field, "to[2]");
    assert_string_equal(error.message, "must be an address");
    assert_false(fail(&error, ERROR_CONFLICT, NULL, "%s", ""));
    assert_string_equal(error.field, "");
}

static void may_be_made_of_itself(void **state)
{
    (void)state;
    struct error error = {0};
    fail(&error, ERROR_INVALID, "email", "is wrong");
    fail(&error, ERROR_PROVIDER, error.field, "the server said: %s", error.message);
    assert_string_equal(error.field, "email");
    assert_string_equal(error.message, "the server said: is wrong");
}

static void never_ends_in_half_a_character(void **state)
{
    (void)state;
    char text[1000] = {0};
    for (size_t lead = 0; lead < 5; lead++) {
        memset(text, 'a', lead);
        text[lead] = '\0';
        while (strlen(text) < 900)
            strncat(text, "\xF0\x9F\x93\xAE", sizeof text - strlen(text) - 1);
        struct error error = {0};
        fail(&error, ERROR_INVALID, text, "%s", text);
        assert_true(text_is_utf8(error.field, strlen(error.field)));
        assert_true(text_is_utf8(error.message, strlen(error.message)));
        assert_true(strlen(error.message) > sizeof error.message - 10);
        assert_memory_equal(error.message, text, strlen(error.message));
    }
}

static void tells_what_passes_from_the_rest(void **state)
{
    (void)state;
    static const struct {
        int number;
        enum error_code code;
    } ROWS[] = {
        {ENOSPC, ERROR_FULL},        {EDQUOT, ERROR_FULL},        {EIO, ERROR_UNAVAILABLE},
        {EROFS, ERROR_UNAVAILABLE},  {EMFILE, ERROR_UNAVAILABLE}, {ENFILE, ERROR_UNAVAILABLE},
        {ENOMEM, ERROR_UNAVAILABLE}, {EACCES, ERROR_INTERNAL},    {ENOENT, ERROR_INTERNAL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        errno = ROWS[i].number;
        assert_false(fail_errno(&error, "data/blobs"));
        assert_int_equal(error.code, ROWS[i].code);
        assert_true(text_starts(error.message, "data/blobs: "));
        assert_true(strstr(error.message, strerror(ROWS[i].number)) != NULL);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(fails_in_one_statement),
        cmocka_unit_test(may_be_made_of_itself),
        cmocka_unit_test(never_ends_in_half_a_character),
        cmocka_unit_test(tells_what_passes_from_the_rest),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
