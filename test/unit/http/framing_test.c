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

#define POST "POST /size HTTP/1.1\r\nHost: x\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define TWICE(name) ": the header " name " may be there once"
#define FIRST_LINE ": the first line must be a method, a target and HTTP/1.1"
#define CHUNKS ": the chunks of the body cannot be read: "
#define NO_TOKEN ": a header's name is not a token"

/* Behind each: a request that must not be answered when the first was refused. */
static const struct {
    const char *header;
    int status;
    const char *body; /* how it begins */
} ROWS[] = {
    {POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     ": Content-Length and Transfer-Encoding exclude each other"},
    {POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400,
     ": Content-Length and Transfer-Encoding exclude each other"},
    {POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400, TWICE("Content-Length")},
    {POST "Content-Length: 5\r\ncontent-length: 5\r\n\r\nabcde", 400, TWICE("Content-Length")},
    {POST "Content-Length: 5, 5\r\n\r\nabcde", 400, ": the header Content-Length must be one"},
    {POST "Content-Length: +5\r\n\r\nabcde", 400, ": the header Content-Length must be one"},
    {POST "Content-Length: -1\r\n\r\nabcde", 400, ": the header Content-Length must be one"},
    {POST "Content-Length: 0x5\r\n\r\nabcde", 400, ": the header Content-Length must be one"},
    {POST "Content-Length: 5 5\r\n\r\nabcde", 400, ": the header Content-Length must be one"},
    {POST "Content-Length:\r\n\r\nabcde", 400, ": the header Content-Length must be one"},
    {POST "Content-Length: 99999999999999999999\r\n\r\n", 413, ": is larger than"},
    {POST "Content-Length: 18446744073709551615\r\n\r\n", 413, ": is larger than"},
    {POST "Content-Length: 9223372036854775807\r\n\r\n", 413, ": is larger than"},
    {POST "Host: y\r\n\r\n", 400, TWICE("Host")},
    {POST "Host: x\r\n\r\n", 400, TWICE("Host")},
    {"POST /size HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde", 400,
     ": HTTP/1.1 needs the header Host"},
    {"GET /size HTTP/1.1\r\nHost: a b\r\n\r\n", 400, ": the header Host must be a host"},
    {"GET /size HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, ": the header Host must be a host"},
    {"GET /size HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, ": the header Host must be a host"},
    {"GET /size HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, ": the header Host must be a host"},
    {POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, ": chunked is the only"},
    {POST "Transfer-Encoding: identity\r\n\r\n", 501, ": chunked is the only"},
    {POST "Transfer-Encoding: xchunked\r\n\r\n", 501, ": chunked is the only"},
    {POST "Transfer-Encoding: chunked;a=b\r\n\r\n", 501, ": chunked is the only"},
    {POST "Transfer-Encoding: \"chunked\"\r\n\r\n", 501, ": chunked is the only"},
    {POST "Transfer-Encoding:\r\n\r\n", 400, ": chunked is the only"},
    {POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400, ": a body is chunked once"},
    {POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     TWICE("Transfer-Encoding")},
    {POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, NO_TOKEN},
    {POST "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400, NO_TOKEN},
    {POST "Transfer-Encoding:\vchunked\r\n\r\n0\r\n\r\n", 400, ": a header holds a control"},
    {"POST /size HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     ": HTTP/1.0 has no Transfer-Encoding"},
    {POST "X: a\001b\r\n\r\n", 400, ": a header holds a control character"},
    {POST "X: a\x7f\r\n\r\n", 400, ": a header holds a control character"},
    {POST "X: a\rb\r\n\r\n", 400, ": the header holds a CR without LF"},
    {POST "X: a\r\r\n\r\n", 400, ": the header holds a CR without LF"},
    {POST "X: a\nY: b\r\n\r\n", 400, ": a line of the header ends without CRLF"},
    {"POST /size HTTP/1.1\nHost: x\n\n", 400, ": a line of the header ends without CRLF"},
    {POST "X: a\r\n b\r\n\r\n", 400, ": a line of the header is folded"},
    {POST "X: a\r\n\tb\r\n\r\n", 400, ": a line of the header is folded"},
    {"GET /size HTTP/1.1\r\n Host: x\r\n\r\n", 400, ": a line of the header is folded"},
    {POST "X\r\n\r\n", 400, NO_TOKEN},
    {POST ": x\r\n\r\n", 400, NO_TOKEN},
    {POST "X Y: z\r\n\r\n", 400, NO_TOKEN},
    {"GET /size HTTP/3.0\r\nHost: x\r\n\r\n", 505, ": only HTTP/1.1 and HTTP/1.0"},
    {"PRI * HTTP/2.0\r\n\r\n", 505, ": only HTTP/1.1 and HTTP/1.0"},
    {"GET /size HTTP/0.9\r\n\r\n", 505, ": only HTTP/1.1 and HTTP/1.0"},
    {"GET /size http/1.1\r\nHost: x\r\n\r\n", 400, FIRST_LINE},
    {"GET /size HTTP/1.11\r\nHost: x\r\n\r\n", 400, FIRST_LINE},
    {"GET /size HTTP/1\r\nHost: x\r\n\r\n", 400, FIRST_LINE},
    {"GET /size\r\nHost: x\r\n\r\n", 400, FIRST_LINE},
    {"GET\t/size\tHTTP/1.1\r\nHost: x\r\n\r\n", 400, FIRST_LINE},
    {"GET  /size HTTP/1.1\r\nHost: x\r\n\r\n", 400, ": the target holds a space"},
    {"GET /size  HTTP/1.1\r\nHost: x\r\n\r\n", 400, ": the target holds a space"},
    {"GET /size HTTP/1.1 \r\nHost: x\r\n\r\n", 400, ": the target holds a space"},
    {"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, ": the target holds a space"},
    {"GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n", 400, ": the target holds a control character"},
    {"GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400, ": the target holds a fragment"},
    {" GET /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, ": the method is not a token"},
    {"G(T /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, ": the method is not a token"},
    {"\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, FIRST_LINE},
    {"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "path: "},
    {"GET /a%2fb HTTP/1.1\r\nHost: x\r\n\r\n", 400, "path: must not hold an escaped slash"},
    {"GET /a%5Cb HTTP/1.1\r\nHost: x\r\n\r\n", 400, "path: must not hold an escaped slash"},
    {"GET /../b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "path: must not hold the segments"},
    {CHUNKED "5\nabcde\r\n0\r\n\r\n", 400, CHUNKS "a size must be"},
    {CHUNKED "5\r\nabcde\n0\r\n\r\n", 400, CHUNKS "a chunk is longer"},
    {CHUNKED "5\r\nabcde\r\n0\n\n", 400, CHUNKS "a size must be"},
    {CHUNKED "5\r\nabcde\r\n0\r\n\n", 400, CHUNKS "a line holds a control"},
    {CHUNKED "5\rabcde\r\n0\r\n\r\n", 400, CHUNKS "a CR stands without LF"},
    {CHUNKED "5\r\nabcdef\r\n0\r\n\r\n", 400, CHUNKS "a chunk is longer"},
    {CHUNKED "0x5\r\nabcde\r\n0\r\n\r\n", 400, CHUNKS "a size must be"},
    {CHUNKED "5 \r\nabcde\r\n0\r\n\r\n", 400, CHUNKS "a size must be"},
    {CHUNKED "-5\r\nabcde\r\n0\r\n\r\n", 400, CHUNKS "a size must be"},
    {CHUNKED "\r\nabcde\r\n0\r\n\r\n", 400, CHUNKS "a size must be"},
    {CHUNKED "ffffffffffffffff\r\nabcde", 400, CHUNKS "a size is too large"},
    {CHUNKED "5;a\nb\r\nabcde\r\n0\r\n\r\n", 400, CHUNKS "a line holds a control"},
    {CHUNKED "0\r\nX: y\n\r\n", 400, CHUNKS "a line holds a control"},
    {CHUNKED "0\r\nX: y\r\n z\r\n\r\n", 400, CHUNKS "a trailer is folded"},
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
        assert_memory_equal(answer.body, ROWS[i].body, strlen(ROWS[i].body));
        assert_non_null(strstr(answer.header, "\r\nConnection: close\r\n"));
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
