/* An IMAP server is looked at before it is told anything: over TLS in net/trust_test.c and from
 * outside; here, what it says before.
 * covers: src/net/imap_pin.c */
#include "net/imap_pin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/smtp.h"
#include "scripted_server.h"

#include <cmocka.h> /* last: its fail() is a macro */

static const struct {
    const char *script;
    bool is_private_refused;
    const char *field, *message;
} ROWS[] = {
    {"* OK hello\n<a STARTTLS\na NO\n", false, "security", "STARTTLS was not agreed on"},
    {"* OK hello\n<a STARTTLS\na BAD what\n", false, "security", "STARTTLS was not agreed on"},
    {"* BYE\nclose\n", false, "security", "STARTTLS was not agreed on"},
    {"hang\n", false, "security", "STARTTLS was not agreed on"},
    {"drip\n", false, "security", "STARTTLS was not agreed on"},
    {"* OK hello\n<a STARTTLS\nmany:* x\nclose\n", false, "security", "STARTTLS was not agreed on"},
    /* What comes along with the go-ahead, in the clear, could be anybody's. */
    {"* OK hello\n<a STARTTLS\nraw:a OK go|* OK more|\nhang\n", false, "security",
     "STARTTLS was not agreed on"},
    {"* OK hello\n<a STARTTLS\na OK go\nclose\n", false, "security", "TLS was not agreed on"},
    {"", true, "host", "leads to no place on the public internet"},
};

static void before_tls(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        int port;
        struct scripted_server *server = scripted_server_start(ROWS[i].script, &port);
        const struct imap_server there = {.host = "127.0.0.1",
                                          .port = port,
                                          .security = IMAP_STARTTLS,
                                          .allow_private = !ROWS[i].is_private_refused,
                                          .connect_timeout_ms = 300};
        const char *key = NULL;
        struct error error;
        assert_false(imap_pin(&there, "there", arena, &key, &error));
        if (strcmp(error.field, ROWS[i].field) != 0 || !strstr(error.message, ROWS[i].message))
            fail_msg("%zu: %s: %s", i, error.field, error.message);
        assert_null(key);
        struct heard heard;
        scripted_server_finish(server, &heard);
        free(heard.content);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(before_tls)};
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
