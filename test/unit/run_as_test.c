/* run_as_test.c - root is given up for good, or the reason is said. */
#include "run_as.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

enum { NOBODY = 65534 };

static bool is_root(void)
{
    if (geteuid() == 0)
        return true;
    skip();
    return false;
}

/* In a process of its own, as there is no way back: 0 when all of it holds. */
static int become_nobody(void)
{
    struct error error;
    uid_t real, effective, saved;
    if (!run_as("nobody", &error))
        return 1;
    if (getresuid(&real, &effective, &saved) != 0 || real != NOBODY || effective != NOBODY ||
        saved != NOBODY)
        return 2;
    if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0 || setgroups(0, NULL) == 0)
        return 3;
    if (!run_as("nobody", &error)) /* again is fine */
        return 4;
    if (run_as("daemon", &error) || error.code != ERROR_FORBIDDEN ||
        strcmp(error.message, "--user: only root can become daemon; start outtrayd as root, or as "
                              "daemon") != 0)
        return 5;
    return 0;
}

static void root_is_given_up_for_good(void **state)
{
    (void)state;
    if (!is_root())
        return;
    pid_t child = fork();
    int status;
    if (child == 0)
        _exit(become_nobody());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void who_cannot_be_become_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum error_code code;
        const char *message;
    } CASES[] = {
        {"nobody_of_that_name", ERROR_NOT_FOUND,
         "--user: this machine has no user nobody_of_that_name"},
        {"root", ERROR_INVALID, "--user: root is root, which is to be given up"},
    };
    struct error error;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        assert_false(run_as(CASES[i].name, &error));
        assert_int_equal(error.code, CASES[i].code);
        assert_string_equal(error.message, CASES[i].message);
    }
    assert_true(run_as(NULL, &error));
}

static int look_at(const char *folder)
{
    struct error error;
    char expected[256];
    snprintf(expected, sizeof expected, "the folder %s belongs to root; type: chown -R nobody: %s",
             folder, folder);
    if (!run_as("nobody", &error) || run_as_owns(folder, &error))
        return 1;
    return error.code != ERROR_FORBIDDEN || strcmp(error.message, expected) != 0;
}

static void a_folder_belongs_to_its_user(void **state)
{
    (void)state;
    struct error error;
    char folder[] = "/tmp/run_as_test.XXXXXX";
    assert_true(run_as_owns("/nowhere/at/all", &error));
    if (!is_root())
        return;
    assert_non_null(mkdtemp(folder));
    assert_true(run_as_owns(folder, &error));
    pid_t child = fork();
    int status;
    if (child == 0)
        _exit(look_at(folder));
    assert_int_equal(waitpid(child, &status, 0), child);
    rmdir(folder);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_is_given_up_for_good),
        cmocka_unit_test(who_cannot_be_become_is_said),
        cmocka_unit_test(a_folder_belongs_to_its_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
