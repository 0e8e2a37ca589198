/* The table of rights as its readers find it: who reaches whose things, and what a query may show.
 */
#include "model/rights.h"

#include "base/text.h"
#include "case.h"

enum {
    R = SCOPE_READ,
    W = SCOPE_WRITE,
    D = SCOPE_DRAFT,
    P = SCOPE_APPROVE,
    A = SCOPE_ADMIN,
    H = SCOPE_ORGANIZATION,
};

/* clang-format off */
static const struct {
    unsigned scopes, things, acts;
    enum reach reach;
} REACHES[] = {
    {0, THING_EMAIL, ACT_READ, REACH_NONE},
    {R, THING_MAIL, ACT_READ, REACH_OWN},
    {R, THING_MAIL, ACT_WRITE, REACH_NONE},
    {R, THING_TEMPLATE, ACT_READ, REACH_ORGANIZATION},
    {W, THING_DRAFT, ACT_READ, REACH_OWN},
    {W, THING_MAIL, ACT_READ, REACH_NONE},
    {W, THING_CONVERSATION, ACT_READ, REACH_NONE},
    {W, THING_MAILBOX, ACT_SEND, REACH_OWN},
    {W, THING_MAILBOX, ACT_ADMINISTER, REACH_NONE},
    {D, THING_DRAFT, ACT_WRITE, REACH_TOKEN},
    {D, THING_DRAFT, ACT_SEND, REACH_NONE},
    {D, THING_CONVERSATION, ACT_READ, REACH_NONE},
    {D, THING_SIGNATURE | THING_CONTEXT | THING_TEMPLATE, ACT_WRITE, REACH_NONE},
    {D, THING_MAILBOX, ACT_READ | ACT_WRITE, REACH_NONE},
    {D | R, THING_DRAFT, ACT_READ, REACH_OWN},
    {D | R, THING_DRAFT, ACT_WRITE, REACH_TOKEN},
    {D | W, THING_DRAFT, ACT_WRITE, REACH_OWN},
    {P, THING_PENDING, ACT_READ, REACH_ORGANIZATION},
    {P, THING_PENDING, ACT_APPROVE, REACH_ORGANIZATION},
    {P, THING_DRAFT | THING_MAIL | THING_DOCUMENT | THING_MAILBOX, ACT_READ, REACH_NONE},
    {P | R | W, THING_DRAFT, ACT_WRITE | ACT_SEND, REACH_OWN},
    {A, THING_EMAIL, ACT_READ | ACT_WRITE | ACT_SEND | ACT_APPROVE, REACH_NONE},
    {A, THING_MAIL, ACT_ADMINISTER, REACH_ORGANIZATION},
    {A, THING_MAILBOX, ACT_SEND | ACT_WRITE, REACH_NONE},
    {A, THING_MAILBOX, ACT_ADMINISTER, REACH_ORGANIZATION},
    {A, THING_SIGNATURE, ACT_READ | ACT_WRITE, REACH_NONE},
    {A | R | W, THING_DRAFT, ACT_WRITE | ACT_SEND, REACH_OWN},
    {A, THING_AUDIT, ACT_READ, REACH_ORGANIZATION},
    {R | W | D | P | H, THING_TOKEN | THING_USER | THING_WEBHOOK | THING_QUOTA, ACT_ADMINISTER,
     REACH_NONE},
    {H, THING_EMAIL | THING_MAILBOX, ACT_READ | ACT_WRITE | ACT_SEND, REACH_NONE},
    {H | R, THING_MAIL, ACT_READ, REACH_ORGANIZATION},
    {H | R, THING_MAIL, ACT_WRITE, REACH_NONE},
    {H | W, THING_MAILBOX, ACT_SEND, REACH_ORGANIZATION},
    {H | W, THING_SIGNATURE, ACT_WRITE, REACH_OWN},
    {H | D, THING_DRAFT, ACT_WRITE, REACH_TOKEN},
    {H | D, THING_MAILBOX, ACT_SUBMIT, REACH_ORGANIZATION},
};
/* clang-format on */

static void test_reaches(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(REACHES); i++) {
        enum reach reach = rights_reach(REACHES[i].scopes, REACHES[i].things, REACHES[i].acts);
        if (reach != REACHES[i].reach)
            fail_msg("row %zu: %d", i, reach);
    }
}

