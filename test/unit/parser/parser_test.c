/* Readers that do their work, die, stall, lie and try to get out.
 * covers: src/parser/exchange.c src/parser/reader.c src/parser/nest.c src/parser/pool.c */
#include "parser/parser.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/text.h"
#include "case.h"
#include "parser/channel.h"
#include "parser/packed.h"
#include "parser/pool.h"

enum { PROCESSES = 3, TIMEOUT_MS = 5000, MIB = 1024 * 1024 };

/* What readers and this process both see. */
static struct {
    atomic_int runs, deaths_left;
} * shared;

struct line {
    const char *text;
    int64_t number;
};
static const struct field LINE_FIELDS[] = {
    FIELD(struct line, text, .max = 20 * MIB),
    FIELD(struct line, number, .min = INT64_MIN),
    {0},
};
static const struct schema LINE = SCHEMA(struct line, LINE_FIELDS);

/* --- tasks */

static bool run_echo(const struct parser_call *call, struct arena *arena, void *ret_answered,
                     struct error *error)
{
    const struct line *asked = call->asked;
    *(struct line *)ret_answered = (struct line){arena_copy(arena, asked->text), getpid()};
    return !text_equal(asked->text, "refuse") ||
           fail(error, ERROR_TOO_LARGE, "text", "is\nrefused");
}

static bool copy_half(const struct parser_call *call, int number, struct error *error)
{
    char piece[1000];
    int64_t size = (int64_t)spool_size(call->file), got;
    int64_t end = number ? size : size / 2;
    for (int64_t at = number ? size / 2 : 0; at < end; at += got) {
        size_t some = end - at < 1000 ? (size_t)(end - at) : sizeof piece;
        got = spool_read(call->file, (uint64_t)at, piece, some);
        if (got <= 0 || !call->sink->write(call->sink->context, piece, (size_t)got, error))
            return false;
    }
    return true;
}

/* The file, as two items; it dies before the end of the second. */
static bool run_copy(const struct parser_call *call, struct arena *arena, void *ret_answered,
                     struct error *error)
{
    struct line *answered = ret_answered;
    (void)arena;
    for (int i = 0; i < 2; i++) {
        struct line item = {i ? "second" : "first", i};
        if (!call->sink->begin(call->sink->context, &item, error) || !copy_half(call, i, error))
            return false;
        if (i && atomic_load(&shared->deaths_left) > 0) {
            atomic_fetch_sub(&shared->deaths_left, 1);
            _exit(1);
        }
        if (!call->sink->end(call->sink->context, error))
            return false;
    }
    answered->number = (int64_t)spool_size(call->file);
    return true;
}

static bool run_die(const struct parser_call *call, struct arena *arena, void *ret_answered,
                    struct error *error)
{
    (void)arena, (void)error;
    atomic_fetch_add(&shared->runs, 1);
    *(struct line *)ret_answered = *(const struct line *)call->asked;
    if (atomic_fetch_sub(&shared->deaths_left, 1) > 0)
        _exit(1);
    return true;
}

static bool run_stall(const struct parser_call *call, struct arena *arena, void *ret_answered,
                      struct error *error)
{
    (void)call, (void)arena, (void)ret_answered, (void)error;
    atomic_fetch_add(&shared->runs, 1);
    for (volatile bool goes_on = true; goes_on;)
        ;
    return true;
}

static bool run_eat(const struct parser_call *call, struct arena *arena, void *ret_answered,
                    struct error *error)
{
    const struct line *asked = call->asked;
    (void)error;
    memset(arena_alloc(arena, (size_t)asked->number), 1, (size_t)asked->number);
    *(struct line *)ret_answered = *asked;
    return true;
}

/* What it could do, as letters; then how many descriptors are open beside the first three. */
static bool run_escape(const struct parser_call *call, struct arena *arena, void *ret_answered,
                       struct error *error)
{
    char found[16] = "", *to = found, count = '0';
    (void)call, (void)error;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
        *to++ = 's';
    if (!CONFINE_IS_LIGHT) {
        if (open("/etc/passwd", O_RDONLY) >= 0 || open("/", O_RDONLY | O_DIRECTORY) >= 0)
            *to++ = 'o';
        if (open("/tmp/parser_test_made", O_CREAT | O_WRONLY, 0600) >= 0)
            *to++ = 'w';
        if (syscall(SYS_fork) >= 0)
            *to++ = 'f';
        if (kill(getppid(), 0) == 0)
            *to++ = 'k';
        if (syscall(SYS_memfd_create, "x", 0) >= 0)
            *to++ = 'm';
    }
    for (int file = STDERR_FILENO + 1; file < 64; file++)
        count = (char)(count + (fcntl(file, F_GETFD) >= 0));
    *to = count;
    *(struct line *)ret_answered = (struct line){arena_copy(arena, found),
                                                 getenv("PATH") || getenv("HOME")};
    return true;
}

