#include "model/recipient.h"

#include <string.h>

#include "case.h"

static struct address to[] = {{"a@x.example", "A"}, {"b@x.example", NULL}};
static struct address cc[] = {{"A@x.example", NULL}, {"c@x.example", NULL}};
static struct address bcc[] = {{"d@x.example", NULL}};

static struct email email_of(enum email_state state)
{
    return (struct email){
        .id = "e",
        .state = state,
        .to_recipients = {to, COUNT(to)},
        .cc_recipients = {cc, COUNT(cc)},
        .bcc_recipients = {bcc, COUNT(bcc)},
        .updated_at = {7},
    };
}

/* "a+ b- c~ d?": by the first letter of the address: + accepted, - refused, ~ delayed, ? unknown, .
 * pending, ! delivered. */
static struct list known_of(const char *text, struct arena *arena)
{
    static const char SIGNS[] = {
        [RECIPIENT_PENDING] = '.', [RECIPIENT_ACCEPTED] = '+',  [RECIPIENT_REFUSED] = '-',
        [RECIPIENT_DELAYED] = '~', [RECIPIENT_DELIVERED] = '!', [RECIPIENT_BOUNCED] = 'x',
        [RECIPIENT_UNKNOWN] = '?',
    };
    struct list list = {arena_new(arena, struct recipient, strlen(text)), 0};
    struct recipient *items = list.items;
    for (const char *at = text; *at; at += at[2] ? 3 : 2)
        items[list.count++] = (struct recipient){
            .address = arena_format(arena, "%c@x.example", *at),
            .status = (enum recipient_status)((const char *)memchr(SIGNS, at[1], sizeof SIGNS) -
                                              SIGNS),
            .reply = at[1] == '.' ? NULL : "550 no",
        };
    return list;
}

static const char *letters_of(const struct list *addresses, struct arena *arena)
{
    const char *letters = "";
    for (size_t i = 0; i < addresses->count; i++)
        letters = arena_format(arena, "%s%c", letters,
                               *((const struct address *)addresses->items)[i].email);
    return letters;
}

static void test_whom_an_attempt_is_to_reach(void **state)
{
    static const struct {
        const char *known, *left;
    } ROWS[] = {
        {"", "abcd"},  {"a+", "bcd"},    {"a-", "bcd"},       {"a~", "abcd"}, {"a.", "abcd"},
        {"a!", "bcd"}, {"ax", "bcd"},    {"A+", "bcd"},       {"a?", "bcd"},  {"z+", "abcd"},
        {"d+", "abc"}, {"b~ d?", "abc"}, {"a+ b+ c+ d+", ""},
    };
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email email = email_of(EMAIL_SENDING);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct list known = known_of(ROWS[i].known, arena);
        struct list left = recipient_left(&email, &known, arena);
        assert_string_equal(letters_of(&left, arena), ROWS[i].left);
    }
}

static void test_how_an_attempt_ends_for_the_mail(void **state)
{
    static const struct {
        enum outcome_kind kind;
        const char *known;
        enum outcome_kind ended;
    } ROWS[] = {
        {OUTCOME_SENT, "a+ b+ c+ d+", OUTCOME_SENT},
        {OUTCOME_SENT, "a+ b+ c+ d-", OUTCOME_SENT},
        {OUTCOME_SENT, "a+ b+ c+ d~", OUTCOME_TRY_LATER},
        {OUTCOME_SENT, "a+ b+ c+", OUTCOME_TRY_LATER},
        {OUTCOME_SENT, "a+ b+ c+ d?", OUTCOME_UNKNOWN},
        {OUTCOME_REFUSED, "a- b-", OUTCOME_REFUSED},
        {OUTCOME_REFUSED, "a+ b- c- d-", OUTCOME_SENT},
        {OUTCOME_REFUSED, "a! b- c- d-", OUTCOME_SENT},
        {OUTCOME_REFUSED, "a? b- c- d-", OUTCOME_UNKNOWN},
        {OUTCOME_TRY_LATER, "a+", OUTCOME_TRY_LATER},
        {OUTCOME_SIGN_IN_AGAIN, "a+", OUTCOME_SIGN_IN_AGAIN},
        {OUTCOME_UNKNOWN, "a+ b?", OUTCOME_TRY_LATER}, /* c and d need not wait for that */
        {OUTCOME_UNKNOWN, "a+ b? c+ d+", OUTCOME_UNKNOWN},
        {OUTCOME_TRY_LATER, "a- b- c- d-", OUTCOME_REFUSED},
    };
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email email = email_of(EMAIL_SENDING);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct list known = known_of(ROWS[i].known, arena);
        enum outcome_kind ended = recipient_outcome(ROWS[i].kind, &email, &known, arena);
        if (ended != ROWS[i].ended)
            fail_msg("%s with %s: %s", OUTCOME_NAMES[ROWS[i].kind], ROWS[i].known,
                     OUTCOME_NAMES[ended]);
    }
}

