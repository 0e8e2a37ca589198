#include "store/email_store.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "case.h"
#include "house.h"

static struct address PEOPLE[] = {{"b@x.example", "B, \"b\""}, {"j\xc3\xb6rg@x.example", NULL}};
static struct attachment FILES[] = {{.document_id = "d",
                                     .sha256 = "s",
                                     .filename = "gr\xc3\xb6\xc3\x9f"
                                                 "e.pdf",
                                     .content_type = "application/pdf",
                                     .size_bytes = 5,
                                     .content_id = "c",
                                     .is_inline = true}};

struct calling { /* one change in a transaction of its own */
    struct email *email;
    struct step step;
    bool (*run)(struct session *session, struct calling *calling, struct error *error);
    bool fails_after;
};

static bool call_work(struct session *session, void *context, struct error *error)
{
    struct calling *calling = context;
    return calling->run(session, calling, error) &&
           (!calling->fails_after || fail(error, ERROR_FULL, "", "afterwards"));
}

static bool insert(struct session *session, struct calling *calling, struct error *error)
{
    return email_store_insert(session, calling->email, &calling->step, error);
}

static bool change(struct session *session, struct calling *calling, struct error *error)
{
    return email_store_change(session, calling->email, calling->step.at, error);
}

static bool move(struct session *session, struct calling *calling, struct error *error)
{
    return email_store_move(session, calling->email, &calling->step, error);
}

static bool discard(struct session *session, struct calling *calling, struct error *error)
{
    return email_store_remove(session, calling->email, &calling->step, error);
}

#define STEP(name) \
    { \
        .event = (name), .at = {NOON}, .actor = "somebody" \
    }
static enum error_code call(struct house *house, struct calling calling)
{
    struct error error = {0};
    bool ok = db_write(house->db, call_work, &calling, &error);
    assert_int_equal(ok, !error.code);
    return error.code;
}

static void test_what_is_kept(void **state)
{
    struct house *house = *state;
    struct email email = house_email(house, &house->account);
    email.to_recipients = (struct list){PEOPLE, 2};
    email.attachments = (struct list){FILES, 1};
    email.body_html = "<p>";
    email.context_type = "case";
    email.context_id = "7";
    email.planned_send_at = (moment){5};
    assert_int_equal(call(house, (struct calling){&email, STEP(EVENT_CREATED), insert, false}), 0);
    assert_int_equal(email.version, 1);
    struct email kept = house_look(house, email.id);
    const struct address *people = kept.to_recipients.items;
    const struct attachment *file = kept.attachments.items;
    assert_int_equal(kept.state, EMAIL_DRAFT);
    assert_int_equal(kept.to_recipients.count, 2);
    assert_string_equal(people[0].name, "B, \"b\"");
    assert_string_equal(people[1].email, PEOPLE[1].email);
    assert_int_equal(kept.attachments.count, 1);
    assert_string_equal(file->filename, FILES->filename);
    assert_int_equal(file->size_bytes, 5);
    assert_true(file->is_inline);
    assert_string_equal(kept.body_html, "<p>");
    assert_string_equal(kept.body_text, email.body_text);
    assert_int_equal(kept.planned_send_at.ms, 5);
    assert_int_equal(kept.created_at.ms, NOON);
    assert_string_equal(house_history(house, email.id), "created draft>draft");
}

static void test_others_do_not_find_it(void **state)
{
    struct house *house = *state;
    struct email email = house_draft(house, &house->account), found;
    const struct {
        struct viewer viewer;
        const char *id;
        bool finds;
    } rows[] = {
        {house_viewer(&house->ann), email.id, true},
        {house_viewer(&house->bob), email.id, false},
        {house_viewer(&house->eve), email.id, false},
        {{.organization_id = house->organization.id}, email.id, true},
        {{.organization_id = house->other_organization.id}, email.id, false},
        {house_viewer(&house->ann), "another", false},
        {house_viewer(&house->ann), "", false},
    };
    struct session *session = house_reading(house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        struct email_page page;
        assert_int_equal(
            email_store_find(session, &rows[i].viewer, rows[i].id, house->arena, &found, &error),
            rows[i].finds);
        assert_int_equal(error.code, rows[i].finds ? ERROR_NONE : ERROR_NOT_FOUND);
        assert_true(email_store_page(session, &rows[i].viewer, &(struct email_filter){0}, 0, 9,
                                     house->arena, &page, &error));
        bool sees = i < 5 ? rows[i].finds : true;
        assert_int_equal(page.count, sees);
        assert_int_equal(page.items.count, sees);
    }
}

