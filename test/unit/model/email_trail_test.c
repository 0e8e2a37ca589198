#include "model/email_trail.h"

#include <stdio.h>

#include "base/text.h"
#include "case.h"

enum { STEPS_MOST = 8 };

/* "event from>to", each event with the number of its place; "!" behind it: its content is gone. */
struct told {
    struct email_trail trail;
    struct event_record last;
    const char *findings;
};

static struct event_record step(const char *text, int64_t number, struct arena *arena)
{
    char event[32], from[32], to[32], mark[2] = "";
    assert_true(sscanf(text, "%31[^ ] %31[^>]>%31[a-z_]%1s", event, from, to, mark) >= 3);
    return (struct event_record){.number = number,
                                 .event = arena_copy(arena, event),
                                 .from_state = arena_copy(arena, from),
                                 .to_state = arena_copy(arena, to),
                                 .mail_sha256 = "mail",
                                 .content_sha256 = *mark ? "content" : NULL};
}

static struct told tell(const char *const *steps, bool may_have_begun, struct arena *arena)
{
    struct told told = {.findings = ""};
    for (size_t i = 0; i < STEPS_MOST && steps[i]; i++) {
        told.last = step(steps[i], 1 + (int64_t)i, arena);
        const char *what = email_trail_add(&told.trail, &told.last, may_have_begun, arena);
        told.findings = arena_format(arena, "%s%s%s", told.findings, what ? what : "",
                                     what ? "; " : "");
    }
    const char *what = email_trail_end(&told.trail, arena);
    told.findings = arena_format(arena, "%s%s", told.findings, text_or(what, ""));
    return told;
}

static const struct row {
    const char *steps[STEPS_MOST];
    const char *findings;
} ROWS[] = {
    {{"send draft>queued", "claim queued>sending", "accepted sending>sent"}, ""},
    {{"created draft>draft", "changed draft>draft", "missed draft>draft", "send draft>queued",
      "held queued>queued", "retry queued>queued", "cancel queued>canceled"},
     ""},
    {{"received received>received"}, ""},
    {{"created draft>draft", "deleted draft>draft"}, ""},
    {{"created draft>draft", "claim draft>sending"},
     "event 2 leads from draft by claim to sending, which cannot be; "},
    {{"send draft>sent"}, "event 1 leads from draft by send to sent, which cannot be; "},
    {{"created draft>draft", "changed draft>queued"},
     "event 2 leads from draft by changed to queued, which cannot be; "},
    {{"send draft>queued", "refused sending>failed"},
     "event 2 begins at sending, where its mail was not; "},
    {{"claim queued>sending"}, "event 1 begins at queued, where its mail was not; "},
    {{"received draft>draft"}, "event 1 begins at draft, where its mail was not; "},
    {{"created draft>draft", "created draft>draft"},
     "event 2 begins at draft, where its mail was not; "},
    {{"sunk draft>draft"}, "event 1 has a name that there is not; "},
    {{"send drift>queued"}, "event 1 has a name that there is not; "},
    {{"created draft>draft", "deleted draft>draft", "send draft>queued"},
     "event 3 comes after the end of its mail; "},
    /* Content that is gone. */
    {{"created draft>draft!"},
     "the reason and the detail of event 1 are gone, and nobody has erased or deleted "
     "its mail"},
    {{"created draft>draft!", "cancel draft>canceled", "erased canceled>canceled"}, ""},
    {{"created draft>draft!", "erased draft>draft", "deleted draft>draft"}, ""},
    {{"created draft>draft!", "deleted draft>draft"}, ""},
    {{"created draft>draft", "expire draft>failed", "erased failed>failed", "retry failed>queued"},
     "event 4 comes after the end of its mail; "},
};

static void test_ways_through_the_states(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        assert_string_equal(tell(ROWS[i].steps, false, arena).findings, ROWS[i].findings);
    }
}

/* Where an export begins later, an email may be anywhere; from then on it is known. */
static void test_what_has_begun_before(void **state)
{
    static const char *const STEPS[] = {"claim queued>sending", "accepted sending>sent", NULL};
    static const char *const WRONG[] = {"claim queued>sending", "cancel queued>canceled", NULL};
    AUTO_ARENA arena = arena_create();
    (void)state;
    assert_string_equal(tell(STEPS, true, arena).findings, "");
    assert_string_equal(tell(WRONG, true, arena).findings,
                        "event 2 begins at queued, where its mail was not; ");
}

static void test_where_the_email_is(void **state)
{
    static const char *const SENT[] = {"send draft>queued", "claim queued>sending",
                                       "accepted sending>sent", NULL};
    static const char *const ERASED[] = {"send draft>queued", "cancel queued>canceled",
                                         "erased canceled>canceled", NULL};
    static const char *const DELETED[] = {"created draft>draft", "deleted draft>draft", NULL};
    static const struct {
        const char *const *steps;
        struct email_record email;
        const char *finding;
    } CASES[] = {
        {SENT, {"e", "sent", "mail", 0}, NULL},
        {SENT, {"e", "queued", "mail", 0}, "its mail is queued, and event 3 left it sent"},
        {SENT, {"e", "sunk", "mail", 0}, "its mail is sunk, and event 3 left it sent"},
        {SENT, {"e", "sent", "other", 0}, "its mail has another SHA-256 than event 3 says"},
        {SENT, {"e", "sent", NULL, 0}, "its mail has another SHA-256 than event 3 says"},
        {SENT, {NULL, NULL, NULL, 0}, "its mail is gone, and no event says so"},
        {SENT, {"e", "sent", "mail", 1}, "its mail says that it was erased, and no event does"},
        {ERASED, {"e", "canceled", "mail", 1}, NULL},
        {ERASED, {"e", "canceled", "mail", 0}, "its mail was erased, and says that it was not"},
        {DELETED, {NULL, NULL, NULL, 0}, NULL},
        {DELETED,
         {"e", "draft", NULL, 0},
         "event 2 says that its mail was deleted, and it is there"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        AUTO_ARENA arena = arena_create();
        struct told told = tell(CASES[i].steps, false, arena);
        const char *what = email_trail_check(&told.trail, &told.last, &CASES[i].email, arena);
        assert_string_equal(text_or(what, "-"), text_or(CASES[i].finding, "-"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_through_the_states),
        cmocka_unit_test(test_what_has_begun_before),
        cmocka_unit_test(test_where_the_email_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
