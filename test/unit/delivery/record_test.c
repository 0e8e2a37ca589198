/* What an outcome makes of the email. */
#include "delivery/record.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "case.h"
#include "house.h"
#include "model/conversation.h"

enum { HOUR = 3600 * 1000, NOW = NOON + HOUR, NEVER = 100 * HOUR };

static const struct row {
    struct outcome outcome;
    int64_t attempts, give_up_after_ms;
    enum email_state state;
    int64_t least_ms, most_ms; /* until the next attempt */
    const char *reason;        /* a part of it; NULL: none */
} ROWS[] = {
    {{.kind = OUTCOME_SENT}, 1, NEVER, EMAIL_SENT, 0, 0, NULL},
    {{.kind = OUTCOME_SENT}, 9, 1, EMAIL_SENT, 0, 0, NULL},
    {{.kind = OUTCOME_REFUSED, .reason = "550"}, 1, NEVER, EMAIL_FAILED, 0, 0, "550"},
    {{.kind = OUTCOME_UNKNOWN, .reason = "lost"}, 1, NEVER, EMAIL_UNKNOWN, 0, 0, "lost"},
    {{.kind = OUTCOME_UNKNOWN, .reason = "lost"}, 1, 1, EMAIL_UNKNOWN, 0, 0, "lost"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "451"}, 1, NEVER, EMAIL_QUEUED, 1500, 2500, "451"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "451"}, 3, NEVER, EMAIL_QUEUED, 6000, 10000, "451"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "451"},
     99,
     NEVER,
     EMAIL_QUEUED,
     HOUR * 3 / 4,
     HOUR * 5 / 4,
     "451"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "x", .is_stale = true},
     5,
     NEVER,
     EMAIL_QUEUED,
     0,
     0,
     "x"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "x", .retry_after_ms = 7777777},
     1,
     NEVER,
     EMAIL_QUEUED,
     7777777,
     7777777,
     "x"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "x", .retry_after_ms = 1},
     1,
     NEVER,
     EMAIL_QUEUED,
     1500,
     2500,
     "x"},
    {{.kind = OUTCOME_SIGN_IN_AGAIN, .reason = "535"},
     1,
     NEVER,
     EMAIL_QUEUED,
     300000,
     300000,
     "535"},
    {{.kind = OUTCOME_SIGN_IN_AGAIN, .reason = "401", .holds_mailbox = true},
     9,
     1,
     EMAIL_QUEUED,
     0,
     0,
     "401"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "barred", .needs_mending = true},
     1,
     NEVER,
     EMAIL_QUEUED,
     0,
     0,
     "barred"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "barred", .needs_mending = true}, /* it never gives up */
     99,
     1,
     EMAIL_QUEUED,
     0,
     0,
     "barred"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "451"}, 1, 1, EMAIL_QUEUED, 1500, 2500, "451"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "451"}, 7, HOUR, EMAIL_QUEUED, 0, NEVER, "451"},
    {{.kind = OUTCOME_TRY_LATER, .reason = "451"},
     7,
     HOUR - 1,
     EMAIL_FAILED,
     0,
     0,
     "given up after 7 attempts: 451"},
    {{.kind = OUTCOME_SIGN_IN_AGAIN, .reason = "535"},
     2,
     HOUR - 1,
     EMAIL_FAILED,
     0,
     0,
     "given up after 2 attempts: 535"},
    {{.kind = OUTCOME_TRY_LATER}, 7, HOUR - 1, EMAIL_FAILED, 0, 0, "given up after 7 attempts: "},
};

static struct email claimed(struct house *house, int64_t attempts)
{
    struct error error = {0};
    struct email email = house_queued(house, &house->account, NOON);
    email.attempts = attempts;
    email.trying_since = (moment){attempts > 1 ? NOON : 0};
    email.lease_until = (moment){NEVER};
    email.committed_at = (moment){NOON + 1};
    email.mail_sha256 = "hash";
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    return email;
}

static void record(struct house *house, const struct email *email, const struct row *row)
{
    struct delivery delivery = {.db = house->db};
    delivery.settings.give_up_after_ms = row->give_up_after_ms;
    struct turn turn = {.delivery = &delivery,
                        .arena = house->arena,
                        .email_id = email->id,
                        .email = *email,
                        .account = house->account};
    record_outcome(&turn, &row->outcome);
    enum outcome_kind counted = row->state == EMAIL_FAILED ? OUTCOME_REFUSED : row->outcome.kind;
    assert_int_equal(delivery.outcomes[PROVIDER_SANDBOX][counted], 1);
}

