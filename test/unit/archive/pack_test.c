#include "archive/pack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/entry.h"
#include "case.h"
#include "tape.h"

enum { LARGE = 1000 * 1000 + 7, MANY = 3000 };

static char folder[64];

static int start(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/pack_test.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static size_t files(void)
{
    char command[128], number[16] = "";
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", folder);
    FILE *listing = popen(command, "r");
    assert_non_null(fgets(number, sizeof number, listing));
    pclose(listing);
    return strtoul(number, NULL, 10);
}

static struct pack *create(const char *path)
{
    struct error error;
    struct pack *pack = pack_create(path, (moment){1700000000000}, folder, &error);
    assert_non_null(pack);
    return pack;
}

static const char *unpacked(const char *path, struct arena *arena)
{
    struct buf told = BUF(arena, 64 * 1024 * 1024);
    struct unpack_sink sink = tape_sink(&told);
    struct error error = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (!unpack_run(file, &sink, &error))
        fail_msg("%s", error.message);
    close(file);
    return buf_text(&told, &error);
}

static void test_it_comes_out_as_it_went_in(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    const char *path = arena_format(arena, "%s/x.tar", folder), *sha256;
    char *large = arena_alloc(arena, LARGE + 1);
    memset(large, 'x', LARGE);
    int file = tape_file(large, LARGE);
    struct pack *pack = create(path);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_true(pack_bytes(pack, "a", (struct bytes){"one", 3}, &error));
    assert_true(pack_file(pack, "b/c", file, arena, &sha256, &error));
    assert_int_equal(strlen(sha256), SHA256_HEX_SIZE);
    assert_true(pack_bytes(pack, "d", (struct bytes){"", 0}, &error));
    assert_true(pack_finish(pack, &error));
    close(file);

    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(files(), 1);
    assert_string_equal(unpacked(path, arena),
                        arena_format(arena, "a:3:one:7692c3ad;b/c:%d:%s:%.8s;d:0::e3b0c442;", LARGE,
                                     large, sha256));
}

/* The sums of so many do not stay in memory. */
static void test_many(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    const char *path = arena_format(arena, "%s/x.tar", folder);
    struct pack *pack = create(path);
    for (int i = 0; i < MANY; i++)
        assert_true(
            pack_bytes(pack, arena_format(arena, "n%06d", i), (struct bytes){"x", 1}, &error));
    assert_true(pack_finish(pack, &error));
    const char *told = unpacked(path, arena), *last = strstr(told, "n002999:1:x:2d711642;");
    assert_non_null(last);
    assert_int_equal(strlen(last), strlen("n002999:1:x:2d711642;"));
}

/* What everybody has reads it: the names, and the sums. */
static void test_other_programs_read_it(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct pack *pack = create(arena_format(arena, "%s/x.tar", folder));
    assert_true(pack_bytes(pack, "a", (struct bytes){"one", 3}, &error));
    assert_true(pack_bytes(pack, "b/c", (struct bytes){"two", 3}, &error));
    assert_true(pack_finish(pack, &error));
    assert_int_equal(system(arena_format(arena,
                                         "cd '%s' && tar xf x.tar && test $(cat a)$(cat b/c) = "
                                         "onetwo && sha256sum -c --strict --quiet SHA256SUMS",
                                         folder)),
                     0);
}

static void test_nothing_is_written_over(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    const char *path = arena_format(arena, "%s/x.tar", folder);
    struct pack *pack = create(path);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); /* somebody was faster */
    assert_false(pack_finish(pack, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_int_equal(files(), 1);
    assert_null(pack_create(path, (moment){1}, folder, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_string_equal(error.message, arena_format(arena, "%s is there already", path));
    assert_int_equal(files(), 1);
}

static void test_nothing_stays_of_what_was_abandoned(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct pack *pack = create(arena_format(arena, "%s/x.tar", folder));
    assert_true(pack_bytes(pack, "a", (struct bytes){"one", 3}, &error));
    pack_abandon(pack);
    pack_abandon(NULL);
    assert_int_equal(files(), 0);
}

static void test_where_it_cannot_be(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    assert_null(
        pack_create(arena_format(arena, "%s/no/x.tar", folder), (moment){1}, folder, &error));
    assert_non_null(strstr(error.message, "No such file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_comes_out_as_it_went_in, start, end),
        cmocka_unit_test_setup_teardown(test_many, start, end),
        cmocka_unit_test_setup_teardown(test_other_programs_read_it, start, end),
        cmocka_unit_test_setup_teardown(test_nothing_is_written_over, start, end),
        cmocka_unit_test_setup_teardown(test_nothing_stays_of_what_was_abandoned, start, end),
        cmocka_unit_test_setup_teardown(test_where_it_cannot_be, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
