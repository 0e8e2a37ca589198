#include "base/fault.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "case.h"

enum { ALIVE = 7, PASSINGS = 3 };

/* wanted: what the environment says; the point is passed three times. ended_by: a signal, or 0. */
static const struct row {
    const char *wanted;
    enum fault passed;
    int ended_by;
} ROWS[] = {
    {NULL, FAULT_CLAIMED, 0},
    {"claimed:1", FAULT_CLAIMED, SIGKILL},
    {"claimed:3", FAULT_CLAIMED, SIGKILL},
    {"claimed:4", FAULT_CLAIMED, 0},
    {"claimed:1", FAULT_COMPOSED, 0},
    {"claim:1", FAULT_COMPOSED, SIGABRT}, /* there is no such point */
    {"claimed_:1", FAULT_COMPOSED, SIGABRT},
    {"claimed", FAULT_COMPOSED, SIGABRT},
    {"claimed:", FAULT_COMPOSED, SIGABRT},
    {"claimed:0", FAULT_COMPOSED, SIGABRT},
    {"claimed:1x", FAULT_COMPOSED, SIGABRT},
    {"", FAULT_COMPOSED, SIGABRT},
};

/* Seen to fail with fault_pass() that does nothing. */
static void ends_the_process(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        int status = 0;
        pid_t child = fork();
        if (!child) {
            if (ROWS[i].wanted)
                setenv("OUTTRAY_FAULT", ROWS[i].wanted, 1);
            else
                unsetenv("OUTTRAY_FAULT");
            close(STDERR_FILENO); /* what it says of wrong ones */
            for (int passing = 0; passing < PASSINGS; passing++)
                fault_pass(ROWS[i].passed);
            _exit(ALIVE);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        int ended_by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        if (ended_by != ROWS[i].ended_by || (!ended_by && WEXITSTATUS(status) != ALIVE))
            fail_msg("row %zu: ended by %d", i, ended_by);
    }
}

static void each_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (enum fault a = 0; a < FAULT_COUNT; a++)
        for (enum fault b = 0; b < a; b++)
            assert_false(text_equal(FAULT_NAMES[a], FAULT_NAMES[b]));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(ends_the_process),
        cmocka_unit_test(each_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
