#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "blob/blob.h"
#include "case.h"

static char place[64];
static struct blobs *into, *from;
static struct arena *arena;

static int start(void **state)
{
    (void)state;
    struct error error;
    snprintf(place, sizeof place, "/tmp/blob_move_test.XXXXXX");
    if (!mkdtemp(place))
        return -1;
    arena = arena_create();
    into = blobs_open(arena_format(arena, "%s/into", place), &error);
    from = blobs_open(arena_format(arena, "%s/from", place), &error);
    return into && from ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    char command[128];
    blobs_close(into);
    blobs_close(from);
    arena_destroy(arena);
    snprintf(command, sizeof command, "rm -rf '%s'", place);
    return system(command);
}

static const char *keep(struct blobs *blobs, const char *text)
{
    struct error error;
    const char *sha256;
    struct blob_writer *writer = blob_begin(blobs, &error);
    assert_true(blob_write(writer, text, strlen(text), &error));
    assert_true(blob_finish(writer, arena, &sha256, &error));
    return sha256;
}

/* "" when it is not there. */
static const char *content(struct blobs *blobs, const char *sha256)
{
    struct error error;
    char text[64] = "";
    int file = blob_open(blobs, sha256, &error);
    if (file >= 0) {
        assert_true(read(file, text, sizeof text - 1) >= 0);
        close(file);
    }
    return arena_copy(arena, text);
}

static void all_move_and_none_is_lost(void **state)
{
    (void)state;
    struct error error;
    const char *own = keep(into, "own"), *both = keep(into, "both"), *names[300];
    keep(from, "both");
    for (int i = 0; i < 300; i++) /* every branch */
        names[i] = keep(from, arena_format(arena, "%d", i));
    assert_true(blobs_take_over(into, from, &error));
    for (int i = 0; i < 300; i++) {
        assert_string_equal(content(into, names[i]), arena_format(arena, "%d", i));
        assert_string_equal(content(from, names[i]), "");
    }
    assert_string_equal(content(into, own), "own");
    assert_string_equal(content(into, both), "both");
    assert_true(blobs_take_over(into, from, &error)); /* again, after the last one */
}

static void what_is_no_blob_stays(void **state)
{
    (void)state;
    struct error error;
    const char *note = arena_format(arena, "%s/from/blobs/00/notes.txt", place);
    fclose(fopen(note, "w"));
    assert_true(blobs_take_over(into, from, &error));
    assert_int_equal(access(note, F_OK), 0);
}

static void it_can_be_done_again(void **state)
{
    (void)state;
    struct error error = {0};
    const char *sha256 = keep(from, "text");
    const char *branch = arena_format(arena, "%s/into/blobs/%.2s", place, sha256);
    assert_int_equal(rmdir(branch), 0);
    assert_false(blobs_take_over(into, from, &error));
    assert_non_null(strstr(error.message, "could not be moved: No such file"));
    assert_string_equal(content(from, sha256), "text");
    assert_int_equal(mkdir(branch, 0700), 0);
    assert_true(blobs_take_over(into, from, &error));
    assert_string_equal(content(into, sha256), "text");
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(all_move_and_none_is_lost),
        ALONE(what_is_no_blob_stays),
        ALONE(it_can_be_done_again),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
