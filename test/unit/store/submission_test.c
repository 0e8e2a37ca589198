#include "store/submission.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "model/email_content.h"
#include "store/approval.h"
#include "store/conversation_store.h"
#include "store/decision.h"
#include "store/identity_store.h"

struct queuing {
    struct house *house;
    struct email *email;
    const struct account *account;
    struct step step;
};

static bool queue_work(struct session *session, void *context, struct error *error)
{
    struct queuing *queuing = context;
    return submission_queue(session, queuing->email, queuing->account, &queuing->step,
                            queuing->house->arena, error);
}

static bool queue(struct house *house, struct email *email, enum email_event event, int64_t at_ms)
{
    struct error error = {0};
    struct queuing queuing = {
        house, email, &house->account, {event, {at_ms}, "system", NULL, NULL}};
    return db_write(house->db, queue_work, &queuing, &error);
}

static void test_what_is_fixed_from_here_on(void **state)
{
    struct house *house = *state;
    house->account.display_name = "Ann";
    struct email email = house_email(house, &house->account);
    email.from_email = "somebody@else.example";
    assert_true(queue(house, &email, EVENT_SEND, NOON + 5));
    struct email kept = house_look(house, email.id);
    assert_int_equal(kept.state, EMAIL_QUEUED);
    assert_string_equal(kept.from_email, "ann@example.com");
    assert_string_equal(kept.from_name, "Ann");
    assert_string_equal(kept.provider, "sandbox");
    assert_true(text_starts(kept.message_id, "<"));
    assert_non_null(strstr(kept.message_id, "@example.com>"));
    assert_int_equal(kept.message_date.ms, NOON + 5);
    assert_int_equal(kept.next_attempt_at.ms, NOON + 5);
    assert_non_null(kept.conversation_id);
    assert_string_equal(kept.provider_thread_id, kept.conversation_id);
}

static void test_it_stays_the_same_in_every_attempt(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_email(house, &house->account);
    assert_true(queue(house, &email, EVENT_SEND, NOON));
    struct email first = house_look(house, email.id);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_true(house_move(house, &email, EVENT_REFUSED, &error));
    house->account.display_name = "Renamed";
    assert_true(queue(house, &email, EVENT_RETRY, NOON + 9000));
    struct email second = house_look(house, email.id);
    assert_string_equal(second.message_id, first.message_id);
    assert_int_equal(second.message_date.ms, first.message_date.ms);
    assert_string_equal(second.conversation_id, first.conversation_id);
    assert_int_equal(second.next_attempt_at.ms, NOON + 9000);
}

static void test_what_is_due_leaves_at_its_time(void **state)
{
    struct house *house = *state;
    struct email email = house_draft(house, &house->account);
    email.planned_send_at = (moment){NOON - 100};
    assert_true(queue(house, &email, EVENT_DUE, NOON + 3));
    struct email kept = house_look(house, email.id);
    assert_int_equal(kept.next_attempt_at.ms,
                     NOON - 100); /* so it keeps its place, and its lateness */
    assert_int_equal(kept.message_date.ms, NOON + 3);
    assert_string_equal(house_history(house, email.id), "created draft>draft, due draft>queued");
}

static struct conversation conversation_of(struct house *house, const struct email *email)
{
    struct error error = {0};
    struct conversation conversation = {0};
    struct viewer viewer = house_viewer(&house->ann);
    assert_true(conversation_store_find(house_reading(house), &viewer, email->conversation_id,
                                        house->arena, &conversation, &error));
    return conversation;
}

static void test_it_enters_its_conversation_once(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email first = house_email(house, &house->account);
    assert_true(queue(house, &first, EVENT_SEND, NOON));
    assert_int_equal(conversation_of(house, &first).message_count, 1);
    struct email reply = house_email(house, &house->account);
    reply.conversation_id = first.conversation_id;
    house_keep(house, &reply, EVENT_CREATED, NOON + 1);
    assert_int_equal(conversation_of(house, &first).message_count, 1); /* not while a draft */
    assert_true(queue(house, &reply, EVENT_SEND, NOON + 2));
    assert_string_equal(house_look(house, reply.id).provider_thread_id, first.conversation_id);
    assert_int_equal(conversation_of(house, &first).message_count, 2);
    assert_int_equal(conversation_of(house, &first).last_message_at.ms, NOON + 2);
    assert_true(house_move(house, &reply, EVENT_CLAIM, &error));
    assert_true(house_move(house, &reply, EVENT_REFUSED, &error));
    assert_true(queue(house, &reply, EVENT_RETRY, NOON + 3));
    assert_int_equal(conversation_of(house, &first).message_count, 2);
}

