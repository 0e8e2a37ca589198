#include "store/template_store.h"

#include "base/text.h"
#include "case.h"
#include "house.h"

static bool insert_work(struct session *session, void *context, struct error *error)
{
    return template_store_insert(session, context, error);
}

static bool change_work(struct session *session, void *context, struct error *error)
{
    return template_store_change(session, context, error);
}

struct removing {
    struct viewer viewer;
    const char *id;
};

static bool remove_work(struct session *session, void *context, struct error *error)
{
    const struct removing *removing = context;
    return template_store_remove(session, &removing->viewer, removing->id, error);
}

static enum error_code write(struct house *house, db_work *work, void *context)
{
    struct error error = {0};
    bool is_written = db_write(house->db, work, context, &error);
    assert_int_equal(is_written, !error.code);
    return error.code;
}

static struct template example(const struct user *user, const char *id)
{
    return (struct template){
        .id = id,
        .organization_id = user->organization_id,
        .user_id = user->id,
        .name = "Reminder",
        .subject = "Invoice {number}",
        .body_text = "Dear {name}",
        .body_html = "<p>Dear {name}</p>",
        .context_type = "invoice",
        .created_at = {1},
        .updated_at = {2},
    };
}

static enum error_code find(struct house *house, const struct user *user, const char *id,
                            struct template *ret_template)
{
    struct error error = {0};
    struct viewer viewer = house_viewer(user);
    template_store_find(house_reading(house), &viewer, id, house->arena, ret_template, &error);
    if (error.code)
        assert_string_equal(error.field, "template");
    return error.code;
}

static void test_kept_as_it_is(void **state)
{
    struct house *house = *state;
    struct template template = example(&house->ann, "t"), found;
    assert_int_equal(write(house, insert_work, &template), ERROR_NONE);
    assert_int_equal(write(house, insert_work, &template), ERROR_CONFLICT);
    assert_int_equal(find(house, &house->bob, "t", &found), ERROR_NONE);
    for (const struct field *field = TEMPLATE_SCHEMA.fields; field->name; field++) {
        const char *one = (const char *)&template + field->offset;
        const char *other = (const char *)&found + field->offset;
        if (field->kind == KIND_TEXT)
            assert_string_equal(*(const char *const *)one, *(const char *const *)other);
        else
            assert_memory_equal(one, other, field_size(field));
    }
    struct template bare = {.id = "b",
                            .organization_id = house->organization.id,
                            .user_id = house->ann.id,
                            .name = "Bare",
                            .created_at = {1},
                            .updated_at = {1}};
    assert_int_equal(write(house, insert_work, &bare), ERROR_NONE);
    assert_int_equal(find(house, &house->ann, "b", &found), ERROR_NONE);
    assert_null(found.subject);
    assert_null(found.body_html);
}

static void test_others_do_not_see_it(void **state)
{
    struct house *house = *state;
    struct template template = example(&house->ann, "t"), found;
    struct removing removing = {house_viewer(&house->eve), "t"};
    assert_int_equal(write(house, insert_work, &template), ERROR_NONE);
    assert_int_equal(find(house, &house->eve, "t", &found), ERROR_NOT_FOUND);
    assert_int_equal(find(house, &house->ann, "", &found), ERROR_NOT_FOUND);
    assert_int_equal(write(house, remove_work, &removing), ERROR_NOT_FOUND);
    template.organization_id = house->other_organization.id;
    template.name = "Mine now";
    assert_int_equal(write(house, change_work, &template), ERROR_NOT_FOUND);
    assert_int_equal(find(house, &house->ann, "t", &found), ERROR_NONE);
    assert_string_equal(found.name, "Reminder");
}

static void test_changed_and_removed(void **state)
{
    struct house *house = *state;
    struct template template = example(&house->ann, "t"), found;
    struct removing removing = {house_viewer(&house->bob), "t"};
    assert_int_equal(write(house, insert_work, &template), ERROR_NONE);
    template.name = "Second";
    template.subject = NULL;
    template.body_html = "<p>x</p>";
    template.context_type = NULL;
    template.updated_at.ms = 7;
    template.created_at.ms = 7;
    template.user_id = house->bob.id;
    assert_int_equal(write(house, change_work, &template), ERROR_NONE);
    assert_int_equal(find(house, &house->ann, "t", &found), ERROR_NONE);
    assert_string_equal(found.name, "Second");
    assert_null(found.subject);
    assert_null(found.context_type);
    assert_string_equal(found.body_html, "<p>x</p>");
    assert_string_equal(found.body_text, "Dear {name}");
    assert_int_equal(found.updated_at.ms, 7);
    assert_int_equal(found.created_at.ms, 1);
    assert_string_equal(found.user_id, house->ann.id);
    assert_int_equal(write(house, remove_work, &removing), ERROR_NONE);
    assert_int_equal(find(house, &house->ann, "t", &found), ERROR_NOT_FOUND);
    assert_int_equal(write(house, remove_work, &removing), ERROR_NOT_FOUND);
    assert_int_equal(write(house, change_work, &template), ERROR_NOT_FOUND);
}

static const char *listed(struct house *house, const struct user *user, const char *context_type,
                          size_t offset, size_t limit)
{
    struct error error = {0};
    struct template_page page;
    struct viewer viewer = house_viewer(user);
    assert_true(template_store_page(house_reading(house), &viewer, context_type, offset, limit,
                                    house->arena, &page, &error));
    const struct template *templates = page.items.items;
    const char *ids = arena_format(house->arena, "%lld:", (long long)page.count);
    for (size_t i = 0; i < page.items.count; i++)
        ids = arena_format(house->arena, "%s%s", ids, templates[i].id);
    return ids;
}

static void test_pages(void **state)
{
    struct house *house = *state;
    for (int i = 0; i < 5; i++) {
        struct template template = example(i % 2 ? &house->ann : &house->bob,
                                           arena_format(house->arena, "%d", i));
        template.context_type = i == 3 ? "case" : i == 4 ? NULL : "invoice";
        assert_int_equal(write(house, insert_work, &template), ERROR_NONE);
    }
    struct template other = example(&house->eve, "9");
    assert_int_equal(write(house, insert_work, &other), ERROR_NONE);
    assert_string_equal(listed(house, &house->ann, NULL, 0, 100), "5:43210");
    assert_string_equal(listed(house, &house->bob, NULL, 1, 2), "5:32");
    assert_string_equal(listed(house, &house->ann, NULL, 5, 2), "5:");
    assert_string_equal(listed(house, &house->ann, "invoice", 0, 2), "3:21");
    assert_string_equal(listed(house, &house->ann, "case", 0, 2), "1:3");
    assert_string_equal(listed(house, &house->ann, "none", 0, 2), "0:");
    assert_string_equal(listed(house, &house->eve, NULL, 0, 2), "1:9");
}

#define IN_A_HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOUSE(test_kept_as_it_is),
        IN_A_HOUSE(test_others_do_not_see_it),
        IN_A_HOUSE(test_changed_and_removed),
        IN_A_HOUSE(test_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
