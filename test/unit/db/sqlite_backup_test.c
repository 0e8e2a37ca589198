#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "case.h"
#include "thing.h"

static atomic_bool is_over;
static atomic_int written;

static void *write_on(void *argument)
{
    for (int i = 0; !is_over; i++) {
        struct error error;
        char id[16], label[1000];
        snprintf(id, sizeof id, "%d", i);
        snprintf(label, sizeof label, "%0999d", i);
        written += thing_insert(argument, &(struct thing){.id = id, .label = label}, &error);
    }
    return NULL;
}

static void check_backup_while_writing(const char *path, const struct place *place)
{
    struct error error;
    struct stat status;
    AUTO_ARENA arena = arena_create();
    const char *copy = place_file(place, "copy.db", arena);
    struct db *db = thing_db(path);
    pthread_t thread;
    is_over = false;
    written = 0;
    pthread_create(&thread, NULL, write_on, db);
    while (written < 100)
        sched_yield();
    int before = written;
    assert_true(db_backup(db, copy, &error));
    int after = written + 1;
    is_over = true;
    pthread_join(thread, NULL);
    db_close(db);

    assert_int_equal(stat(copy, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    struct db *copied = thing_db(copy);
    assert_in_range(thing_count(copied), before, after);
    assert_true(thing_insert(copied, &(struct thing){.id = "goes on"}, &error));
    db_close(copied);
}

static void test_while_writing(void **state)
{
    struct place place;
    (void)state;
    place_make(&place);
    check_backup_while_writing(place.path, &place);
    place_remove(&place);
}

static void test_of_memory(void **state)
{
    struct place place;
    (void)state;
    place_make(&place);
    check_backup_while_writing(":memory:", &place);
    place_remove(&place);
}

static void test_file_exists(void **state)
{
    struct place place;
    struct error error;
    AUTO_ARENA arena = arena_create();
    (void)state;
    place_make(&place);
    struct db *db = thing_db(place.path);
    const char *other = place_file(&place, "other.db", arena);
    struct db *kept = thing_db(other);
    assert_true(thing_insert(kept, &(struct thing){.id = "kept"}, &error));
    assert_false(db_backup(db, other, &error));
    assert_true(thing_is_there(kept, "kept"));
    db_close(kept);
    assert_false(db_backup(db, place_file(&place, "no such directory/x", arena), &error));
    assert_non_null(strstr(error.message, "No such file"));
    db_close(db);
    place_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_while_writing),
        cmocka_unit_test(test_of_memory),
        cmocka_unit_test(test_file_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
