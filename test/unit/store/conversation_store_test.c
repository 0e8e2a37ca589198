/* Conversations, documents and answered calls: small stores, tried together.
 * covers: src/store/document_store.c src/store/call_store.c */
#include "store/conversation_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"
#include "store/call_store.h"
#include "store/document_store.h"

struct work {
    struct house *house;
    bool (*run)(struct session *session, struct house *house, struct error *error);
};

static bool run_work(struct session *session, void *context, struct error *error)
{
    const struct work *work = context;
    return work->run(session, work->house, error);
}

static enum error_code write(struct house *house,
                             bool (*run)(struct session *, struct house *, struct error *))
{
    struct error error = {0};
    struct work work = {house, run};
    bool ok = db_write(house->db, run_work, &work, &error);
    assert_int_equal(ok, !error.code);
    return error.code;
}

static bool open_one(struct session *session, struct house *house, struct error *error)
{
    struct conversation conversation = {.id = "c",
                                        .organization_id = house->organization.id,
                                        .user_id = house->ann.id,
                                        .account_id = house->account.id,
                                        .subject = "s",
                                        .created_at = {1},
                                        .last_message_at = {1}};
    return conversation_store_insert(session, &conversation, error);
}

static bool open_for_nobody(struct session *session, struct house *house, struct error *error)
{
    struct conversation conversation = {.id = "d",
                                        .organization_id = house->organization.id,
                                        .user_id = house->ann.id,
                                        .account_id = "no mailbox",
                                        .created_at = {1},
                                        .last_message_at = {1}};
    return conversation_store_insert(session, &conversation, error);
}

static bool touch(struct session *session, struct house *house, struct error *error)
{
    (void)house;
    return conversation_store_touch(session, "c", "thread", (moment){5}, error) &&
           conversation_store_touch(session, "c", NULL, (moment){6}, error);
}

static void test_a_conversation_keeps_its_thread(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct list found;
    assert_int_equal(write(house, open_one), ERROR_NONE);
    assert_int_equal(write(house, open_one), ERROR_CONFLICT);
    assert_int_equal(write(house, open_for_nobody), ERROR_CONFLICT);
    assert_int_equal(write(house, touch), ERROR_NONE);
    struct session *session = house_reading(house);
    assert_true(db_load(session, QUERY_CONVERSATION_BY_ID,
                        PARAMS(TEXT("id", "c"), TEXT("organization_id", house->organization.id),
                               TEXT("seen_by", house->ann.id)),
                        1, &CONVERSATION_SCHEMA, house->arena, &found, &error));
    const struct conversation *conversation = found.items;
    assert_int_equal(found.count, 1);
    assert_string_equal(conversation->thread_id, "thread");
    assert_int_equal(conversation->last_message_at.ms, 6);
}

static bool upload(struct session *session, struct house *house, struct error *error)
{
    struct document document = {.id = "f",
                                .organization_id = house->organization.id,
                                .user_id = house->ann.id,
                                .sha256 = "hash",
                                .filename = "a.pdf",
                                .mime_type = "application/pdf",
                                .size_bytes = 7,
                                .created_at = {1},
                                .updated_at = {1}};
    return document_store_insert(session, &document, error);
}

static void test_others_do_not_find_a_document(void **state)
{
    struct house *house = *state;
    assert_int_equal(write(house, upload), ERROR_NONE);
    const struct {
        struct viewer viewer;
        const char *id;
        bool finds;
    } rows[] = {
        {house_viewer(&house->ann), "f", true},
        {house_viewer(&house->ann), "g", false},
        {house_viewer(&house->bob), "f", false},
        {house_viewer(&house->eve), "f", false},
        {{.organization_id = house->organization.id}, "f", true},
        {{.organization_id = house->other_organization.id}, "f", false},
    };
    struct session *session = house_reading(house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        struct document document;
        bool found = document_store_find(session, &rows[i].viewer, rows[i].id, house->arena,
                                         &document, &error);
        assert_int_equal(found, rows[i].finds);
        assert_int_equal(error.code, found ? ERROR_NONE : ERROR_NOT_FOUND);
        if (found)
            assert_int_equal(document.size_bytes, 7);
    }
}

static struct call key_of(const struct organization *organization)
{
    return (struct call){.organization_id = organization->id,
                         .idempotency_key = "key",
                         .fingerprint = "print",
                         .created_at = {1}};
}

static bool call_of_house(struct session *session, struct house *house, struct error *error)
{
    struct call call = key_of(&house->organization);
    return call_store_insert(session, &call, error);
}

static bool call_of_others(struct session *session, struct house *house, struct error *error)
{
    struct call call = key_of(&house->other_organization);
    return call_store_insert(session, &call, error);
}

static bool answer(struct session *session, struct house *house, struct error *error)
{
    struct call call = key_of(&house->organization);
    call.status = 201;
    call.content_type = "application/json";
    call.body = "{}";
    return call_store_answer(session, &call, error);
}

static void test_a_key_belongs_to_its_organization(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct call call;
    bool found = true;
    assert_int_equal(write(house, call_of_house), ERROR_NONE);
    assert_int_equal(write(house, call_of_house), ERROR_CONFLICT);
    assert_int_equal(write(house, call_of_others), ERROR_NONE);
    assert_int_equal(write(house, answer), ERROR_NONE);
    struct session *session = house_reading(house);
    assert_true(call_store_find(session, house->organization.id, "key", house->arena, &call, &found,
                                &error));
    assert_true(found);
    assert_int_equal(call.status, 201);
    assert_string_equal(call.body, "{}");
    assert_string_equal(call.fingerprint, "print");
    assert_true(call_store_find(session, house->other_organization.id, "key", house->arena, &call,
                                &found, &error));
    assert_true(found && call.status == 0);
    assert_true(call_store_find(session, house->organization.id, "other", house->arena, &call,
                                &found, &error));
    assert_false(found);
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_a_conversation_keeps_its_thread),
        IN_A_HOUSE(test_others_do_not_find_a_document),
        IN_A_HOUSE(test_a_key_belongs_to_its_organization),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
