#include "store/quota_store.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/document_store.h"
#include "store/erasure.h"
#include "store/identity_store.h"

static int start(void **state)
{
    quota_store_setup(&(struct quota_amounts){{0}});
    return house_start(state);
}

static void set_limit(enum quota quota, int64_t limit)
{
    struct quota_amounts limits = {{0}};
    limits.of[quota] = limit;
    quota_store_setup(&limits);
}

static struct quotas look(struct house *house)
{
    struct quotas quotas;
    struct error error = {0};
    assert_true(quota_store_find(house_reading(house), house->organization.id, house->arena,
                                 &quotas, &error));
    return quotas;
}

static int64_t used(struct house *house, enum quota quota)
{
    return look(house).used.of[quota];
}

/* What is counted is what there is. */
static void check_counts(struct house *house)
{
    struct quotas real, counted = look(house);
    struct error error = {0};
    assert_true(quota_store_recount(house_reading(house), house->organization.id, house->arena,
                                    &real, &error));
    for (enum quota quota = 0; quota < QUOTA_COUNT; quota++)
        if (real.used.of[quota] != counted.used.of[quota])
            fail_msg("%s: counted %lld, there are %lld", QUOTAS[quota].name,
                     (long long)counted.used.of[quota], (long long)real.used.of[quota]);
}

struct adding {
    const char *organization_id;
    enum quota quota;
    int64_t amount;
};

static bool add_work(struct session *session, void *context, struct error *error)
{
    const struct adding *adding = context;
    return quota_store_add_one(session, adding->organization_id, adding->quota, adding->amount,
                               error);
}

static void test_up_to_the_limit(void **state)
{
    struct house *house = *state;
    static const struct {
        int64_t amount, used; /* afterwards */
        bool fits;
    } ROWS[] = {
        {600, 600, true}, {401, 600, false}, {400, 1000, true},       {1, 1000, false},
        {0, 1000, true},  {-100, 900, true}, {INT64_MAX, 900, false}, {100, 1000, true},
    };
    set_limit(QUOTA_CONTEXTS, 1000);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        struct adding adding = {house->organization.id, QUOTA_CONTEXTS, ROWS[i].amount};
        assert_int_equal(db_write(house->db, add_work, &adding, &error), ROWS[i].fits);
        assert_int_equal(used(house, QUOTA_CONTEXTS), ROWS[i].used);
        if (!ROWS[i].fits) {
            assert_int_equal(error.code, ERROR_FULL);
            assert_string_equal(error.field, QUOTA_FIELD);
        }
    }
    struct error error = {0};
    struct adding one_more = {house->organization.id, QUOTA_CONTEXTS, 1};
    assert_false(db_write(house->db, add_work, &one_more, &error));
    assert_string_equal(error.message,
                        "the organization's quota contexts does not allow this: 1000 "
                        "of 1000 are used, and this needs 1 more");
    struct adding other = {house->other_organization.id, QUOTA_CONTEXTS, 1000};
    assert_true(db_write(house->db, add_work, &other, &error));
}

static bool limit_work(struct session *session, void *context, struct error *error)
{
    return quota_store_set_limits(session, context, error);
}

static void test_a_limit_of_its_own(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    int64_t left = 0;
    set_limit(QUOTA_CONTEXTS, 10);
    struct adding adding = {house->organization.id, QUOTA_CONTEXTS, 11};
    assert_false(db_write(house->db, add_work, &adding, &error));
    struct quotas quotas = look(house);
    quotas.organization_id = house->organization.id;
    quotas.limits.of[QUOTA_CONTEXTS] = 20;
    assert_true(db_write(house->db, limit_work, &quotas, &error));
    assert_true(db_write(house->db, add_work, &adding, &error));
    assert_true(quota_store_left(house_reading(house), house->organization.id, QUOTA_CONTEXTS,
                                 &left, &error));
    assert_int_equal(left, 9);
    quotas.limits.of[QUOTA_CONTEXTS] = QUOTA_UNLIMITED;
    assert_true(db_write(house->db, limit_work, &quotas, &error));
    assert_true(db_write(house->db, add_work, &adding, &error));
    assert_true(quota_store_left(house_reading(house), house->organization.id, QUOTA_CONTEXTS,
                                 &left, &error));
    assert_true(left == INT64_MAX);
}

static void test_through_the_life_of_an_email(void **state)
{
    static const struct {
        enum email_event event;
        int64_t waiting;
    } ROWS[] = {
        {EVENT_SUBMIT, 1}, {EVENT_REJECT, 0}, {EVENT_SEND, 1}, {EVENT_CLAIM, 1}, {EVENT_REFUSED, 0},
        {EVENT_RETRY, 1},  {EVENT_CLAIM, 1},  {EVENT_LOST, 1}, {EVENT_FOUND, 0},
    };
    struct house *house = *state;
    struct error error = {0};
    struct email email = house_draft(house, &house->account);
    int64_t bytes = used(house, QUOTA_STORED_BYTES);
    assert_true(bytes > (int64_t)strlen(email.body_text));
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_true(house_move(house, &email, ROWS[i].event, &error));
        assert_int_equal(used(house, QUOTA_WAITING_EMAILS), ROWS[i].waiting);
        check_counts(house);
    }
    assert_int_equal(used(house, QUOTA_STORED_BYTES), bytes);
    house_queued(house, &house->account, NOON);
    check_counts(house);
}

