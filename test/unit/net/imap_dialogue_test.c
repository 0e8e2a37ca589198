/* One command and what comes back: whole, in pieces, too much of it, or nothing. */
#include "net/imap_dialogue.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "imap_call.h"
#include "net/smtp.h"

struct taken {
    size_t count, bytes;
    char last[100];
};

static void take(void *context, struct bytes response)
{
    struct taken *taken = context;
    taken->count++;
    taken->bytes += response.size;
    snprintf(taken->last, sizeof taken->last, "%.*s", (int)response.size,
             (const char *)response.data);
}

static const struct {
    const char *script;  /* behind the command */
    size_t count;        /* of untagged responses */
    const char *last;    /* of them */
    const char *message; /* NULL: it worked */
} ROWS[] = {
    {"o1 OK done\n", 0, "", NULL},
    {"* 1 EXISTS\n* OK fine\no1 ok\n", 2, "* OK fine", NULL},
    {"raw:* 1 EX\nraw:ISTS|o1 O\nraw:K|\n", 1, "* 1 EXISTS", NULL},
    {"raw:* x {7}|o1 OK|y|o1 OK|\n", 1, "* x {7}\r\no1 OK\r\ny", NULL},
    {"raw:* x {7}|o1 OK||o1 OK|\n", 1, "* x {7}\r\no1 OK\r\n", NULL},
    {"raw:* x {4}|a{9}y {2+}|bc|o1 OK|\n", 1, "* x {4}\r\na{9}y {2+}\r\nbc", NULL},
    {"raw:* x {0}||o1 OK|\n", 1, "* x {0}\r\n", NULL},
    {"o1\no10 OK\no2 OK\n+ go on\no1 OK\n", 4, "+ go on", NULL},
    {"o1 NO [NONEXISTENT] no such folder\n", 0, "",
     "the answer to NOOP was: NO [NONEXISTENT] no such folder"},
    {"o1 BAD \x01\xFF\n", 0, "", "the answer to NOOP was: BAD  ?"},
    {"o1 \n", 0, "", "the answer to NOOP was: "},
    {"* BYE going down\nclose\n", 1, "* BYE going down", "the connection was closed"},
    {"reset\n", 0, "", "the connection was closed"},
    {"raw:* x {5}|ab\nclose\n", 0, "", "the connection was closed"},
    {"hang\n", 0, "", "no answer came in time"},
    {"drip\n", 0, "", "no answer came in time"},
    {"raw:* x {60000}|ab\nhang\n", 0, "", "no answer came in time"},
    {"long\n", 0, "", "a response is longer than 65536 bytes"},
    {"* x {99999}\nlong\n", 0, "", "a response is longer than 65536 bytes"},
    {"* x {99999999999999999999}\nlong\n", 0, "", "a response is longer than 65536 bytes"},
    {"many:* 1 EXISTS\n", 20000, "* 1 EXISTS", "more than 20000 responses came"},
};

static void test_responses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct taken taken = {0};
        AUTO_ARENA arena = arena_create();
        struct imap_call call = imap_call_in(
            arena_format(arena, "<o1 NOOP\n%s%s", ROWS[i].script, IMAP_BYE));
        bool is_fine = imap_dialogue_run(call.imap, "NOOP", take, &taken, &call.error);
        if (is_fine != !ROWS[i].message || taken.count != ROWS[i].count ||
            !strstr(call.error.message, text_or(ROWS[i].message, "")))
            fail_msg("row %zu: %zu, %s", i, taken.count, call.error.message);
        assert_int_equal(call.error.code, ROWS[i].message ? ERROR_PROVIDER : ERROR_NONE);
        assert_string_equal(taken.last, ROWS[i].last);
        imap_call_finish(&call);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_responses),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
