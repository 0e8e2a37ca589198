#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "db/plan.h"
#include "thing.h"

static const struct query_text QUERY = {"some_query", "",
                                        (const char *const[]){"id", "number", "color", NULL}};

enum { ABORTS = -2, PARAM = 100 }; /* PARAM + n: from the n-th param; else the field's place */

static const struct row {
    const struct schema *schema;
    struct param params[5]; /* only their names matter */
    int sources[3];
} ROWS[] = {
    {&THING_SCHEMA, {{0}}, {0, 3, 6}},
    {&THING_SCHEMA, {{"number"}}, {0, PARAM, 6}},
    {&THING_SCHEMA, {{"color"}, {"number"}}, {0, PARAM + 1, PARAM}},
    {&THING_SCHEMA, {{"number"}, {"color"}}, {0, PARAM, PARAM + 1}},
    {NULL, {{"color"}, {"id"}, {"number"}}, {PARAM + 1, PARAM + 2, PARAM}},
    {NULL, {{"id"}, {"number"}}, {ABORTS}},
    {&TEXT_ITEM, {{"id"}}, {ABORTS}},
    {&THING_SCHEMA, {{"colour"}}, {ABORTS}},
    {&THING_SCHEMA, {{"id"}, {"id"}}, {ABORTS}},
    {&THING_SCHEMA, {{"id"}, {"color"}, {"size"}}, {ABORTS}},
};

static bool aborts(struct plan *plan, const struct row *row)
{
    pid_t child = fork();
    if (child == 0) {
        fclose(stderr);
        plan_sources(plan, row->schema, row->params);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void check_row(struct plan *plan, const struct row *row)
{
    if (row->sources[0] == ABORTS) {
        assert_true(aborts(plan, row));
        return;
    }
    const struct source *sources = plan_sources(plan, row->schema, row->params);
    for (int i = 0; i < 3; i++)
        if (row->sources[i] >= PARAM) {
            assert_null(sources[i].field);
            assert_int_equal(sources[i].param, row->sources[i] - PARAM);
        } else {
            assert_ptr_equal(sources[i].field, &THING_SCHEMA.fields[row->sources[i]]);
        }
}

/* Each row after each other one: what is kept from the last time must not be believed. */
static void test_each_after_each(void **state)
{
    (void)state;
    for (size_t first = 0; first < COUNT(ROWS); first++)
        for (size_t second = 0; second < COUNT(ROWS); second++) {
            struct plan plan;
            plan_init(&plan, &QUERY);
            if (ROWS[first].sources[0] != ABORTS)
                check_row(&plan, &ROWS[first]);
            check_row(&plan, &ROWS[second]);
            check_row(&plan, &ROWS[second]);
            plan_finish(&plan);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_after_each)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
