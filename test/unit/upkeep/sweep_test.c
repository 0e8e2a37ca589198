#include "upkeep/sweep.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "case.h"
#include "house.h"
#include "store/document_store.h"

enum { DAY = 24 * 60 * 60 * 1000, MANY = 450 };

static const char *keep_blob(struct house *house, const char *text, struct arena *arena)
{
    struct error error;
    const char *sha256;
    struct blob_writer *writer = blob_begin(house->blobs, &error);
    assert_non_null(writer);
    assert_true(blob_write(writer, text, strlen(text), &error));
    assert_true(blob_finish(writer, arena, &sha256, &error));
    return sha256;
}

static const char *blob_path(struct house *house, const char *sha256)
{
    return arena_format(house->arena, "%s/blobs/blobs/%.2s/%s", house->folder, sha256, sha256);
}

/* As if it had been kept two days ago. */
static void make_old(struct house *house, const char *sha256)
{
    const time_t then = (clock_now().ms - 2 * DAY) / 1000;
    const struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
    assert_int_equal(utimensat(AT_FDCWD, blob_path(house, sha256), times, 0), 0);
}

static bool has_blob(struct house *house, const char *sha256)
{
    return access(blob_path(house, sha256), F_OK) == 0;
}

static bool insert_work(struct session *session, void *context, struct error *error)
{
    return document_store_insert(session, context, error);
}

static const char *keep_document(struct house *house, const char *sha256,
                                 enum document_origin origin, int64_t age_ms)
{
    struct error error = {0};
    struct document document = {
        .id = id_new(house->arena),
        .organization_id = house->organization.id,
        .user_id = house->ann.id,
        .sha256 = sha256,
        .origin = origin,
        .created_at = {clock_now().ms - age_ms},
        .updated_at = {clock_now().ms - age_ms},
    };
    assert_true(db_write(house->db, insert_work, &document, &error));
    return document.id;
}

static bool has_document(struct house *house, const char *id)
{
    struct error error = {0};
    struct document found;
    const struct viewer viewer = house_viewer(&house->ann);
    return document_store_find(house_reading(house), &viewer, id, house->arena, &found, &error);
}

static struct swept sweep(struct house *house)
{
    static const atomic_bool RUNNING = false;
    struct error error = {0};
    struct swept swept;
    const struct sweep one = {house->db, house->blobs, {clock_now().ms - DAY}, &RUNNING};
    if (!sweep_run(&one, &swept, &error))
        fail_msg("%s", error.message);
    return swept;
}

static void test_what_goes_and_what_stays(void **state)
{
    struct house *house = *state;
    static const struct {
        const char *text;
        bool is_old, has_row;
        enum document_origin origin;
        int64_t row_age_ms;
        bool row_stays, blob_stays;
    } ROWS[] = {
        {"nobody's, old", true, false, 0, 0, false, false},
        {"nobody's, young", false, false, 0, 0, false, true},
        {"uploaded", true, true, DOCUMENT_UPLOADED, 2 * DAY, true, true},
        {"attached, in no mail", true, true, DOCUMENT_ATTACHED, 2 * DAY, false, false},
        {"attached, young", true, true, DOCUMENT_ATTACHED, DAY / 2, true, true},
        {"attached, in no mail, kept again", false, true, DOCUMENT_ATTACHED, 2 * DAY, false, true},
    };
    const char *blobs[COUNT(ROWS)], *documents[COUNT(ROWS)] = {0};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        blobs[i] = keep_blob(house, ROWS[i].text, house->arena);
        if (ROWS[i].is_old)
            make_old(house, blobs[i]);
        if (ROWS[i].has_row)
            documents[i] = keep_document(house, blobs[i], ROWS[i].origin, ROWS[i].row_age_ms);
    }
    struct swept swept = sweep(house);
    assert_int_equal(swept.documents, 2);
    assert_int_equal(swept.blobs, 2);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        if (has_blob(house, blobs[i]) != ROWS[i].blob_stays)
            fail_msg("%s: the blob", ROWS[i].text);
        if (ROWS[i].has_row && has_document(house, documents[i]) != ROWS[i].row_stays)
            fail_msg("%s: the row", ROWS[i].text);
    }
    swept = sweep(house);
    assert_int_equal(swept.documents + swept.blobs, 0);
}

