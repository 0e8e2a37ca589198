#include "store/webhook_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"

enum write { INSERT, CHANGE, NOTE, REMOVE, ADVANCE, FAIL, RESTART, PASS_OVER, APPEND };

struct writing {
    enum write write;
    struct webhook *webhook;
    struct webhook_lane lane;
    const char *organization_id; /* of REMOVE and APPEND */
    const char *email_id;
};

static bool work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    struct webhook *webhook = writing->webhook;
    struct event event = {.organization_id = writing->organization_id,
                          .email_id = writing->email_id,
                          .at = {NOON},
                          .actor = "system"};
    switch (writing->write) {
    case INSERT: return webhook_store_insert(session, webhook, error);
    case CHANGE: return webhook_store_change(session, webhook, error);
    case NOTE: return webhook_store_note(session, webhook, error);
    case REMOVE: return webhook_store_remove(session, writing->organization_id, webhook->id, error);
    case ADVANCE: return webhook_store_advance(session, &writing->lane, error);
    case FAIL: return webhook_store_fail(session, &writing->lane, webhook->version, error);
    case RESTART: return webhook_store_restart(session, webhook, false, error);
    case PASS_OVER: return webhook_store_restart(session, webhook, true, error);
    case APPEND: return event_store_append(session, &event, error);
    }
    return false;
}

static enum error_code do_it(struct house *house, struct writing writing)
{
    struct error error = {0};
    bool is_done = db_write(house->db, work, &writing, &error);
    assert_int_equal(is_done, !error.code);
    return error.code;
}

static void append(struct house *house, char digit)
{
    const char *id = arena_format(house->arena, "019e458a-8b40-7a41-9c2b-3f0e8d6a4b1%c", digit);
    assert_int_equal(do_it(house, (struct writing){.write = APPEND,
                                                   .organization_id = house->organization.id,
                                                   .email_id = id}),
                     ERROR_NONE);
}

static struct webhook example(const struct house *house, const char *id)
{
    static const char *const TYPES[] = {"email.sent", "email.failed"};
    return (struct webhook){
        .id = id,
        .organization_id = house->organization.id,
        .user_id = house->ann.id,
        .url = "https://hooks.example.com/",
        .events = {(void *)(uintptr_t)TYPES, COUNT(TYPES)},
        .sealed_secret = "sealed",
        .is_active = true,
        .version = 1,
        .created_at = {1},
        .updated_at = {1},
    };
}

static struct webhook keep(struct house *house, const char *id)
{
    struct webhook webhook = example(house, id);
    assert_int_equal(do_it(house, (struct writing){.write = INSERT, .webhook = &webhook}),
                     ERROR_NONE);
    return webhook;
}

static struct webhook look(struct house *house, const char *id)
{
    struct error error;
    struct webhook found;
    assert_true(webhook_store_find(house_reading(house), house->organization.id, id, house->arena,
                                   &found, &error));
    return found;
}

static struct webhook_lane lane_of(struct house *house, const char *id, size_t lane)
{
    struct error error;
    struct list lanes;
    assert_true(webhook_store_lanes(house_reading(house), id, house->arena, &lanes, &error));
    assert_int_equal(lanes.count, WEBHOOK_LANES);
    assert_int_equal(((struct webhook_lane *)lanes.items)[lane].lane, lane);
    return ((struct webhook_lane *)lanes.items)[lane];
}

static void test_a_new_one_begins_behind_what_was(void **state)
{
    struct house *house = *state;
    struct error error;
    int64_t least = 0, count = 0;
    append(house, '0');
    append(house, '1');
    struct webhook webhook = keep(house, "w");
    assert_true(webhook_store_least(house_reading(house), "w", &least, &error));
    assert_int_equal(least, 2);
    assert_int_equal(lane_of(house, "w", 7).number, 2);
    struct webhook found = look(house, "w");
    assert_string_equal(found.url, webhook.url);
    assert_int_equal(found.events.count, 2);
    assert_string_equal(((const char *const *)found.events.items)[1], "email.failed");
    assert_true(webhook_store_count(house_reading(house), house->organization.id, &count, &error));
    assert_int_equal(count, 1);
}

