#include "base/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"

enum { THREADS = 4, JOBS = 5000 };

static void count(void *argument)
{
    atomic_fetch_add((atomic_int *)argument, 1);
}

static void destroy_runs_what_was_given(void **state)
{
    (void)state;
    struct workers *workers = workers_create(THREADS, "test");
    atomic_int done = 0;
    for (int i = 0; i < JOBS; i++)
        workers_give(workers, count, &done);
    workers_destroy(workers);
    assert_int_equal(done, JOBS);
    workers_destroy(NULL);
    workers_destroy(workers_create(THREADS, "idle"));
}

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int inside;
    bool is_open;
};

static struct gate *gate_create(void)
{
    struct gate *gate = calloc(1, sizeof *gate);
    assert_non_null(gate);
    pthread_mutex_init(&gate->lock, NULL);
    pthread_cond_init(&gate->changed, NULL);
    return gate;
}

static void gate_destroy(struct gate *gate)
{
    pthread_mutex_destroy(&gate->lock);
    pthread_cond_destroy(&gate->changed);
    free(gate);
}

static void stand_in_gate(void *argument)
{
    struct gate *gate = argument;
    pthread_mutex_lock(&gate->lock);
    gate->inside++;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->is_open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void wait_until_inside(struct gate *gate, int inside)
{
    pthread_mutex_lock(&gate->lock);
    while (gate->inside < inside)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void gate_open(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->is_open = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

static void jobs_run_side_by_side_and_no_more_than_allowed(void **state)
{
    (void)state;
    struct workers *workers = workers_create(THREADS, "test");
    struct gate *gate = gate_create();
    for (int i = 0; i < THREADS + 3; i++)
        workers_give(workers, stand_in_gate, gate);
    wait_until_inside(gate, THREADS);
    assert_int_equal(workers_waiting(workers), 3);
    assert_int_equal(gate->inside, THREADS);
    gate_open(gate);
    workers_destroy(workers);
    assert_int_equal(gate->inside, THREADS + 3);
    gate_destroy(gate);
}

/* No limit holds for root. */
static void have_no_more_threads(void)
{
    enum { NOBODY = 65534 };
    struct rlimit limit;
    assert_true(geteuid() != 0 || setuid(NOBODY) == 0);
    assert_int_equal(getrlimit(RLIMIT_NPROC, &limit), 0);
    limit.rlim_cur = 1;
    assert_int_equal(setrlimit(RLIMIT_NPROC, &limit), 0);
}

static bool one_does_it_all(void)
{
    struct workers *workers = workers_create(THREADS, "test");
    struct gate *gate = gate_create();
    workers_give(workers, stand_in_gate, gate);
    wait_until_inside(gate, 1);
    have_no_more_threads();
    for (int i = 0; i < THREADS; i++)
        workers_give(workers, stand_in_gate, gate);
    bool is_alone = workers_waiting(workers) == THREADS;
    gate_open(gate);
    workers_destroy(workers);
    bool is_done = gate->inside == 1 + THREADS;
    gate_destroy(gate);
    return is_alone && is_done;
}

/* In a process of its own, which stays without. */
static void where_no_more_threads_are_to_be_had_those_there_are_do_it(void **state)
{
    (void)state;
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child)
        _exit(one_does_it_all() ? EXIT_SUCCESS : EXIT_FAILURE);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_SUCCESS);
}

static int order[JOBS], ordered;

static void note(void *argument)
{
    order[ordered++] = *(int *)argument;
}

static void one_worker_keeps_the_order(void **state)
{
    (void)state;
    static int numbers[JOBS];
    struct workers *workers = workers_create(1, "test");
    for (int i = 0; i < JOBS; i++) {
        numbers[i] = i;
        workers_give(workers, note, &numbers[i]);
    }
    workers_destroy(workers);
    assert_int_equal(ordered, JOBS);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(order[i], i);
}

struct chain {
    struct workers *workers;
    atomic_int left, done;
};

/* Gives two more, as a parked request that is resumed while the server ends may do. */
static void give_more(void *argument)
{
    struct chain *chain = argument;
    for (int i = 0; i < 2; i++)
        if (atomic_fetch_sub(&chain->left, 1) > 0)
            workers_give(chain->workers, give_more, chain);
    atomic_fetch_add(&chain->done, 1);
}

static void jobs_may_give_jobs_while_it_ends(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        struct chain chain = {.workers = workers_create(THREADS, "test"), .left = 200};
        workers_give(chain.workers, give_more, &chain);
        workers_destroy(chain.workers);
        assert_int_equal(chain.done, 201);
    }
}

static void *tell_name(void *name)
{
    pthread_getname_np(pthread_self(), name, 16);
    return name;
}

static void threads_have_a_name(void **state)
{
    (void)state;
    char name[16] = "";
    void *result = NULL;
    pthread_t thread = thread_start("outtray-test", tell_name, name);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_ptr_equal(result, name);
    assert_string_equal(name, "outtray-test");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(destroy_runs_what_was_given),
        cmocka_unit_test(jobs_run_side_by_side_and_no_more_than_allowed),
        cmocka_unit_test(where_no_more_threads_are_to_be_had_those_there_are_do_it),
        cmocka_unit_test(one_worker_keeps_the_order),
        cmocka_unit_test(jobs_may_give_jobs_while_it_ends),
        cmocka_unit_test(threads_have_a_name),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
