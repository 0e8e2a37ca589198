/* lockdown_test.c - a server that is confined does its work, and says what holds. */
#include "lockdown.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

static char root[] = "/tmp/lockdown_test.XXXXXX";

static int make_root(void **state)
{
    (void)state;
    return !mkdtemp(root);
}

static int remove_root(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "rm -r '%s'", root);
    return system(command); /* NOLINT(cert-env33-c): a path that the test made */
}

static struct data_paths make_folder(const char *name, struct arena *arena)
{
    struct data_paths paths;
    struct error error;
    if (!data_folder_open(arena_format(arena, "%s/%s", root, name), true, arena, &paths, &error) ||
        !data_folder_lock(&paths, &error))
        fail_msg("%s", error.message);
    return paths;
}

static bool may_write(const char *folder, const char *name, struct arena *arena)
{
    int file = open(arena_format(arena, "%s/%s", folder, name), O_WRONLY | O_CREAT | O_CLOEXEC,
                    0600);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static bool may_read(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0)
        close(file);
    return file >= 0;
}

/* Blobs that lie on another disk, and authorities that lie in a folder of the operator's. */
static int serve_elsewhere(const struct data_paths *paths, const struct config *config,
                           const char *elsewhere, struct arena *arena)
{
    struct lockdown lockdown;
    struct error error;
    struct secret_key key;
    if (!secret_key_open(paths->key, &key, &error) ||
        !lockdown_begin(config, paths, &key, arena, &lockdown, &error))
        return 1;
    if (!may_write(paths->folder, "a", arena) || !may_write(paths->blobs, "b", arena) ||
        !may_write(paths->temporary, "c", arena) || !may_write(elsewhere, "blobs/d", arena))
        return 2;
    if (!may_read(config->tls_ca_file) || !may_read("/etc/passwd") || !may_read("/dev/urandom"))
        return 3;
    if (lockdown.holds.landlock && may_write(elsewhere, "e", arena))
        return 4;
    if (lockdown.holds.landlock && !CONFINE_IS_LIGHT && may_read(config->data))
        return 5;
    return 0;
}

static void assert_same(const struct confinement *a, const struct confinement *b)
{
    assert_int_equal(a->has_no_new_privileges, b->has_no_new_privileges);
    assert_int_equal(a->has_no_dumps, b->has_no_dumps);
    assert_int_equal(a->landlock, b->landlock);
    assert_int_equal(a->has_call_filter, b->has_call_filter);
}

static void it_has_what_it_needs_wherever_that_is(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct data_paths paths = make_folder("needs", arena);
    const char *elsewhere = arena_format(arena, "%s/elsewhere", root);
    const char *certificates = arena_format(arena, "%s/certificates", root);
    assert_int_equal(mkdir(elsewhere, 0700) | mkdir(certificates, 0700), 0);
    assert_int_equal(mkdir(arena_format(arena, "%s/blobs", elsewhere), 0700), 0);
    assert_int_equal(rmdir(paths.blobs), 0);
    assert_int_equal(symlink(arena_format(arena, "%s/blobs", elsewhere), paths.blobs), 0);
    assert_true(may_write(certificates, "ca.pem", arena) && may_write(elsewhere, "secret", arena));
    const struct config config = {
        .confine = true,
        .tls_ca_file = arena_format(arena, "%s/ca.pem", certificates),
        .data = arena_format(arena, "%s/secret", elsewhere), /* what nobody needs */
    };
    pid_t child = fork();
    int status;
    if (child == 0)
        _exit(serve_elsewhere(&paths, &config, elsewhere, arena));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct lockdown noted;
    const struct confinement possible = confine_probe();
    assert_true(lockdown_read(&paths, arena, &noted));
    assert_true(noted.is_wanted);
    assert_int_equal(noted.is_root, geteuid() == 0);
    assert_true(noted.has_locked_key);
    assert_same(&noted.holds, &possible);
}

static void without_it_nothing_is_given_up(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct data_paths paths = make_folder("open", arena);
    const struct config config = {0};
    struct lockdown lockdown, noted;
    struct error error;
    assert_false(lockdown_read(&paths, arena, &noted)); /* an older one, which notes nothing */
    struct secret_key key;
    assert_true(secret_key_open(paths.key, &key, &error));
    assert_true(lockdown_begin(&config, &paths, &key, arena, &lockdown, &error));
    assert_true(may_write(root, "f", arena));
    assert_true(lockdown_read(&paths, arena, &noted));
    assert_same(&noted.holds, &(struct confinement){0});
    assert_same(&lockdown.holds, &noted.holds);
    assert_false(noted.is_wanted);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    static const struct {
        struct confinement holds;
        const char *missing;
    } CASES[] = {
        {{true, true, 1, true}, ""},
        {{true, true, 0, true}, "landlock (paths)"},
        {{true, true, 5, false}, "seccomp (system calls)"},
        {{false, false, 0, false},
         "no new privileges, no dumps, landlock (paths), seccomp (system calls)"},
    };
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_string_equal(lockdown_missing(&CASES[i].holds, arena), CASES[i].missing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_what_it_needs_wherever_that_is),
        cmocka_unit_test(without_it_nothing_is_given_up),
        cmocka_unit_test(what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, make_root, remove_root);
}