static bool signature_work(struct session *session, void *context, struct error *error)
{
    return identity_store_change_signature(session, context, error);
}

static void change_signature(struct house *house, const char *html, const char *text)
{
    struct error error = {0};
    house->ann.signature_html = html;
    house->ann.signature_text = text;
    assert_true(db_write(house->db, signature_work, &house->ann, &error));
}

static void test_whose_signature_stands_below(void **state)
{
    static const struct {
        bool appends;
        const char *html, *text; /* the mailbox's own */
        const char *expected_html, *expected_text;
    } ROWS[] = {
        {false, NULL, NULL, NULL, NULL},           {false, "<p>box</p>", "box", NULL, NULL},
        {true, NULL, NULL, "<p>user</p>", "user"}, {true, "<p>box</p>", "box", "<p>box</p>", "box"},
        {true, NULL, "box", NULL, "box"},          {true, "<p>box</p>", NULL, "<p>box</p>", NULL},
    };
    struct house *house = *state;
    change_signature(house, "<p>user</p>", "user");
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        house->account.appends_signature = ROWS[i].appends;
        house->account.signature_html = ROWS[i].html;
        house->account.signature_text = ROWS[i].text;
        struct email fresh = house_email(house, &house->account);
        struct email draft = house_draft(house, &house->account);
        assert_true(queue(house, &fresh, EVENT_SEND, NOON));
        assert_true(queue(house, &draft, EVENT_SEND, NOON));
        const struct email kept[] = {house_look(house, fresh.id), house_look(house, draft.id)};
        for (size_t j = 0; j < COUNT(kept); j++) {
            assert_true(text_equal(kept[j].signature_html, ROWS[i].expected_html));
            assert_true(text_equal(kept[j].signature_text, ROWS[i].expected_text));
            assert_string_equal(kept[j].body_text, fresh.body_text);
        }
    }
}

static void test_a_signature_is_the_same_in_every_attempt(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    change_signature(house, "<p>then</p>", "then");
    house->account.appends_signature = true;
    struct email email = house_email(house, &house->account);
    assert_true(queue(house, &email, EVENT_SEND, NOON));
    change_signature(house, "<p>now</p>", "now");
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_true(house_move(house, &email, EVENT_REFUSED, &error));
    assert_true(queue(house, &email, EVENT_RETRY, NOON + 3));
    assert_string_equal(house_look(house, email.id).signature_html, "<p>then</p>");
    assert_string_equal(house_look(house, email.id).signature_text, "then");
}

static bool ask_work(struct session *session, void *context, struct error *error)
{
    struct queuing *queuing = context;
    return submission_ask(session, queuing->email, queuing->account, &queuing->step,
                          queuing->house->arena, error);
}

static bool ask_again_work(struct session *session, void *context, struct error *error)
{
    struct queuing *queuing = context;
    return submission_ask_again(session, queuing->email, (moment){1}, queuing->house->arena, error);
}

static bool account_work(struct session *session, void *context, struct error *error)
{
    struct queuing *queuing = context;
    return account_store_change(session, queuing->account, error);
}

static bool approve_work(struct session *session, void *context, struct error *error)
{
    struct queuing *queuing = context;
    struct arena *arena = queuing->house->arena;
    struct email *email = queuing->email;
    return approval_give(session, email, email->content_sha256, &queuing->step, arena, error) &&
           submission_queue(session, email, queuing->account, &queuing->step, arena, error);
}

static bool reject_work(struct session *session, void *context, struct error *error)
{
    struct queuing *queuing = context;
    return decision_reject(session, queuing->email, &queuing->step, error);
}

