#include "store/call_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"

struct calling { /* one transaction about a call */
    struct call call;
    bool (*run)(struct session *session, const struct call *call, struct error *error);
};

static bool run_work(struct session *session, void *context, struct error *error)
{
    const struct calling *calling = context;
    return calling->run(session, &calling->call, error);
}

static enum error_code write(struct house *house, const struct call *call,
                             bool (*run)(struct session *, const struct call *, struct error *))
{
    struct error error = {0};
    struct calling calling = {*call, run};
    bool ok = db_write(house->db, run_work, &calling, &error);
    assert_int_equal(ok, !error.code);
    return error.code;
}

static struct call call_of(const struct organization *organization, const char *key)
{
    return (struct call){.organization_id = organization->id,
                         .user_id = organization->id, /* one user each */
                         .idempotency_key = key,
                         .fingerprint = "print",
                         .created_at = {1}};
}

static struct call answered(struct call call)
{
    call.status = 201;
    call.content_type = "application/json";
    call.body = "{}";
    return call;
}

static bool find(struct house *house, const struct organization *organization, const char *key,
                 struct call *ret_call)
{
    struct error error = {0};
    bool found = false;
    const struct call wanted = {.organization_id = organization->id,
                                .user_id = organization->id,
                                .idempotency_key = key,
                                .fingerprint = "another"};
    assert_true(
        call_store_find(house_reading(house), &wanted, house->arena, ret_call, &found, &error));
    return found;
}

/* Of two users each has the key; what is from before keys were a user's is found by its
 * fingerprint. */
static void test_a_key_belongs_to_its_user(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct call ann = call_of(&house->organization, "shared"), bob = ann, old = ann, found;
    bool is_found = false;
    ann.user_id = house->ann.id;
    bob.user_id = house->bob.id;
    bob.fingerprint = "bob's";
    old.user_id = "";
    old.fingerprint = "old";
    assert_int_equal(write(house, &ann, call_store_insert), ERROR_NONE);
    assert_int_equal(write(house, &bob, call_store_insert), ERROR_NONE);
    assert_int_equal(write(house, &old, call_store_insert), ERROR_NONE);
    assert_true(
        call_store_find(house_reading(house), &bob, house->arena, &found, &is_found, &error));
    assert_true(is_found);
    assert_string_equal(found.fingerprint, "bob's");
    ann.fingerprint = "old";
    assert_true(
        call_store_find(house_reading(house), &ann, house->arena, &found, &is_found, &error));
    assert_string_equal(found.fingerprint, "old");
    ann.user_id = house->eve.id;
    ann.fingerprint = "eve's";
    assert_true(
        call_store_find(house_reading(house), &ann, house->arena, &found, &is_found, &error));
    assert_false(is_found);
}

static void test_a_key_belongs_to_its_organization(void **state)
{
    struct house *house = *state;
    struct call found, call = call_of(&house->organization, "key");
    struct call other = call_of(&house->other_organization, "key");
    assert_int_equal(write(house, &call, call_store_insert), ERROR_NONE);
    assert_int_equal(write(house, &call, call_store_insert), ERROR_CONFLICT);
    assert_int_equal(write(house, &other, call_store_insert), ERROR_NONE);
    call = answered(call);
    assert_int_equal(write(house, &call, call_store_answer), ERROR_NONE);
    assert_true(find(house, &house->organization, "key", &found));
    assert_int_equal(found.status, 201);
    assert_string_equal(found.body, "{}");
    assert_string_equal(found.fingerprint, "print");
    assert_true(find(house, &house->other_organization, "key", &found));
    assert_int_equal(found.status, 0);
    assert_false(find(house, &house->organization, "other", &found));
}

static bool erase_work(struct session *session, void *context, struct error *error)
{
    const struct step step = {.event = EVENT_ERASED, .at = {NOON}, .actor = "system"};
    return email_store_erase(session, context, &step, error);
}

static struct email erased(struct house *house)
{
    struct error error = {0};
    struct email email = house_queued(house, &house->account, NOON);
    assert_true(house_move(house, &email, EVENT_CANCEL, &error));
    assert_true(db_write(house->db, erase_work, &email, &error));
    return email;
}

/* Whoever erases a mail while a reply about it is on its way finds no reply to empty. */
static void test_nothing_is_kept_about_a_mail_that_is_gone(void **state)
{
    struct house *house = *state;
    struct email draft = house_draft(house, &house->account), shell = erased(house);
    const struct {
        const char *key, *email_id, *body;
    } rows[] = {
        {"there", draft.id, "{}"},
        {"erased", shell.id, NULL},
        {"gone", "019e458a-8b40-7a41-9c2b-3f0e8d6a4b17", NULL},
        {"about none", NULL, "{}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct call found, call = call_of(&house->organization, rows[i].key);
        assert_int_equal(write(house, &call, call_store_insert), ERROR_NONE);
        call.email_id = rows[i].email_id;
        assert_int_equal(write(house, &call, call_store_name_email), ERROR_NONE);
        call = answered(call);
        assert_int_equal(write(house, &call, call_store_answer), ERROR_NONE);
        assert_true(find(house, &house->organization, rows[i].key, &found));
        assert_int_equal(found.status, 201);
        assert_true(text_equal(found.email_id, rows[i].email_id));
        assert_true(text_equal(found.body, rows[i].body));
    }
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_a_key_belongs_to_its_user),
        IN_A_HOUSE(test_a_key_belongs_to_its_organization),
        IN_A_HOUSE(test_nothing_is_kept_about_a_mail_that_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
