/* Every state with every event, beside the diagram of the HTTP contract. */
#include "model/email_state.h"

#include <string.h>

#include "case.h"

enum { STAYS = -1 };

/* clang-format off */
static const struct row {
    enum email_state from;
    const char *events; /* that lead on, "event>state", separated by spaces; all others do not */
} ROWS[] = {
    {EMAIL_DRAFT, "submit>pending_approval send>queued due>queued expire>failed cancel>canceled "
                  "stop>sent"},
    {EMAIL_PENDING_APPROVAL, "approve>queued reject>draft cancel>canceled stop>sent"},
    {EMAIL_QUEUED,
     "claim>sending submit>pending_approval held>queued retry>queued expire>failed cancel>canceled "
     "stop>sent"},
    {EMAIL_SENDING, "accepted>sent try_later>queued refused>failed lost>unknown"},
    {EMAIL_SENT, "retry>queued"},
    {EMAIL_FAILED, "retry>queued send>queued submit>pending_approval revise>draft"},
    {EMAIL_UNKNOWN, "found>sent not_sent>queued retry>queued cancel>canceled stop>sent"},
    {EMAIL_CANCELED, ""},
    {EMAIL_RECEIVED, ""},
};
/* clang-format on */

static int name_at(const char *const *names, const char *text, size_t size)
{
    for (int i = 0; names[i]; i++)
        if (strlen(names[i]) == size && memcmp(names[i], text, size) == 0)
            return i;
    fail_msg("%s: there is no such name", text);
    return STAYS;
}

/* Where the row says that the event leads. */
static int expected(const char *events, enum email_event event)
{
    for (const char *at = events; *at; at += strspn(at, " ")) {
        size_t name = strcspn(at, ">"), all = strcspn(at, " ");
        if (name_at(EMAIL_EVENT_NAMES, at, name) == (int)event)
            return name_at(EMAIL_STATE_NAMES, at + name + 1, all - name - 1);
        at += all;
    }
    return STAYS;
}

static void test_each_state_with_each_event(void **state)
{
    (void)state;
    assert_int_equal(COUNT(ROWS), EMAIL_STATE_COUNT);
    for (size_t i = 0; i < COUNT(ROWS); i++)
        for (int event = 0; event < EVENT_COUNT; event++) {
            enum email_state to = EMAIL_STATE_COUNT;
            bool leads = email_next(ROWS[i].from, (enum email_event)event, &to);
            int wanted = expected(ROWS[i].events, (enum email_event)event);
            if (leads != (wanted != STAYS) || (leads && (int)to != wanted))
                fail_msg("%s with %s", EMAIL_STATE_NAMES[ROWS[i].from], EMAIL_EVENT_NAMES[event]);
        }
}

static void test_every_value_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < EMAIL_STATE_COUNT; i++)
        assert_non_null(EMAIL_STATE_NAMES[i]);
    for (int i = 0; i < EVENT_COUNT; i++)
        assert_non_null(EMAIL_EVENT_NAMES[i]);
    assert_null(EMAIL_STATE_NAMES[EMAIL_STATE_COUNT]);
    assert_null(EMAIL_EVENT_NAMES[EVENT_COUNT]);
}

/* What was mailed can never go back to where it may be mailed without a person, or the
 * provider, having said that it may. */
static void test_what_may_have_gone_out_is_not_claimed_again(void **state)
{
    (void)state;
    size_t count;
    const struct email_move *moves = email_moves(&count);
    for (size_t i = 0; i < count; i++) {
        if (moves[i].from == EMAIL_UNKNOWN && moves[i].to == EMAIL_QUEUED)
            assert_true(moves[i].event == EVENT_NOT_SENT || moves[i].event == EVENT_RETRY);
        if (moves[i].from == EMAIL_SENT) /* for whom has refused it: decision_retry */
            assert_int_equal(moves[i].event, EVENT_RETRY);
        if (moves[i].to == EMAIL_SENDING)
            assert_int_equal(moves[i].from, EMAIL_QUEUED);
    }
}

static void test_ends_and_what_may_be_edited(void **state)
{
    (void)state;
    for (int i = 0; i < EMAIL_STATE_COUNT; i++) {
        bool is_end = i == EMAIL_SENT || i == EMAIL_FAILED || i == EMAIL_CANCELED ||
                      i == EMAIL_RECEIVED;
        bool is_editable = i == EMAIL_DRAFT || i == EMAIL_PENDING_APPROVAL;
        assert_int_equal(email_state_is_final((enum email_state)i), is_end);
        assert_int_equal(email_state_is_editable((enum email_state)i), is_editable);
        assert_int_equal(email_state_may_be_revised((enum email_state)i),
                         is_editable || i == EMAIL_FAILED);
    }
}

/* What the trail may say: each move of the table, and what moves nothing where it stays. */
static void test_which_steps_the_trail_may_have(void **state)
{
    static const struct {
        enum email_state from;
        enum email_event event;
        enum email_state to;
        bool may;
    } STEPS[] = {
        {EMAIL_DRAFT, EVENT_SEND, EMAIL_QUEUED, true},
        {EMAIL_DRAFT, EVENT_SEND, EMAIL_SENT, false},
        {EMAIL_SENT, EVENT_SEND, EMAIL_SENT, false},
        {EMAIL_QUEUED, EVENT_HELD, EMAIL_QUEUED, true},
        {EMAIL_DRAFT, EVENT_HELD, EMAIL_DRAFT, false},
        {EMAIL_DRAFT, EVENT_CHANGED, EMAIL_DRAFT, true},
        {EMAIL_DRAFT, EVENT_CHANGED, EMAIL_QUEUED, false},
        {EMAIL_FAILED, EVENT_ERASED, EMAIL_FAILED, true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(STEPS); i++)
        assert_int_equal(email_may_step(STEPS[i].from, STEPS[i].event, STEPS[i].to), STEPS[i].may);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_state_with_each_event),
        cmocka_unit_test(test_every_value_has_a_name),
        cmocka_unit_test(test_what_may_have_gone_out_is_not_claimed_again),
        cmocka_unit_test(test_ends_and_what_may_be_edited),
        cmocka_unit_test(test_which_steps_the_trail_may_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
