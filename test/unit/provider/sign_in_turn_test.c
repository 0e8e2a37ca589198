/* One sign-in at a time, and none with a password that was just refused. */
#include "provider/sign_in_turn.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "case.h"

enum { CROWD = 8, DEADLINE_MS = 10000 };

static const struct account ACCOUNT = {.id = "one", .sealed_password = "old"};

struct crowd { /* of mails that leave at the same time */
    struct sign_in_turns *turns;
    const struct account *account;
    enum smtp_outcome outcome; /* of each sign-in that is made */
    bool is_signed_in;
    atomic_int at_once, most, made, kept_back;
};

static void *come(void *context)
{
    struct crowd *crowd = context;
    AUTO_ARENA arena = arena_create();
    struct sign_in_turn place = {crowd->turns, crowd->account};
    struct smtp_turn turn = sign_in_turn_of(&place);
    struct smtp_result result = {0};
    if (!turn.begin(turn.context, arena, &result)) {
        assert_int_equal(result.outcome, SMTP_SIGN_IN);
        assert_int_equal(result.phase, SMTP_AUTHENTICATING);
        assert_string_equal(result.message, "535 no");
        crowd->kept_back++;
        return NULL;
    }
    int at_once = ++crowd->at_once, most = crowd->most;
    while (at_once > most && !atomic_compare_exchange_weak(&crowd->most, &most, at_once))
        ;
    crowd->made++;
    clock_sleep_ms(2);
    crowd->at_once--;
    result = (struct smtp_result){
        .outcome = crowd->outcome, .phase = SMTP_AUTHENTICATING, .message = "535 no"};
    turn.end(turn.context, crowd->is_signed_in, &result);
    return NULL;
}

static void all_come(struct crowd *crowd)
{
    pthread_t threads[CROWD];
    crowd->made = crowd->kept_back = crowd->most = 0;
    for (size_t i = 0; i < CROWD; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, come, crowd), 0);
    for (size_t i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
}

static void test_a_wrong_password_is_tried_once(void **state)
{
    (void)state;
    struct crowd crowd = {sign_in_turns_create(), &ACCOUNT, .outcome = SMTP_SIGN_IN};
    all_come(&crowd);
    assert_int_equal(crowd.made, 1);
    assert_int_equal(crowd.kept_back, CROWD - 1);
    all_come(&crowd);
    assert_int_equal(crowd.made, 0);
    sign_in_turns_destroy(crowd.turns);
}

static void test_a_good_one_by_one_after_the_other(void **state)
{
    (void)state;
    struct crowd crowd = {sign_in_turns_create(), &ACCOUNT, .is_signed_in = true};
    all_come(&crowd);
    assert_int_equal(crowd.made, CROWD);
    assert_int_equal(crowd.most, 1);
    sign_in_turns_destroy(crowd.turns);
}

/* Nobody waits for a server that is not there once for each mail. */
static void test_what_says_nothing_keeps_nobody_back(void **state)
{
    (void)state;
    struct crowd crowd = {sign_in_turns_create(), &ACCOUNT, .outcome = SMTP_TRY_LATER};
    all_come(&crowd);
    assert_int_equal(crowd.made, CROWD);
    assert_int_equal(crowd.kept_back, 0);
    sign_in_turns_destroy(crowd.turns);
}

static void test_another_password_and_the_one_that_tries(void **state)
{
    static const struct {
        struct account account;
        int made;
    } ROWS[] = {
        {{.id = "one", .sealed_password = "old"}, 0},
        {{.id = "one", .sealed_password = "new"}, 1},
        {{.id = "one", .sealed_password = NULL}, 1},
        {{.id = "two", .sealed_password = "old"}, 1},
        {{.id = "one", .sealed_password = "old", .needs_sign_in = true}, 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct crowd crowd = {sign_in_turns_create(), &ACCOUNT, .outcome = SMTP_SIGN_IN};
        come(&crowd);
        crowd.made = 0;
        crowd.account = &ROWS[i].account;
        crowd.is_signed_in = true;
        come(&crowd);
        assert_int_equal(crowd.made, ROWS[i].made);
        sign_in_turns_destroy(crowd.turns);
    }
}

static void test_a_sign_in_that_holds_is_believed(void **state)
{
    struct account trial = ACCOUNT;
    (void)state;
    struct crowd crowd = {sign_in_turns_create(), &ACCOUNT, .outcome = SMTP_SIGN_IN};
    come(&crowd);
    trial.needs_sign_in = true; /* its server has forgiven it */
    crowd.account = &trial;
    crowd.is_signed_in = true;
    come(&crowd);
    crowd.account = &ACCOUNT;
    come(&crowd);
    assert_int_equal(crowd.made, 3);
    sign_in_turns_destroy(crowd.turns);
}

static void test_what_is_remembered_is_forgotten(void **state)
{
    (void)state;
    struct crowd crowd = {sign_in_turns_create(), &ACCOUNT, .outcome = SMTP_SIGN_IN};
    char ids[100][8];
    for (size_t i = 0; i < COUNT(ids); i++) {
        struct account account = {.id = ids[i], .sealed_password = "x"};
        snprintf(ids[i], sizeof ids[i], "%zu", i);
        crowd.account = &account;
        come(&crowd);
        crowd.is_signed_in = i % 2;
    }
    assert_int_equal(crowd.made, COUNT(ids));
    sign_in_turns_destroy(crowd.turns);
    sign_in_turns_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wrong_password_is_tried_once),
        cmocka_unit_test(test_a_good_one_by_one_after_the_other),
        cmocka_unit_test(test_what_says_nothing_keeps_nobody_back),
        cmocka_unit_test(test_another_password_and_the_one_that_tries),
        cmocka_unit_test(test_a_sign_in_that_holds_is_believed),
        cmocka_unit_test(test_what_is_remembered_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
