#include "door.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "client.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

enum { LIMIT = 1024 * 1024, FILE_SIZE = 50000 };

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

static void reply_text(struct http_exchange *exchange, int status, const char *text)
{
    http_reply(exchange, status, "text/plain", text_bytes(text));
}

static long number_of(const struct http_exchange *exchange, const char *name)
{
    const char *text = http_query(exchange, name);
    return text ? strtol(text, NULL, 10) : 0;
}

static void look(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    nanosleep(&moment, NULL);
}

/* Takes ?take bytes. The attachment is the door; what it took is counted there. */
static bool take(void *context, const void *data, size_t size, struct error *error)
{
    (void)data;
    struct http_exchange *exchange = context;
    struct door *door = http_attachment(exchange);
    uint64_t total = door->diverted += size;
    const char *most = http_query(exchange, "take");
    return !most || total <= strtoull(most, NULL, 10) ||
           (fail)(error, ERROR_INVALID, "sink", "is full");
}

static void open_request(struct http_exchange *exchange, void *context)
{
    struct door *door = context;
    door->opened++;
    http_set_attachment(exchange, door);
    if (text_equal(http_path(exchange), "/early"))
        reply_text(exchange, 401, "early");
    if (text_equal(http_path(exchange), "/small"))
        http_limit_body(exchange, 10);
    if (text_equal(http_path(exchange), "/roomy"))
        http_limit_body(exchange, 2 * LIMIT);
    if (text_equal(http_path(exchange), "/sink") || text_equal(http_path(exchange), "/roomy"))
        http_divert(exchange, &(struct http_sink){exchange, take});
}

static void reply_resumed(struct http_exchange *exchange, void *context)
{
    struct door *door = context;
    door->resumed++;
    reply_text(exchange, 200, "resumed");
}

static void park_again(struct http_exchange *exchange, void *context)
{
    struct door *door = context;
    door->resumed++;
    http_park(exchange, 10, reply_resumed);
}

static void park(struct http_exchange *exchange, struct door *door)
{
    bool again = text_equal(http_path(exchange), "/again");
    uint64_t number = http_park(exchange, number_of(exchange, "ms"),
                                again ? park_again : reply_resumed);
    if (text_equal(http_path(exchange), "/woken"))
        http_wake(door->server, number);
    if (text_equal(http_path(exchange), "/both"))
        reply_text(exchange, 200, "both");
    door->parked_number = number;
}

/* For what may never come: answered with what there is once the client sends no more. */
static void wait_for_nothing(struct http_exchange *exchange, void *context)
{
    struct door *door = context;
    struct error error;
    if (!http_begin_wait(exchange, &error))
        reply_text(exchange, 429, arena_copy(http_arena(exchange), error.message));
    else if (http_is_hurried(exchange))
        reply_text(exchange, 200, "nothing");
    else
        door->parked_number = http_park(exchange, PATIENCE_MS, wait_for_nothing);
}

static void hold(struct http_exchange *exchange, struct door *door)
{
    int holding = ++door->holding;
    if (holding > door->held_most)
        door->held_most = holding;
    while (!door->is_released)
        look();
    door->holding--;
    reply_text(exchange, 200, "held");
}

/* ?size bytes, of which ?lack are not there. */
static void reply_file(struct http_exchange *exchange)
{
    static char content[FILE_SIZE];
    memset(content, 'f', sizeof content);
    int file = memfd_create(DOOR_FILE, MFD_CLOEXEC);
    assert_int_equal(write(file, content, sizeof content), sizeof content);
    long size = http_query(exchange, "size") ? number_of(exchange, "size") : FILE_SIZE;
    assert_int_equal(ftruncate(file, size - number_of(exchange, "lack")), 0);
    http_reply_file(exchange, 200, "text/plain", file, (uint64_t)size);
}

