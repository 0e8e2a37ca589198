#include "store/erasure.h"

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/conversation_store.h"
#include "store/tally.h"

struct erasing {
    struct house *house;
    const char *id;
    enum erasure erasure;
};

static bool erase_work(struct session *session, void *context, struct error *error)
{
    struct erasing *erasing = context;
    const struct step step = {.event = EVENT_ERASED, .at = {NOON + 5}, .actor = "system"};
    const struct viewer viewer = {.organization_id = erasing->house->organization.id};
    struct email email;
    return email_store_find(session, &viewer, erasing->id, erasing->house->arena, &email, error) &&
           erasure_run(session, &email, &step, erasing->house->arena, &erasing->erasure, error);
}

static bool erase(struct house *house, const char *id, enum erasure *ret_erasure,
                  struct error *error)
{
    struct erasing erasing = {house, id, ERASURE_DONE};
    bool is_done = db_write(house->db, erase_work, &erasing, error);
    *ret_erasure = erasing.erasure;
    return is_done;
}

static struct conversation conversation_of(struct house *house, const struct email *email)
{
    struct conversation found = {0};
    struct error error = {0};
    const struct viewer viewer = {.organization_id = house->organization.id};
    assert_true(conversation_store_find(house_reading(house), &viewer, email->conversation_id,
                                        house->arena, &found, &error));
    return found;
}

static int64_t tally_of(struct house *house, enum tally tally)
{
    struct error error = {0};
    int64_t number = -1;
    assert_true(tally_of_user(house_reading(house), house->ann.id, tally, &number, &error));
    return number;
}

static void test_only_at_an_end(void **state)
{
    static const struct {
        enum email_event events[3]; /* after it was queued */
        size_t count;
        const char *obstacle;
    } ROWS[] = {
        {{0}, 0, "it is still to be sent: cancel it first"},
        {{EVENT_CLAIM}, 1, "it is being sent: wait until that has ended"},
        {{EVENT_CLAIM, EVENT_LOST}, 2, "nobody knows yet whether it was sent: resolve it first"},
        {{EVENT_CLAIM, EVENT_ACCEPTED}, 2, NULL},
        {{EVENT_CLAIM, EVENT_REFUSED}, 2, NULL},
        {{EVENT_CANCEL}, 1, NULL},
    };
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        enum erasure erasure;
        struct email email = house_queued(house, &house->account, NOON);
        for (size_t j = 0; j < ROWS[i].count; j++)
            assert_true(house_move(house, &email, ROWS[i].events[j], &error));
        bool is_done = erase(house, email.id, &erasure, &error);
        struct email after = house_look(house, email.id);
        assert_int_equal(is_done, !ROWS[i].obstacle);
        assert_int_equal(after.erased_at.ms != 0, is_done);
        assert_int_equal(after.subject == NULL && after.body_text == NULL, is_done);
        if (!is_done) {
            assert_int_equal(error.code, ERROR_CONFLICT);
            assert_string_equal(error.message, ROWS[i].obstacle);
        }
    }
}

static void test_its_conversation_and_the_tallies(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    enum erasure erasure;
    struct email email = house_queued(house, &house->account, NOON);
    struct conversation before = conversation_of(house, &email);
    int64_t emails = tally_of(house, TALLY_EMAILS), drafts = tally_of(house, TALLY_DRAFTS);
    assert_string_equal(before.subject, "Hello");
    assert_int_equal(before.participants.count, 1);
    assert_true(house_move(house, &email, EVENT_CANCEL, &error));
    assert_true(erase(house, email.id, &erasure, &error));
    assert_int_equal(erasure, ERASURE_DONE);
    struct conversation after = conversation_of(house, &email);
    assert_null(after.subject);
    assert_int_equal(after.participants.count, 0);
    assert_int_equal(after.message_count, before.message_count);
    assert_int_equal(tally_of(house, TALLY_EMAILS), emails);
    assert_int_equal(tally_of(house, TALLY_DRAFTS), drafts);
    assert_string_equal(house_history(house, email.id),
                        "send draft>queued, cancel queued>canceled, erased canceled>canceled");
    assert_true(erase(house, email.id, &erasure, &error));
    assert_int_equal(erasure, ERASURE_HAS_BEEN);
}

