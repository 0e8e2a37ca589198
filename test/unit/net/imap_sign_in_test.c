/* What is said of an IMAP server that does not let us in, and which setting it has to do with. */
#include "net/imap_sign_in.h"

#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "imap_call.h"
#include "net/smtp.h"

static const struct {
    const char *script;
    enum imap_security security;
    const char *field, *message; /* of the error; NULL: it lets us in */
} ROWS[] = {
    {IMAP_IN IMAP_BYE, IMAP_PLAIN, NULL, NULL},
    {IMAP_HELLO(
         "AUTH=PLAIN") "<A002 AUTHENTICATE PLAIN\n+ \n<AHVzZXIAc2VjcmV0\nA002 OK in\n" IMAP_BYE,
     IMAP_PLAIN, NULL, NULL},
    {IMAP_HELLO(
         "SASL-IR AUTH=PLAIN") "<A002 AUTHENTICATE PLAIN AHVzZXIAc2VjcmV0\nA002 OK in\n" IMAP_BYE,
     IMAP_PLAIN, NULL, NULL},
    {IMAP_HELLO("") "<A002 LOGIN user secret\nA002 NO [AUTHENTICATIONFAILED] not you\n", IMAP_PLAIN,
     "password", "the user name or password was refused: NO"},
    {IMAP_HELLO("") "<A002 LOGIN\nA002 BAD what\n", IMAP_PLAIN, "password", "refused: BAD"},
    {IMAP_HELLO("") "<A002 LOGIN\nclose\n", IMAP_PLAIN, "host", "the connection was closed"},
    {IMAP_HELLO("") "<A002 LOGIN\nhang\n", IMAP_PLAIN, "host", "it took too long"},
    {IMAP_HELLO("") "<A002 LOGIN\n* BYE too many\nclose\n", IMAP_PLAIN, "host", "refused: BYE"},
    {IMAP_HELLO("LOGINDISABLED"), IMAP_PLAIN, "security",
     "no way to sign in is offered that fits the credentials"},
    {IMAP_HELLO("AUTH=PLAIN"), IMAP_STARTTLS, "security", "STARTTLS is not offered"},
    {"* PREAUTH welcome\n<A001 CAPABILITY\n* CAPABILITY IMAP4rev1 STARTTLS\nA001 OK done\n",
     IMAP_STARTTLS, "security", "STARTTLS is not offered"},
    {IMAP_HELLO("STARTTLS") "<A002 STARTTLS\nA002 NO later\n", IMAP_STARTTLS, "security",
     "refused: NO"},
    /* What somebody puts in before TLS begins is not taken for something said over TLS. */
    {IMAP_HELLO("STARTTLS") "<A002 STARTTLS\nraw:A002 OK go|A003 OK in|\nhang\n", IMAP_STARTTLS,
     "host", "what came is no IMAP"},
    {"* OK this is no TLS\nhang\n", IMAP_TLS, "security", "TLS was not agreed on"},
    {"hang\n", IMAP_TLS, "host", "it took too long"},
    {"hang\n", IMAP_PLAIN, "host", "it took too long"},
    {"close\n", IMAP_PLAIN, "host", "the connection was closed"},
    {"drip\n", IMAP_PLAIN, "host", "it took too long"},
    {"* BYE no room\nclose\n", IMAP_PLAIN, "host", "the server refused: BYE"},
    {"220 mail.example.com ESMTP\nhang\n", IMAP_PLAIN, "host", "it took too long"},
    /* More than libcurl puts up with. */
    {"* OK ready\n<A001 CAPABILITY\nmany:* CAPABILITY IMAP4rev1\nhang\n", IMAP_PLAIN, "host",
     "the connection was closed"},
};

/* Of the servers: whoever has not been signed in to is not quoted. */
static const char *const WORDS[] = {
    "not you", "AUTHENTICATIONFAILED", "what\n", "too many", "later", "no room", "welcome", "ESMTP",
};

static void test_signing_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct imap_call call = imap_call_start(ROWS[i].script);
        call.server.security = ROWS[i].security;
        call.imap = imap_open(&call.server, call.arena, &call.error);
        const char *where = arena_format(call.arena, "127.0.0.1:%d: ", (int)call.server.port);
        if (!call.imap != !!ROWS[i].field ||
            !strstr(call.error.message, text_or(ROWS[i].message, "")))
            fail_msg("row %zu: %s: %s", i, call.error.field, call.error.message);
        if (ROWS[i].field) {
            assert_int_equal(call.error.code, ERROR_PROVIDER);
            assert_string_equal(call.error.field, ROWS[i].field);
            assert_true(text_starts(call.error.message, where));
            assert_null(strstr(call.error.message, "secret"));
            for (size_t j = 0; j < COUNT(WORDS); j++)
                assert_null(strstr(call.error.message, WORDS[j]));
        }
        imap_call_finish(&call);
    }
}

static void test_nobody_there(void **state)
{
    (void)state;
    struct imap_call call = imap_call_start("");
    scripted_server_finish(call.scripted, &(struct heard){0});
    assert_null(imap_open(&call.server, call.arena, &call.error));
    assert_string_equal(call.error.field, "host");
    assert_non_null(strstr(call.error.message, "nobody answers there: Connection refused"));
    call.server.host = "no-such-host.invalid";
    assert_null(imap_open(&call.server, call.arena, &call.error));
    assert_string_equal(call.error.message,
                        arena_format(call.arena, "no-such-host.invalid:%d: the host was not found",
                                     (int)call.server.port));
    arena_destroy(call.arena);
}

/* None of these is connected to. */
static void test_what_is_no_server(void **state)
{
    (void)state;
    static const struct {
        struct imap_server server;
        const char *message;
    } SERVERS[] = {
        {{"", 1, IMAP_TLS, "u", "p"}, "the host is not a host name"},
        {{"a/b", 1, IMAP_TLS, "u", "p"}, "the host is not a host name"},
        {{"u@a", 1, IMAP_TLS, "u", "p"}, "the host is not a host name"},
        {{"[::1]", 1, IMAP_TLS, "u", "p"}, "the host is not a host name"},
        {{"a\r\nb", 1, IMAP_TLS, "u", "p"}, "the host is not a host name"},
        {{"a", 0, IMAP_TLS, "u", "p"}, "the port is not between 1 and 65535"},
        {{"a", 65536, IMAP_TLS, "u", "p"}, "the port is not between 1 and 65535"},
        {{"a", 1, IMAP_TLS, NULL, "p"}, "the username is missing, or has a control character"},
        {{"a", 1, IMAP_TLS, "u\r\nx LOGOUT", "p"},
         "the username is missing, or has a control character"},
        {{"a", 1, IMAP_TLS, "u", NULL}, "the password is missing, or has a control character"},
        {{"a", 1, IMAP_TLS, "u", "p\n"}, "the password is missing, or has a control character"},
    };
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(SERVERS); i++) {
        struct error error = {0};
        assert_null(imap_open(&SERVERS[i].server, arena, &error));
        assert_string_equal(error.message, SERVERS[i].message);
    }
}

static void test_where(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    assert_string_equal(imap_where(&(struct imap_server){.host = "a.b", .port = 993}, arena),
                        "a.b:993");
    assert_string_equal(imap_where(&(struct imap_server){.host = "::1", .port = 143}, arena),
                        "[::1]:143");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signing_in),
        cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_what_is_no_server),
        cmocka_unit_test(test_where),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
