#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "door.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

/* What is refused before a route is looked for, again and again: all of it is answered or ended,
 * and nothing of it stays in memory. The leak checker looks when the test ends. */
enum {
    TIMES = 10000,
    TIMES_FIRST = 500, /* until what is kept for later is there */
    GROWTH_MOST_KB = 8 * 1024,
    REQUEST_SIZE = 20 * 1024,
};

static struct door door;

static const struct {
    const char *start, *piece, *end; /* the piece comes as often as fits, up to count */
    size_t count;
    int status; /* 0: it is cut there, and has no answer */
} KINDS[] = {
    {"GET /?", "a&", " HTTP/1.1\r\nHost: x\r\n\r\n", 400, 414},
    {"GET / HTTP/1.1\r\nHost: x\r\nCookie: ", "a=1; ", "\r\n\r\n", 1700, 431},
    {"GET / HTTP/1.1\r\nHost: x\r\n", "a: b\r\n", "\r\n", 300, 431},
    {"GET /", "a", "", 9000, 414},
    {"GET / HTTP/4.2\r\n", "", "\r\n", 0, 505},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;", "a", "", 5000, 400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\n", "", "", 0, 400},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "", "a", 0,
     400},
    {"GET / HTTP/1.1\r\nHo", "", "", 0, 0},
    {"GET", "", "", 0, 0},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc", "", "", 0, 0},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "", "", 0, 0},
};

static size_t write_request(size_t kind, char request[REQUEST_SIZE])
{
    size_t size = strlen(KINDS[kind].start), piece = strlen(KINDS[kind].piece);
    memcpy(request, KINDS[kind].start, size);
    for (size_t i = 0; i < KINDS[kind].count; i++, size += piece)
        memcpy(request + size, KINDS[kind].piece, piece);
    size_t end = strlen(KINDS[kind].end);
    assert_true(size + end < REQUEST_SIZE);
    memcpy(request + size, KINDS[kind].end, end);
    return size + end;
}

/* Reset at its end, so that no port stays taken for a minute. */
static void try_once(const char *request, size_t size, int status)
{
    const struct linger at_once = {.l_onoff = 1};
    char answer[16] = "";
    int client = client_connect(http_port(door.server));
    assert_true(client >= 0);
    client_send_bytes(client, request, size);
    if (!status)
        shutdown(client, SHUT_WR);
    ssize_t got = recv(client, answer, sizeof answer - 1, status ? MSG_WAITALL : 0);
    assert_int_equal(got > 0 ? strtol(answer + strlen("HTTP/1.1 "), NULL, 10) : 0, status);
    setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(client);
}

static long resident_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d %ld", &pages), 1);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void test_nothing_stays(void **state)
{
    (void)state;
    static char request[REQUEST_SIZE];
    struct http_settings settings = door_settings();
    door_start(&door, &settings);
    for (size_t kind = 0; kind < sizeof KINDS / sizeof *KINDS; kind++) {
        size_t size = write_request(kind, request);
        long before_kb = 0;
        for (int i = 0; i < TIMES; i++) {
            if (i == TIMES_FIRST)
                before_kb = resident_kb();
            try_once(request, size, KINDS[kind].status);
        }
        assert_true(resident_kb() - before_kb <= GROWTH_MOST_KB);
    }
    assert_int_equal(door.ran, 0);
    assert_int_equal(http_count(door.server).replies[505 - HTTP_STATUS_LEAST], TIMES);
    assert_int_equal(http_count(door.server).replies[414 - HTTP_STATUS_LEAST], 2 * TIMES);
    door_stop(&door, 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nothing_stays)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
