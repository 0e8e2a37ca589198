/* A mail as Graph gets it in JSON. */
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "outlook_peer.h"
#include "provider/outlook_message.h"

#define TAG \
    "{\"id\":\"String {7a0c1b52-6f0d-4c7e-8b1e-2f3c9d54e6a1} Name " \
    "SendRef\",\"value\":\"" WEB_PEER_ID "\"}"
#define HEADERS \
    "\"internetMessageHeaders\":[{\"name\":\"X-Outtray-Ref\",\"value\":\"" WEB_PEER_ID "\"}]"
#define CONTENT(subject, type, body) \
    "{\"subject\":\"" subject "\",\"body\":{\"contentType\":\"" type "\",\"content\":\"" body \
    "\"}," \
    "\"from\":{\"emailAddress\":{\"address\":\"ann@example.com\",\"name\":\"Ann \xC3\x9F\"}}," \
    "\"toRecipients\":[{\"emailAddress\":{\"address\":\"bob@example.com\",\"name\":\"Bob " \
    "\\\"B\\\"\"" \
    "}}],\"ccRecipients\":[],\"bccRecipients\":[{\"emailAddress\":{\"address\":\"c@example.com\"}" \
    "}]," \
    "\"replyTo\":[],\"internetMessageId\":\"<ours@example.com>\","
#define PROPERTIES(more) "\"singleValueExtendedProperties\":[" TAG more "]"

static struct address BCC[] = {{"c@example.com", ""}};

static struct web_peer *begin(struct outlook *ret_outlook)
{
    struct web_peer *peer = outlook_peer_start(NULL, 0);
    peer->email.from_name = "Ann \xC3\x9F";
    peer->email.bcc_recipients = (struct list){BCC, 1};
    *ret_outlook = outlook_open(peer->pool, &peer->attempt);
    return peer;
}

static void end(struct web_peer *peer, struct outlook *outlook)
{
    outlook_close(peer->pool, outlook);
    web_peer_finish(peer);
    assert_int_equal(peer->heard.requests, 0);
}

static void test_a_new_mail(void **state)
{
    (void)state;
    struct outlook outlook;
    struct error error;
    struct web_peer *peer = begin(&outlook);
    struct mime_mail mime = {.subject = "Hi", .text = "a", .html = "<p>\"a\"</p>\n"};
    assert_string_equal(outlook_message_new(&outlook, &mime, &error),
                        CONTENT("Hi", "html", "<p>\\\"a\\\"</p>\\n") HEADERS
                        "," PROPERTIES("") "}");
    peer->email.in_reply_to = "<p@x.test>";
    peer->email.reference_ids = "<r@x.test> <p@x.test>";
    mime = (struct mime_mail){.text = "a"};
    assert_string_equal(
        outlook_message_new(&outlook, &mime, &error), CONTENT("", "text", "a") HEADERS
        "," PROPERTIES(",{\"id\":\"String 0x1042\",\"value\":\"<p@x.test>\"}"
                       ",{\"id\":\"String 0x1039\",\"value\":\"<r@x.test> <p@x.test>\"}") "}");
    end(peer, &outlook);
}

/* Exchange knows what it answers, and gets no header of ours but such as begin with x-. */
static void test_an_answer(void **state)
{
    (void)state;
    struct outlook outlook;
    struct error error;
    struct web_peer *peer = begin(&outlook);
    const struct mime_mail mime = {.subject = "Re: Hi", .text = "a"};
    peer->email.in_reply_to = "<p@x.test>";
    assert_string_equal(outlook_message_marks(&outlook, &error),
                        "{\"message\":{" HEADERS "," PROPERTIES("") "}}");
    assert_string_equal(outlook_message_answer(&outlook, &mime, &error),
                        CONTENT("Re: Hi", "text", "a") PROPERTIES("") "}");
    end(peer, &outlook);
}

static void test_what_a_draft_of_mime_lacks(void **state)
{
    (void)state;
    struct outlook outlook;
    struct error error;
    struct web_peer *peer = begin(&outlook);
    static const char *const BOTH = "{\"internetMessageId\":\"<ours@example.com>\"," PROPERTIES(
        "") "}";
    assert_string_equal(outlook_message_lacks(&outlook, "<ours@example.com>", &error),
                        "{" PROPERTIES("") "}");
    assert_string_equal(outlook_message_lacks(&outlook, "<other@example.com>", &error), BOTH);
    assert_string_equal(outlook_message_lacks(&outlook, NULL, &error), BOTH);
    end(peer, &outlook);
}

static void test_too_much_for_one_request(void **state)
{
    (void)state;
    struct outlook outlook;
    struct web_peer *peer = begin(&outlook);
    char *text = arena_alloc(peer->arena, OUTLOOK_REQUEST_BYTES_MAX + 1);
    const struct mime_mail mime = {.text = memset(text, 'x', OUTLOOK_REQUEST_BYTES_MAX)};
    struct error error = {0};
    assert_null(outlook_message_new(&outlook, &mime, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_null(outlook_message_answer(&outlook, &mime, &error));
    end(peer, &outlook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_new_mail),
        cmocka_unit_test(test_an_answer),
        cmocka_unit_test(test_what_a_draft_of_mime_lacks),
        cmocka_unit_test(test_too_much_for_one_request),
    };
    secret_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