static void echo(struct http_exchange *exchange)
{
    struct bytes body;
    struct error error;
    assert_true(spool_bytes(http_body(exchange), LIMIT, http_arena(exchange), &body, &error));
    http_reply_header(exchange, "X-Address", http_remote_address(exchange));
    http_reply(exchange, 200, "text/plain", body);
}

static void run_request(struct http_exchange *exchange, void *context)
{
    struct door *door = context;
    const char *path = http_path(exchange);
    door->ran++;
    if (text_equal(path, "/method"))
        reply_text(exchange, 200, http_method(exchange));
    else if (text_equal(path, "/size"))
        reply_text(exchange, 200,
                   arena_format(http_arena(exchange), "%llu of %lld",
                                (unsigned long long)spool_size(http_body(exchange)),
                                (long long)http_content_length(exchange)));
    else if (text_equal(path, "/echo"))
        echo(exchange);
    else if (text_equal(path, "/none"))
        http_reply(exchange, 204, NULL, (struct bytes){0});
    else if (text_equal(path, "/file"))
        reply_file(exchange);
    else if (text_equal(path, "/wait"))
        wait_for_nothing(exchange, door);
    else if (text_equal(path, "/hold"))
        hold(exchange, door);
    else if (text_equal(path, "/park") || text_equal(path, "/woken") ||
             text_equal(path, "/again") || text_equal(path, "/both"))
        park(exchange, door);
    else
        reply_text(exchange, 200, "hello");
}

static void refuse_request(struct http_exchange *exchange, const struct error *error, void *context)
{
    struct door *door = context;
    static const int STATUS[ERROR_CODE_COUNT] = {
        [ERROR_INVALID] = 400,         [ERROR_TOO_LARGE] = 413,
        [ERROR_TOO_MANY] = 429,        [ERROR_TIMEOUT] = 408,
        [ERROR_TARGET_TOO_LONG] = 414, [ERROR_HEADER_TOO_LARGE] = 431,
        [ERROR_NOT_IMPLEMENTED] = 501, [ERROR_VERSION] = 505,
    };
    door->refused++;
    if (!http_attachment(exchange)) {
        door->refused_unopened++;
        http_set_attachment(exchange, door);
    }
    reply_text(exchange, STATUS[error->code],
               arena_format(http_arena(exchange), "%s: %s", error->field, error->message));
}

static void close_request(struct http_exchange *exchange, void *context)
{
    struct door *door = context;
    assert_ptr_equal(http_attachment(exchange), door);
    door->closed++;
}

struct http_settings door_settings(void)
{
    return (struct http_settings){
        .listen = "127.0.0.1:0",
        .spool_folder = "/tmp",
        .network_threads = 2,
        .workers = 4,
        .large_workers = 1,
        .connections = 100,
        .connections_per_address = 100,
        .idle_seconds = 5,
        .header_seconds = 5,
        .header_bytes = 8192,
        .body_bytes = LIMIT,
    };
}

void door_start(struct door *door, const struct http_settings *settings)
{
    signal(SIGPIPE, SIG_IGN);
    *door = (struct door){0};
    struct http_door functions = {door, open_request, run_request, refuse_request, close_request};
    struct error error;
    door->server = http_start(settings, &functions, &error);
    assert_non_null(door->server);
}

void door_stop(struct door *door, int64_t timeout_ms)
{
    http_stop(door->server, timeout_ms);
    assert_int_equal(door->opened + door->refused_unopened, door->closed);
}

void door_release(struct door *door)
{
    door->is_released = true;
}

void door_wait(_Atomic int *counter, int value)
{
    for (int i = 0; i < PATIENCE_MS && *counter < value; i++)
        look();
    assert_int_equal(*counter, value);
}

void door_wait_parked(struct door *door, uint64_t value)
{
    for (int i = 0; i < PATIENCE_MS && http_count(door->server).parked != value; i++)
        look();
    assert_int_equal(http_count(door->server).parked, value);
}
