/* What a look into a Sent folder says and asks, and what is made of the answers. */
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "imap_call.h"
#include "net/smtp.h"
#include "provider/providers.h"
#include "provider/smtp_sent.h"

/* Pieces of scripts of what the server hears and says. */
#define LISTED IMAP_IN "<o1 LIST \"\" \"*\"\n* LIST (\\Sent) \"/\" Sent\no1 OK\n"
#define EXAMINED "<o2 EXAMINE \"Sent\"\no2 OK\n"
#define BY_ID "<o3 UID SEARCH HEADER Message-ID \"<1@example.com>\"\n"
#define BY_REFERENCE(tag) "<" tag " UID SEARCH HEADER X-Outtray-Ref \"the-id\"\n"
#define FETCH(tag) "<" tag " UID FETCH 7 (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID X-Outtray-Ref)])\n"
/* One mail is found, and these are lines of its header; size: of them, a | is two bytes. */
#define HEAD(search, next, size, lines) \
    "* SEARCH 7\n" search \
    " OK\n" FETCH(next) "raw:* 1 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID X-OUTTRAY-REF)] {" size \
                        "}|" lines ")|\n" next " OK\n"
#define NOTHING(tag) "* SEARCH\n" tag " OK\n"

static const char NOT_THERE[] =
    "it is not in the folder \"Sent\" at 127.0.0.1, which does not prove "
    "that it was not sent";
static const char THERE[] = "it is in the folder \"Sent\" at 127.0.0.1";

static const struct {
    const char *name, *script;
    enum probe_kind kind;
    const char *reason;
    const char *message_id; /* of the mail that was found */
    const char *asked_for;  /* NULL: the Message-ID of all rows */
} ROWS[] = {
    {"by its id", LISTED EXAMINED BY_ID HEAD("o3", "o4", "29", "Message-ID: <1@example.com>|"),
     PROBE_SENT, THERE, "<1@example.com>", NULL},
    {"folded", LISTED EXAMINED BY_ID HEAD("o3", "o4", "38", "x: y|MESSAGE-id:|\t<1@example.com> |"),
     PROBE_SENT, THERE, "<1@example.com>", NULL},
    {"by its reference",
     LISTED EXAMINED BY_ID NOTHING("o3") BY_REFERENCE("o4")
         HEAD("o4", "o5", "52", "X-Outtray-Ref: the-id|Message-ID: <2@example.com>|"),
     PROBE_SENT, THERE, "<2@example.com>", NULL},
    {"without an id of its own",
     LISTED EXAMINED BY_ID NOTHING("o3") BY_REFERENCE("o4")
         HEAD("o4", "o5", "23", "X-Outtray-Ref: the-id|"),
     PROBE_SENT, THERE, "<1@example.com>", NULL},
    {"with an id that is none",
     LISTED EXAMINED BY_ID NOTHING("o3") BY_REFERENCE("o4")
         HEAD("o4", "o5", "38", "X-Outtray-Ref: the-id|Message-ID: x|"),
     PROBE_SENT, THERE, "<1@example.com>", NULL},
    {"one search refused",
     LISTED EXAMINED BY_ID "o3 NO no\n" BY_REFERENCE("o4")
         HEAD("o4", "o5", "23", "X-Outtray-Ref: the-id|"),
     PROBE_SENT, THERE, "<1@example.com>", NULL},
    {"nothing", LISTED EXAMINED BY_ID NOTHING("o3") BY_REFERENCE("o4") NOTHING("o4"),
     PROBE_ASK_AGAIN, NOT_THERE, NULL, NULL},
    {"a longer id",
     LISTED EXAMINED BY_ID HEAD("o3", "o4", "30", "Message-ID: <1@example.com>x|")
         BY_REFERENCE("o5") NOTHING("o5"),
     PROBE_ASK_AGAIN, NOT_THERE, NULL, NULL},
    {"another reference",
     LISTED EXAMINED BY_ID HEAD("o3", "o4", "53",
                                "Message-ID: <1@example.com>|X-Outtray-Ref: the-id2|")
         BY_REFERENCE("o5") NOTHING("o5"),
     PROBE_ASK_AGAIN, NOT_THERE, NULL, NULL},
    {"no fields", LISTED EXAMINED BY_ID HEAD("o3", "o4", "0", "") BY_REFERENCE("o5") NOTHING("o5"),
     PROBE_ASK_AGAIN, NOT_THERE, NULL, NULL},
    {"an id that cannot be asked for",
     LISTED EXAMINED "<o3 UID SEARCH HEADER X-Outtray-Ref \"the-id\"\n" NOTHING("o3"),
     PROBE_ASK_AGAIN, NOT_THERE, NULL, "<\"a\\\"\"@example.com>"},
    {"both searches refused", LISTED EXAMINED BY_ID "o3 NO no\n" BY_REFERENCE("o4") "o4 NO never\n",
     PROBE_ASK_AGAIN, "NO never", NULL, NULL},
    {"not examined", LISTED "<o2 EXAMINE\no2 NO not you\n", PROBE_ASK_AGAIN, "NO not you", NULL,
     NULL},
    {"no folder", IMAP_IN "<o1 LIST\n* LIST () \"/\" INBOX\no1 OK\n", PROBE_ASK_AGAIN,
     "127.0.0.1 has no folder of sent mail to look into", NULL, NULL},
    {"two folders",
     IMAP_IN
     "<o1 LIST\n* LIST (\\Sent) NIL a\n* LIST (\\Sent) NIL \"b\xFF\"\no1 OK\n"
     "<o2 EXAMINE \"a\"\no2 NO no\n<o3 EXAMINE \"b\xFF\"\no3 OK\n"
     "<o4 UID SEARCH HEADER Message-ID\n" HEAD("o4", "o5", "29", "Message-ID: <1@example.com>|"),
     PROBE_SENT, "it is in the folder \"b?\" at 127.0.0.1", "<1@example.com>", NULL},
    {"not signed in", IMAP_HELLO("") "<A002 LOGIN\nA002 NO not you\n", PROBE_ASK_AGAIN,
     "its Sent folder could not be looked into: 127.0.0.1:", NULL, NULL},
    {"dies", LISTED "<o2 EXAMINE\nclose\n", PROBE_ASK_AGAIN, "the connection was closed", NULL,
     NULL},
    {"hangs", LISTED "<o2 EXAMINE\nhang\n", PROBE_ASK_AGAIN, "no answer came in time", NULL, NULL},
};

