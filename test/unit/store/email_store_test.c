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
        assert_int_equal(
            email_store_find(session, &rows[i].viewer, rows[i].id, house->arena, &found, &error),
            rows[i].finds);
        assert_int_equal(error.code, rows[i].finds ? ERROR_NONE : ERROR_NOT_FOUND);
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

static void test_a_client_id_names_one_of_a_users_emails(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    const char *id = "unset";
    struct account of_bob = house_account(house, &house->bob, "b@example.com", PROVIDER_SANDBOX);
    struct email first = house_email(house, &house->account), again = first;
    struct email of_another = house_email(house, &of_bob);
    first.client_id = again.client_id = of_another.client_id = "c-1";
    again.id = id_new(house->arena);
    house_keep(house, &first, EVENT_CREATED, NOON);
    assert_int_equal(call(house, (struct calling){&again, STEP(EVENT_CREATED), insert, false}),
                     ERROR_CONFLICT);
    house_keep(house, &of_another, EVENT_CREATED, NOON);
    const struct {
        const char *user_id, *client_id, *finds;
    } rows[] = {
        {house->ann.id, "c-1", first.id},
        {house->bob.id, "c-1", of_another.id},
        {house->eve.id, "c-1", NULL},
        {house->ann.id, "c-2", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(email_store_find_client_id(house_reading(house), rows[i].user_id,
                                               rows[i].client_id, house->arena, &id, &error));
        assert_true(text_equal(id, rows[i].finds));
    }
}

static bool sign(struct session *session, struct calling *calling, struct error *error)
{
    return email_store_sign(session, calling->email, error);
}

static void test_a_signature_stands_beside_the_bodies(void **state)
{
    struct house *house = *state;
    struct email email = house_draft(house, &house->account);
    struct email bare = house_email(house, &house->account);
    bare.body_text = NULL;
    house_keep(house, &bare, EVENT_CREATED, NOON);
    struct email *emails[] = {&email, &bare};
    for (size_t i = 0; i < COUNT(emails); i++) {
        emails[i]->signature_html = "<p>Ann</p>";
        emails[i]->signature_text = "Ann";
        assert_int_equal(call(house, (struct calling){emails[i], STEP(EVENT_SEND), sign, false}),
                         ERROR_NONE);
        struct email kept = house_look(house, emails[i]->id);
        assert_string_equal(kept.signature_html, "<p>Ann</p>");
        assert_string_equal(kept.signature_text, "Ann");
        assert_true(text_equal(kept.body_text, emails[i]->body_text));
    }
}

static void test_what_came_in_never_moves(void **state)
{
    struct house *house = *state;
    struct email email = house_email(house, &house->account);
    email.state = EMAIL_RECEIVED;
    email.sent_at = (moment){NOON - 9};
    assert_int_equal(call(house, (struct calling){&email, STEP(EVENT_RECEIVED), insert, false}), 0);
    struct email kept = house_look(house, email.id);
    assert_int_equal(kept.state, EMAIL_RECEIVED);
    assert_int_equal(kept.sent_at.ms, NOON - 9);
    for (enum email_event event = EVENT_CREATED; event < EVENT_COUNT; event++) {
        struct error error = {0};
        assert_false(house_move(house, &kept, event, &error));
        assert_int_equal(error.code, ERROR_CONFLICT);
    }
    struct calling calling = {&kept, STEP(EVENT_DELETED), discard, false};
    assert_int_equal(call(house, calling), ERROR_CONFLICT);
    assert_string_equal(house_history(house, email.id), "received received>received");
}

/* Seen to fail without the look at where it comes from in email_store_move. */
static void test_whoever_queues_it_has_it_tried_anew(void **state)
{
    static const struct {
        enum email_event events[4];
        int64_t since_ms;
    } ROWS[] = {
        {{EVENT_CLAIM, EVENT_TRY_LATER}, NOON - 7},
        {{EVENT_RETRY}, 0},
        {{EVENT_CLAIM, EVENT_REFUSED, EVENT_RETRY}, 0},
        {{EVENT_CLAIM, EVENT_LOST, EVENT_NOT_SENT}, 0},
        {{EVENT_SUBMIT, EVENT_APPROVE}, 0},
    };
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        struct email email = house_queued(house, &house->account, NOON);
        email.trying_since = (moment){NOON - 7};
        for (size_t at = 0; ROWS[i].events[at]; at++)
            assert_true(house_move(house, &email, ROWS[i].events[at], &error));
        assert_int_equal(house_look(house, email.id).trying_since.ms, ROWS[i].since_ms);
    }
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
        IN_A_HOUSE(test_a_client_id_names_one_of_a_users_emails),
        IN_A_HOUSE(test_a_signature_stands_beside_the_bodies),
        IN_A_HOUSE(test_what_came_in_never_moves),
        IN_A_HOUSE(test_whoever_queues_it_has_it_tried_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