static bool run_program(const struct parser_call *call, struct arena *arena, void *ret_answered,
                        struct error *error)
{
    (void)call, (void)arena, (void)ret_answered, (void)error;
    atomic_fetch_add(&shared->runs, 1);
    execl("/bin/true", "true", (char *)NULL);
    return true; /* the try alone was to end it */
}

/* Taken over, it says these bytes where its answer should stand. */
static bool run_lie(const struct parser_call *call, struct arena *arena, void *ret_answered,
                    struct error *error)
{
    static char lie[4096];
    int64_t size = spool_read(call->file, 0, lie, sizeof lie);
    (void)arena, (void)ret_answered, (void)error;
    atomic_fetch_add(&shared->runs, 1);
    for (int file = STDERR_FILENO + 1; file < 64; file++)
        if (send(file, lie, (size_t)size, MSG_NOSIGNAL) == size)
            _exit(0);
    _exit(1);
}

#define TASK(of, ...) \
    { \
        .name = #of, .asked = &LINE, .answered = &LINE, .answer_bytes_max = 30 * MIB, .run = of, \
        __VA_ARGS__ \
    }
static const struct parser_task ECHO = TASK(run_echo), DIE = TASK(run_die), STALL = TASK(run_stall),
                                EAT = TASK(run_eat), ESCAPE = TASK(run_escape),
                                PROGRAM = TASK(run_program),
                                COPY = TASK(run_copy, .item = &LINE, .items_max = 2),
                                LIE = TASK(run_lie, .item = &LINE, .items_max = 2),
                                UNLISTED = TASK(run_echo);
static const struct parser_task *const TASKS[] = {&ECHO, &DIE,     &STALL, &EAT, &ESCAPE,
                                                  &COPY, &PROGRAM, &LIE,   NULL};

/* --- */

static atomic_int deaths;
static char death_reason[100];

static void note_death(const char *task, const char *reason)
{
    assert_non_null(task);
    snprintf(death_reason, sizeof death_reason, "%s", reason);
    atomic_fetch_add(&deaths, 1);
}

static int start(void **state)
{
    struct error error;
    (void)state;
    const struct parser_settings settings = {PROCESSES, TIMEOUT_MS, 64 * MIB, false, note_death};
    if (!parser_hatch(TASKS, NULL, &error))
        return -1;
    parser_start(&settings);
    atomic_store(&shared->runs, 0);
    atomic_store(&shared->deaths_left, 0);
    atomic_store(&deaths, 0);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    parser_stop();
    return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1; /* no zombie */
}

static bool ask(const struct parser_task *task, struct line asked, struct arena *arena,
                struct line *ret_answer, struct error *error)
{
    *error = (struct error){0};
    return parser_run(task, &(struct parser_call){.asked = &asked}, arena, ret_answer, error);
}