static struct probe probe(struct imap_call *call, const char *message_id)
{
    const struct provider_settings settings = {
        .allow_private_hosts = true,
        .connect_timeout_ms = call->server.connect_timeout_ms,
        .imap_timeout_ms = call->server.total_timeout_ms,
    };
    const struct account account = {
        .provider = PROVIDER_SMTP,
        .smtp_username = "user",
        .imap_host = call->server.host,
        .imap_port = call->server.port,
        .imap_security = SECURITY_NONE,
    };
    const struct email email = {.id = "the-id", .message_id = message_id};
    const struct attempt attempt = {
        .account = &account,
        .credential = {.password = "secret"},
        .email = &email,
        .arena = call->arena,
    };
    struct provider_pool *pool = provider_pool_create(&settings);
    struct probe probe = {.kind = PROBE_UNKNOWABLE};
    SMTP_PROVIDER.probe(pool, &attempt, 0, &probe);
    provider_pool_destroy(pool);
    return probe;
}

static void test_probes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct imap_call call = imap_call_start(
            arena_format(arena, "%s%s", ROWS[i].script, IMAP_BYE));
        struct probe found = probe(&call, text_or(ROWS[i].asked_for, "<1@example.com>"));
        if (found.kind != ROWS[i].kind || !strstr(found.reason, ROWS[i].reason) ||
            !text_equal(found.message_id, ROWS[i].message_id) ||
            !text_equal(found.provider_message_id, ROWS[i].message_id))
            fail_msg("%s: %d, %s, %s", ROWS[i].name, (int)found.kind, found.reason,
                     text_or(found.message_id, "no id"));
        imap_call_finish(&call);
    }
}

static void test_signing_in(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        struct credential credential;
        const char *error; /* "": none */
    } CHECKS[] = {
        {IMAP_IN IMAP_BYE, {.password = "secret"}, ""},
        {IMAP_IN IMAP_BYE, {.password = "another", .imap_password = "secret"}, ""},
        {IMAP_HELLO("") "<A002 LOGIN user wrong\nA002 NO no\n",
         {.password = "wrong"},
         "imap.password: 127.0.0.1:"},
        {"", {0}, "imap.password: the password is missing"},
    };
    for (size_t i = 0; i < COUNT(CHECKS); i++) {
        struct imap_call call = imap_call_start(CHECKS[i].script);
        const struct provider_settings settings = {
            .allow_private_hosts = true,
            .connect_timeout_ms = call.server.connect_timeout_ms,
            .imap_timeout_ms = call.server.total_timeout_ms,
        };
        const struct account account = {
            .smtp_username = "somebody else",
            .imap_username = "user",
            .imap_host = call.server.host,
            .imap_port = call.server.port,
            .imap_security = SECURITY_NONE,
        };
        bool is_fine = smtp_sent_check(&settings, &account, &CHECKS[i].credential, call.arena,
                                       &call.error);
        assert_int_equal(is_fine, !*CHECKS[i].error);
        assert_true(text_starts(call.error.message, CHECKS[i].error));
        imap_call_finish(&call);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probes),
        cmocka_unit_test(test_signing_in),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
