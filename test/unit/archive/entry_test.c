#include "archive/entry.h"

#include <string.h>

#include "case.h"

static const struct {
    const char *name, *before;
    const char *words; /* of the error; NULL: it is fine */
} ROWS[] = {
    {"a", "", NULL},
    {"backup.json", "", NULL},
    {"blobs/ab/0123456789abcdef", "backup.json", NULL},
    {"secret.key", "outtray.db", NULL},
    {"a-b_c.d", "a", NULL},
    {"", "", "no backup gives"},
    {"/etc/passwd", "", "no backup gives"},
    {"..", "", "no backup gives"},
    {"../outtray.db", "", "no backup gives"},
    {"blobs/../outtray.db", "", "no backup gives"},
    {"blobs/./a", "", "no backup gives"},
    {".hidden", "", "no backup gives"},
    {"blobs//a", "", "no backup gives"},
    {"blobs/", "", "no backup gives"},
    {"a b", "", "no backup gives"},
    {"a\nb", "", "no backup gives"},
    {"a\\b", "", "no backup gives"},
    {"A", "", "no backup gives"},
    {"\xC3\xA9", "", "no backup gives"},
    {"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
     "12345678",
     "", NULL},
    {"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
     "123456789",
     "", "no backup gives"},
    {"a", "a", "the entry a is out of order, or there twice"},
    {"a", "b", "out of order"},
    {"b/a", "b/b", "out of order"},
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        bool is_fine = entry_check(ROWS[i].name, ROWS[i].before, &error);
        if (is_fine != !ROWS[i].words || (ROWS[i].words && (error.code != ERROR_INVALID ||
                                                            !strstr(error.message, ROWS[i].words))))
            fail_msg("row %zu, \"%s\": %s", i, ROWS[i].name, error.message);
    }
}

static void test_line(void **state)
{
    (void)state;
    char line[ENTRY_LINE_SIZE], sha256[SHA256_HEX_SIZE + 1], name[ENTRY_NAME_SIZE];
    memset(sha256, 'a', SHA256_HEX_SIZE);
    memset(name, 'n', sizeof name - 1);
    sha256[SHA256_HEX_SIZE] = name[sizeof name - 1] = '\0';
    size_t size = entry_line(sha256, name, line);
    assert_int_equal(size, strlen(line));
    assert_int_equal(size, SHA256_HEX_SIZE + 2 + ENTRY_NAME_SIZE - 1 + 1);
    assert_string_equal(line + SHA256_HEX_SIZE + 2 + ENTRY_NAME_SIZE - 1, "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
