/* A trail of six events, and what is said when somebody has had his hands on it.
 *
 * covers: src/model/event_record.c */
#include "model/event_chain.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "case.h"

enum { EVENTS = 6 };

struct trail {
    struct arena *arena;
    struct event_record events[EVENTS + 1];
    size_t count;
    struct event_chain end;
};

/* The second and the fifth have something to say. */
static struct event_record event_at(size_t place)
{
    bool has_content = place % 3 == 1;
    return (struct event_record){
        .position = 10 + (int64_t)place,
        .number = 1 + (int64_t)place,
        .organization_id = "o",
        .email_id = "e",
        .at = 1000,
        .event = place == EVENTS - 1 ? "accepted" : "claim",
        .from_state = "queued",
        .to_state = "sending",
        .actor = "system",
        .reason = has_content ? "why" : NULL,
        .salt = has_content ? "salt" : NULL,
        .mail_sha256 = place == EVENTS - 1 ? "mail" : NULL,
    };
}

static void link_all(struct trail *trail)
{
    const char *previous = NULL;
    for (size_t i = 0; i < EVENTS; i++) {
        struct event_record *event = &trail->events[i];
        event->content_sha256 = event_record_content_sha256(event, trail->arena);
        event->hash = previous = event_record_hash(event, previous, trail->arena);
    }
}

static int start(void **state)
{
    static struct trail trail;
    trail = (struct trail){.arena = arena_create(), .count = EVENTS};
    for (size_t i = 0; i < EVENTS; i++)
        trail.events[i] = event_at(i);
    link_all(&trail);
    *state = &trail;
    return 0;
}

static int stop(void **state)
{
    arena_destroy(((struct trail *)*state)->arena);
    return 0;
}

/* All findings, each behind the place where it was made. */
static const char *findings(struct trail *trail)
{
    const char *all = "";
    trail->end = (struct event_chain){0};
    for (size_t i = 0; i < trail->count; i++) {
        const char *what = event_chain_add(&trail->end, &trail->events[i], trail->arena);
        if (what)
            all = arena_format(trail->arena, "%s%zu: %s; ", all, i + 1, what);
    }
    return all;
}

static void test_a_trail_that_holds(void **state)
{
    struct trail *trail = *state;
    assert_string_equal(findings(trail), "");
    assert_int_equal(trail->end.events, EVENTS);
    assert_int_equal(trail->end.first, 1);
    assert_int_equal(trail->end.number, EVENTS);
    assert_int_equal(trail->end.older, 0);
    assert_string_equal(trail->end.hash, trail->events[EVENTS - 1].hash);
}

#define CHANGED(number) \
    number ": event " number " was changed, or what stood before it: its hash is another; "
#define CONTENT(number) number ": the reason or the detail of event " number " was changed; "

static void test_a_changed_text(void **state)
{
#define AT(member) offsetof(struct event_record, member)
    static const struct {
        size_t place, member;
        const char *value, *findings;
    } ROWS[] = {
        {2, AT(organization_id), "p", CHANGED("3")},
        {2, AT(email_id), "f", CHANGED("3")},
        {0, AT(event), "send", CHANGED("1")},
        {2, AT(event), "no such event", CHANGED("3")},
        {2, AT(from_state), "", CHANGED("3")},
        {2, AT(to_state), "sent", CHANGED("3")},
        {2, AT(actor), "a", CHANGED("3")},
        {2, AT(token_id), "t", CHANGED("3")},
        {1, AT(reason), "why not", CONTENT("2")},
        {1, AT(reason), NULL, CONTENT("2")}, /* the salt is still there: it was not erased */
        {2, AT(reason), "why", CONTENT("3")},
        {1, AT(detail), "{}", CONTENT("2")},
        {1, AT(salt), "pepper", CONTENT("2")},
        {1, AT(salt), NULL, CONTENT("2")},
        {1, AT(content_sha256), "c", CHANGED("2")},
        {2, AT(content_sha256), "c", CHANGED("3")},
        {5, AT(mail_sha256), "other", CHANGED("6")},
        {5, AT(mail_sha256), NULL, CHANGED("6")},
        {5, AT(hash), "h", CHANGED("6")},
        {2, AT(hash), "h", CHANGED("3") CHANGED("4")},
        {2, AT(hash), NULL, "3: event 3 has lost its hash; " CHANGED("4")},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct trail trail = *(struct trail *)*state;
        memcpy((char *)&trail.events[ROWS[i].place] + ROWS[i].member, &ROWS[i].value,
               sizeof ROWS[i].value);
        assert_string_equal(findings(&trail), ROWS[i].findings);
    }
}

static void test_a_changed_number(void **state)
{
    static const struct {
        size_t place, member;
        int64_t value;
        const char *findings;
    } ROWS[] = {
        {2, AT(at), 1001, CHANGED("3")},
        {2, AT(number), 4,
         "3: event 3 is missing; 4: event 4 stands behind event 4; " CHANGED("5")},
        {2, AT(number), 2, "3: event 2 stands behind event 2; 4: event 3 is missing; "},
        {2, AT(number), -3, "3: event -3 stands behind event 2; 4: event 3 is missing; "},
        {2, AT(position), 13, "4: event 4 stands at another place than it did; "},
        {2, AT(position), 1, "3: event 3 stands at another place than it did; "},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct trail trail = *(struct trail *)*state;
        memcpy((char *)&trail.events[ROWS[i].place] + ROWS[i].member, &ROWS[i].value,
               sizeof ROWS[i].value);
        assert_string_equal(findings(&trail), ROWS[i].findings);
    }
}