static void test_of_two_editors_one_is_told(void **state)
{
    struct house *house = *state;
    struct email first = house_draft(house, &house->account), second = first;
    first.subject = "first";
    second.subject = "second";
    second.body_text = "second";
    struct calling calling = {&first, STEP(EVENT_CHANGED), change, false};
    assert_int_equal(call(house, calling), ERROR_NONE);
    assert_int_equal(first.version, 2);
    calling.email = &second;
    assert_int_equal(call(house, calling), ERROR_CONFLICT);
    struct email kept = house_look(house, first.id);
    assert_string_equal(kept.subject, "first");
    assert_string_equal(kept.body_text, first.body_text); /* nothing of the second is there */
    assert_int_equal(kept.version, 2);
}

/* P7, P9: a step is bound to what was looked at when it was decided. */
static void test_a_step_conflicts_with_what_has_changed(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_draft(house, &house->account), seen = email;
    assert_true(house_move(house, &email, EVENT_SUBMIT, &error));
    assert_false(house_move(house, &seen, EVENT_CANCEL, &error)); /* is a draft no more */
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_int_equal(seen.state, EMAIL_DRAFT);
    seen = email;
    assert_int_equal(call(house, (struct calling){&email, STEP(EVENT_CHANGED), change, false}), 0);
    assert_false(house_move(house, &seen, EVENT_APPROVE, &error)); /* says something else now */
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_string_equal(house_history(house, email.id),
                        "created draft>draft, submit draft>pending_approval");
}

