#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case.h"
#include "thing.h"

struct fixture {
    struct place place;
    struct arena *arena;
};

static int start(void **state)
{
    static struct fixture fixture;
    place_make(&fixture.place);
    fixture.arena = arena_create();
    *state = &fixture;
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;
    place_remove(&fixture->place);
    arena_destroy(fixture->arena);
    return 0;
}

static void put_file(const char *path, const char *content, size_t size)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, size, file), size);
    fclose(file);
}

static void test_not_opened(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    const char *garbage = place_file(&fixture->place, "garbage", fixture->arena);
    char content[4096];
    memset(content, 'x', sizeof content);
    put_file(garbage, content, sizeof content);
    const struct {
        const char *path, *says;
    } ROWS[] = {
        {"/no/such/directory/x.db", "/no/such/directory/x.db"},
        {fixture->place.directory, "the database cannot be opened"},
        {garbage, "the file is not a database"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_null(db_open(ROWS[i].path, &TAG_CODEC, &error));
        assert_non_null(strstr(error.message, ROWS[i].says));
        assert_non_null(strstr(error.message, ROWS[i].path));
    }
    db_close(NULL);
}

static void test_files_are_their_owners(void **state)
{
    struct fixture *fixture = *state;
    static const char *const NAMES[] = {"things.db", "things.db-wal", "things.db-shm"};
    mode_t mask = umask(0);
    struct db *db = thing_db(fixture->place.path);
    umask(mask);
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        struct stat status;
        assert_int_equal(stat(place_file(&fixture->place, NAMES[i], fixture->arena), &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    db_close(db);
}

static void test_kept_between_runs(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    for (int i = 0; i < 3; i++) {
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        struct db *db = thing_db(fixture->place.path);
        assert_true(thing_insert(db, &(struct thing){.id = id}, &error));
        assert_int_equal(thing_count(db), i + 1);
        db_close(db);
    }
}

static int64_t count_in(struct session *session)
{
    struct error error;
    int64_t count = -1;
    assert_true(db_number(session, QUERY_THING_COUNT, NULL, &count, &error));
    return count;
}

static void test_as_of_now_until_it_ends(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    struct db *db = thing_db(fixture->place.path);
    struct session *session = db_read(db);
    assert_true(db_read_as_of_now(session, &error));
    assert_true(thing_insert(db, &(struct thing){.id = "a"}, &error));
    assert_int_equal(count_in(session), 0);
    assert_true(thing_insert(db, &(struct thing){.id = "b"}, &error));
    assert_int_equal(count_in(session), 0);
    db_read_end(&session);
    session = db_read(db); /* the same one again, and no longer of then */
    assert_int_equal(count_in(session), 2);
    db_read_end(&session);
    db_close(db);
}

static void test_queries_fit(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    struct db *db = thing_db(fixture->place.path);
    assert_true(db_check_queries(db, &error));
    db_close(db);
}

/* Writes things 0, 1, ... and says so each time, until it is killed. */
static void write_until_killed(const char *path, int says)
{
    struct db *db = thing_db(path);
    for (int i = 0;; i++) {
        struct error error;
        char id[16];
        snprintf(id, sizeof id, "%d", i);
        if (!thing_insert(db, &(struct thing){.id = id}, &error) || write(says, "+", 1) != 1)
            _exit(1);
    }
}

static void test_killed_while_writing(void **state)
{
    struct fixture *fixture = *state;
    int ends[2];
    char said;
    int heard = 0;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    if (child == 0)
        write_until_killed(fixture->place.path, ends[1]);
    close(ends[1]);
    while (heard < 200 && read(ends[0], &said, 1) == 1)
        heard++;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (read(ends[0], &said, 1) == 1)
        heard++;
    close(ends[0]);
    struct db *db = thing_db(fixture->place.path);
    assert_in_range(thing_count(db), heard, heard + 1);
    db_close(db);
}

static size_t read_file(const char *path, char **ret_content, struct arena *arena)
{
    struct stat status;
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    fstat(fileno(file), &status);
    *ret_content = arena_alloc(arena, (size_t)status.st_size);
    assert_int_equal(fread(*ret_content, 1, (size_t)status.st_size, file), status.st_size);
    fclose(file);
    return (size_t)status.st_size;
}

struct copy {
    const char *path, *log_path;
    char *main, *log;
    size_t main_size, log_size, whole_size; /* whole_size: of the log without its last commit */
};

/* Two things, of which the second is at the end of the log. */
static void make_copy(struct fixture *fixture, struct copy *copy)
{
    struct arena *arena = fixture->arena;
    struct error error;
    char *ignored;
    struct db *db = thing_db(fixture->place.path);
    const char *log = place_file(&fixture->place, "things.db-wal", arena);
    copy->path = place_file(&fixture->place, "copy.db", arena);
    copy->log_path = place_file(&fixture->place, "copy.db-wal", arena);
    assert_true(thing_insert(db, &(struct thing){.id = "first"}, &error));
    copy->whole_size = read_file(log, &ignored, arena);
    assert_true(thing_insert(db, &(struct thing){.id = "second"}, &error));
    copy->main_size = read_file(fixture->place.path, &copy->main, arena);
    copy->log_size = read_file(log, &copy->log, arena);
    assert_true(copy->log_size > copy->whole_size);
    db_close(db);
}

static void check_copy(struct fixture *fixture, const struct copy *copy, size_t size, bool is_whole)
{
    unlink(place_file(&fixture->place, "copy.db-shm", fixture->arena));
    put_file(copy->path, copy->main, copy->main_size);
    put_file(copy->log_path, copy->log, size);
    struct db *db = thing_db(copy->path);
    assert_true(thing_is_there(db, "first"));
    assert_int_equal(thing_is_there(db, "second"), is_whole);
    db_close(db);
}

/* The power fails while the log is being written: its last bytes are missing, or are others. */
static void test_torn_log(void **state)
{
    struct fixture *fixture = *state;
    struct copy copy;
    make_copy(fixture, &copy);
    check_copy(fixture, &copy, copy.log_size, true);
    for (size_t cut = 1; copy.log_size - cut >= copy.whole_size; cut = cut * 2 + 1)
        check_copy(fixture, &copy, copy.log_size - cut, false);
    check_copy(fixture, &copy, copy.whole_size, false);
    copy.log[copy.log_size - 100] ^= 1;
    check_copy(fixture, &copy, copy.log_size, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_not_opened, start, stop),
        cmocka_unit_test_setup_teardown(test_files_are_their_owners, start, stop),
        cmocka_unit_test_setup_teardown(test_kept_between_runs, start, stop),
        cmocka_unit_test_setup_teardown(test_as_of_now_until_it_ends, start, stop),
        cmocka_unit_test_setup_teardown(test_queries_fit, start, stop),
        cmocka_unit_test_setup_teardown(test_killed_while_writing, start, stop),
        cmocka_unit_test_setup_teardown(test_torn_log, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
