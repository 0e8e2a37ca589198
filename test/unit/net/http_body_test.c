/* Bodies on their way out and in: when the last of one is let go, and how much is held. */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "case.h"
#include "net/smtp.h"
#include "web_call.h"

struct count {
    size_t calls;
    bool is_fine;
    const struct web_source *source;
    uint64_t asked;
};

static bool commit(void *context)
{
    struct count *count = context;
    count->calls++;
    if (count->source)
        count->asked = count->source->asked;
    return count->is_fine;
}

/* It comes once, before the server can have all of it; when it says no, the server has not. */
static void commit_comes_before_the_end(void **state)
{
    (void)state;
    static const uint64_t SIZES[] = {0, 1, 1000, 65536, 3000000};
    static const struct web_turn TURNS[] = {{.reply = WEB_OK}, {.reply = WEB_OK}};
    for (size_t i = 0; i < 2 * COUNT(SIZES); i++) {
        struct web_call call = web_call_start(TURNS, COUNT(TURNS));
        uint64_t size = SIZES[i / 2];
        struct web_source source = {0};
        struct count count = {.is_fine = i % 2, .source = &source};
        call.request.stream = web_source_stream(&source, size);
        call.request.commit = commit;
        call.request.commit_context = &count;
        assert_int_equal(web_call_send(&call), count.is_fine);
        assert_int_equal(count.calls, 1);
        assert_int_equal(count.asked, size);
        if (!count.is_fine) {
            assert_int_equal(call.result.phase, HTTP_SENDING);
            assert_non_null(strstr(call.result.message, "called off"));
        }
        struct web_heard heard = web_call_finish(&call);
        assert_int_equal(heard.requests, count.is_fine || size);
        assert_true(count.is_fine ? heard.body_sizes[0] == size
                                  : !size || heard.body_sizes[0] < size);
    }
}

static void no_commit_without_a_connection(void **state)
{
    (void)state;
    struct web_call call = web_call_start(NULL, 0);
    struct count count = {.is_fine = true};
    call.request.url = "http://no-such-host.invalid/";
    call.request.commit = commit;
    call.request.commit_context = &count;
    assert_false(web_call_send(&call));
    assert_int_equal(count.calls, 0);
    web_call_finish(&call);
}

static long most_memory_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

struct heap {
    uint64_t size, hash, most;
};

static bool keep_hash(void *context, const void *data, size_t size, struct error *error)
{
    struct heap *heap = context;
    if (heap->size + size > heap->most)
        return fail(error, ERROR_FULL, "", "the heap is full");
    heap->size += size;
    heap->hash = web_hash(heap->hash, data, size);
    return true;
}

static void large_bodies_need_little_memory(void **state)
{
    (void)state;
    enum { SIZE = 50000000 };
    static const struct web_turn TURNS[] = {
        {.reply = WEB_OK},
        {.reply = WEB_OK},
        {.reply = "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n", .filler = SIZE},
    };
    struct web_call call = web_call_start(TURNS, COUNT(TURNS));
    assert_true(web_call_send(&call));
    long before_kib = most_memory_kib();
    struct web_source source = {0};
    call.request.stream = web_source_stream(&source, SIZE);
    assert_true(web_call_send(&call));
    struct heap heap = {.most = SIZE};
    struct sink sink = {&heap, keep_hash};
    call.request.stream = (struct http_stream){0};
    call.request.sink = &sink;
    call.request.body_limit = SIZE;
    assert_true(web_call_send(&call));
    assert_true(most_memory_kib() - before_kib < 10000);
    assert_int_equal(heap.size, SIZE);
    assert_int_equal(call.result.body.size, 0);
    struct web_heard heard = web_call_finish(&call);
    assert_int_equal(heard.body_sizes[1], SIZE);
    assert_int_equal(heard.body_hashes[1], source.hash);
    assert_int_equal(heard.connections, 1);
}

static void a_sink_that_is_full(void **state)
{
    (void)state;
    static const struct web_turn TURN = {
        .reply = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
        .filler = 1000000,
    };
    struct web_call call = web_call_start(&TURN, 1);
    struct heap heap = {.most = 500000};
    struct sink sink = {&heap, keep_hash};
    call.request.sink = &sink;
    call.request.body_limit = 1000000;
    assert_false(web_call_send(&call));
    assert_int_equal(call.result.phase, HTTP_REPLYING);
    assert_string_equal(call.result.message,
                        "127.0.0.1: the heap is full in the middle of the reply");
    web_call_finish(&call);
}

/* 100,000 zeros. */
static const unsigned char BOMB[] = {31,
                                     139,
                                     8,
                                     [3 ... 7] = 0,
                                     2,
                                     3,
                                     237,
                                     193,
                                     49,
                                     1,
                                     [14 ... 16] = 0,
                                     194,
                                     160,
                                     245,
                                     79,
                                     109,
                                     13,
                                     15,
                                     160,
                                     [121] = 128,
                                     87,
                                     3,
                                     125,
                                     149,
                                     17,
                                     212,
                                     160,
                                     134,
                                     1,
                                     0};

#define ZIPPED "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 132\r\n\r\n"

static void the_reply_has_a_limit(void **state)
{
    (void)state;
    static const struct {
        struct web_turn turn;
        size_t limit, size;
        bool is_cut;
    } ROWS[] = {
        {{.reply = WEB_OK}, 2, 2, false},
        {{.reply = WEB_OK}, 1, 1, true},
        {{.reply = WEB_OK}, 0, 0, true},
        {{.reply = "HTTP/1.1 200 OK\r\n\r\n", .filler = 99999, .end = WEB_CLOSE}, 99999, 99999, 0},
        {{.reply = "HTTP/1.1 200 OK\r\n\r\n", .filler = 100000, .end = WEB_HANG}, 99999, 99999, 1},
        {{.reply = ZIPPED, .filler = sizeof BOMB, .data = BOMB}, 100000, 100000, false},
        {{.reply = ZIPPED, .filler = sizeof BOMB, .data = BOMB}, 99999, 99999, true},
        {{.reply = ZIPPED, .filler = sizeof BOMB, .data = BOMB}, 200, 200, true},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct web_call call = web_call_start(&ROWS[i].turn, 1);
        call.request.body_limit = ROWS[i].limit;
        assert_int_equal(web_call_send(&call), !ROWS[i].is_cut);
        assert_int_equal(call.result.phase, HTTP_REPLIED);
        assert_int_equal(call.result.status, 200);
        assert_int_equal(call.result.is_cut, ROWS[i].is_cut);
        assert_int_equal(call.result.body.size, ROWS[i].size);
        assert_int_equal(((const char *)call.result.body.data)[ROWS[i].size], 0);
        web_call_finish(&call);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(commit_comes_before_the_end),
        cmocka_unit_test(no_commit_without_a_connection),
        cmocka_unit_test(large_bodies_need_little_memory),
        cmocka_unit_test(a_sink_that_is_full),
        cmocka_unit_test(the_reply_has_a_limit),
    };
    signal(SIGPIPE, SIG_IGN);
    net_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