static void test_a_claim_outdates_another(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_queued(house, &house->account, NOON), late = email;
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_int_equal(email.claim, 1);
    struct email first_claim = email;
    assert_false(house_move(house, &late, EVENT_CLAIM, &error));
    assert_true(house_move(house, &email, EVENT_TRY_LATER, &error));
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_int_equal(email.claim, 2);
    assert_false(house_move(house, &first_claim, EVENT_ACCEPTED, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    assert_int_equal(house_look(house, email.id).state, EMAIL_SENDING);
    assert_true(house_move(house, &email, EVENT_ACCEPTED, &error));
}

static void test_steps_that_the_table_forbids(void **state)
{
    static const struct {
        enum email_event before, event;
    } ROWS[] = {
        {EVENT_COUNT, EVENT_CLAIM},   {EVENT_COUNT, EVENT_APPROVE}, {EVENT_COUNT, EVENT_ACCEPTED},
        {EVENT_CANCEL, EVENT_SEND},   {EVENT_CANCEL, EVENT_RETRY},  {EVENT_SEND, EVENT_DUE},
        {EVENT_SEND, EVENT_ACCEPTED}, {EVENT_SUBMIT, EVENT_SEND},
    };
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        struct email email = house_draft(house, &house->account);
        if (ROWS[i].before != EVENT_COUNT)
            assert_true(house_move(house, &email, ROWS[i].before, &error));
        const char *before = house_history(house, email.id);
        assert_false(house_move(house, &email, ROWS[i].event, &error));
        assert_int_equal(error.code, ERROR_CONFLICT);
        assert_string_equal(house_history(house, email.id), before);
    }
}

/* The event and what it tells of come together or not at all. */
static void test_an_event_shares_the_fate_of_its_step(void **state)
{
    struct house *house = *state;
    struct email draft = house_draft(house, &house->account);
    struct email fresh = house_email(house, &house->account), moved = draft, discarded = draft;
    struct calling calls[] = {
        {&fresh, STEP(EVENT_SEND), insert, true},
        {&moved, STEP(EVENT_CANCEL), move, true},
        {&discarded, STEP(EVENT_DELETED), discard, true},
    };
    for (size_t i = 0; i < COUNT(calls); i++)
        assert_int_equal(call(house, calls[i]), ERROR_FULL);
    assert_string_equal(house_history(house, fresh.id), "");
    assert_string_equal(house_history(house, draft.id), "created draft>draft");
    assert_int_equal(house_look(house, draft.id).state, EMAIL_DRAFT);
}

static void test_only_a_draft_is_thrown_away(void **state)
{
    struct house *house = *state;
    struct email queued = house_queued(house, &house->account, NOON);
    struct email draft = house_draft(house, &house->account), old = draft;
    struct calling calling = {&queued, STEP(EVENT_DELETED), discard, false};
    assert_int_equal(call(house, calling), ERROR_CONFLICT);
    assert_int_equal(call(house, (struct calling){&draft, STEP(EVENT_CHANGED), change, false}), 0);
    calling.email = &old;
    assert_int_equal(call(house, calling), ERROR_CONFLICT);
    calling.email = &draft;
    assert_int_equal(call(house, calling), ERROR_NONE);
    assert_int_equal(call(house, calling), ERROR_CONFLICT);
    assert_string_equal(house_history(house, draft.id), "created draft>draft, deleted draft>draft");
}

static void test_a_new_email_is_a_draft_or_queued(void **state)
{
    struct house *house = *state;
    struct email email = house_email(house, &house->account);
    struct calling calling = {&email, STEP(EVENT_CLAIM), insert, false};
    assert_int_equal(call(house, calling), ERROR_INTERNAL);
    calling.step.event = EVENT_SEND;
    assert_int_equal(call(house, calling), ERROR_NONE);
    assert_int_equal(email.state, EMAIL_QUEUED);
    assert_string_equal(house_history(house, email.id), "send draft>queued");
}

static void test_pages_of_drafts(void **state)
{
    enum { DRAFTS = 7, AT_ONCE = 3 };
    struct house *house = *state;
    struct error error = {0};
    for (int i = 0; i < DRAFTS; i++)
        house_draft(house, &house->account); /* all at the same time: the id decides */
    house_queued(house, &house->account, NOON);
    struct session *session = house_reading(house);
    struct email_cursor cursor = {0};
    const char *last_id = "z";
    size_t seen = 0;
    for (struct list page = {NULL, AT_ONCE}; page.count == AT_ONCE; seen += page.count) {
        assert_true(email_store_drafts(session, house->ann.id, NULL, seen ? &cursor : NULL, AT_ONCE,
                                       house->arena, &page, &error));
        const struct email *drafts = page.items;
        for (size_t i = 0; i < page.count; last_id = drafts[i++].id)
            assert_true(strcmp(drafts[i].id, last_id) < 0);
        if (page.count)
            cursor = (struct email_cursor){drafts[page.count - 1].updated_at, last_id};
    }
    assert_int_equal(seen, DRAFTS);
}

static void test_since_when_it_is_queued(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    moment since = {-1};
    struct email email = house_queued(house, &house->account, NOON - 7);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_true(house_move(house, &email, EVENT_TRY_LATER, &error)); /* at NOON + 1 */
    struct session *session = house_reading(house);
    assert_true(email_store_queued_since(session, email.id, &since, &error));
    assert_int_equal(since.ms, NOON - 7);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_true(house_move(house, &email, EVENT_REFUSED, &error));
    assert_true(house_move(house, &email, EVENT_RETRY, &error));
    assert_true(email_store_queued_since(session, email.id, &since, &error));
    assert_int_equal(since.ms, NOON + 1);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_what_is_kept),
        IN_A_HOUSE(test_others_do_not_find_it),
        IN_A_HOUSE(test_of_two_editors_one_is_told),
        IN_A_HOUSE(test_a_step_conflicts_with_what_has_changed),
        IN_A_HOUSE(test_a_claim_outdates_another),
        IN_A_HOUSE(test_steps_that_the_table_forbids),
        IN_A_HOUSE(test_an_event_shares_the_fate_of_its_step),
        IN_A_HOUSE(test_only_a_draft_is_thrown_away),
        IN_A_HOUSE(test_a_new_email_is_a_draft_or_queued),
        IN_A_HOUSE(test_pages_of_drafts),
        IN_A_HOUSE(test_since_when_it_is_queued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
