#include "settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

struct sample {
    const char *name, *password;
    int64_t count;
};
static const struct field FIELDS[] = {
    FIELD(struct sample, name, .preset = "nobody"),
    FIELD(struct sample, password, .use = SECRET),
    FIELD(struct sample, count, .preset = "1", .min = 1, .max = 9),
    {0},
};
static char path[] = "/tmp/settings_test.XXXXXX";

static int make_file(void **state)
{
    (void)state;
    int file = mkstemp(path);
    return file < 0 || close(file);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void the_stronger_source_wins_in_any_order(void **state)
{
    (void)state;
    static const struct setting_origin ORIGINS[] = {
        {.source = SOURCE_FILE, .where = "file"},
        {.source = SOURCE_ENVIRONMENT, .where = "environment"},
        {.source = SOURCE_FLAG, .where = "flag"},
    };
    static const int ORDERS[][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 0, 2}};
    for (size_t i = 0; i < sizeof ORDERS / sizeof *ORDERS; i++) {
        AUTO_ARENA arena = arena_create();
        struct sample sample = {0};
        struct error error;
        struct settings settings = settings_start(FIELDS, &sample, arena);
        assert_string_equal(sample.name, "nobody");
        assert_string_equal(settings.origins[0].where, "default");
        for (int j = 0; j < 3; j++) {
            const struct setting_origin *origin = &ORIGINS[ORDERS[i][j]];
            assert_true(settings_set(&settings, &FIELDS[0], origin->where, *origin, &error));
        }
        assert_string_equal(sample.name, "flag");
        assert_string_equal(settings.origins[0].where, "flag");
    }
}

static void what_is_overruled_is_checked_too(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sample sample = {0};
    struct error error;
    struct settings settings = settings_start(FIELDS, &sample, arena);
    assert_true(settings_set(&settings, &FIELDS[2], "3",
                             (struct setting_origin){SOURCE_FLAG, "--count", false}, &error));
    write_file("count = 10\n");
    assert_false(settings_read_file(&settings, path, NULL, &error));
    assert_int_equal(sample.count, 3);
}

static const struct {
    const char *text;
    const char *expected; /* name|password|count; or the message behind the file's name */
    bool fails;
} FILES[] = {
    {"", "nobody|-|1"},
    {"name = a b \n", "a b|-|1"},
    {"name=a\ncount: 3\n", "a|-|3"},
    {"\xEF\xBB\xBFname = a", "a|-|1"},
    {"# name = x\n; name = y\n\n[section]\nname = z ; why\n", "z|-|1"},
    {"name = http://a/#b;c\n", "http://a/#b;c|-|1"},
    {"  name = a\n   count = 2\n", "a|-|2"}, /* indentation does not continue a value */
    {"name =\n", "-|-|1"},
    {"name = a\nother = 1\n", ":2: there is no setting other", true},
    {"name = a\ncount = 10\n", ":2: count must be a whole number, from 1 to 9", true},
    {"count = \n", ":1: count must be a whole number, from 1 to 9", true},
    {"name = a\n\nname = b\n", ":3: name is set twice", true},
    {"password = x\n", ":1: password cannot be set here", true},
    {"name = a\x01\n", ":1: name must not hold control characters", true},
    {"name = \xff\n", ":1: name must be UTF-8", true},
    {"count = 2\nnonsense\ncount = x\n", ":2: must be name = value", true},
    {"[open\n", ":1: must be name = value", true},
};

static void reads_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        AUTO_ARENA arena = arena_create();
        struct sample sample = {0};
        struct error error = {0};
        struct settings settings = settings_start(FIELDS, &sample, arena);
        write_file(FILES[i].text);
        bool is_read = settings_read_file(&settings, path, "password", &error);
        const char *got = is_read
                              ? arena_format(arena, "%s|%s|%lld", text_or(sample.name, "-"),
                                             text_or(sample.password, "-"), (long long)sample.count)
                              : error.message + strlen(path);
        assert_string_equal(got, FILES[i].expected);
        assert_int_equal(!is_read, FILES[i].fails);
    }
}

static void refuses_a_line_without_end(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sample sample = {0};
    struct error error;
    struct settings settings = settings_start(FIELDS, &sample, arena);
    char *line = arena_alloc(arena, 10000);
    memset(line, 'x', 9999);
    memcpy(line, "name = ", 7);
    write_file(line);
    assert_false(settings_read_file(&settings, path, NULL, &error));
    assert_non_null(strstr(error.message, ":1: the line is longer than 4094 bytes"));
    line[3000] = '\0';
    write_file(line);
    assert_true(settings_read_file(&settings, path, NULL, &error));
    assert_int_equal(strlen(sample.name), 3000 - 7);
}

static void a_file_need_not_be_there(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sample sample = {0};
    struct error error;
    struct settings settings = settings_start(FIELDS, &sample, arena);
    assert_true(settings_read_file(&settings, "/nowhere/outtray.conf", NULL, &error));
    assert_false(settings_read_file(&settings, "/", NULL, &error)); /* but not be a folder */
}

static void reads_the_environment(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sample sample = {0};
    struct error error;
    struct settings settings = settings_start(FIELDS, &sample, arena);
    setenv("SAMPLE_NAME", "", 1); /* says nothing */
    setenv("SAMPLE_COUNT", "4", 1);
    assert_true(settings_read_environment(&settings, "SAMPLE_", &error));
    assert_string_equal(sample.name, "nobody");
    assert_int_equal(sample.count, 4);
    assert_string_equal(settings.origins[2].where, "SAMPLE_COUNT");
    setenv("SAMPLE_COUNT", "many", 1);
    assert_false(settings_read_environment(&settings, "SAMPLE_", &error));
    assert_string_equal(error.message, "SAMPLE_COUNT: count must be a whole number, from 1 to 9");
    unsetenv("SAMPLE_NAME");
    unsetenv("SAMPLE_COUNT");
}

static void shows_all_but_secrets(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sample sample = {0};
    struct error error;
    struct settings settings = settings_start(FIELDS, &sample, arena);
    assert_true(settings_set(&settings, &FIELDS[1], "hunter2",
                             (struct setting_origin){SOURCE_FLAG, "--password", false}, &error));
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    settings_show(&settings, out);
    fclose(out);
    assert_null(strstr(text, "hunter2"));
    assert_non_null(strstr(text, "(set)"));
    assert_non_null(strstr(text, "nobody"));
    assert_non_null(strstr(text, "default"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stronger_source_wins_in_any_order),
        cmocka_unit_test(what_is_overruled_is_checked_too),
        cmocka_unit_test(reads_files),
        cmocka_unit_test(refuses_a_line_without_end),
        cmocka_unit_test(a_file_need_not_be_there),
        cmocka_unit_test(reads_the_environment),
        cmocka_unit_test(shows_all_but_secrets),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
