/* What keeps a mailbox's mail back, and lets it go. */
#include "store/holding.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "model/event.h"

enum { MINUTE = 60 * 1000, DELAY = 5 * MINUTE };

struct holding_call { /* of a function, in a transaction */
    struct holding holding;
    moment until; /* set: holding_wait */
    bool is_end;
};

static bool call_work(struct session *session, void *context, struct error *error)
{
    const struct holding_call *call = context;
    const struct account *tried = call->holding.tried;
    if (call->is_end)
        return holding_end(session, tried, call->holding.now, error);
    return call->until.ms ? holding_wait(session, tried, call->until, error)
                          : holding_begin(session, &call->holding, error);
}

static struct account look(struct house *house, const struct account *account)
{
    struct error error;
    struct account found;
    if (!account_store_find_any(house_reading(house), account->id, house->arena, &found, &error))
        fail_msg("%s", error.message);
    return found;
}

static struct account after(struct house *house, struct holding_call call)
{
    struct error error;
    call.holding.arena = house->arena;
    if (!db_write(house->db, call_work, &call, &error))
        fail_msg("%s", error.message);
    return look(house, call.holding.tried);
}

/* The names of the mailbox's events, in order. */
static const char *events_of(struct house *house, const struct account *account)
{
    struct list found;
    struct error error;
    const char *all = "";
    assert_true(event_store_list_after(house_reading(house), account->organization_id, 0, 100,
                                       house->arena, &found, &error));
    const struct event *records = found.items;
    for (size_t i = 0; i < found.count; i++)
        if (text_equal(records[i].subject_id, account->id))
            all = arena_format(house->arena, "%s%s%s", all, *all ? " " : "",
                               EVENT_NAMES[records[i].event]);
    return all;
}

static struct account smtp_account(struct house *house)
{
    return house_account(house, &house->ann, "a@example.net", PROVIDER_SMTP);
}

/* Each row: one mail tries in vain, later than the one before. */
static void test_the_pause_grows(void **state)
{
    static const struct {
        bool needs_sign_in;
        int64_t first_ms, delay_ms;
        enum account_status status;
    } ROWS[] = {
        {true, 0, DELAY, ACCOUNT_REAUTH_REQUIRED},
        {true, 0, 2 * DELAY, ACCOUNT_REAUTH_REQUIRED},
        {false, 0, 4 * DELAY, ACCOUNT_PAUSED},
        {false, MINUTE, 8 * MINUTE, ACCOUNT_PAUSED},
        {false, 24 * 60 * MINUTE, 24 * 60 * MINUTE, ACCOUNT_PAUSED},
        {true, 0, 32 * DELAY, ACCOUNT_REAUTH_REQUIRED},
        {true, 0, 64 * DELAY, ACCOUNT_REAUTH_REQUIRED},
        {true, 0, 72 * DELAY, ACCOUNT_REAUTH_REQUIRED}, /* six hours */
    };
    struct house *house = *state;
    struct account account = smtp_account(house);
    int64_t now_ms = NOON;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        account = after(house,
                        (struct holding_call){.holding = {.tried = &account,
                                                          .needs_sign_in = ROWS[i].needs_sign_in,
                                                          .reason = "no",
                                                          .first_ms = ROWS[i].first_ms,
                                                          .now = {now_ms}}});
        assert_int_equal(account.paused_until.ms - now_ms, ROWS[i].delay_ms);
        assert_int_equal(account_status(&account, (moment){now_ms}), ROWS[i].status);
        assert_int_equal(account.probes, i + 1);
        assert_string_equal(account.pause_reason, "no");
        now_ms = account.paused_until.ms;
        assert_false(account_may_send(&account, (moment){now_ms - 1}));
        assert_true(account_may_send(&account, (moment){now_ms}));
    }
    assert_string_equal(events_of(house, &account),
                        "mailbox.reauth_required mailbox.paused mailbox.reauth_required");
}

static void test_the_first_refusal_counts_once(void **state)
{
    struct house *house = *state;
    struct account account = smtp_account(house);
    struct holding_call call = {
        .holding = {.tried = &account, .needs_sign_in = true, .reason = "535", .now = {NOON}}};
    after(house, call);
    call.holding.now.ms += MINUTE; /* that of another mail, which left at the same time */
    struct account held = after(house, call);
    assert_int_equal(held.probes, 1);
    assert_int_equal(held.paused_until.ms, NOON + DELAY);
    assert_string_equal(events_of(house, &account), "mailbox.reauth_required");
}

