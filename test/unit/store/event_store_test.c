#include "store/event_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"

struct appending {
    struct event event;
    bool fails_after;
};

static bool append_work(struct session *session, void *context, struct error *error)
{
    struct appending *appending = context;
    return event_store_append(session, &appending->event, error) &&
           (!appending->fails_after || fail(error, ERROR_FULL, "", "afterwards"));
}

static bool append(struct house *house, const char *organization_id, const char *reason,
                   bool fails_after)
{
    struct error error = {0};
    struct appending appending = {
        .event = {.organization_id = organization_id,
                  .email_id = "e",
                  .at = {NOON},
                  .event = EVENT_CLAIM,
                  .from_state = EMAIL_QUEUED,
                  .to_state = EMAIL_SENDING,
                  .actor = "system",
                  .reason = reason},
        .fails_after = fails_after,
    };
    return db_write(house->db, append_work, &appending, &error);
}

static void test_each_organization_counts_without_a_gap(void **state)
{
    static const char *const ORGANIZATIONS[] = {"a", "b", "a", "a", "b"};
    static const int64_t NUMBERS[] = {1, 1, 2, 3, 2};
    struct house *house = *state;
    struct error error = {0};
    struct list events;
    for (size_t i = 0; i < COUNT(ORGANIZATIONS); i++) {
        assert_false(append(house, ORGANIZATIONS[i], "undone", true));
        assert_true(append(house, ORGANIZATIONS[i], NULL, false));
        AUTO_READING session = db_read(house->db);
        struct chain_end end;
        assert_true(event_store_end(session, ORGANIZATIONS[i], house->arena, &end, &error));
        assert_int_equal(end.number, NUMBERS[i]);
        assert_true(event_store_list_after(session, ORGANIZATIONS[i], NUMBERS[i] - 1, 9,
                                           house->arena, &events, &error));
        assert_int_equal(events.count, 1);
        assert_string_equal(((struct event *)events.items)->hash, end.hash);
    }
}

/* What is erased later must not be found by guessing: a salt goes with it. */
static void test_the_hash_covers_the_one_before_and_the_content(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct list found;
    const char *previous = NULL;
    assert_true(append(house, "c", "550 no such user", false));
    assert_true(append(house, "c", "550 no such user", false));
    assert_true(append(house, "c", NULL, false));
    AUTO_READING session = db_read(house->db);
    assert_true(event_store_list_after(session, "c", 0, 9, house->arena, &found, &error));
    assert_int_equal(found.count, 3);
    const struct event *events = found.items;
    for (size_t i = 0; i < found.count; i++) {
        const char *content = event_content_sha256(&events[i], house->arena);
        assert_true(text_equal(events[i].content_sha256, content));
        assert_string_equal(events[i].hash, event_hash(&events[i], previous, house->arena));
        previous = events[i].hash;
    }
    assert_non_null(events[0].salt);
    assert_string_not_equal(events[0].content_sha256, events[1].content_sha256);
    assert_null(events[2].salt);
    assert_null(events[2].content_sha256);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_each_organization_counts_without_a_gap),
        IN_A_HOUSE(test_the_hash_covers_the_one_before_and_the_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