static void test_a_draft_goes_altogether(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    enum erasure erasure;
    struct email draft = house_draft(house, &house->account);
    int64_t drafts = tally_of(house, TALLY_DRAFTS);
    assert_true(erase(house, draft.id, &erasure, &error));
    assert_int_equal(erasure, ERASURE_DELETED);
    assert_int_equal(tally_of(house, TALLY_DRAFTS), drafts - 1);
    assert_string_equal(house_history(house, draft.id),
                        "created draft>draft, erased draft>draft, deleted draft>draft");
}

static bool remove_work(struct session *session, void *context, struct error *error)
{
    struct erasing *erasing = context;
    const struct step step = {.event = EVENT_DELETED, .at = {NOON + 5}, .actor = "system"};
    const struct email email = house_look(erasing->house, erasing->id);
    return erasure_remove(session, &email, &step, erasing->house->arena, error);
}

/* It was in the queue before somebody wanted to see it, and so in its conversation; that goes with
 * the last mail in it. */
static void test_a_deleted_draft_leaves_its_conversation(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    int64_t conversations = tally_of(house, TALLY_CONVERSATIONS);
    struct email email = house_queued(house, &house->account, NOON);
    struct erasing erasing = {house, email.id, ERASURE_DONE};
    assert_string_equal(conversation_of(house, &email).subject, "Hello");
    assert_true(house_move(house, &email, EVENT_SUBMIT, &error));
    assert_true(db_write(house->db, remove_work, &erasing, &error));
    struct conversation after;
    const struct viewer viewer = {.organization_id = house->organization.id};
    assert_false(conversation_store_find(house_reading(house), &viewer, email.conversation_id,
                                         house->arena, &after, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_int_equal(tally_of(house, TALLY_CONVERSATIONS), conversations);
    assert_string_equal(house_history(house, email.id),
                        "send draft>queued, submit queued>pending_approval, "
                        "deleted pending_approval>pending_approval");
}

static void test_what_was_erased_moves_no_more(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    enum erasure erasure;
    struct email email = house_queued(house, &house->account, NOON);
    assert_true(house_move(house, &email, EVENT_CLAIM, &error));
    assert_true(house_move(house, &email, EVENT_REFUSED, &error));
    assert_true(erase(house, email.id, &erasure, &error));
    email = house_look(house, email.id);
    assert_false(house_move(house, &email, EVENT_RETRY, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
}

static void test_who_is_meant(void **state)
{
    static struct address cc[] = {{"x%_y@example.org", NULL}};
    static const struct {
        const char *address;
        size_t count;
    } ROWS[] = {
        {"x%_y@example.org", 1},  {"X%_Y@EXAMPLE.ORG", 1},
        {"xab_y@example.org", 0}, {"y@example.org", 0},
        {"bob@example.org", 1},   {"ann@example.com", 1},
        {"example.org", 0},       {"%", 0},
    };
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_email(house, &house->account);
    email.cc_recipients = (struct list){cc, 1};
    house_keep(house, &email, EVENT_CREATED, NOON);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct list found;
        struct erasure_search search = {house->organization.id, ROWS[i].address, ""};
        assert_true(erasure_list(house_reading(house), &search, 10, house->arena, &found, &error));
        assert_int_equal(found.count, ROWS[i].count);
        assert_null(search.after_id);
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_only_at_an_end),
        IN_A_HOUSE(test_its_conversation_and_the_tallies),
        IN_A_HOUSE(test_a_draft_goes_altogether),
        IN_A_HOUSE(test_a_deleted_draft_leaves_its_conversation),
        IN_A_HOUSE(test_what_was_erased_moves_no_more),
        IN_A_HOUSE(test_who_is_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
