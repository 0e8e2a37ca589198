/* Whose turn is next, with webhooks that are in no database. */
#include "webhook/roster.h"

#include "base/text.h"
#include "case.h"

enum { MOST = 8 };

static struct hook *add(struct roster *roster, const char *id, const char *organization_id)
{
    struct arena *arena = arena_create();
    struct hook *hook = arena_new(arena, struct hook, 1);
    hook->arena = arena;
    hook->webhook = (struct webhook){.id = id, .organization_id = organization_id};
    roster_add(roster, hook);
    return hook;
}

static void work_for_all(struct roster *roster)
{
    for (struct hook *hook = roster->first; hook; hook = hook->next)
        for (size_t i = 0; i < WEBHOOK_LANES; i++)
            hook->lanes[i].has_work = true;
}

static void finish(struct roster *roster)
{
    for (struct hook *hook = roster->first; hook; hook = hook->next) {
        hook->is_outdated = true;
        hook->running = 0;
    }
    roster_sweep(roster);
    assert_null(roster->first);
}

/* The ids of whose turn it is, as many turns as there are to be had. */
static const char *pick_all(struct roster *roster, size_t most, struct arena *arena)
{
    const char *picked = "";
    struct hook *hook;
    struct lane *lane;
    while (roster_pick(roster, (moment){1000}, most, &hook, &lane)) {
        assert_false(lane->is_busy);
        lane->is_busy = true;
        lane->has_work = false;
        hook->running++;
        picked = arena_format(arena, "%s%s", picked, hook->webhook.id);
    }
    return picked;
}

static void test_webhooks_take_turns(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct roster roster = {0};
    add(&roster, "a", "one");
    add(&roster, "b", "one");
    add(&roster, "c", "two");
    work_for_all(&roster);
    /* A webhook has half of what its organization may have. */
    assert_string_equal(pick_all(&roster, MOST, arena), "abcabcabcabc");
    assert_string_equal(pick_all(&roster, MOST, arena), "");
    finish(&roster);
}

static void test_one_that_failed_has_one_turn_at_a_time(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct roster roster = {0};
    struct hook *bad = add(&roster, "a", "one");
    add(&roster, "b", "one");
    bad->has_failed = true;
    work_for_all(&roster);
    assert_string_equal(pick_all(&roster, MOST, arena), "abbbb");
    finish(&roster);
}

static void test_an_organization_has_its_share(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct roster roster = {0};
    add(&roster, "a", "one");
    add(&roster, "b", "one");
    add(&roster, "c", "one");
    add(&roster, "d", "two");
    work_for_all(&roster);
    assert_string_equal(pick_all(&roster, 4, arena), "abcdad");
    finish(&roster);
}

static void test_what_has_no_turn(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct roster roster = {0};
    struct hook *hook = add(&roster, "a", "one");
    assert_string_equal(pick_all(&roster, MOST, arena), "");
    hook->lanes[3] = (struct lane){.has_work = true, .next_attempt_at = {1001}};
    assert_string_equal(pick_all(&roster, MOST, arena), "");
    hook->lanes[3].is_hurried = true;
    assert_string_equal(pick_all(&roster, MOST, arena), "a");
    hook->lanes[3].has_work = true; /* it is busy still */
    assert_string_equal(pick_all(&roster, MOST, arena), "");
    hook->lanes[3].is_busy = hook->lanes[3].is_hurried = false;
    hook->lanes[3].next_attempt_at.ms = 1000;
    hook->is_outdated = true;
    assert_string_equal(pick_all(&roster, MOST, arena), "");
    hook->is_outdated = false;
    hook->fault = "no key";
    assert_string_equal(pick_all(&roster, MOST, arena), "");
    hook->fault = NULL;
    assert_string_equal(pick_all(&roster, MOST, arena), "a");
    finish(&roster);
}

static void test_lanes_learn_how_far_they_are(void **state)
{
    (void)state;
    struct roster roster = {0};
    struct hook *hook = add(&roster, "a", "one");
    hook->lanes[1].number = 5;
    hook->lanes[4].is_busy = true;
    roster_mark(hook, "...1", 5); /* known */
    roster_mark(hook, "...2", 5);
    roster_mark(hook, "...a", 6); /* the same lane */
    roster_pass(hook, 9);
    assert_int_equal(hook->looked, 9);
    for (size_t i = 0; i < WEBHOOK_LANES; i++) {
        assert_int_equal(hook->lanes[i].has_work, i == 2);
        assert_int_equal(hook->lanes[i].number, i == 2 || i == 4 ? 0 : 9);
    }
    finish(&roster);
}

static void test_one_with_a_turn_under_way_stays(void **state)
{
    (void)state;
    struct roster roster = {0};
    struct hook *hook = add(&roster, "a", "one");
    add(&roster, "b", "one")->is_outdated = true;
    hook->is_outdated = true;
    hook->running = 1;
    roster_sweep(&roster);
    assert_ptr_equal(roster_find(&roster, "a"), hook);
    assert_null(roster_find(&roster, "b"));
    finish(&roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_webhooks_take_turns),
        cmocka_unit_test(test_one_that_failed_has_one_turn_at_a_time),
        cmocka_unit_test(test_an_organization_has_its_share),
        cmocka_unit_test(test_what_has_no_turn),
        cmocka_unit_test(test_lanes_learn_how_far_they_are),
        cmocka_unit_test(test_one_with_a_turn_under_way_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