struct changing {
    struct email email;
    struct arena *arena;
    struct document document;
    enum erasure erasure;
};

static bool change_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    return email_store_change(session, &changing->email, (moment){NOON}, error);
}

static bool sign_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    return email_store_sign(session, &changing->email, error);
}

static bool erase_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    const struct step step = {.event = EVENT_ERASED, .at = {NOON}, .actor = "operator"};
    return erasure_run(session, &changing->email, &step, changing->arena, &changing->erasure,
                       error);
}

static void test_what_changes_and_goes(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct changing changing = {.arena = house->arena};
    changing.email = house_draft(house, &house->account);
    int64_t before = used(house, QUOTA_STORED_BYTES);
    changing.email.body_text = arena_format(house->arena, "%01000d", 0);
    changing.email.planned_send_at = (moment){NOON * 2};
    assert_true(db_write(house->db, change_work, &changing, &error));
    assert_true(used(house, QUOTA_STORED_BYTES) > before + 900);
    assert_int_equal(used(house, QUOTA_WAITING_EMAILS), 1);
    check_counts(house);
    before = used(house, QUOTA_STORED_BYTES);
    set_limit(QUOTA_STORED_BYTES, 1); /* what is there is signed all the same, and gets smaller */
    changing.email.signature_text = "-- Ann";
    assert_true(db_write(house->db, sign_work, &changing, &error));
    assert_int_equal(used(house, QUOTA_STORED_BYTES), before + 6);
    check_counts(house);
    changing.email.body_text = "x";
    assert_true(db_write(house->db, change_work, &changing, &error));
    check_counts(house);
    changing.email.body_text = "xy";
    assert_false(db_write(house->db, change_work, &changing, &error));
    assert_string_equal(error.field, QUOTA_FIELD);
    changing.email = house_look(house, changing.email.id);
    assert_true(db_write(house->db, erase_work, &changing, &error));
    assert_int_equal(used(house, QUOTA_STORED_BYTES), 0);
    assert_int_equal(used(house, QUOTA_WAITING_EMAILS), 0);
    check_counts(house);
}

static bool document_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    return document_store_insert(session, &changing->document, error);
}

static bool remove_work(struct session *session, void *context, struct error *error)
{
    struct changing *changing = context;
    const struct viewer viewer = {.organization_id = changing->document.organization_id};
    return document_store_remove(session, &viewer, changing->document.id, (moment){NOON}, error);
}

static void test_a_file_counts_until_nobody_has_it(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct changing changing = {
        .document = {.id = "01890000-0000-7000-8000-000000000001",
                     .organization_id = house->organization.id,
                     .user_id = house->ann.id,
                     .sha256 = "a",
                     .size_bytes = 1000,
                     .origin = DOCUMENT_UPLOADED,
                     .created_at = {NOON},
                     .updated_at = {NOON}},
    };
    set_limit(QUOTA_STORED_BYTES, 2000);
    assert_true(db_write(house->db, document_work, &changing, &error));
    assert_int_equal(used(house, QUOTA_STORED_BYTES), 1000 + QUOTA_DOCUMENT_BYTES);
    check_counts(house);
    const char *first = changing.document.id; /* the same content again counts again */
    changing.document.id = "01890000-0000-7000-8000-000000000002";
    assert_false(db_write(house->db, document_work, &changing, &error));
    changing.document.id = first;
    assert_true(db_write(house->db, remove_work, &changing, &error));
    assert_int_equal(used(house, QUOTA_STORED_BYTES), 0);
    check_counts(house);
    assert_true(db_write(house->db, document_work, &changing, &error));
}

struct making {
    struct house *house;
    struct token token;
    const char *secret;
};

static bool make_work(struct session *session, void *context, struct error *error)
{
    struct making *making = context;
    return identity_store_make_token(session, &making->house->ann, &making->token,
                                     making->house->arena, &making->secret, error);
}

static bool revoke_work(struct session *session, void *context, struct error *error)
{
    struct making *making = context;
    return identity_store_revoke_token(session, NULL, making->token.id, (moment){NOON}, error);
}

static void test_tokens_that_hold(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct making making = {.house = house};
    set_limit(QUOTA_TOKENS, 2);
    making.token = (struct token){.created_at = {NOON}, .expires_at = {NOON + 10}};
    assert_true(db_write(house->db, make_work, &making, &error));
    making.token = (struct token){.created_at = {NOON}};
    assert_true(db_write(house->db, make_work, &making, &error));
    assert_int_equal(used(house, QUOTA_TOKENS), 2);
    struct making third = {.house = house, .token = {.created_at = {NOON}}};
    assert_false(db_write(house->db, make_work, &third, &error));
    assert_string_equal(error.field, QUOTA_FIELD);
    third.token = (struct token){.created_at = {NOON + 10}}; /* the first has expired by then */
    assert_true(db_write(house->db, make_work, &third, &error));
    assert_true(db_write(house->db, revoke_work, &making, &error));
    assert_int_equal(used(house, QUOTA_TOKENS), 1);
    check_counts(house);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_up_to_the_limit),
        IN_A_HOUSE(test_a_limit_of_its_own),
        IN_A_HOUSE(test_through_the_life_of_an_email),
        IN_A_HOUSE(test_what_changes_and_goes),
        IN_A_HOUSE(test_a_file_counts_until_nobody_has_it),
        IN_A_HOUSE(test_tokens_that_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
