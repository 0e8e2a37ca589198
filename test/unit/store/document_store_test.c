#include "store/document_store.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "case.h"
#include "house.h"

enum { CUTOFF = NOON + 1000 };

struct writing { /* one change, in a transaction of its own */
    struct house *house;
    struct document *document;
    struct email *email;
    struct viewer viewer;
    const char *id;
    bool result;
};

static bool insert_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    return document_store_insert(session, writing->document, error);
}

static bool email_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    struct step step = {EVENT_CREATED, {NOON}, writing->email->user_id, NULL, NULL};
    return email_store_insert(session, writing->email, &step, error);
}

static bool drop_email_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    struct step step = {EVENT_DELETED, {NOON}, writing->email->user_id, NULL, NULL};
    return email_store_remove(session, writing->email, &step, error);
}

static bool remove_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    return document_store_remove(session, &writing->viewer, writing->id, (moment){NOON + 1}, error);
}

static bool delete_work(struct session *session, void *context, struct error *error)
{
    struct writing *writing = context;
    return document_store_delete_unused(session, writing->id, (moment){CUTOFF}, &writing->result,
                                        error);
}

static void write(db_work *work, struct writing *writing)
{
    struct error error = {0};
    if (!db_write(writing->house->db, work, writing, &error))
        fail_msg("%s: %s", error.field, error.message);
}

static struct document keep(struct house *house, const struct user *user, const char *sha256,
                            enum document_origin origin, int64_t at_ms)
{
    struct document document = {
        .id = id_new(house->arena),
        .organization_id = user->organization_id,
        .user_id = user->id,
        .sha256 = sha256,
        .filename = "a.pdf",
        .mime_type = "application/pdf",
        .size_bytes = 5,
        .case_id = text_equal(sha256, "case") ? "case-1" : NULL,
        .origin = origin,
        .created_at = {at_ms},
        .updated_at = {at_ms},
    };
    write(insert_work, &(struct writing){.house = house, .document = &document});
    return document;
}

/* A draft that has it. */
static struct email attach(struct house *house, const struct document *document)
{
    struct attachment *attachment = arena_new(house->arena, struct attachment, 1);
    attachment->document_id = document->id;
    attachment->sha256 = document->sha256;
    struct email email = house_email(house, &house->account);
    email.attachments = (struct list){attachment, 1};
    write(email_work, &(struct writing){.house = house, .email = &email});
    return email;
}

static void remove_one(struct house *house, const struct document *document)
{
    write(
        remove_work,
        &(struct writing){.house = house, .viewer = house_viewer(&house->ann), .id = document->id});
}

static bool is_found(struct house *house, const struct user *user, const char *id)
{
    struct error error = {0};
    struct document found;
    struct viewer viewer = house_viewer(user);
    bool ok = document_store_find(house_reading(house), &viewer, id, house->arena, &found, &error);
    if (!ok) {
        assert_int_equal(error.code, ERROR_NOT_FOUND);
        assert_string_equal(error.field, "document");
    }
    return ok;
}

static void test_found_as_it_was_inserted(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct document made = keep(house, &house->ann, "case", DOCUMENT_UPLOADED, NOON), found = {0};
    struct viewer viewer = house_viewer(&house->ann);
    assert_true(
        document_store_find(house_reading(house), &viewer, made.id, house->arena, &found, &error));
    assert_string_equal(found.sha256, "case");
    assert_string_equal(found.filename, "a.pdf");
    assert_string_equal(found.mime_type, "application/pdf");
    assert_string_equal(found.case_id, "case-1");
    assert_int_equal(found.size_bytes, 5);
    assert_int_equal(found.origin, DOCUMENT_UPLOADED);
    assert_int_equal(found.created_at.ms, NOON);
    assert_int_equal(found.removed_at.ms, 0);
}

static void test_who_finds_it(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct document made = keep(house, &house->ann, "x", DOCUMENT_UPLOADED, NOON), found;
    assert_true(is_found(house, &house->ann, made.id));
    assert_false(is_found(house, &house->bob, made.id));
    assert_false(is_found(house, &house->eve, made.id));
    assert_false(is_found(house, &house->ann, "no-id"));
    struct viewer sees_all = {house->organization.id, house->bob.id, NULL};
    struct viewer elsewhere = {house->other_organization.id, house->eve.id, NULL};
    struct session *session = house_reading(house);
    assert_true(document_store_find(session, &sees_all, made.id, house->arena, &found, &error));
    assert_false(document_store_find(session, &elsewhere, made.id, house->arena, &found, &error));
    assert_true(document_store_find_by_link(session, made.id, house->arena, &found, &error));
    assert_string_equal(found.id, made.id);
    assert_false(document_store_find_by_link(session, "no-id", house->arena, &found, &error));
}