static void a_task_runs_elsewhere(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct line answer;
    static const size_t SIZES[] = {0, 1, 70 * 1000, 8 * MIB};
    pid_t process = 0;
    for (size_t i = 0; i < COUNT(SIZES); i++) {
        char *text = arena_alloc(arena, SIZES[i] + 1);
        memset(text, 'a', SIZES[i]);
        assert_true(ask(&ECHO, (struct line){text, 0}, arena, &answer, &error));
        assert_string_equal(answer.text, text);
        assert_int_not_equal(answer.number, getpid());
        assert_true(!process || process == answer.number); /* it is kept warm */
        process = (pid_t)answer.number;
    }
    assert_false(ask(&ECHO, (struct line){"refuse", 0}, arena, &answer, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_string_equal(error.field, "text");
    assert_string_equal(error.message, "is refused"); /* on one line */
    assert_true(ask(&UNLISTED, (struct line){"b", 0}, arena, &answer, &error));
    assert_int_equal(answer.number, getpid());
    assert_int_equal(parser_counts().started, 1);
    assert_int_equal(parser_counts().died, atomic_load(&deaths));
}

static void one_that_dies_is_replaced_and_asked_once_more(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error, none;
    struct line answer;
    for (int dies = 0; dies < 4; dies++) {
        atomic_store(&shared->deaths_left, dies);
        atomic_store(&shared->runs, 0);
        atomic_store(&deaths, 0);
        int64_t unreadable = parser_counts().unreadable;
        bool is_read = ask(&DIE, (struct line){"x", dies}, arena, &answer, &error);
        assert_int_equal(is_read, dies < 2);
        assert_int_equal(atomic_load(&shared->runs), dies < 2 ? dies + 1 : 2);
        assert_int_equal(atomic_load(&deaths), dies < 2 ? dies : 2);
        assert_int_equal(parser_counts().unreadable - unreadable, dies >= 2);
        if (is_read) {
            assert_int_equal(answer.number, dies);
        } else {
            assert_int_equal(error.code, ERROR_UNREADABLE);
            assert_string_equal(error.message, "ended the process that was to read it, twice");
        }
        assert_true(ask(&ECHO, (struct line){"next", 0}, arena, &answer, &none));
    }
}

/* One that was killed while nobody asked it anything says nothing about what is asked next. */
static void one_that_died_idle_is_no_ones_fault(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct line answer;
    for (int i = 0; i < 5; i++) {
        char path[64];
        assert_true(ask(&ECHO, (struct line){"a", 0}, arena, &answer, &error));
        assert_int_equal(kill((pid_t)answer.number, SIGKILL), 0);
        snprintf(path, sizeof path, "/proc/%d", (int)answer.number);
        while (access(path, F_OK) == 0) /* until it is buried, too */
            sched_yield();
        assert_true(ask(&ECHO, (struct line){"b", 0}, arena, &answer, &error));
    }
    assert_int_equal(atomic_load(&deaths), 0);
}

static void one_that_stalls_is_ended(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct line answer;
    int64_t before = clock_steady_ms();
    assert_false(ask(&STALL, (struct line){"", 0}, arena, &answer, &error));
    assert_int_equal(error.code, ERROR_UNREADABLE);
    assert_string_equal(death_reason, "it took too long");
    assert_int_equal(atomic_load(&shared->runs), 2);
    assert_true(clock_steady_ms() - before < 20 * TIMEOUT_MS);
    assert_true(ask(&ECHO, (struct line){"next", 0}, arena, &answer, &error));
    assert_int_equal(parser_counts().running, 1);
}

static void memory_has_a_limit(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct line answer;
    assert_true(ask(&EAT, (struct line){"", 40 * MIB}, arena, &answer, &error));
    if (CONFINE_IS_LIGHT) /* sanitizers take more than any limit */
        return;
    assert_false(ask(&EAT, (struct line){"", 100 * MIB}, arena, &answer, &error));
    assert_int_equal(error.code, ERROR_UNREADABLE);
    assert_true(ask(&EAT, (struct line){"", 40 * MIB}, arena, &answer, &error));
}

static void there_is_no_way_out(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct line answer;
    assert_true(ask(&ESCAPE, (struct line){"", 0}, arena, &answer, &error));
    assert_string_equal(answer.text, "1"); /* its socket, and nothing could be done */
    assert_int_equal(answer.number, 0);    /* nor does it know the environment */
    assert_false(ask(&PROGRAM, (struct line){"", 0}, arena, &answer, &error));
    assert_int_equal(error.code, ERROR_UNREADABLE);
    assert_int_equal(atomic_load(&shared->runs), 2);
}

/* --- the sink */

struct gathering {
    char *data;
    size_t size, items, ends, restarts, fails_at;
};

static bool gather_begin(void *context, const void *item, struct error *error)
{
    struct gathering *gathering = context;
    const struct line *line = item;
    (void)error;
    assert_string_equal(line->text, gathering->items++ ? "second" : "first");
    return true;
}

static bool gather_write(void *context, const void *data, size_t size, struct error *error)
{
    struct gathering *gathering = context;
    memcpy(gathering->data + gathering->size, data, size);
    gathering->size += size;
    return !gathering->fails_at || gathering->size < gathering->fails_at ||
           fail(error, ERROR_FULL, "", "is full");
}

static bool gather_end(void *context, struct error *error)
{
    (void)error;
    ((struct gathering *)context)->ends++;
    return true;
}

static void gather_again(void *context)
{
    struct gathering *gathering = context;
    gathering->size = gathering->items = gathering->ends = 0;
    gathering->restarts++;
}

static struct spool *file_of(size_t size)
{
    struct error error;
    struct spool *spool = spool_create("/tmp", size);
    char piece[1000];
    for (size_t at = 0; at < size; at += sizeof piece) {
        memset(piece, (int)(at / sizeof piece % 251), sizeof piece);
        assert_true(spool_write(spool, piece, size - at < 1000 ? size - at : 1000, &error));
    }
    return spool;
}

static void a_file_goes_there_and_items_come_back(void **state)
{
    (void)state;
    static const size_t SIZES[] = {0, 1, 2001, SPOOL_MEMORY_SIZE, SPOOL_MEMORY_SIZE + 1, 5 * MIB};
    for (size_t i = 0; i < 3 * COUNT(SIZES); i++) {
        AUTO_ARENA arena = arena_create();
        size_t size = SIZES[i / 3], dies = i % 3;
        AUTO_SPOOL file = file_of(size);
        struct error error;
        struct line answer, asked = {0};
        struct gathering gathering = {.data = arena_alloc(arena, size + 1)};
        char *same = arena_alloc(arena, size + 1);
        const struct parser_sink sink = {&gathering, gather_begin, gather_write, gather_end,
                                         gather_again};
        atomic_store(&shared->deaths_left, (int)dies);
        assert_int_equal(
            parser_run(&COPY, &(struct parser_call){&asked, file, &sink}, arena, &answer, &error),
            dies < 2);
        assert_int_equal(gathering.restarts, dies);
        if (dies == 2)
            continue;
        assert_int_equal(answer.number, size);
        assert_int_equal(gathering.size, size);
        assert_int_equal(gathering.ends, 2);
        assert_int_equal(spool_read(file, 0, same, size), size);
        assert_memory_equal(gathering.data, same, size);
    }
}

static void a_sink_that_fails_ends_it(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL file = file_of(5 * MIB);
    struct error error;
    struct line answer, asked = {0};
    struct gathering gathering = {.data = arena_alloc(arena, 6 * MIB), .fails_at = 300 * 1000};
    const struct parser_sink sink = {&gathering, gather_begin, gather_write, gather_end,
                                     gather_again};
    assert_false(
        parser_run(&COPY, &(struct parser_call){&asked, file, &sink}, arena, &answer, &error));
    assert_int_equal(error.code, ERROR_FULL);
    assert_int_equal(gathering.restarts, 0);
    assert_int_equal(atomic_load(&deaths), 0);
    assert_true(ask(&ECHO, (struct line){"next", 0}, arena, &answer, &error));
}

/* --- what a reader that was taken over may say */

#define FRAME(kind, size) \
    (char)(kind), 0, 0, 0, (char)((size)&0xFF), (char)((size) >> 8 & 0xFF), \
        (char)((size) >> 16 & 0xFF), (char)((size) >> 24 & 0xFF)
#define NO_TEXT -1, -1, -1, -1
#define NUMBER(n) (char)(n), 0, 0, 0, 0, 0, 0, 0

static const struct {
    const char *what;
    char bytes[64];
    size_t size;
} LIES[] = {
    {"nothing", {0}, 1},
    {"an unknown frame", {FRAME(9, 0)}, 8},
    {"an answer that is too large", {FRAME(FRAME_ANSWER, 1 << 30)}, 8},
    {"an answer that is too short", {FRAME(FRAME_ANSWER, 4), NO_TEXT}, 12},
    {"a text beyond the end", {FRAME(FRAME_ANSWER, 12), 100, 0, 0, 0, NUMBER(0)}, 20},
    {"an answer and more", {FRAME(FRAME_ANSWER, 12), NO_TEXT, NUMBER(1), 'x'}, 21},
    {"half an answer", {FRAME(FRAME_ANSWER, 12), NO_TEXT}, 12},
    {"data without an item", {FRAME(FRAME_DATA, 1), 'x'}, 9},
    {"the end of no item", {FRAME(FRAME_ITEM_END, 0)}, 8},
    {"an item in an item",
     {FRAME(FRAME_ITEM, 12), NO_TEXT, NUMBER(0), FRAME(FRAME_ITEM, 12), NO_TEXT, NUMBER(0)},
     40},
    {"more data than there is",
     {FRAME(FRAME_ITEM, 12), NO_TEXT, NUMBER(0), FRAME(FRAME_DATA, 9999)},
     28},
    {"an item that is too large", {FRAME(FRAME_ITEM, 1 << 20)}, 8},
    {"an answer in an item",
     {FRAME(FRAME_ITEM, 12), NO_TEXT, NUMBER(0), FRAME(FRAME_ANSWER, 12), NO_TEXT, NUMBER(0)},
     40},
    {"no error", {FRAME(FRAME_FAILURE, 16), NUMBER(0), NO_TEXT, NO_TEXT}, 24},
    {"an error that is not its own",
     {FRAME(FRAME_FAILURE, 16), NUMBER(ERROR_UNAUTHORIZED), NO_TEXT, NO_TEXT},
     24},
    {"an error of no kind", {FRAME(FRAME_FAILURE, 16), NUMBER(99), NO_TEXT, NO_TEXT}, 24},
};

static bool ignore_item(void *context, const void *item, struct error *error)
{
    (void)context, (void)item, (void)error;
    return true;
}

static bool ignore_data(void *context, const void *data, size_t size, struct error *error)
{
    (void)context, (void)data, (void)size, (void)error;
    return true;
}

static bool ignore_end(void *context, struct error *error)
{
    (void)context, (void)error;
    return true;
}

static void ignore_again(void *context)
{
    (void)context;
}

static void a_lie_counts_as_a_death(void **state)
{
    (void)state;
    const struct parser_sink sink = {NULL, ignore_item, ignore_data, ignore_end, ignore_again};
    for (size_t i = 0; i < COUNT(LIES); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        struct line answer, asked = {0};
        AUTO_SPOOL file = spool_create("/tmp", sizeof LIES[i].bytes);
        assert_true(spool_write(file, LIES[i].bytes, LIES[i].size, &error));
        atomic_store(&shared->runs, 0);
        bool is_read = parser_run(&LIE, &(struct parser_call){&asked, file, &sink}, arena, &answer,
                                  &error);
        if (is_read || error.code != ERROR_UNREADABLE || atomic_load(&shared->runs) != 2)
            fail_msg("%s: %d %s", LIES[i].what, (int)error.code, error.message);
        assert_true(ask(&ECHO, (struct line){"next", 0}, arena, &answer, &error));
    }
}

/* --- many at once */

static void *ask_often(void *failures)
{
    for (int i = 0; i < 200; i++) {
        AUTO_ARENA arena = arena_create();
        struct error error;
        struct line answer;
        char text[20];
        snprintf(text, sizeof text, "%d", i);
        if (!ask(&ECHO, (struct line){text, 0}, arena, &answer, &error) ||
            strcmp(answer.text, text) != 0)
            atomic_fetch_add((atomic_int *)failures, 1);
    }
    return NULL;
}

static void many_threads_share_few_readers(void **state)
{
    (void)state;
    pthread_t threads[8];
    atomic_int failures = 0;
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &failures), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&failures), 0);
    assert_true(parser_counts().running <= PROCESSES);
}

