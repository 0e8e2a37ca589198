/* Mailboxes are named by their organization's letter and a number: "a1". */
#include "delivery/turns.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "case.h"

enum { TEXT_MAX = 8192 };

struct line {
    struct arena *arena;
    struct turns *turns;
};

static int begin(void **state)
{
    static struct line line;
    line = (struct line){arena_create(), turns_create()};
    *state = &line;
    return 0;
}

static int end(void **state)
{
    struct line *line = *state;
    turns_destroy(line->turns);
    arena_destroy(line->arena);
    return 0;
}

/* Does it with each name of the text. */
static void each(struct line *line, const char *names,
                 void (*apply)(struct turns *, const char *organization, const char *account))
{
    char *rest = arena_copy(line->arena, names), *name;
    while ((name = strsep(&rest, " ")))
        if (*name)
            apply(line->turns, arena_copy_bytes(line->arena, name, 1), name);
}

/* Who gets the free places, in order, when each mailbox has more mail than there are. */
static const char *share_out(struct line *line, size_t free, size_t most)
{
    struct buf buf = BUF(line->arena, TEXT_MAX);
    struct error error = {0};
    struct candidate next;
    while (turns_next(line->turns, free, &next)) {
        assert_int_equal(*next.organization_id, *next.account_id);
        if (next.under_way == most) {
            turns_pass(line->turns, next.account_id);
            continue;
        }
        buf_addf(&buf, "%s%s", buf.size ? " " : "", next.account_id);
        turns_take(line->turns, next.account_id);
        free--;
    }
    return buf_text(&buf, &error);
}

static void test_fewest_under_way_first(void **state)
{
    static const struct {
        const char *in_line, *under_way;
        size_t free, most;
        const char *turns;
    } ROWS[] = {
        {"", "", 9, 9, ""},
        {"a1", "", 0, 9, ""},
        {"a1", "", 1, 9, "a1"},
        {"a1 b1", "", 2, 9, "a1 b1"},
        {"a1 a2 b1", "", 2, 9, "a1 b1"}, /* first organizations, then mailboxes */
        {"a1 a2 b1", "", 5, 9, "a1 b1 a2 b1"},
        {"a1 a2 a3", "a1 a3", 3, 9, "a2 a1"},
        {"a1 b1", "a1 a1", 5, 9, "b1 b1 a1 b1"},
        {"a1 b1", "a7 a8 a9", 5, 9,
         "b1 b1 b1 a1"},                   /* what is under way of mailboxes that are done */
        {"a1 b1 c1", "a1 b1", 2, 9, "c1"}, /* the last place is for somebody who has none */
        {"a1 b1 c1", "c1", 3, 9, "a1 b1"},
        {"a1 a2", "", 9, 2, "a1 a2 a1 a2"}, /* no more than a mailbox may have */
        {"a1 b1 b2", "b1 b1", 9, 2, "a1 a1 b2 b2"},
    };
    struct line *line = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct line own = {line->arena, turns_create()};
        each(&own, ROWS[i].in_line, turns_join);
        turns_begin(own.turns);
        each(&own, ROWS[i].under_way, turns_count);
        assert_string_equal(share_out(&own, ROWS[i].free, ROWS[i].most), ROWS[i].turns);
        turns_destroy(own.turns);
    }
}

/* The bound that the header promises. */
static void test_nobody_takes_all_there_is(void **state)
{
    static const struct {
        size_t places, organizations, left;
    } ROWS[] = {
        {1, 1, 0},  {2, 1, 1},  {4, 1, 1},   {8, 1, 1},   {64, 1, 8},  {64, 2, 4},
        {64, 3, 2}, {64, 8, 1}, {64, 20, 1}, {64, 63, 1}, {64, 64, 0}, {1024, 1, 128},
    };
    struct line *line = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct candidate next;
        struct line own = {line->arena, turns_create()};
        size_t free = ROWS[i].places;
        for (size_t at = 0; at < ROWS[i].organizations; at++)
            turns_join(own.turns, arena_format(line->arena, "o%zu", at),
                       arena_format(line->arena, "m%zu", at));
        turns_begin(own.turns);
        for (; turns_next(own.turns, free, &next); free--)
            turns_take(own.turns, next.account_id);
        assert_int_equal(free, ROWS[i].left);
        turns_join(own.turns, "new", "new");
        assert_int_equal(turns_next(own.turns, free, &next), ROWS[i].left > 0);
        if (ROWS[i].left)
            assert_string_equal(next.account_id, "new");
        turns_destroy(own.turns);
    }
}