static void test_content_that_another_row_names_stays(void **state)
{
    struct house *house = *state;
    const char *sha256 = keep_blob(house, "shared", house->arena);
    const char *attached = keep_document(house, sha256, DOCUMENT_ATTACHED, 2 * DAY);
    const char *uploaded = keep_document(house, sha256, DOCUMENT_UPLOADED, 2 * DAY);
    make_old(house, sha256);
    sweep(house);
    assert_false(has_document(house, attached));
    assert_true(has_document(house, uploaded));
    assert_true(has_blob(house, sha256));
}

static void test_more_than_one_step(void **state)
{
    struct house *house = *state;
    const char *stays = keep_document(house, "x", DOCUMENT_UPLOADED, 2 * DAY);
    for (int i = 0; i < MANY; i++)
        keep_document(house, "x", DOCUMENT_ATTACHED, 2 * DAY);
    assert_int_equal(sweep(house).documents, MANY);
    assert_true(has_document(house, stays));
}

static void test_it_ends_when_it_is_told_to(void **state)
{
    struct house *house = *state;
    struct error error = {0};
    struct swept swept;
    const atomic_bool is_stopping = true;
    const char *sha256 = keep_blob(house, "old", house->arena);
    make_old(house, sha256);
    keep_document(house, "x", DOCUMENT_ATTACHED, 2 * DAY);
    const struct sweep one = {house->db, house->blobs, {clock_now().ms - DAY}, &is_stopping};
    assert_true(sweep_run(&one, &swept, &error));
    assert_int_equal(swept.documents + swept.blobs, 0);
    assert_true(has_blob(house, sha256));
}

static void test_a_failure_is_told(void **state)
{
    struct house *house = *state;
    static const atomic_bool RUNNING = false;
    struct error error = {0};
    struct swept swept;
    const struct sweep one = {house->db, house->blobs, clock_now(), &RUNNING};
    keep_document(house, "x", DOCUMENT_ATTACHED, 2 * DAY);
    assert_int_equal(rmdir(arena_format(house->arena, "%s/blobs/blobs/80", house->folder)), 0);
    assert_false(sweep_run(&one, &swept, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_int_equal(swept.documents, 1);
}

/* While it sweeps without pause, others keep contents that are there and old already, and write
 * their rows: no row is ever without its blob. */
struct crowd {
    struct house *house;
    atomic_bool is_over;
};

static void *sweep_on(void *argument)
{
    struct crowd *crowd = argument;
    while (!crowd->is_over)
        sweep(crowd->house);
    return NULL;
}

static void test_what_is_kept_meanwhile_stays(void **state)
{
    struct house *house = *state;
    struct crowd crowd = {.house = house};
    pthread_t sweeper;
    const char *sha256 = keep_blob(house, "wanted", house->arena);
    assert_int_equal(pthread_create(&sweeper, NULL, sweep_on, &crowd), 0);
    for (int i = 0; i < 60; i++) {
        AUTO_ARENA turn = arena_create();
        /* the former row goes by the sweep, and so may the blob, unless it is kept just now */
        keep_blob(house, "wanted", turn);
        make_old(house, sha256);
        keep_blob(house, "wanted", turn);
        const char *id = keep_document(house, sha256, DOCUMENT_ATTACHED, i % 2 ? 0 : 2 * DAY);
        assert_true(has_blob(house, sha256) || !has_document(house, id));
    }
    crowd.is_over = true;
    pthread_join(sweeper, NULL);
    assert_true(has_blob(house, sha256));
}

#define HOUSE(test) cmocka_unit_test_setup_teardown(test, house_start, house_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE(test_what_goes_and_what_stays), HOUSE(test_content_that_another_row_names_stays),
        HOUSE(test_more_than_one_step),       HOUSE(test_it_ends_when_it_is_told_to),
        HOUSE(test_a_failure_is_told),        HOUSE(test_what_is_kept_meanwhile_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