static void test_a_removed_one_is_found_by_its_email_only(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct document made = keep(house, &house->ann, "x", DOCUMENT_UPLOADED, NOON), found = {0};
    struct email email = attach(house, &made), other = house_draft(house, &house->account);
    remove_one(house, &made);
    assert_false(is_found(house, &house->ann, made.id));
    struct session *session = house_reading(house);
    struct viewer ann = house_viewer(&house->ann), eve = house_viewer(&house->eve);
    assert_false(document_store_find_by_link(session, made.id, house->arena, &found, &error));
    assert_true(document_store_find_of_email(session, &ann, email.id, made.id, house->arena, &found,
                                             &error));
    assert_int_equal(found.removed_at.ms, NOON + 1);
    assert_false(document_store_find_of_email(session, &ann, other.id, made.id, house->arena,
                                              &found, &error));
    assert_false(document_store_find_of_email(session, &eve, email.id, made.id, house->arena,
                                              &found, &error));
}

static void test_removed_once_and_by_whom(void **state)
{
    struct house *house = *state;
    struct document made = keep(house, &house->ann, "x", DOCUMENT_UPLOADED, NOON);
    const struct user *others[] = {&house->bob, &house->eve};
    for (size_t i = 0; i < COUNT(others); i++) {
        struct error error = {0};
        struct writing writing = {.house = house, .viewer = house_viewer(others[i]), .id = made.id};
        assert_false(db_write(house->db, remove_work, &writing, &error));
        assert_int_equal(error.code, ERROR_NOT_FOUND);
    }
    remove_one(house, &made);
    struct error error = {0};
    struct writing again = {.house = house, .viewer = house_viewer(&house->ann), .id = made.id};
    assert_false(db_write(house->db, remove_work, &again, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
}

/* The contents of a page, which stand for its documents: "cba". */
static const char *page(struct house *house, const struct user *user, const char *case_id,
                        const char *before_id, size_t limit)
{
    struct error error = {0};
    struct list found;
    const char *text = "";
    const struct viewer viewer = house_viewer(user);
    assert_true(document_store_list(house_reading(house), &viewer, case_id, before_id, limit,
                                    house->arena, &found, &error));
    for (size_t i = 0; i < found.count; i++)
        text = arena_format(house->arena, "%s%s", text, ((struct document *)found.items)[i].sha256);
    return text;
}

static void test_the_list_is_what_the_user_uploaded(void **state)
{
    struct house *house = *state;
    keep(house, &house->ann, "a", DOCUMENT_UPLOADED, NOON);
    keep(house, &house->ann, "case", DOCUMENT_UPLOADED, NOON);
    keep(house, &house->ann, "b", DOCUMENT_ATTACHED, NOON);
    struct document removed = keep(house, &house->ann, "c", DOCUMENT_UPLOADED, NOON);
    struct document last = keep(house, &house->ann, "d", DOCUMENT_UPLOADED, NOON);
    keep(house, &house->bob, "e", DOCUMENT_UPLOADED, NOON);
    keep(house, &house->eve, "f", DOCUMENT_UPLOADED, NOON);
    remove_one(house, &removed);
    assert_string_equal(page(house, &house->ann, NULL, NULL, 9), "dcasea");
    assert_string_equal(page(house, &house->ann, NULL, NULL, 2), "dcase");
    assert_string_equal(page(house, &house->ann, NULL, last.id, 9), "casea");
    assert_string_equal(page(house, &house->ann, "case-1", NULL, 9), "case");
    assert_string_equal(page(house, &house->ann, "case-2", NULL, 9), "");
    assert_string_equal(page(house, &house->bob, NULL, NULL, 9), "e");
}

/* All that the sweep would take, in steps of `step`; how many steps it took. */
static const char *unused(struct house *house, size_t step, size_t *ret_steps)
{
    struct error error = {0};
    const char *text = "", *last = "";
    for (*ret_steps = 0; last; ++*ret_steps) {
        struct list ids;
        assert_true(document_store_list_unused(house_reading(house), last, (moment){CUTOFF}, step,
                                               house->arena, &ids, &last, &error));
        for (size_t i = 0; i < ids.count; i++)
            text = arena_format(house->arena, "%s %s", text, ((const char *const *)ids.items)[i]);
    }
    return text;
}

static bool deletes(struct house *house, const char *id)
{
    struct writing writing = {.house = house, .id = id};
    write(delete_work, &writing);
    return writing.result;
}

static void test_what_is_unused(void **state)
{
    struct house *house = *state;
    struct {
        const char *why;
        enum document_origin origin;
        int64_t at_ms;
        bool is_attached, is_removed, is_unused;
        struct document document;
    } rows[] = {
        {"uploaded", DOCUMENT_UPLOADED, NOON, false, false, false, {0}},
        {"uploaded and in a mail", DOCUMENT_UPLOADED, NOON, true, false, false, {0}},
        {"removed: gone at once", DOCUMENT_UPLOADED, NOON, false, true, false, {0}},
        {"removed, young: likewise", DOCUMENT_UPLOADED, CUTOFF, false, true, false, {0}},
        {"removed, in a mail", DOCUMENT_UPLOADED, NOON, true, true, false, {0}},
        {"attached, in no mail", DOCUMENT_ATTACHED, CUTOFF - 1, false, false, true, {0}},
        {"attached, in a mail", DOCUMENT_ATTACHED, NOON, true, false, false, {0}},
        {"attached, young", DOCUMENT_ATTACHED, CUTOFF, false, false, false, {0}},
        {"attached, removed, in a mail", DOCUMENT_ATTACHED, NOON, true, true, false, {0}},
    };
    const char *expected = "";
    for (size_t i = 0; i < COUNT(rows); i++) {
        rows[i].document = keep(house, &house->ann, rows[i].why, rows[i].origin, rows[i].at_ms);
        if (rows[i].is_attached)
            attach(house, &rows[i].document);
        if (rows[i].is_removed)
            remove_one(house, &rows[i].document);
        if (rows[i].is_unused)
            expected = arena_format(house->arena, "%s %s", expected, rows[i].document.id);
    }
    size_t steps;
    assert_string_equal(unused(house, 100, &steps), expected);
    assert_int_equal(steps, 1);
    assert_string_equal(unused(house, 2, &steps), expected);
    assert_int_equal(steps, 4);
    assert_string_equal(unused(house, 7, &steps), expected);
    assert_int_equal(steps, 2); /* the last one finds that there is no more */
    for (size_t i = 0; i < COUNT(rows); i++)
        if (deletes(house, rows[i].document.id) != rows[i].is_unused)
            fail_msg("%s: deleted or not", rows[i].why);
    assert_string_equal(unused(house, 100, &steps), "");
}

static void test_an_email_that_goes_lets_go(void **state)
{
    struct house *house = *state;
    struct document made = keep(house, &house->ann, "x", DOCUMENT_ATTACHED, NOON);
    struct email one = attach(house, &made), two = attach(house, &made);
    write(drop_email_work, &(struct writing){.house = house, .email = &one});
    assert_false(deletes(house, made.id));
    write(drop_email_work, &(struct writing){.house = house, .email = &two});
    assert_true(deletes(house, made.id));
    assert_false(is_found(house, &house->ann, made.id));
}

static void test_checked_before_it_is_attached(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct document made = keep(house, &house->ann, "x", DOCUMENT_ATTACHED, NOON);
    assert_true(document_store_check(house_reading(house), made.id, &error));
    assert_true(deletes(house, made.id));
    assert_false(document_store_check(house_reading(house), made.id, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_string_equal(error.field, "document");
}

static bool has_content(struct house *house, const char *sha256)
{
    struct error error = {0};
    bool has = false;
    assert_true(document_store_has_content(house_reading(house), sha256, &has, &error));
    return has;
}

static void test_content_is_needed_while_a_row_names_it(void **state)
{
    struct house *house = *state;
    struct document one = keep(house, &house->ann, "same", DOCUMENT_ATTACHED, NOON);
    struct document two = keep(house, &house->eve, "same", DOCUMENT_ATTACHED, NOON);
    assert_true(has_content(house, "same"));
    assert_false(has_content(house, "other"));
    assert_true(deletes(house, one.id));
    assert_true(has_content(house, "same"));
    assert_true(deletes(house, two.id));
    assert_false(has_content(house, "same"));
}

static void test_contents_in_order_each_once(void **state)
{
    static const struct {
        const char *after;
        size_t limit;
        const char *expected;
    } ROWS[] = {
        {"", 9, "a b c "}, {"", 2, "a b "}, {"a", 9, "b c "}, {"aa", 1, "b "}, {"c", 9, ""}};
    struct house *house = *state;
    static const char *const NAMES[] = {"c", "a", "c", "b", "a"};
    for (size_t i = 0; i < COUNT(NAMES); i++)
        keep(house, i % 2 ? &house->ann : &house->eve, NAMES[i], DOCUMENT_UPLOADED, NOON);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct error error = {0};
        struct list found;
        char text[16] = "";
        assert_true(document_store_list_contents(house_reading(house), ROWS[i].after, ROWS[i].limit,
                                                 house->arena, &found, &error));
        for (size_t at = 0; at < found.count; at++) {
            strcat(text, ((const char *const *)found.items)[at]);
            strcat(text, " ");
        }
        assert_string_equal(text, ROWS[i].expected);
    }
}

#define HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE(test_found_as_it_was_inserted),
        HOUSE(test_who_finds_it),
        HOUSE(test_a_removed_one_is_found_by_its_email_only),
        HOUSE(test_removed_once_and_by_whom),
        HOUSE(test_the_list_is_what_the_user_uploaded),
        HOUSE(test_what_is_unused),
        HOUSE(test_an_email_that_goes_lets_go),
        HOUSE(test_checked_before_it_is_attached),
        HOUSE(test_content_is_needed_while_a_row_names_it),
        HOUSE(test_contents_in_order_each_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