/* With one place that comes free again and again: in each round what was under way is over. */
static void test_turns_go_round(void **state)
{
    struct line *line = *state;
    const char *served = "";
    each(line, "a1 a2 a3 b1 c1 c2", turns_join);
    for (int i = 0; i < 9; i++) {
        turns_begin(line->turns);
        served = arena_format(line->arena, "%s %s", served, share_out(line, 1, 1));
    }
    assert_string_equal(served, " a1 b1 c1 a2 b1 c2 a3 b1 c1");
}

static void test_whoever_joins_again_keeps_his_place(void **state)
{
    struct line *line = *state;
    each(line, "a1 a2 b1 a1 b1", turns_join);
    turns_leave(line->turns, "b1");
    turns_leave(line->turns, "b1");
    turns_leave(line->turns, "unknown");
    turns_begin(line->turns);
    assert_string_equal(share_out(line, 3, 1), "a1 a2");
    each(line, "b2", turns_join);
    turns_leave(line->turns, "a1");
    turns_begin(line->turns);
    assert_string_equal(share_out(line, 9, 1), "a2 b2");
}

/* Also of a mailbox that was passed in the round before. */
static void test_a_round_forgets_the_one_before(void **state)
{
    struct line *line = *state;
    each(line, "a1", turns_join);
    turns_begin(line->turns);
    assert_string_equal(share_out(line, 9, 2), "a1 a1");
    turns_begin(line->turns);
    assert_string_equal(share_out(line, 9, 3), "a1 a1 a1");
}

static void test_sleepers_join_when_they_wake(void **state)
{
    static const struct {
        int64_t now_ms, next_ms;
        const char *turns;
    } ROWS[] = {{9, 10, "b1"}, {10, 15, "b1 a1"}, {19, 20, "b1 a1 c1"}, {40, 0, "b1 a1 c1 a2 a3"}};
    struct line *line = *state;
    turns_sleep(line->turns, "a", "a1", (moment){10});
    turns_sleep(line->turns, "a", "a3", (moment){30});
    turns_sleep(line->turns, "a", "a2", (moment){40});
    turns_sleep(line->turns, "a", "a2", (moment){20}); /* the newer word counts */
    turns_sleep(line->turns, "c", "c1", (moment){15});
    turns_sleep(line->turns, "c", "c2", (moment){15});
    turns_sleep(line->turns, "b", "b1", (moment){90});
    turns_join(line->turns, "b", "b1");
    turns_leave(line->turns, "c2");
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_int_equal(turns_wake(line->turns, (moment){ROWS[i].now_ms}).ms, ROWS[i].next_ms);
        turns_begin(line->turns);
        assert_string_equal(share_out(line, 99, 1), ROWS[i].turns);
    }
    turns_sleep(line->turns, "b", "b1", (moment){50});
    turns_begin(line->turns);
    assert_string_equal(share_out(line, 99, 1), "c1 a1 a2 a3");
    assert_int_equal(turns_wake(line->turns, (moment){40}).ms, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fewest_under_way_first, begin, end),
        cmocka_unit_test_setup_teardown(test_nobody_takes_all_there_is, begin, end),
        cmocka_unit_test_setup_teardown(test_turns_go_round, begin, end),
        cmocka_unit_test_setup_teardown(test_whoever_joins_again_keeps_his_place, begin, end),
        cmocka_unit_test_setup_teardown(test_a_round_forgets_the_one_before, begin, end),
        cmocka_unit_test_setup_teardown(test_sleepers_join_when_they_wake, begin, end),
    };
    turns_destroy(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