static void drop(struct trail *trail, size_t place, size_t count)
{
    trail->count -= count;
    memmove(&trail->events[place], &trail->events[place + count],
            (trail->count - place) * sizeof *trail->events);
}

static void test_dropped_events(void **state)
{
    static const struct {
        size_t place, count;
        const char *findings;
    } ROWS[] = {
        {0, 1, "1: event 1 is missing; "},
        {0, 3, "1: events 1 to 3 are missing; "},
        {2, 1, "3: event 3 is missing; "},
        {1, 4, "2: events 2 to 5 are missing; "},
        {5, 1, ""}, /* its end knows: see below */
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct trail trail = *(struct trail *)*state;
        drop(&trail, ROWS[i].place, ROWS[i].count);
        assert_string_equal(findings(&trail), ROWS[i].findings);
    }
}

/* With its hash made anew, the one behind it does not fit. */
static void test_an_event_that_was_replaced(void **state)
{
    struct trail trail = *(struct trail *)*state;
    trail.events[2].actor = "somebody else";
    trail.events[2].hash = event_record_hash(&trail.events[2], trail.events[1].hash, trail.arena);
    assert_string_equal(findings(&trail), CHANGED("4"));
}

static void test_two_that_change_places(void **state)
{
    struct trail trail = *(struct trail *)*state;
    struct event_record third = trail.events[2];
    trail.events[2] = trail.events[3];
    trail.events[3] = third;
    assert_string_equal(findings(&trail),
                        "3: event 3 is missing; 4: event 3 stands behind event 4; ");
    trail.events[2].number = 3; /* and their numbers with them */
    trail.events[3].number = 4;
    assert_string_equal(findings(&trail), CHANGED("3") CHANGED("4") CHANGED("5"));
}

static void test_one_that_says_sent_and_not_what(void **state)
{
    struct trail trail = *(struct trail *)*state;
    trail.events[5].mail_sha256 = NULL;
    link_all(&trail);
    assert_string_equal(findings(&trail), "6: event 6 says sent, and not which mail; ");
}

static void test_erased_content_is_no_finding(void **state)
{
    struct trail trail = *(struct trail *)*state;
    trail.events[1].reason = trail.events[1].detail = trail.events[1].salt = NULL;
    assert_string_equal(findings(&trail), "");
}

static void test_what_is_older_than_the_chain(void **state)
{
    struct trail trail = *(struct trail *)*state;
    trail.events[0].hash = trail.events[1].hash = NULL;
    trail.events[1].content_sha256 = trail.events[1].salt = NULL;
    const char *previous = NULL;
    for (size_t i = 2; i < EVENTS; i++)
        trail.events[i].hash = previous = event_record_hash(&trail.events[i], previous,
                                                            trail.arena);
    assert_string_equal(findings(&trail), "");
    assert_int_equal(trail.end.older, 2);
    drop(&trail, 0, 1);
    assert_string_equal(findings(&trail), "1: event 1 is missing; ");
}

static void test_the_end(void **state)
{
    struct trail *trail = *state;
    const char *hash = trail->events[EVENTS - 1].hash;
    findings(trail);
    assert_null(event_chain_end(&trail->end, EVENTS, hash, trail->arena));
    assert_string_equal(event_chain_end(&trail->end, 8, hash, trail->arena),
                        "the chain ends at 6, and its end says 8");
    assert_string_equal(event_chain_end(&trail->end, 0, NULL, trail->arena),
                        "the chain ends at 6, and its end says 0");
    assert_string_equal(event_chain_end(&trail->end, EVENTS, "h", trail->arena),
                        "the end has another hash than event 6");
    assert_string_equal(event_chain_end(&trail->end, EVENTS, NULL, trail->arena),
                        "the end has another hash than event 6");
    const struct event_chain nothing = {0};
    assert_null(event_chain_end(&nothing, 0, NULL, trail->arena));
    assert_string_equal(event_chain_end(&nothing, 2, "h", trail->arena),
                        "the chain ends at 0, and its end says 2");
}

static void test_from_the_middle_on(void **state)
{
    struct trail *trail = *state;
    struct event_chain chain = event_chain_behind(3, trail->events[2].hash);
    for (size_t i = 3; i < EVENTS; i++)
        assert_null(event_chain_add(&chain, &trail->events[i], trail->arena));
    assert_int_equal(chain.first, 4);
    chain = event_chain_behind(3, trail->events[1].hash);
    assert_non_null(event_chain_add(&chain, &trail->events[3], trail->arena));
}

#define WITH_A_TRAIL(test) cmocka_unit_test_setup_teardown(test, start, stop)
int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_TRAIL(test_a_trail_that_holds),
        WITH_A_TRAIL(test_a_changed_text),
        WITH_A_TRAIL(test_a_changed_number),
        WITH_A_TRAIL(test_dropped_events),
        WITH_A_TRAIL(test_an_event_that_was_replaced),
        WITH_A_TRAIL(test_two_that_change_places),
        WITH_A_TRAIL(test_one_that_says_sent_and_not_what),
        WITH_A_TRAIL(test_erased_content_is_no_finding),
        WITH_A_TRAIL(test_what_is_older_than_the_chain),
        WITH_A_TRAIL(test_the_end),
        WITH_A_TRAIL(test_from_the_middle_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
