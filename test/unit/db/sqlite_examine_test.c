#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case.h"
#include "thing.h"

static void fill(const char *path)
{
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct db *db = thing_db(path);
    for (int i = 0; i < 200; i++) {
        char label[1000];
        snprintf(label, sizeof label, "%0999d", i);
        assert_true(thing_insert(
            db, &(struct thing){.id = arena_format(arena, "%d", i), .label = label}, &error));
    }
    db_close(db);
}

static struct db_findings examine(const char *path, bool is_thorough, struct arena *arena)
{
    struct db_findings findings = {0};
    struct error error = {0};
    if (!db_examine(path, is_thorough, arena, &findings, &error))
        fail_msg("%s", error.message);
    return findings;
}

static void put(const char *path, off_t at, const void *data, size_t size)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(file, data, size, at), size);
    close(file);
}

static void test_a_good_one(void **state)
{
    struct place place;
    AUTO_ARENA arena = arena_create();
    (void)state;
    place_make(&place);
    fill(place.path);
    for (int is_thorough = 0; is_thorough < 2; is_thorough++) {
        struct db_findings findings = examine(place.path, is_thorough, arena);
        assert_int_equal(findings.version, 2);
        assert_int_equal(findings.newest, 2);
        assert_null(findings.damage);
    }
    assert_int_not_equal(access(place_file(&place, "things.db-wal", arena), F_OK), 0);
    place_remove(&place);
}

static void test_while_it_is_used(void **state)
{
    struct place place;
    struct error error;
    AUTO_ARENA arena = arena_create();
    (void)state;
    place_make(&place);
    struct db *db = thing_db(place.path);
    assert_true(thing_insert(db, &(struct thing){.id = "a"}, &error));
    assert_null(examine(place.path, true, arena).damage);
    assert_true(thing_insert(db, &(struct thing){.id = "b"}, &error));
    db_close(db);
    place_remove(&place);
}

static void test_damage(void **state)
{
    struct place place;
    static const char ZEROS[8192];
    AUTO_ARENA arena = arena_create();
    (void)state;
    place_make(&place);
    fill(place.path);
    put(place.path, 8192 * 6, ZEROS, sizeof ZEROS); /* a page of its own */
    assert_non_null(examine(place.path, false, arena).damage);
    put(place.path, 0, "no database", 11);
    struct db_findings findings;
    struct error error;
    assert_false(db_examine(place.path, false, arena, &findings, &error));
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_non_null(strstr(error.message, "the file is not a database"));
    place_remove(&place);
}

static void test_what_is_not_ours(void **state)
{
    struct place place;
    struct db_findings findings;
    struct error error;
    AUTO_ARENA arena = arena_create();
    (void)state;
    place_make(&place);
    assert_false(db_examine(place.path, false, arena, &findings, &error));
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_int_not_equal(access(place.path, F_OK), 0);
    close(open(place.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); /* an empty one is good */
    findings = examine(place.path, false, arena);
    assert_int_equal(findings.version, 0);
    assert_null(findings.damage);
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_one),
        cmocka_unit_test(test_while_it_is_used),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_what_is_not_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