static void must(struct house *house, struct email *email, db_work *work, enum email_event event)
{
    struct error error = {0};
    struct queuing queuing = {
        house, email, &house->account, {event, {NOON}, "somebody", NULL, NULL}};
    *email = house_look(house, email->id);
    if (!db_write(house->db, work, &queuing, &error))
        fail_msg("%s: %s", EMAIL_EVENT_NAMES[event], error.message);
}

/* A mailbox that signs, and has no name yet; its draft, for which consent was asked. */
static struct email asked_for(struct house *house)
{
    struct email email = house_draft(house, &house->account);
    change_signature(house, NULL, "then");
    house->account.appends_signature = true;
    house->account.display_name = NULL;
    must(house, &email, ask_work, EVENT_SUBMIT);
    change_signature(house, NULL, "now");
    house->account.display_name = "Renamed";
    return house_look(house, email.id);
}

static void test_who_agrees_agrees_to_the_signature_and_the_name(void **state)
{
    struct house *house = *state;
    struct email email = asked_for(house);
    assert_string_equal(email.signature_text, "then");
    assert_string_equal(email.content_sha256, email_content_sha256(&email, house->arena));
    must(house, &email, approve_work, EVENT_APPROVE);
    email = house_look(house, email.id);
    assert_int_equal(email.state, EMAIL_QUEUED);
    assert_string_equal(email.signature_text, "then");
    assert_null(email.from_name);
    assert_string_equal(email.approved_sha256, email_content_sha256(&email, house->arena));
}

static void test_an_edit_takes_todays_signature(void **state)
{
    struct house *house = *state;
    struct email email = asked_for(house);
    must(house, &email, account_work, EVENT_CHANGED);
    must(house, &email, ask_again_work, EVENT_CHANGED);
    assert_string_equal(email.signature_text, "now");
    assert_string_equal(email.content_sha256, email_content_sha256(&email, house->arena));
    assert_string_equal(house_look(house, email.id).signature_text, "now");
}

static void test_a_rejected_one_is_signed_anew(void **state)
{
    struct house *house = *state;
    struct email email = asked_for(house);
    must(house, &email, reject_work, EVENT_REJECT);
    email = house_look(house, email.id);
    assert_null(email.signature_text);
    assert_true(queue(house, &email, EVENT_SEND, NOON));
    assert_string_equal(house_look(house, email.id).signature_text, "now");
}

static bool recall_work(struct session *session, void *context, struct error *error)
{
    struct queuing *queuing = context;
    queuing->email->provider_handle = "r-1";
    return email_store_handle(session, queuing->email, error) &&
           submission_recall(session, queuing->email, queuing->account, "why", queuing->step.at,
                             queuing->house->arena, error);
}

/* It may be edited now: the draft that its provider has is not to be sent any more. */
static void test_what_is_recalled_is_made_anew(void **state)
{
    struct house *house = *state;
    struct email email = house_queued(house, &house->account, NOON);
    must(house, &email, recall_work, EVENT_SUBMIT);
    email = house_look(house, email.id);
    assert_int_equal(email.state, EMAIL_PENDING_APPROVAL);
    assert_string_equal(email.provider_handle, EMAIL_HANDLE_UNFINISHED "r-1");
}

static void test_what_cannot_be_queued(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_draft(house, &house->account);
    assert_true(house_move(house, &email, EVENT_CANCEL, &error));
    assert_false(queue(house, &email, EVENT_SEND, NOON));
    assert_int_equal(house_look(house, email.id).state, EMAIL_CANCELED);
    assert_null(house_look(house, email.id).conversation_id);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_what_is_fixed_from_here_on),
        IN_A_HOUSE(test_it_stays_the_same_in_every_attempt),
        IN_A_HOUSE(test_what_is_due_leaves_at_its_time),
        IN_A_HOUSE(test_it_enters_its_conversation_once),
        IN_A_HOUSE(test_whose_signature_stands_below),
        IN_A_HOUSE(test_a_signature_is_the_same_in_every_attempt),
        IN_A_HOUSE(test_who_agrees_agrees_to_the_signature_and_the_name),
        IN_A_HOUSE(test_an_edit_takes_todays_signature),
        IN_A_HOUSE(test_a_rejected_one_is_signed_anew),
        IN_A_HOUSE(test_what_is_recalled_is_made_anew),
        IN_A_HOUSE(test_what_cannot_be_queued),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