static bool change_work(struct session *session, void *context, struct error *error)
{
    return account_store_change(session, context, error);
}

/* A refusal of the former password, at the former host, or of one that is disconnected. */
static void test_what_was_mended_meanwhile_is_not_held(void **state)
{
    struct house *house = *state;
    struct account tried[3] = {smtp_account(house)};
    struct error error;
    for (size_t i = 0; i < COUNT(tried); i++)
        tried[i] = house_account(house, &house->ann,
                                 arena_format(house->arena, "%zu@example.net", i), PROVIDER_SMTP);
    struct account now[] = {tried[0], tried[1], tried[2]};
    now[0].sealed_password = "another";
    now[1].smtp_host = "elsewhere.example";
    now[2].is_active = false;
    for (size_t i = 0; i < COUNT(tried); i++) {
        assert_true(db_write(house->db, change_work, &now[i], &error));
        struct account kept = after(house, (struct holding_call){.holding = {.tried = &tried[i],
                                                                             .needs_sign_in = true,
                                                                             .reason = "535",
                                                                             .now = {NOON}}});
        assert_false(account_is_held(&kept));
        assert_int_equal(kept.paused_until.ms, 0);
        assert_string_equal(events_of(house, &kept), "");
    }
}

static void test_the_end(void **state)
{
    struct house *house = *state;
    struct account free = smtp_account(house);
    struct holding_call end = {.holding = {.tried = &free, .now = {NOON + 7}}, .is_end = true};
    assert_false(account_is_held(&(struct account[]){after(house, end)}[0]));
    struct account held = after(
        house, (struct holding_call){.holding = {.tried = &free, .reason = "403", .now = {NOON}}});
    assert_true(held.is_held && !held.needs_sign_in);
    end.holding.tried = &free; /* a mail that was tried before it was held proves nothing */
    assert_true(account_is_held(&(struct account[]){after(house, end)}[0]));
    end.holding.tried = &held;
    struct account let_go = after(house, end);
    assert_false(account_is_held(&let_go));
    assert_int_equal(let_go.paused_until.ms, 0);
    assert_null(let_go.pause_reason);
    assert_int_equal(let_go.updated_at.ms, NOON + 7);
    assert_string_equal(events_of(house, &free), "mailbox.paused mailbox.resumed");
}

static void test_nothing_was_found_out(void **state)
{
    struct house *house = *state;
    struct account free = smtp_account(house);
    struct holding_call wait = {.holding = {.tried = &free}, .until = {NOON + 99}};
    assert_int_equal(after(house, wait).paused_until.ms, 0);
    struct account held = after(
        house, (struct holding_call){.holding = {.tried = &free, .reason = "403", .now = {NOON}}});
    wait.holding.tried = &held;
    struct account kept = after(house, wait);
    assert_int_equal(kept.paused_until.ms, NOON + 99);
    assert_int_equal(kept.probes, 1);
}

static bool try_all_work(struct session *session, void *context, struct error *error)
{
    (void)context;
    return holding_try_all(session, (moment){NOON + 1}, error);
}

static void test_a_start_tries_what_is_no_matter_of_a_password(void **state)
{
    struct house *house = *state;
    struct error error;
    for (int needs_sign_in = 0; needs_sign_in < 2; needs_sign_in++) {
        struct account account = house_account(
            house, &house->ann, needs_sign_in ? "a@example.net" : "b@example.net", PROVIDER_SMTP);
        after(house, (struct holding_call){.holding = {.tried = &account,
                                                       .needs_sign_in = needs_sign_in,
                                                       .reason = "no",
                                                       .now = {NOON}}});
        assert_true(db_write(house->db, try_all_work, NULL, &error));
        int64_t until_ms = needs_sign_in ? NOON + DELAY : NOON + 1;
        assert_int_equal(look(house, &account).paused_until.ms, until_ms);
        assert_true(account_is_held(&(struct account[]){look(house, &account)}[0]));
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_the_pause_grows),
        IN_A_HOUSE(test_the_first_refusal_counts_once),
        IN_A_HOUSE(test_what_was_mended_meanwhile_is_not_held),
        IN_A_HOUSE(test_the_end),
        IN_A_HOUSE(test_nothing_was_found_out),
        IN_A_HOUSE(test_a_start_tries_what_is_no_matter_of_a_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
