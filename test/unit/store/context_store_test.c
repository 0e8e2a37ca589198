#include "store/context_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"

struct saving {
    struct arena *arena;
    struct context context, saved;
};

static bool save_work(struct session *session, void *context, struct error *error)
{
    struct saving *saving = context;
    return context_store_save(session, &saving->context, saving->arena, &saving->saved, error);
}

static struct context save(struct house *house, const char *organization_id, const char *type,
                           const char *id, const char *fields, int64_t at_ms)
{
    struct error error = {0};
    struct saving saving = {
        .arena = house->arena,
        .context = {organization_id, type, id, fields, at_ms, {at_ms}, {at_ms}},
    };
    if (!db_write(house->db, save_work, &saving, &error))
        fail_msg("%s", error.message);
    return saving.saved;
}

struct removing {
    struct viewer viewer;
    const char *type, *id;
};

static bool remove_work(struct session *session, void *context, struct error *error)
{
    const struct removing *removing = context;
    return context_store_remove(session, &removing->viewer, removing->type, removing->id, error);
}

static enum error_code remove_one(struct house *house, const struct user *user, const char *type,
                                  const char *id)
{
    struct error error = {0};
    struct removing removing = {house_viewer(user), type, id};
    bool is_removed = db_write(house->db, remove_work, &removing, &error);
    assert_int_equal(is_removed, !error.code);
    return error.code;
}

/* The fields; NULL when there are none. */
static const char *found(struct house *house, const struct user *user, const char *type,
                         const char *id)
{
    struct error error = {0};
    struct context context;
    struct viewer viewer = house_viewer(user);
    if (context_store_find(house_reading(house), &viewer, type, id, house->arena, &context, &error))
        return context.fields;
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_string_equal(error.field, "context");
    return NULL;
}

static void test_belongs_to_the_organization(void **state)
{
    struct house *house = *state;
    const char *here = house->organization.id, *there = house->other_organization.id;
    save(house, here, "invoice", "7", "{\"a\":1}", 1);
    save(house, here, "case", "7", "{\"b\":2}", 1);
    save(house, there, "invoice", "7", "{\"c\":3}", 1);
    assert_string_equal(found(house, &house->ann, "invoice", "7"), "{\"a\":1}");
    assert_string_equal(found(house, &house->bob, "invoice", "7"), "{\"a\":1}");
    assert_string_equal(found(house, &house->eve, "invoice", "7"), "{\"c\":3}");
    assert_string_equal(found(house, &house->ann, "case", "7"), "{\"b\":2}");
    assert_null(found(house, &house->eve, "case", "7"));
    assert_null(found(house, &house->ann, "invoice", "8"));
    assert_null(found(house, &house->ann, "Invoice", "7"));
}

static void test_saved_again_it_is_another(void **state)
{
    struct house *house = *state;
    const char *here = house->organization.id;
    struct context first = save(house, here, "invoice", "7", "{\"a\":1}", 1);
    assert_int_equal(first.created_at.ms, 1);
    struct context second = save(house, here, "invoice", "7", "{}", 2);
    assert_string_equal(second.fields, "{}");
    assert_int_equal(second.created_at.ms, 1);
    assert_int_equal(second.updated_at.ms, 2);
    assert_string_equal(found(house, &house->ann, "invoice", "7"), "{}");
}

static void test_removed(void **state)
{
    struct house *house = *state;
    save(house, house->organization.id, "invoice", "7", "{}", 1);
    assert_int_equal(remove_one(house, &house->eve, "invoice", "7"), ERROR_NOT_FOUND);
    assert_int_equal(remove_one(house, &house->ann, "case", "7"), ERROR_NOT_FOUND);
    assert_non_null(found(house, &house->ann, "invoice", "7"));
    assert_int_equal(remove_one(house, &house->bob, "invoice", "7"), ERROR_NONE);
    assert_null(found(house, &house->ann, "invoice", "7"));
    assert_int_equal(remove_one(house, &house->ann, "invoice", "7"), ERROR_NOT_FOUND);
}

static const char *listed(struct house *house, const struct user *user, size_t offset, size_t limit)
{
    struct error error = {0};
    struct list list;
    const char *ids = "";
    struct viewer viewer = house_viewer(user);
    assert_true(context_store_list_of_type(house_reading(house), &viewer, "invoice", offset, limit,
                                           house->arena, &list, &error));
    const struct context *contexts = list.items;
    for (size_t i = 0; i < list.count; i++)
        ids = arena_format(house->arena, "%s%s", ids, contexts[i].context_id);
    return ids;
}

static void test_the_latest_of_a_type(void **state)
{
    struct house *house = *state;
    const char *here = house->organization.id;
    for (int i = 0; i < 5; i++)
        save(house, here, "invoice", arena_format(house->arena, "%d", i), "{}", 1 + i / 2);
    save(house, here, "invoice", "0", "{}", 9);
    save(house, here, "case", "8", "{}", 9);
    save(house, house->other_organization.id, "invoice", "9", "{}", 9);
    assert_string_equal(listed(house, &house->bob, 0, 100), "04321");
    assert_string_equal(listed(house, &house->ann, 0, 2), "04");
    assert_string_equal(listed(house, &house->ann, 3, 2), "21");
    assert_string_equal(listed(house, &house->ann, 5, 2), "");
    assert_string_equal(listed(house, &house->eve, 0, 100), "9");
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_belongs_to_the_organization),
        IN_A_HOUSE(test_saved_again_it_is_another),
        IN_A_HOUSE(test_removed),
        IN_A_HOUSE(test_the_latest_of_a_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
