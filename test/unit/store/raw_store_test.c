#include "store/raw_store.h"

#include <string.h>

#include "base/id.h"
#include "case.h"
#include "house.h"
#include "store/document_store.h"
#include "store/reception.h"

struct taking {
    struct house *house;
    struct email email;
    struct list documents;
};

static bool take_work(struct session *session, void *context, struct error *error)
{
    struct taking *taking = context;
    struct house *house = taking->house;
    bool is_new;
    return reception_store(session, &taking->email, &taking->documents, &house->account,
                           (moment){NOON}, house->arena, &is_new, error) &&
           is_new;
}

static struct raw found(struct house *house, const char *email_id)
{
    struct raw raw;
    struct error error = {0};
    assert_true(raw_store_find(house_reading(house), email_id, house->arena, &raw, &error));
    return raw;
}

static void raw_is_found(void **state)
{
    struct house *house = *state;
    static const char BYTES_OF_IT[] = "a\0b\xff\r\n";
    struct document document = {
        .id = id_new(house->arena), .sha256 = "5", .size_bytes = 7, .origin = DOCUMENT_ATTACHED};
    struct taking rows[] = {
        {.email = {.raw = {BYTES_OF_IT, sizeof BYTES_OF_IT}, .body_text = "x"}},
        {.email = {.raw = {"", 0}}},
        {.email = {.raw_document_id = document.id}, .documents = {&document, 1}},
        {.email = {.body_text = "x"}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        rows[i].house = house;
        rows[i].email.message_id = arena_format(house->arena, "<%zu@x>", i);
        assert_true(db_write(house->db, take_work, &rows[i], &error));
    }
    struct raw raw = found(house, rows[0].email.id);
    assert_int_equal(raw.bytes.size, sizeof BYTES_OF_IT);
    assert_memory_equal(raw.bytes.data, BYTES_OF_IT, sizeof BYTES_OF_IT);
    assert_null(raw.document.id);
    raw = found(house, rows[1].email.id);
    assert_true(raw.bytes.data && !raw.bytes.size && !raw.document.id);
    raw = found(house, rows[2].email.id);
    assert_null(raw.bytes.data);
    assert_string_equal(raw.document.id, document.id);
    assert_int_equal(raw.document.size_bytes, 7);
    raw = found(house, rows[3].email.id);
    assert_true(!raw.bytes.data && !raw.document.id);
    raw = found(house, "nobody");
    assert_true(!raw.bytes.data && !raw.document.id);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test_setup_teardown(raw_is_found, house_start, house_stop),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