static void test_others_do_not_find_it(void **state)
{
    struct house *house = *state;
    struct error error;
    struct webhook webhook = keep(house, "w"), found;
    struct list list;
    const char *other = house->other_organization.id;
    assert_false(
        webhook_store_find(house_reading(house), other, "w", house->arena, &found, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_string_equal(error.field, "webhook");
    assert_int_equal(
        do_it(house,
              (struct writing){.write = REMOVE, .webhook = &webhook, .organization_id = other}),
        ERROR_NOT_FOUND);
    assert_true(webhook_store_list(house_reading(house), other, 9, house->arena, &list, &error));
    assert_int_equal(list.count, 0);
    assert_true(webhook_store_list(house_reading(house), NULL, 9, house->arena, &list, &error));
    assert_int_equal(list.count, 1);
    assert_int_equal(do_it(house, (struct writing){.write = REMOVE, .webhook = &webhook}),
                     ERROR_NONE);
    assert_int_equal(do_it(house, (struct writing){.write = REMOVE, .webhook = &webhook}),
                     ERROR_NOT_FOUND);
    assert_int_equal(do_it(house, (struct writing){.write = CHANGE, .webhook = &webhook}),
                     ERROR_NOT_FOUND);
}

static void test_who_changes_it_wins(void **state)
{
    struct house *house = *state;
    struct error error;
    struct list active;
    struct webhook old = keep(house, "w"), changed = old;
    changed.url = "https://elsewhere.example.com/";
    assert_int_equal(do_it(house, (struct writing){.write = CHANGE, .webhook = &changed}),
                     ERROR_NONE);
    old.is_active = false;
    old.reason = "what it was told as it was before";
    struct writing writing = {.write = FAIL, .webhook = &old, .lane = {"w", 1, 0, 3, {NOON}}};
    assert_int_equal(do_it(house, (struct writing){.write = NOTE, .webhook = &old}), ERROR_NONE);
    assert_int_equal(do_it(house, writing), ERROR_NONE);
    struct webhook found = look(house, "w");
    assert_true(found.is_active);
    assert_null(found.reason);
    assert_int_equal(found.version, 2);
    assert_int_equal(lane_of(house, "w", 1).attempts, 0);
    found.is_active = false;
    found.reason = "410";
    found.failing_since = (moment){NOON};
    writing.webhook = &found;
    assert_int_equal(do_it(house, (struct writing){.write = NOTE, .webhook = &found}), ERROR_NONE);
    assert_int_equal(do_it(house, writing), ERROR_NONE);
    found = look(house, "w");
    assert_string_equal(found.reason, "410");
    assert_int_equal(found.version, 2);
    assert_int_equal(lane_of(house, "w", 1).attempts, 3);
    assert_true(webhook_store_list_active(house_reading(house), 9, house->arena, &active, &error));
    assert_int_equal(active.count, 0);
}

static void test_a_lane_never_goes_back(void **state)
{
    struct house *house = *state;
    struct webhook webhook = keep(house, "w");
    struct writing fail = {.write = FAIL, .webhook = &webhook, .lane = {"w", 2, 5, 3, {NOON}}};
    struct writing advance = {.write = ADVANCE, .lane = {"w", 2, 7, 0, {0}}};
    assert_int_equal(do_it(house, fail), ERROR_NONE);
    assert_int_equal(lane_of(house, "w", 2).next_attempt_at.ms, NOON);
    assert_int_equal(do_it(house, advance), ERROR_NONE);
    struct webhook_lane lane = lane_of(house, "w", 2);
    assert_int_equal(lane.number, 7);
    assert_int_equal(lane.attempts, 0);
    assert_int_equal(lane.next_attempt_at.ms, 0);
    advance.lane.number = 6;
    assert_int_equal(do_it(house, advance), ERROR_NONE);
    assert_int_equal(do_it(house, fail), ERROR_NONE); /* of an event that is done */
    lane = lane_of(house, "w", 2);
    assert_int_equal(lane.number, 7);
    assert_int_equal(lane.attempts, 0);
}

static void test_on_again(void **state)
{
    struct house *house = *state;
    struct webhook webhook = keep(house, "w");
    append(house, '0');
    struct writing writing = {.write = FAIL, .webhook = &webhook, .lane = {"w", 0, 0, 3, {NOON}}};
    assert_int_equal(do_it(house, writing), ERROR_NONE);
    writing.write = RESTART;
    assert_int_equal(do_it(house, writing), ERROR_NONE);
    struct webhook_lane lane = lane_of(house, "w", 0);
    assert_int_equal(lane.attempts + lane.next_attempt_at.ms + lane.number, 0);
    writing.write = PASS_OVER;
    assert_int_equal(do_it(house, writing), ERROR_NONE);
    assert_int_equal(lane_of(house, "w", 0).number, 1);
}

static void test_each_lane_has_its_own_events(void **state)
{
    static const char DIGITS[] = "0123456789abcdef";
    struct house *house = *state;
    struct error error;
    struct list found;
    for (size_t i = 0; i < 16; i++)
        append(house, DIGITS[i]);
    for (int64_t lane = 0; lane < WEBHOOK_LANES; lane++) {
        assert_true(webhook_store_events(house_reading(house), house->organization.id, lane, 0, 9,
                                         house->arena, &found, &error));
        const struct event *events = found.items;
        assert_int_equal(found.count, 2);
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(events[i].number, lane + 1 + 8 * (int64_t)i);
            assert_int_equal(webhook_lane_of(events[i].email_id), lane);
            assert_non_null(events[i].hash);
        }
    }
    assert_true(webhook_store_marks(house_reading(house), house->organization.id, 14, 9,
                                    house->arena, &found, &error));
    assert_int_equal(found.count, 2);
    assert_int_equal(((struct event *)found.items)[0].number, 15);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_a_new_one_begins_behind_what_was),
        IN_A_HOUSE(test_others_do_not_find_it),
        IN_A_HOUSE(test_who_changes_it_wins),
        IN_A_HOUSE(test_a_lane_never_goes_back),
        IN_A_HOUSE(test_on_again),
        IN_A_HOUSE(test_each_lane_has_its_own_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