static void a_reader_ends_after_many_tasks(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct line answer;
    int64_t first = 0;
    for (int i = 0; i <= POOL_TASKS_MAX; i++) {
        assert_true(ask(&ECHO, (struct line){"", 0}, arena, &answer, &error));
        first = i ? first : answer.number;
        assert_int_equal(answer.number == first, i < POOL_TASKS_MAX);
    }
    assert_int_equal(parser_counts().started, 2);
    assert_int_equal(parser_counts().running, 1);
}

static void without_a_nest_nothing_is_read(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct line answer;
    char path[64];
    int nest = 0;
    assert_true(ask(&ECHO, (struct line){"", 0}, arena, &answer, &error));
    assert_true(parser_is_alive());
    snprintf(path, sizeof path, "/proc/%d/stat", (int)answer.number);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d (%*[^)]) %*c %d", &nest), 1);
    fclose(file);
    assert_int_equal(kill(nest, SIGKILL), 0);
    while (parser_is_alive())
        sched_yield();
    while (access(path, F_OK) == 0) /* its readers go with it */
        sched_yield();
    assert_false(ask(&ECHO, (struct line){"", 0}, arena, &answer, &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
}

static void without_a_start_tasks_run_here(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    struct line answer;
    assert_true(ask(&ECHO, (struct line){"a", 0}, arena, &answer, &error));
    assert_int_equal(answer.number, getpid());
    assert_false(parser_is_alive());
    parser_stop();
}

int main(void)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
#define WITH_NEST(test) cmocka_unit_test_setup_teardown(test, start, stop)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_start_tasks_run_here),
        WITH_NEST(a_task_runs_elsewhere),
        WITH_NEST(one_that_dies_is_replaced_and_asked_once_more),
        WITH_NEST(one_that_died_idle_is_no_ones_fault),
        WITH_NEST(one_that_stalls_is_ended),
        WITH_NEST(memory_has_a_limit),
        WITH_NEST(there_is_no_way_out),
        WITH_NEST(a_file_goes_there_and_items_come_back),
        WITH_NEST(a_sink_that_fails_ends_it),
        WITH_NEST(a_lie_counts_as_a_death),
        WITH_NEST(many_threads_share_few_readers),
        WITH_NEST(a_reader_ends_after_many_tasks),
        WITH_NEST(without_a_nest_nothing_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
