/* All of the room together: from the queue to the sandbox's folder.
 * covers: src/delivery/sender.c */
#include "delivery/delivery.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "case.h"
#include "house.h"

enum { MINUTE = 60 * 1000, MAILS = 40 };

struct office {
    struct house *house;
    struct bell *bell;
    struct delivery *delivery;
    struct grants *grants;
};

static struct office open_office(struct house *house)
{
    struct error error = {0};
    struct delivery_settings settings = {
        .threads = 8,
        .per_mailbox = 3,
        .lease_ms = MINUTE,
        .give_up_after_ms = INT64_MAX / 2,
        .provider = {.sandbox_folder = arena_format(house->arena, "%s/sandbox", house->folder),
                     .spool_folder = house->folder},
    };
    struct office office = {.house = house, .bell = bell_create()};
    office.grants = grants_create(&settings.provider, &settings.key, house->db);
    office.delivery = delivery_start(&settings, house->db, house->blobs, office.bell, office.grants,
                                     &error);
    assert_non_null(office.delivery);
    return office;
}

static void close_office(struct office *office)
{
    assert_true(delivery_stop(office->delivery, MINUTE));
    grants_destroy(office->grants);
    bell_destroy(office->bell);
}

/* A sender that has ended rings for the dispatcher. */
static struct email wait_for(struct office *office, const char *email_id)
{
    uint64_t seen = 0;
    for (int i = 0; i < 60; i++) {
        struct email email = house_look(office->house, email_id);
        if (email.state != EMAIL_SENDING && (email.state != EMAIL_QUEUED || email.attempts))
            return email;
        seen = bell_wait(office->bell, "due", seen, 1000);
    }
    fail_msg("%s has no outcome", email_id);
    return (struct email){0};
}

static struct email deliver(struct office *office, const struct account *account)
{
    struct email email = house_queued(office->house, account, NOON);
    bell_ring(office->bell, "due");
    return wait_for(office, email.id);
}

static bool is_delivered(struct house *house, const char *email_id)
{
    struct stat status;
    return stat(arena_format(house->arena, "%s/sandbox/ann@example.com/new/%s.eml", house->folder,
                             email_id),
                &status) == 0;
}

static void test_many_mails_each_once(void **state)
{
    struct house *house = *state;
    struct office office = open_office(house);
    const char *ids[MAILS];
    for (int i = 0; i < MAILS; i++)
        ids[i] = house_queued(house, &house->account, NOON + i).id;
    bell_ring(office.bell, "due");
    for (int i = 0; i < MAILS; i++) {
        struct email email = wait_for(&office, ids[i]);
        assert_int_equal(email.state, EMAIL_SENT);
        assert_int_equal(strlen(email.mail_sha256), 64);
        assert_string_equal(house_history(house, ids[i]),
                            "send draft>queued, claim queued>sending, accepted sending>sent");
        assert_true(is_delivered(house, ids[i]));
    }
    struct delivery_counts counts = delivery_count(office.delivery);
    assert_int_equal(counts.outcomes[PROVIDER_SANDBOX][OUTCOME_SENT], MAILS);
    assert_int_equal(counts.claims, MAILS);
    assert_int_equal(counts.lateness[LATENESS_LIMITS], MAILS); /* since 1970 */
    close_office(&office);
}

static void test_a_start_settles_what_was_left(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email left = house_queued(house, &house->account, NOON);
    left.lease_until = (moment){INT64_MAX / 2};
    left.committed_at = (moment){NOON};
    assert_true(house_move(house, &left, EVENT_CLAIM, &error));
    struct office office = open_office(house);
    assert_int_equal(house_look(house, left.id).state, EMAIL_UNKNOWN);
    assert_int_equal(deliver(&office, &house->account).state, EMAIL_SENT);
    struct email settled = house_look(house, left.id);
    assert_int_equal(settled.state, EMAIL_UNKNOWN); /* a sandbox cannot be asked */
    assert_false(is_delivered(house, left.id));
    close_office(&office);
}

/* What was never written out has not been sent: that needs no asking. */
static void test_a_start_goes_on_with_what_never_left(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email left = house_queued(house, &house->account, NOON);
    left.lease_until = (moment){INT64_MAX / 2};
    left.attempts = 1;
    assert_true(house_move(house, &left, EVENT_CLAIM, &error));
    struct office office = open_office(house);
    struct email email = wait_for(&office, left.id);
    for (int i = 0; i < 600 && email.state != EMAIL_SENT; i++, clock_sleep_ms(100))
        email = wait_for(&office, left.id);
    assert_int_equal(email.state, EMAIL_SENT);
    assert_string_equal(house_history(house, left.id),
                        "send draft>queued, claim queued>sending, lost sending>unknown, "
                        "not_sent unknown>queued, claim queued>sending, accepted sending>sent");
    assert_true(is_delivered(house, left.id));
    close_office(&office);
}

static bool change_work(struct session *session, void *context, struct error *error)
{
    return account_store_change(session, context, error);
}

static void test_a_mailbox_that_is_disconnected(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    house->account.is_active = false;
    assert_true(db_write(house->db, change_work, &house->account, &error));
    struct office office = open_office(house);
    struct email email = deliver(&office, &house->account);
    assert_int_equal(email.state, EMAIL_FAILED);
    assert_string_equal(email.reason, "from_account_id: the mailbox is disconnected");
    assert_false(is_delivered(house, email.id));
    close_office(&office);
}

/* Another key file, or a record that somebody changed: nothing is sent without its password. */
static void test_a_password_that_does_not_open(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    house->account.sealed_password = "not sealed by us";
    assert_true(db_write(house->db, change_work, &house->account, &error));
    struct office office = open_office(house);
    struct email email = deliver(&office, &house->account);
    assert_int_not_equal(email.state, EMAIL_SENT);
    assert_null(strstr(email.reason, "not sealed by us"));
    assert_false(is_delivered(house, email.id));
    close_office(&office);
}

/* It waits for somebody to sign in; nothing has failed. */
static void test_a_mailbox_without_a_grant(void **state)
{
    struct house *house = *state;
    struct account gmail = house_account(house, &house->ann, "ann@gmail.example", PROVIDER_GMAIL);
    struct office office = open_office(house);
    struct email email = deliver(&office, &gmail);
    assert_int_equal(email.state, EMAIL_QUEUED);
    assert_non_null(strstr(email.reason, "sign"));
    assert_int_equal(deliver(&office, &house->account).state, EMAIL_SENT);
    assert_int_equal(house_look(house, email.id).attempts, 1);
    close_office(&office);
}

static void test_an_end_with_nothing_under_way(void **state)
{
    struct office office = open_office(*state);
    close_office(&office);
    assert_true(delivery_stop(NULL, 0));
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_many_mails_each_once),
        IN_A_HOUSE(test_a_start_settles_what_was_left),
        IN_A_HOUSE(test_a_start_goes_on_with_what_never_left),
        IN_A_HOUSE(test_a_mailbox_that_is_disconnected),
        IN_A_HOUSE(test_a_password_that_does_not_open),
        IN_A_HOUSE(test_a_mailbox_without_a_grant),
        IN_A_HOUSE(test_an_end_with_nothing_under_way),
    };
    log_setup(LOG_ERROR + 1, LOG_LOGFMT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
