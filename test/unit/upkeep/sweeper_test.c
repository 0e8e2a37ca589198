#include "upkeep/sweeper.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "case.h"
#include "house.h"

enum { PATIENCE_MS = 60 * 1000, GRACE_MS = 60 * 60 * 1000 };

static const char *keep_blob(struct house *house, const char *text, int64_t age_ms)
{
    struct error error;
    const char *sha256;
    struct blob_writer *writer = blob_begin(house->blobs, &error);
    assert_non_null(writer);
    assert_true(blob_write(writer, text, strlen(text), &error));
    assert_true(blob_finish(writer, house->arena, &sha256, &error));
    const time_t then = (clock_now().ms - age_ms) / 1000;
    const struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
    const char *path = arena_format(house->arena, "%s/blobs/blobs/%.2s/%s", house->folder, sha256,
                                    sha256);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    return path;
}

static void test_it_sweeps_when_it_starts(void **state)
{
    struct house *house = *state;
    const char *old = keep_blob(house, "old", 2 * GRACE_MS);
    const char *young = keep_blob(house, "young", GRACE_MS / 2);
    struct bell *bell = bell_create();
    const struct sweeper_settings settings = {.grace_ms = GRACE_MS};
    struct sweeper *sweeper = sweeper_start(&settings, house->db, house->blobs, bell);
    int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    while (access(old, F_OK) == 0 && clock_steady_ms() < until_ms)
        clock_sleep_ms(1);
    sweeper_stop(sweeper);
    assert_int_equal(access(old, F_OK), -1);
    assert_int_equal(access(young, F_OK), 0);
    bell_destroy(bell);
}

/* It would wait for an hour. */
static void test_it_ends_at_once(void **state)
{
    struct house *house = *state;
    const struct sweeper_settings settings = {.grace_ms = GRACE_MS};
    struct bell *bell = bell_create();
    for (int i = 0; i < 50; i++)
        sweeper_stop(sweeper_start(&settings, house->db, house->blobs, bell));
    sweeper_stop(NULL);
    bell_destroy(bell);
}

#define HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE(test_it_sweeps_when_it_starts),
        HOUSE(test_it_ends_at_once),
    };
    log_setup(LOG_ERROR, LOG_LOGFMT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
