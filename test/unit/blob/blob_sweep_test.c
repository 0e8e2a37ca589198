#include "blob/blob.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "case.h"

static char folder[64];
static struct blobs *blobs;
static struct arena *arena;

static int start(void **state)
{
    (void)state;
    struct error error;
    snprintf(folder, sizeof folder, "/tmp/blob_sweep_test.XXXXXX");
    blobs = mkdtemp(folder) ? blobs_open(folder, &error) : NULL;
    arena = arena_create();
    return blobs ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char command[128];
    blobs_close(blobs);
    arena_destroy(arena);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *keep(const char *text, struct arena *owner)
{
    struct error error;
    const char *sha256;
    struct blob_writer *writer = blob_begin(blobs, &error);
    assert_non_null(writer);
    assert_true(blob_write(writer, text, strlen(text), &error));
    assert_true(blob_finish(writer, owner, &sha256, &error));
    return sha256;
}

static void set_age(const char *sha256, int64_t ms)
{
    const struct timespec when = {ms / 1000, ms % 1000 * 1000000};
    const struct timespec times[2] = {when, when};
    const char *path = arena_format(arena, "%s/blobs/%.2s/%s", folder, sha256, sha256);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static bool is_there(const char *sha256)
{
    struct error error;
    int file = blob_open(blobs, sha256, &error);
    if (file >= 0)
        close(file);
    return file >= 0;
}

struct seen {
    size_t count, most;
    const char *names[8];
};

static bool see(void *context, const char *sha256)
{
    struct seen *seen = context;
    seen->names[seen->count++] = arena_copy(arena, sha256);
    return seen->count < seen->most;
}

static struct seen visit_all(int64_t before_ms)
{
    struct error error;
    struct seen seen = {.most = 8};
    for (unsigned branch = 0; branch < BLOB_BRANCHES; branch++)
        assert_true(blobs_visit_old(blobs, branch, (moment){before_ms}, see, &seen, &error));
    return seen;
}

static void what_is_older_is_visited(void **state)
{
    (void)state;
    const char *young = keep("young", arena), *old = keep("old", arena);
    set_age(young, 5000);
    set_age(old, 4999);
    struct seen seen = visit_all(5000);
    assert_int_equal(seen.count, 1);
    assert_string_equal(seen.names[0], old);
    assert_int_equal(visit_all(5001).count, 2);
    assert_int_equal(visit_all(4999).count, 0);
}

static void visiting_ends_when_it_is_told_to(void **state)
{
    (void)state;
    struct error error;
    struct seen seen = {.most = 2};
    const char *first = keep("first", arena);
    const char *start_of_name = arena_format(arena, "%.2s", first);
    for (size_t i = 0, found = 1; found < 3; i++) /* three of one branch */
        found += text_starts(keep(arena_format(arena, "%zu", i), arena), start_of_name);
    unsigned branch = (unsigned)strtoul(start_of_name, NULL, 16);
    assert_true(blobs_visit_old(blobs, branch, (moment){INT64_MAX}, see, &seen, &error));
    assert_int_equal(seen.count, 2);
}

static void other_files_are_left_alone(void **state)
{
    (void)state;
    struct error error;
    bool is_removed = true;
    const char *name = arena_format(arena, "%s/blobs/00/notes.txt", folder);
    close(open(name, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(visit_all(INT64_MAX).count, 0);
    assert_false(blob_remove_old(blobs, "notes.txt", (moment){INT64_MAX}, &is_removed, &error));
    assert_false(
        blob_remove_old(blobs, "../../secret.key", (moment){INT64_MAX}, &is_removed, &error));
    assert_int_equal(access(name, F_OK), 0);
}

static void only_what_is_old_goes(void **state)
{
    (void)state;
    struct error error;
    bool is_removed = true;
    const char *sha256 = keep("hello", arena);
    set_age(sha256, 5000);
    assert_true(blob_remove_old(blobs, sha256, (moment){5000}, &is_removed, &error));
    assert_false(is_removed);
    assert_true(is_there(sha256));
    keep("hello", arena); /* needed again, after it was visited */
    assert_true(blob_remove_old(blobs, sha256, (moment){5001}, &is_removed, &error));
    assert_false(is_removed);
    assert_true(is_there(sha256));
    set_age(sha256, 5000);
    assert_true(blob_remove_old(blobs, sha256, (moment){5001}, &is_removed, &error));
    assert_true(is_removed);
    assert_false(is_there(sha256));
    assert_true(blob_remove_old(blobs, sha256, (moment){5001}, &is_removed, &error));
    assert_false(is_removed);
}

static void a_folder_that_is_gone_is_told(void **state)
{
    (void)state;
    struct error error = {0};
    struct seen seen = {.most = 8};
    assert_int_equal(rmdir(arena_format(arena, "%s/blobs/7f", folder)), 0);
    assert_false(blobs_visit_old(blobs, 0x7f, (moment){1}, see, &seen, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
}

/* One keeps the same content again and again, another makes it old and sweeps: what was kept this
 * moment is always there. */
struct race {
    atomic_bool is_over;
    const char *sha256;
};

static void *sweep_on(void *argument)
{
    struct race *race = argument;
    int64_t start_ms = clock_now().ms - 1000; /* a file system's clock is a bit late */
    while (!race->is_over) {
        struct error error;
        bool is_removed;
        assert_true(blob_remove_old(blobs, race->sha256, (moment){start_ms}, &is_removed, &error));
    }
    return NULL;
}

static void what_is_kept_just_now_stays(void **state)
{
    (void)state;
    struct race race = {.sha256 = keep("hello", arena)};
    pthread_t sweeper;
    assert_int_equal(pthread_create(&sweeper, NULL, sweep_on, &race), 0);
    for (int i = 0; i < 500; i++) {
        AUTO_ARENA turn = arena_create();
        keep("hello", turn);
        set_age(race.sha256, 1000); /* a day later, it is kept anew */
        keep("hello", turn);
        assert_true(is_there(race.sha256));
    }
    race.is_over = true;
    pthread_join(sweeper, NULL);
}

/* Another program holds the folder's lock; the kernel says who waits for it. */
static bool is_waited_for(int file)
{
    struct stat status;
    char line[256];
    bool is_found = false;
    assert_int_equal(fstat(file, &status), 0);
    const char *inode = arena_format(arena, ":%llu ", (unsigned long long)status.st_ino);
    FILE *locks = fopen("/proc/locks", "r");
    assert_non_null(locks);
    while (fgets(line, sizeof line, locks))
        is_found |= strstr(line, "-> FLOCK") && strstr(line, inode);
    fclose(locks);
    return is_found;
}

struct removal {
    const char *sha256;
    bool is_removed;
    atomic_bool is_over;
};

static void *remove_it(void *argument)
{
    struct removal *removal = argument;
    struct error error;
    assert_true(
        blob_remove_old(blobs, removal->sha256, (moment){5000}, &removal->is_removed, &error));
    removal->is_over = true;
    return NULL;
}

static void another_program_may_keep_it_just_now(void **state)
{
    (void)state;
    struct removal removal = {.sha256 = keep("hello", arena)};
    pthread_t remover;
    set_age(removal.sha256, 1000);
    int lock = open(arena_format(arena, "%s/blobs", folder), O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    assert_int_equal(pthread_create(&remover, NULL, remove_it, &removal), 0);
    while (!is_waited_for(lock) && !removal.is_over)
        clock_sleep_ms(1);
    assert_false(removal.is_over);
    set_age(removal.sha256, 9000);
    close(lock);
    pthread_join(remover, NULL);
    assert_false(removal.is_removed);
    assert_true(is_there(removal.sha256));
}

/* Each opens the folder for itself, as two programs do. */
static void what_anybody_keeps_stays(void **state)
{
    (void)state;
    struct error error;
    bool is_removed = true;
    const char *sha256 = keep("hello", arena);
    struct blobs *one = blobs_open(folder, &error), *other = blobs_open(folder, &error);
    set_age(sha256, 1000);
    assert_true(blobs_keep(one, &error) && blobs_keep(other, &error));
    for (int keepers = 2; keepers; keepers--) {
        assert_true(blob_remove_old(blobs, sha256, (moment){5000}, &is_removed, &error));
        assert_false(is_removed);
        assert_true(is_there(sha256));
        blobs_close(keepers == 2 ? one : other);
    }
    assert_true(blob_remove_old(blobs, sha256, (moment){5000}, &is_removed, &error));
    assert_true(is_removed);
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(what_is_older_is_visited),
        ALONE(visiting_ends_when_it_is_told_to),
        ALONE(other_files_are_left_alone),
        ALONE(only_what_is_old_goes),
        ALONE(a_folder_that_is_gone_is_told),
        ALONE(what_is_kept_just_now_stays),
        ALONE(another_program_may_keep_it_just_now),
        ALONE(what_anybody_keeps_stays),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