static const char *shown_of(const struct email *email, const char *text, struct arena *arena)
{
    struct list known = known_of(text, arena), shown = recipient_shown(email, &known, arena);
    const struct recipient *items = shown.items;
    const char *line = "";
    for (size_t i = 0; i < shown.count; i++)
        line = arena_format(arena, "%s%s%c:%s:%s", line, i ? " " : "", *items[i].address,
                            RECIPIENT_ROLE_NAMES[items[i].role],
                            RECIPIENT_STATUS_NAMES[items[i].status]);
    return line;
}

static void test_what_is_shown(void **state)
{
    static const struct {
        enum email_state state;
        const char *known, *shown;
    } ROWS[] = {
        {EMAIL_DRAFT, "", "a:to:pending b:to:pending c:cc:pending d:bcc:pending"},
        {EMAIL_SENT, "", "a:to:accepted b:to:accepted c:cc:accepted d:bcc:accepted"},
        {EMAIL_UNKNOWN, "", "a:to:unknown b:to:unknown c:cc:unknown d:bcc:unknown"},
        {EMAIL_FAILED, "a-", "a:to:refused b:to:pending c:cc:pending d:bcc:pending"},
        {EMAIL_SENT, "d+ z!",
         "a:to:pending b:to:pending c:cc:pending d:bcc:accepted z:to:delivered"},
    };
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email email = email_of(ROWS[i].state);
        assert_string_equal(shown_of(&email, ROWS[i].known, arena), ROWS[i].shown);
    }
}

static void test_news_take_the_place_of_what_was_known(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct list known = known_of("a+ b~", arena), news = known_of("b+ c-", arena);
    struct list all = recipient_merge(&known, &news, arena);
    assert_int_equal(all.count, 3);
    assert_int_equal(recipient_count(&all, RECIPIENT_ACCEPTED), 2);
    assert_int_equal(recipient_find(&all, "c@x.example")->status, RECIPIENT_REFUSED);
    assert_null(recipient_find(&all, "d@x.example"));
}

static void test_a_summary_names_the_worst(void **state)
{
    static const struct {
        const char *known, *summary;
    } ROWS[] = {
        {"a+ b+ c+ d+", NULL},
        {"a+ b- c~ d+", "of 4 recipients 1: refused; the first is b@x.example: 550 no"},
        {"a+ b~ c~ d+", "of 4 recipients 2: refused for now; the first is b@x.example: 550 no"},
        {"a? b- c~ d+", "of 4 recipients 1: may have the mail or not; the first is a@x.example: "
                        "550 no"},
        {"a+ b+ c+", "of 4 recipients 1: not reached yet; the first is d@x.example"},
    };
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email email = email_of(EMAIL_SENDING);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct list known = known_of(ROWS[i].known, arena);
        const char *summary = recipient_summary(&email, &known, arena);
        if (ROWS[i].summary)
            assert_string_equal(summary, ROWS[i].summary);
        else
            assert_null(summary);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whom_an_attempt_is_to_reach),
        cmocka_unit_test(test_how_an_attempt_ends_for_the_mail),
        cmocka_unit_test(test_what_is_shown),
        cmocka_unit_test(test_news_take_the_place_of_what_was_known),
        cmocka_unit_test(test_a_summary_names_the_worst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
