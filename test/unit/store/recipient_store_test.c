#include "store/recipient_store.h"

#include "case.h"
#include "house.h"

struct work {
    struct house *house;
    struct list recipients;
    const char *email_id;
    bool was_not_sent, has_accepted;
    enum { SAVE, FORGET, FOUND, REMOVE } what;
};

static bool work_run(struct session *session, void *context, struct error *error)
{
    struct work *work = context;
    switch (work->what) {
    case SAVE: return recipient_store_save(session, &work->recipients, error);
    case FORGET: return recipient_store_forget(session, work->email_id, work->was_not_sent, error);
    case FOUND: return recipient_store_found(session, work->email_id, (moment){9}, error);
    default: return recipient_store_remove(session, work->email_id, error);
    }
}

static void run(struct work *work)
{
    struct error error = {0};
    assert_true(db_write(work->house->db, work_run, work, &error));
}

static void save(struct house *house, const char *email_id, const char *address,
                 enum recipient_status status)
{
    struct recipient recipient = {
        .email_id = email_id,
        .address = address,
        .role = ROLE_CC,
        .status = status,
        .status_code = "5.1.1",
        .reply = "550 5.1.1 no",
        .updated_at = {7},
    };
    struct work work = {.house = house, .recipients = {&recipient, 1}, .what = SAVE};
    run(&work);
}

/* "a:accepted b:refused", in the order of the addresses. */
static const char *kept_of(struct house *house, const char *email_id)
{
    struct error error = {0};
    struct list kept;
    const char *line = "";
    assert_true(recipient_store_list(house_reading(house), email_id, house->arena, &kept, &error));
    for (char letter = 'a'; letter <= 'z'; letter++) {
        const struct recipient *found = recipient_find(&kept,
                                                       arena_format(house->arena, "%c", letter));
        if (found)
            line = arena_format(house->arena, "%s%s%s:%s", line, *line ? " " : "", found->address,
                                RECIPIENT_STATUS_NAMES[found->status]);
    }
    return line;
}

static void save_each(struct house *house)
{
    save(house, "e", "a", RECIPIENT_ACCEPTED);
    save(house, "e", "b", RECIPIENT_REFUSED);
    save(house, "e", "c", RECIPIENT_DELAYED);
    save(house, "e", "d", RECIPIENT_UNKNOWN);
    save(house, "e", "e", RECIPIENT_DELIVERED);
    save(house, "e", "f", RECIPIENT_BOUNCED);
    save(house, "other", "a", RECIPIENT_UNKNOWN);
}

static bool has_accepted(struct house *house, const char *email_id)
{
    struct error error = {0};
    bool has = false;
    assert_true(recipient_store_has_accepted(house_reading(house), email_id, &has, &error));
    return has;
}

static void test_what_is_kept_is_the_newest(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct list kept;
    save(house, "e", "a", RECIPIENT_UNKNOWN);
    save(house, "e", "a", RECIPIENT_REFUSED);
    assert_true(recipient_store_list(house_reading(house), "e", house->arena, &kept, &error));
    assert_int_equal(kept.count, 1);
    const struct recipient *recipient = kept.items;
    assert_string_equal(recipient->email_id, "e");
    assert_string_equal(recipient->address, "a");
    assert_int_equal(recipient->role, ROLE_CC);
    assert_int_equal(recipient->status, RECIPIENT_REFUSED);
    assert_string_equal(recipient->status_code, "5.1.1");
    assert_string_equal(recipient->reply, "550 5.1.1 no");
    assert_int_equal(recipient->updated_at.ms, 7);
}

/* Whoever has it, or may have it, is not forgotten. */
static void test_tried_anew(void **state)
{
    static const struct {
        bool was_not_sent;
        const char *kept;
    } ROWS[] = {
        {false, "a:accepted d:unknown e:delivered f:bounced"},
        {true, "a:accepted e:delivered f:bounced"},
    };
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        save_each(house);
        struct work work = {
            .house = house, .email_id = "e", .was_not_sent = ROWS[i].was_not_sent, .what = FORGET};
        run(&work);
        assert_string_equal(kept_of(house, "e"), ROWS[i].kept);
        assert_string_equal(kept_of(house, "other"), "a:unknown");
    }
}

static void test_found_and_removed(void **state)
{
    struct house *house = *state;
    save_each(house);
    struct work work = {.house = house, .email_id = "e", .what = FOUND};
    run(&work);
    assert_string_equal(kept_of(house, "e"),
                        "a:accepted b:refused c:delayed d:accepted e:delivered f:bounced");
    assert_string_equal(kept_of(house, "other"), "a:unknown");
    assert_true(has_accepted(house, "e"));
    assert_false(has_accepted(house, "other"));
    work.what = REMOVE;
    run(&work);
    assert_string_equal(kept_of(house, "e"), "");
    assert_false(has_accepted(house, "e"));
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_what_is_kept_is_the_newest),
        IN_A_HOUSE(test_tried_anew),
        IN_A_HOUSE(test_found_and_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
