/* covers: src/blob/blob_folder.c */
#include "blob/blob.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

#include <cmocka.h> /* last: its fail() is a macro */

#define HELLO_SHA256 "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

static char folder[64];

static char *path_of(const char *rest)
{
    static char path[256];
    snprintf(path, sizeof path, "%s%s", folder, rest);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/blob_test.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static size_t count_files(const char *rest)
{
    DIR *listing = opendir(path_of(rest));
    assert_non_null(listing);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(listing));)
        count += entry->d_name[0] != '.';
    closedir(listing);
    return count;
}

static struct blobs *open_blobs(void)
{
    struct error error;
    struct blobs *blobs = blobs_open(folder, &error);
    assert_non_null(blobs);
    return blobs;
}

static const char *keep(struct blobs *blobs, const char *text, struct arena *arena)
{
    struct error error;
    const char *sha256;
    struct blob_writer *writer = blob_begin(blobs, &error);
    assert_non_null(writer);
    for (const char *at = text; *at; at++) /* in pieces */
        assert_true(blob_write(writer, at, 1, &error));
    assert_int_equal(blob_size(writer), strlen(text));
    assert_true(blob_finish(writer, arena, &sha256, &error));
    return sha256;
}

static void assert_content(struct blobs *blobs, const char *sha256, const char *text)
{
    struct error error;
    char content[64] = "";
    int file = blob_open(blobs, sha256, &error);
    assert_true(file >= 0);
    assert_int_equal(read(file, content, sizeof content - 1), strlen(text));
    assert_string_equal(content, text);
    assert_true(fcntl(file, F_GETFD) & FD_CLOEXEC);
    close(file);
}

