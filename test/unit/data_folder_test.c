#include "data_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char root[] = "/tmp/data_folder_test.XXXXXX";

static int make_root(void **state)
{
    (void)state;
    umask(022);
    return !mkdtemp(root);
}

static int remove_root(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "rm -r '%s'", root);
    return system(command); /* NOLINT(cert-env33-c): a path that the test made */
}

static unsigned mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 0777;
}

static struct data_paths open_folder(const char *name, struct arena *arena)
{
    struct data_paths paths;
    struct error error;
    if (!data_folder_open(arena_format(arena, "%s/%s", root, name), true, arena, &paths, &error))
        fail_msg("%s", error.message);
    return paths;
}

static void makes_folders_for_their_owner_alone(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct data_paths paths = open_folder("deep/down", arena);
    assert_int_equal(mode_of(paths.folder), 0700);
    assert_int_equal(mode_of(paths.blobs), 0700);
    assert_int_equal(mode_of(paths.sandbox), 0700);
    assert_int_equal(mode_of(paths.temporary), 0700);
    int file = open(paths.database, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    assert_true(file >= 0);
    close(file);
    assert_int_equal(mode_of(paths.database), 0600); /* whatever who makes it asks for */
    open_folder("deep/down", arena);                 /* again is fine */
    open_folder("deep/down/", arena);
}

static void says_what_is_in_the_way(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct data_paths paths;
    struct error error;
    const char *nothing = arena_format(arena, "%s/nothing", root);
    assert_false(data_folder_open(nothing, false, arena, &paths, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_int_not_equal(access(nothing, F_OK), 0);
    const char *path = arena_format(arena, "%s/file", root);
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    assert_false(data_folder_open(path, true, arena, &paths, &error));
    assert_non_null(strstr(error.message, "is no folder"));
}

/* What another process sees, which a fork is: locks belong to the opened file. */
static bool is_locked_for_others(const struct data_paths *paths)
{
    pid_t child = fork();
    if (!child) {
        struct error error;
        _exit(data_folder_lock(paths, &error) ? 0 : error.code == ERROR_CONFLICT ? 1 : 2);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status);
}

static void only_one_server_has_it(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct data_paths paths = open_folder("locked", arena);
    struct error error;
    assert_false(data_folder_is_served(&paths)); /* no such file yet */
    assert_false(is_locked_for_others(&paths));
    assert_false(data_folder_is_served(&paths)); /* that process has ended */
    assert_true(data_folder_lock(&paths, &error));
    assert_true(data_folder_is_served(&paths));
    assert_true(is_locked_for_others(&paths));
    assert_true(data_folder_is_served(&paths)); /* nobody lost it by asking */
    assert_int_equal(mode_of(paths.lock), 0600);
}

static void what_others_can_read_is_named(void **state)
{
    (void)state;
    static const struct {
        unsigned folder, config; /* 0: there is no such file */
        const char *what, *mode; /* what is told; NULL: it is private */
    } CASES[] = {
        {0700, 0, NULL, NULL},          {0700, 0600, NULL, NULL},     {0500, 0400, NULL, NULL},
        {0755, 0600, "folder", "0755"}, {0710, 0, "folder", "0710"},  {0777, 0, "folder", "0777"},
        {0700, 0644, "file", "0644"},   {0700, 0640, "file", "0640"}, {0700, 0602, "file", "0602"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        AUTO_ARENA arena = arena_create();
        struct data_paths paths = open_folder(arena_format(arena, "private%zu", i), arena);
        struct error error = {0};
        char expected[400] = "";
        if (CASES[i].config) {
            close(open(paths.config, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
            assert_int_equal(chmod(paths.config, CASES[i].config), 0);
        }
        assert_int_equal(chmod(paths.folder, CASES[i].folder), 0);
        bool is_private = data_folder_is_private(&paths, &error);
        assert_int_equal(chmod(paths.folder, 0700), 0);
        assert_int_equal(is_private, !CASES[i].what);
        if (is_private)
            continue;
        bool is_folder = CASES[i].what[1] == 'o';
        const char *path = is_folder ? paths.folder : paths.config;
        snprintf(expected, sizeof expected,
                 "the %s %s is open to other users: its mode is %s; type: chmod %s %s",
                 CASES[i].what, path, CASES[i].mode, is_folder ? "700" : "600", path);
        assert_int_equal(error.code, ERROR_FORBIDDEN);
        assert_string_equal(error.message, expected);
    }
}

static void a_note_stands_in_the_lock(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct data_paths paths = open_folder("noted", arena);
    struct error error;
    assert_string_equal(data_folder_read_note(&paths, arena), "");
    assert_false(data_folder_note(&paths, "too early", &error)); /* nobody has the lock */
    assert_true(data_folder_lock(&paths, &error));
    assert_string_equal(data_folder_read_note(&paths, arena), "");
    assert_true(data_folder_note(&paths, "a longer line\n", &error));
    assert_true(data_folder_note(&paths, "a line\n", &error));
    assert_string_equal(data_folder_read_note(&paths, arena), "a line\n");
    assert_null(data_folder_address(&paths, arena));
    assert_true(data_folder_note_address(&paths, "[::1]:80", &error));
    assert_string_equal(data_folder_address(&paths, arena), "[::1]:80");
    assert_string_equal(data_folder_read_note(&paths, arena), "a line\nlisten=[::1]:80\n");
    assert_true(data_folder_is_served(&paths)); /* it did not let go */
    assert_true(is_locked_for_others(&paths));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_folders_for_their_owner_alone),
        cmocka_unit_test(says_what_is_in_the_way),
        cmocka_unit_test(only_one_server_has_it),
        cmocka_unit_test(what_others_can_read_is_named),
        cmocka_unit_test(a_note_stands_in_the_lock),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
