/* Connections in the clear and over TLS, and which certificates are believed.
 * covers: src/net/dial.c */
#include "net/dial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "net/smtp.h"
#include "tls_server.h"

#include <cmocka.h> /* last: its fail() is a macro */

static struct dial dial_to(int port, const char *ca_file)
{
    return (struct dial){.host = "127.0.0.1",
                         .port = port,
                         .trust = {.ca_file = ca_file},
                         .deadline_ms = clock_steady_ms() + 10000,
                         .guard = {.allow_private = true}};
}

/* What the server answers over TLS is read. */
static void tls_over_a_connection_that_stands(void **state)
{
    (void)state;
    static const char ASK[] = "GET /hello HTTP/1.0\r\n\r\n";
    AUTO_ARENA arena = arena_create();
    struct tls_server server = tls_server_start("server", "");
    struct dial dial = dial_to(server.port, tls_file("authority.pem"));
    struct wire wire = {0};
    struct bytes piece;
    assert_int_equal(dial_connect(&dial, &wire, arena), CURLE_OK);
    assert_false(dial.is_securing);
    assert_int_equal(dial_secure(&dial, &wire, arena), CURLE_OK);
    assert_true(dial.is_securing);
    assert_int_equal(wire_write(&wire, ASK, sizeof ASK - 1, dial.deadline_ms), WIRE_FINE);
    assert_int_equal(wire_read_piece(&wire, 15, dial.deadline_ms, &piece), WIRE_FINE);
    assert_memory_equal(piece.data, "HTTP/1.0 200 OK", 15);
    curl_easy_cleanup(wire.curl);
    tls_server_finish(&server);
}

static void what_is_not_trusted(void **state)
{
    (void)state;
    static const struct {
        const char *certificate, *ca_file, *options, *words;
        CURLcode code;
    } ROWS[] = {
        {"stranger", "authority.pem", "", "the server's certificate is not trusted: no alternative",
         CURLE_PEER_FAILED_VERIFICATION},
        {"server", "stranger.pem", "", "the server's certificate is not trusted",
         CURLE_PEER_FAILED_VERIFICATION},
        {"server", "nothing.pem", "", "the file of trusted certificates cannot be read",
         CURLE_SSL_CACERT_BADFILE},
        {"server", "authority.pem", "-tls1_1 -cipher DEFAULT@SECLEVEL=0", "TLS was not agreed on",
         CURLE_SSL_CONNECT_ERROR},
    };
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct tls_server server = tls_server_start(ROWS[i].certificate, ROWS[i].options);
        struct dial dial = dial_to(server.port, tls_file(ROWS[i].ca_file));
        struct wire wire = {0};
        assert_int_equal(dial_connect(&dial, &wire, arena), CURLE_OK);
        assert_int_equal(dial_secure(&dial, &wire, arena), ROWS[i].code);
        assert_null(wire.curl);
        const char *words = dial.why;
        if (!strstr(words, ROWS[i].words))
            fail_msg("%zu: %s", i, words);
        tls_server_finish(&server);
    }
}

static void a_private_address_is_not_connected_to(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct tls_server server = tls_server_start("server", "");
    struct dial dial = dial_to(server.port, NULL);
    struct wire wire = {0};
    dial.guard.allow_private = false;
    assert_int_not_equal(dial_connect(&dial, &wire, arena), CURLE_OK);
    assert_string_equal(dial.guard.refused->field, "host");
    assert_null(wire.curl);
    tls_server_finish(&server);
}

static int make_folder(void **state)
{
    (void)state;
    return tls_folder_make() ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    tls_folder_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_over_a_connection_that_stands),
        cmocka_unit_test(what_is_not_trusted),
        cmocka_unit_test(a_private_address_is_not_connected_to),
    };
    net_start();
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