static void blob_is_kept(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct blobs *blobs = open_blobs();
    assert_string_equal(keep(blobs, "hello", arena), HELLO_SHA256);
    assert_content(blobs, HELLO_SHA256, "hello");
    assert_content(blobs, keep(blobs, "", arena), "");
    struct stat status;
    assert_int_equal(stat(path_of("/blobs/2c/" HELLO_SHA256), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(stat(path_of("/blobs"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    blobs_close(blobs);

    blobs = open_blobs();
    assert_content(blobs, HELLO_SHA256, "hello");
    blobs_close(blobs);
}

static void equal_content_is_one_file(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct blobs *blobs = open_blobs();
    struct stat first, second;
    keep(blobs, "hello", arena);
    assert_int_equal(stat(path_of("/blobs/2c/" HELLO_SHA256), &first), 0);
    assert_string_equal(keep(blobs, "hello", arena), HELLO_SHA256);
    assert_int_equal(stat(path_of("/blobs/2c/" HELLO_SHA256), &second), 0);
    assert_int_equal(first.st_ino, second.st_ino);
    assert_int_equal(count_files("/blobs/2c"), 1);
    assert_int_equal(count_files("/blobs/tmp"), 0);
    blobs_close(blobs);
}

/* Whoever keeps what is there already needs it from now on. */
static void equal_content_makes_it_young(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct blobs *blobs = open_blobs();
    static const struct timespec LONG_AGO[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    struct stat status;
    keep(blobs, "hello", arena);
    const char *path = path_of("/blobs/2c/" HELLO_SHA256);
    assert_int_equal(utimensat(AT_FDCWD, path, LONG_AGO, 0), 0);
    keep(blobs, "hello", arena);
    assert_int_equal(stat(path_of("/blobs/2c/" HELLO_SHA256), &status), 0);
    assert_true(status.st_mtim.tv_sec > 1000000);
    blobs_close(blobs);
}

static void its_name_is_known_before_it_is_kept(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    const char *sha256;
    struct blobs *blobs = open_blobs();
    struct blob_writer *writer = blob_begin(blobs, &error);
    assert_true(blob_write(writer, "hello", 5, &error));
    assert_string_equal(blob_sha256(writer, arena), HELLO_SHA256);
    assert_string_equal(blob_sha256(writer, arena), HELLO_SHA256);
    assert_int_equal(blob_open(blobs, HELLO_SHA256, &error), -1);
    assert_true(blob_finish(writer, arena, &sha256, &error));
    assert_string_equal(sha256, HELLO_SHA256);
    assert_content(blobs, HELLO_SHA256, "hello");
    blobs_close(blobs);
}

static void *write_same(void *argument)
{
    struct blobs *blobs = argument;
    for (int i = 0; i < 20; i++) {
        AUTO_ARENA arena = arena_create();
        char text[32];
        snprintf(text, sizeof text, "text %d", i);
        const char *sha256 = keep(blobs, text, arena);
        assert_content(blobs, sha256, text);
    }
    return NULL;
}

static void writers_at_once(void **state)
{
    (void)state;
    struct blobs *blobs = open_blobs();
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(threads + i, NULL, write_same, blobs), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(count_files("/blobs/tmp"), 0);
    blobs_close(blobs);
}

static void abandoned_leaves_nothing(void **state)
{
    (void)state;
    struct error error;
    struct blobs *blobs = open_blobs();
    struct blob_writer *writer = blob_begin(blobs, &error);
    assert_true(blob_write(writer, "hello", 5, &error));
    assert_int_equal(count_files("/blobs/tmp"), 1);
    blob_abandon(writer);
    blob_abandon(NULL);
    assert_int_equal(count_files("/blobs/tmp"), 0);
    assert_int_equal(blob_open(blobs, HELLO_SHA256, &error), -1);
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    blobs_close(blobs);
    blobs_close(NULL);
}

/* What a crash left goes; what a living writer holds stays, whoever opens the folder meanwhile. */
static void leftovers_are_removed(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct blobs *blobs = open_blobs();
    struct blob_writer *writer = blob_begin(blobs, &error);
    assert_true(blob_write(writer, "hello", 5, &error));
    close(open(path_of("/blobs/tmp/leftover"), O_CREAT | O_WRONLY, 0600));
    struct blobs *other = open_blobs();
    assert_int_equal(count_files("/blobs/tmp"), 1);
    const char *sha256;
    assert_true(blob_finish(writer, arena, &sha256, &error));
    assert_content(other, HELLO_SHA256, "hello");
    blobs_close(other);
    blobs_close(blobs);
}

/* Two programs may begin and open at the same time: no writer loses its file to the other. */
static void *open_again_and_again(void *argument)
{
    atomic_bool *is_over = argument;
    while (!*is_over)
        blobs_close(open_blobs());
    return NULL;
}

static void no_writer_is_taken_for_a_leftover(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct blobs *blobs = open_blobs();
    pthread_t other;
    atomic_bool is_over = false;
    assert_int_equal(pthread_create(&other, NULL, open_again_and_again, &is_over), 0);
    for (int i = 0; i < 300; i++) {
        char text[32];
        snprintf(text, sizeof text, "text %d", i);
        const char *sha256 = keep(blobs, text, arena);
        assert_content(blobs, sha256, text);
    }
    is_over = true;
    pthread_join(other, NULL);
    assert_int_equal(count_files("/blobs/tmp"), 0);
    blobs_close(blobs);
}

/* A limit on the size of files stands for a disk that is full. */
static void full_disk_keeps_nothing(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    const char *sha256 = "untouched";
    struct blobs *blobs = open_blobs();
    struct rlimit before, small = {.rlim_cur = 10};
    getrlimit(RLIMIT_FSIZE, &before);
    small.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    struct blob_writer *writer = blob_begin(blobs, &error);
    bool first = blob_write(writer, "hello", 5, &error);
    bool second = blob_write(writer, "hello, world", 12, &error);
    enum error_code code = error.code;
    bool third = blob_write(writer, "", 0, &error);
    bool finished = blob_finish(writer, arena, &sha256, &error);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_true(first);
    assert_false(second || third || finished);
    assert_int_equal(code, ERROR_INTERNAL);
    assert_string_equal(sha256, "untouched");
    assert_int_equal(count_files("/blobs/tmp"), 0);
    blobs_close(blobs);
}

static void missing_folder_is_told(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    struct blobs *blobs = open_blobs();
    assert_int_equal(rmdir(path_of("/blobs/tmp")), 0);
    assert_null(blob_begin(blobs, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
    blobs_close(blobs);
}

static void names_are_checked(void **state)
{
    (void)state;
    static const char *const NAMES[] = {
        NULL,
        "",
        "2c",
        "../../../../../../../../../../../../../../../../../../etc/passwd",
        "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824",
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982",
        HELLO_SHA256 "0",
        HELLO_SHA256 "/",
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b982\n",
        "0000000000000000000000000000000000000000000000000000000000000000",
    };
    AUTO_ARENA arena = arena_create();
    struct blobs *blobs = open_blobs();
    keep(blobs, "hello", arena);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        struct error error = {0};
        assert_int_equal(blob_open(blobs, NAMES[i], &error), -1);
        assert_int_equal(error.code, ERROR_NOT_FOUND);
        assert_string_equal(error.field, "attachment");
    }
    blobs_close(blobs);
}

static void folder_that_cannot_be(void **state)
{
    (void)state;
    struct error error = {0};
    close(open(path_of("/file"), O_CREAT | O_WRONLY, 0600));
    assert_null(blobs_open(path_of("/file"), &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_null(blobs_open(path_of("/not/there"), &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(blob_is_kept),
        IN_FOLDER(equal_content_is_one_file),
        IN_FOLDER(equal_content_makes_it_young),
        IN_FOLDER(its_name_is_known_before_it_is_kept),
        IN_FOLDER(writers_at_once),
        IN_FOLDER(abandoned_leaves_nothing),
        IN_FOLDER(leftovers_are_removed),
        IN_FOLDER(no_writer_is_taken_for_a_leftover),
        IN_FOLDER(full_disk_keeps_nothing),
        IN_FOLDER(missing_folder_is_told),
        IN_FOLDER(names_are_checked),
        IN_FOLDER(folder_that_cannot_be),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