/* More scopes never take away what fewer have. */
static void test_scopes_only_add(void **state)
{
    (void)state;
    for (unsigned scopes = 0; scopes <= SCOPE_ALL; scopes++)
        for (unsigned scope = 1; scope <= SCOPE_ALL; scope <<= 1)
            for (unsigned thing = 1; thing <= THING_AUDIT; thing <<= 1)
                for (unsigned act = 1; act <= ACT_ADMINISTER; act <<= 1)
                    assert_true(rights_reach(scopes | scope, thing, act) >=
                                rights_reach(scopes, thing, act));
}

static void test_scopes_of_a_route(void **state)
{
    (void)state;
    assert_int_equal(rights_scopes((struct right){THING_DRAFT, ACT_READ}), R | W | D);
    assert_int_equal(rights_scopes((struct right){THING_DRAFT, ACT_SEND | ACT_SUBMIT}), W | D);
    assert_int_equal(rights_scopes((struct right){THING_PENDING, ACT_APPROVE}), P);
    assert_int_equal(rights_scopes((struct right){THING_MAILBOX, ACT_WRITE | ACT_ADMINISTER}),
                     W | A);
    assert_int_equal(rights_scopes((struct right){0}), 0);
    assert_int_equal(rights_scope_missing(THING_EMAIL, ACT_READ), R);
    assert_int_equal(rights_scope_missing(THING_EMAIL, ACT_WRITE), W);
    assert_int_equal(rights_scope_missing(THING_PENDING, ACT_APPROVE), 0);
}

/* clang-format off */
static const struct {
    unsigned scopes, things, acts;
    const char *seen_by; /* "all": NULL */
    bool is_agent, only_drafts, decides;
} VIEWERS[] = {
    {R, THING_EMAIL, ACT_READ, "user", false, false, false},
    {W, THING_EMAIL, ACT_READ, "user", false, true, false},
    {W, THING_EMAIL, ACT_WRITE, "user", false, false, false},
    {D, THING_EMAIL, ACT_READ, "token", true, false, false},
    {D, THING_EMAIL, ACT_WRITE, "token", true, true, false},
    {D | R, THING_EMAIL, ACT_READ, "user", false, false, false},
    {P, THING_EMAIL, ACT_READ, "", false, false, true},
    {P, THING_EMAIL, ACT_WRITE, "", false, false, false},
    {P | R, THING_EMAIL, ACT_READ, "user", false, false, true},
    {A, THING_EMAIL, ACT_READ, "", false, false, false},
    {A, THING_EMAIL, ACT_ADMINISTER, "all", false, false, false},
    {H, THING_EMAIL, ACT_READ, "", false, false, false},
    {H | R | W, THING_EMAIL, ACT_WRITE, "all", false, false, false},
    {H | W, THING_SIGNATURE, ACT_WRITE, "user", false, false, false},
    {A, THING_MAILBOX, ACT_WRITE | ACT_ADMINISTER, "all", false, false, false},
};
/* clang-format on */

static void test_viewers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(VIEWERS); i++) {
        const struct caller caller = {"organization", "user", "token", VIEWERS[i].scopes};
        struct viewer viewer = rights_viewer(&caller, VIEWERS[i].things, VIEWERS[i].acts);
        if (!text_equal(viewer.seen_by ? viewer.seen_by : "all", VIEWERS[i].seen_by) ||
            viewer.is_agent != VIEWERS[i].is_agent ||
            viewer.only_drafts != VIEWERS[i].only_drafts ||
            (viewer.decider != NULL) != VIEWERS[i].decides)
            fail_msg("row %zu: %s %d %d %s", i, viewer.seen_by, viewer.is_agent, viewer.only_drafts,
                     viewer.decider);
        assert_string_equal(viewer.organization_id, "organization");
        assert_string_equal(viewer.user_id, "user");
    }
}

/* A list holds one user's things, also for who reaches all. */
static void test_viewers_of_a_user(void **state)
{
    (void)state;
    const struct caller house = {"organization", "user", "token", R | P | H};
    const struct caller agent = {"organization", "user", "token", D};
    struct viewer own = rights_viewer_of_user(&house, "user", THING_EMAIL, ACT_READ);
    assert_string_equal(own.seen_by, "user");
    assert_string_equal(own.decider, "user");
    struct viewer other = rights_viewer_of_user(&house, "other", THING_EMAIL, ACT_READ);
    assert_string_equal(other.seen_by, "other");
    assert_null(other.decider);
    struct viewer made = rights_viewer_of_user(&agent, "user", THING_EMAIL, ACT_READ);
    assert_string_equal(made.seen_by, "token");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reaches),           cmocka_unit_test(test_scopes_only_add),
        cmocka_unit_test(test_scopes_of_a_route), cmocka_unit_test(test_viewers),
        cmocka_unit_test(test_viewers_of_a_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
