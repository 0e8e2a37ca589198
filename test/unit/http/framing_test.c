#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "door.h"

/* Last: its fail would take the place of ours. */
#include <cmocka.h>

/* Behind each: a request that must not be answered when the first was refused. */
static const struct {
    const char *header;
    int status;
    const char *body; /* NULL: libmicrohttpd's own */
} ROWS[] = {
    {"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
     "0\r\n\r\n",
     400, ": Content-Length and Transfer-Encoding exclude each other"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
     "0\r\n\r\n",
     400, ": Content-Length and Transfer-Encoding exclude each other"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400,
     ": a header that may be there once is there twice"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400,
     ": a header that may be there once is there twice"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400,
     ": chunked is the only Transfer-Encoding read here"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400,
     ": a header's name is not a token"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nX: a\001b\r\n\r\n", 400,
     ": a header holds a control character"},
    {"POST /size HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     ": HTTP/1.0 has no Transfer-Encoding"},
    {"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nabcde", 400, NULL},
    {"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 413, NULL},
    {"POST /size HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551615\r\n\r\n", 413,
     ": is larger than"},
    {"POST /size HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde", 400, NULL},
    {"GET /size HTTP/3.0\r\nHost: x\r\n\r\n", 505, NULL},
};

static void test_rows(void **state)
{
    (void)state;
    static struct door door;
    static struct answer answer;
    struct http_settings settings = door_settings();
    door_start(&door, &settings);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        int client = client_connect(http_port(door.server));
        client_send(client, ROWS[i].header);
        client_send(client, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        client_read(client, &answer);
        assert_int_equal(answer.status, ROWS[i].status);
        if (ROWS[i].body)
            assert_memory_equal(answer.body, ROWS[i].body, strlen(ROWS[i].body));
        client_read(client, &answer);
        assert_int_equal(answer.status, 0);
        close(client);
    }
    door_stop(&door, 2000);
    assert_int_equal(door.ran, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
