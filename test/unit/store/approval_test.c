#include "store/approval.h"

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/identity_store.h"
#include "store/submission.h"

enum asker { BY_HAND, BY_AGENT }; /* a token that may write, or may only draft */
enum approver { SAME_TOKEN, SAME_USER, ANOTHER };

/* clang-format off */
static const struct row {
    enum asker asker;
    bool mailbox_requires, user_requires;
    enum approver approver;
    enum error_code expected;
} ROWS[] = {
    {BY_HAND,  false, false, SAME_TOKEN, ERROR_FORBIDDEN},
    {BY_HAND,  false, false, SAME_USER,  ERROR_FORBIDDEN},
    {BY_HAND,  false, false, ANOTHER,    ERROR_NONE},
    {BY_HAND,  true,  false, SAME_USER,  ERROR_FORBIDDEN},
    {BY_AGENT, false, false, SAME_TOKEN, ERROR_FORBIDDEN},
    {BY_AGENT, false, false, SAME_USER,  ERROR_NONE},
    {BY_AGENT, false, false, ANOTHER,    ERROR_NONE},
    {BY_AGENT, true,  false, SAME_USER,  ERROR_FORBIDDEN},
    {BY_AGENT, false, true,  SAME_USER,  ERROR_FORBIDDEN},
    {BY_AGENT, true,  true,  ANOTHER,    ERROR_NONE},
};
/* clang-format on */

struct giving {
    struct house *house;
    const struct row *row;
    struct email email;
    const char *content_sha256; /* NULL: the current one */
};

static bool require_work(struct session *session, const struct giving *giving, struct error *error)
{
    struct account account = giving->house->account;
    struct user ann = giving->house->ann;
    account.requires_approval = giving->row->mailbox_requires;
    ann.requires_approval = giving->row->user_requires;
    return account_store_change(session, &account, error) &&
           identity_store_change_approval(session, &ann, error);
}

static bool give_work(struct session *session, void *context, struct error *error)
{
    struct giving *giving = context;
    struct house *house = giving->house;
    struct email *email = &giving->email;
    const struct row *row = giving->row;
    struct step ask = {EVENT_SUBMIT, {NOON}, house->ann.id, "asking", NULL, NULL};
    struct step give = {.event = EVENT_APPROVE,
                        .at = {NOON + 1},
                        .actor = row->approver == ANOTHER ? house->bob.id : house->ann.id,
                        .token_id = row->approver == SAME_TOKEN ? "asking" : "approving"};
    email->requires_approval = row->asker == BY_AGENT;
    approval_written_by(email, ask.actor, ask.token_id);
    return require_work(session, giving, error) &&
           submission_ask(session, email, &house->account, &ask, house->arena, error) &&
           approval_give(session, email, text_or(giving->content_sha256, email->content_sha256),
                         &give, house->arena, error);
}

static enum error_code give(struct giving *giving)
{
    struct error error = {0};
    giving->email = house_draft(giving->house, &giving->house->account);
    db_write(giving->house->db, give_work, giving, &error);
    return error.code;
}

static void test_who_may_give_it(void **state)
{
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct giving giving = {.house = *state, .row = &ROWS[i]};
        if (give(&giving) != ROWS[i].expected)
            fail_msg("row %zu", i);
    }
}

static void test_it_is_for_what_was_seen(void **state)
{
    struct house *house = *state;
    struct giving giving = {.house = house, .row = &ROWS[2], .content_sha256 = "another"};
    assert_int_equal(give(&giving), ERROR_CONFLICT);
    assert_int_equal(house_look(house, giving.email.id).state, EMAIL_DRAFT); /* undone with it */
    giving.content_sha256 = NULL;
    assert_int_equal(give(&giving), ERROR_NONE);
    struct email kept = house_look(house, giving.email.id);
    assert_true(approval_is_given(&kept));
    assert_string_equal(kept.approved_by, house->bob.id);
    assert_int_equal(kept.approved_at.ms, NOON + 1);
    approval_ask(&kept, house->arena);
    assert_false(approval_is_given(&kept));
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_who_may_give_it),
        IN_A_HOUSE(test_it_is_for_what_was_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