static void check(const struct row *row, const struct email *kept)
{
    assert_int_equal(kept->state, row->state);
    assert_int_equal(kept->lease_until.ms, 0);
    assert_int_equal(!kept->reason, !row->reason);
    if (row->reason)
        assert_non_null(strstr(kept->reason, row->reason));
    if (row->state == EMAIL_QUEUED) {
        int64_t delay = kept->next_attempt_at.ms - NOW;
        assert_true(row->least_ms <= delay && delay <= row->most_ms);
        assert_int_equal(kept->committed_at.ms, 0);
        bool has_begun = kept->attempts > 1,
             is_held = row->outcome.holds_mailbox || row->outcome.needs_mending;
        assert_int_equal(kept->trying_since.ms, is_held ? 0 : has_begun ? NOON : NOW);
    }
    assert_int_equal(kept->sent_at.ms, row->state == EMAIL_SENT ? NOW : 0);
    if (row->state == EMAIL_UNKNOWN)
        assert_int_equal(kept->committed_at.ms, NOON + 1);
}

static void test_what_becomes_of_the_email(void **state)
{
    struct house *house = *state;
    clock_stop_at((moment){NOW});
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email email = claimed(house, ROWS[i].attempts);
        record(house, &email, &ROWS[i]);
        struct email kept = house_look(house, email.id);
        check(&ROWS[i], &kept);
    }
}

/* Its Date is what a mail says of itself. */
static void test_an_old_date_is_no_reason_to_give_up(void **state)
{
    static const struct row ROW = {
        {.kind = OUTCOME_TRY_LATER, .reason = "451"}, 1, HOUR, EMAIL_QUEUED, 1500, 2500, "451"};
    struct house *house = *state;
    clock_stop_at((moment){NOW});
    struct email email = claimed(house, 1);
    email.message_date = (moment){1};
    record(house, &email, &ROW);
    struct email kept = house_look(house, email.id);
    check(&ROW, &kept);
}

static void test_ids_and_the_audit_trail(void **state)
{
    static const struct row ROW = {{.kind = OUTCOME_SENT,
                                    .provider_message_id = "p",
                                    .provider_thread_id = "t",
                                    .message_id = "<stamped@p.example>",
                                    .detail = "{\"phase\":\"final_dot\"}"},
                                   1,
                                   NEVER,
                                   EMAIL_SENT,
                                   0,
                                   0,
                                   NULL};
    struct house *house = *state;
    struct error error = {0};
    struct list events, conversations;
    clock_stop_at((moment){NOW});
    struct email email = claimed(house, 1);
    record(house, &email, &ROW);
    struct email kept = house_look(house, email.id);
    assert_string_equal(kept.provider_message_id, "p");
    assert_string_equal(kept.provider_thread_id, "t");
    assert_string_equal(kept.message_id, "<stamped@p.example>");
    struct session *session = house_reading(house);
    assert_true(event_store_list(session, email.id, 9, house->arena, &events, &error));
    const struct event *last = (struct event *)events.items + events.count - 1;
    assert_int_equal(last->event, EVENT_ACCEPTED);
    assert_int_equal(last->at.ms, NOW);
    assert_string_equal(last->detail, "{\"phase\":\"final_dot\"}");
    assert_string_equal(last->mail_sha256, "hash");
    assert_true(
        db_load(session, QUERY_CONVERSATION_BY_ID,
                PARAMS(TEXT("id", kept.conversation_id),
                       TEXT("organization_id", kept.organization_id), TEXT("seen_by", NULL)),
                1, &CONVERSATION_SCHEMA, house->arena, &conversations, &error));
    const struct conversation *conversation = conversations.items;
    assert_string_equal(conversation->thread_id, "t");
    assert_int_equal(conversation->last_message_at.ms, NOW);
}

/* Whoever came second writes nothing, and does not try for ever. */
static void test_another_has_taken_it_over(void **state)
{
    static const struct row ROW = {
        {.kind = OUTCOME_REFUSED, .reason = "no"}, 1, NEVER, EMAIL_FAILED, 0, 0, "no"};
    struct house *house = *state;
    struct error error = {0};
    clock_stop_at((moment){NOW});
    struct email email = claimed(house, 1), stale = email;
    assert_true(house_move(house, &email, EVENT_LOST, &error));
    record(house, &stale, &ROW);
    assert_int_equal(house_look(house, email.id).state, EMAIL_UNKNOWN);
    assert_string_equal(house_history(house, email.id),
                        "send draft>queued, claim queued>sending, lost sending>unknown");
}

static int stop(void **state)
{
    clock_stop_at((moment){0});
    return house_stop(state);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_what_becomes_of_the_email),
        IN_A_HOUSE(test_an_old_date_is_no_reason_to_give_up),
        IN_A_HOUSE(test_ids_and_the_audit_trail),
        IN_A_HOUSE(test_another_has_taken_it_over),
    };
    log_setup(LOG_ERROR + 1, LOG_LOGFMT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
