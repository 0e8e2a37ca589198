/* The mail that a record stands for: what is chosen here; how it is written is tried in mime/. */
#include "message/outgoing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"

static struct workplace {
    char folder[64];
    struct arena *arena;
    struct blobs *blobs;
    const char *sha256; /* of "content" */
} place;

static int start(void **state)
{
    struct error error = {0};
    (void)state;
    secret_start();
    place = (struct workplace){.folder = "/tmp/outgoing-test-XXXXXX", .arena = arena_create()};
    if (!mkdtemp(place.folder) || !(place.blobs = blobs_open(place.folder, &error)))
        return -1;
    struct blob_writer *writer = blob_begin(place.blobs, &error);
    return writer && blob_write(writer, "content", 7, &error) &&
                   blob_finish(writer, place.arena, &place.sha256, &error)
               ? 0
               : -1;
}

static int stop(void **state)
{
    char command[128];
    (void)state;
    blobs_close(place.blobs);
    arena_destroy(place.arena);
    snprintf(command, sizeof command, "rm -rf '%s'", place.folder);
    return system(command);
}

static struct address TO[] = {{"b@example.org", "B"}}, CC[] = {{"c@example.org", NULL}},
                      BCC[] = {{"hidden@example.org", NULL}};

static struct email example(void)
{
    return (struct email){
        .id = "01a1fcf6-6fcb-736a-944d-4178f9d5f247",
        .from_email = "a@example.com",
        .from_name = "A",
        .to_recipients = {TO, 1},
        .cc_recipients = {CC, 1},
        .bcc_recipients = {BCC, 1},
        .subject = "Hello",
        .body_text = "text",
        .message_id = "<1@example.com>",
        .message_date = {1767225600000},
    };
}

static const char *write_or_fail(const struct email *email, bool with_bcc, struct error *error)
{
    struct bytes bytes;
    AUTO_SPOOL out = spool_create(place.folder, 1 << 20);
    if (!outgoing_write(email, place.blobs, with_bcc, place.arena, out, error))
        return NULL;
    assert_true(spool_bytes(out, 1 << 20, place.arena, &bytes, error));
    return arena_copy_bytes(place.arena, bytes.data, bytes.size);
}

static const char *written(const struct email *email, bool with_bcc)
{
    struct error error = {0};
    const char *mail = write_or_fail(email, with_bcc, &error);
    assert_non_null(mail);
    return mail;
}

static void test_headers(void **state)
{
    static const char *const LINES[] = {
        "From: A <a@example.com>\r\n",
        "Reply-To: c@example.org\r\n",
        "To: B <b@example.org>\r\n",
        "Cc: c@example.org\r\n",
        "Subject: Hello\r\n",
        "Message-ID: <1@example.com>\r\n",
        "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n",
        "In-Reply-To: <0@x.example>\r\n",
        "References: <r@x.example>\r\n <0@x.example>\r\n",
        EMAIL_REFERENCE_HEADER ": 01a1fcf6-6fcb-736a-944d-4178f9d5f247\r\n",
    };
    (void)state;
    struct email email = example();
    email.in_reply_to = "<0@x.example>";
    email.reference_ids = "<r@x.example> <0@x.example>";
    email.reply_to_recipients = (struct list){CC, 1};
    const char *mail = written(&email, false);
    for (size_t i = 0; i < COUNT(LINES); i++)
        if (!strstr(mail, LINES[i]))
            fail_msg("no %s in\n%s", LINES[i], mail);
}

static void test_bcc_is_only_for_who_asks(void **state)
{
    (void)state;
    struct email email = example();
    assert_null(strstr(written(&email, false), "hidden"));
    assert_non_null(strstr(written(&email, true), "Bcc: hidden@example.org\r\n"));
    email.to_recipients = email.cc_recipients = (struct list){0};
    assert_non_null(strstr(written(&email, false), "To: undisclosed-recipients:;\r\n"));
}

static void test_bodies(void **state)
{
    static const struct {
        const char *text, *html;
        const char *holds[3], *not_so;
    } ROWS[] = {
        {"plain", NULL, {"text/plain", "plain"}, "text/html"},
        {NULL, "<p>Dear <b>you</b></p>", {"text/plain", "Dear you", "<b>you</b>"}, "XX"},
        {"mine", "<p>other</p>", {"mine", "<p>other</p>", "multipart/alternative"}, "\r\nother"},
        {NULL, NULL, {"text/plain", ""}, "text/html"},
        {"", "<p>h</p>", {"text/plain", "<p>h</p>"}, "XX"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email email = example();
        email.body_text = ROWS[i].text;
        email.body_html = ROWS[i].html;
        const char *mail = written(&email, false);
        for (size_t at = 0; at < COUNT(ROWS[i].holds) && ROWS[i].holds[at]; at++)
            if (!strstr(mail, ROWS[i].holds[at]))
                fail_msg("no %s in\n%s", ROWS[i].holds[at], mail);
        assert_null(strstr(mail, ROWS[i].not_so));
    }
}

static size_t count(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)); text++)
        count++;
    return count;
}

static void test_signs_each_body_once(void **state)
{
    static const struct {
        const char *text, *html;
        size_t parts;
    } ROWS[] = {
        {"plain", NULL, 1},
        {NULL, "<p>Dear <b>you</b></p>", 2},
        {"mine", "<p>other</p>", 2},
        {NULL, "<p>a</p><p>Ann of the desk</p>", 2},
        {NULL, NULL, 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email email = example();
        email.body_text = ROWS[i].text;
        email.body_html = ROWS[i].html;
        email.signature_html = "<p>Ann of the desk</p>";
        const char *mail = written(&email, false);
        if (count(mail, "Ann of the desk") != ROWS[i].parts)
            fail_msg("%s", mail);
        assert_string_equal(mail, written(&email, false));
    }
    struct email email = example();
    email.signature_text = "Ann";
    assert_non_null(strstr(written(&email, false), "text\r\n\r\n--=20\r\nAnn\r\n"));
}

static void test_attachments(void **state)
{
    (void)state;
    struct email email = example();
    struct attachment files[] = {
        {.sha256 = place.sha256, .filename = "a.txt", .content_type = "text/csv"},
        {.sha256 = place.sha256, .content_id = "logo", .is_inline = true},
    };
    email.body_html = "<img src=\"cid:logo\">";
    email.attachments = (struct list){files, 2};
    const char *mail = written(&email, false);
    assert_non_null(strstr(mail, "Content-Type: text/csv; charset=\"utf-8\"; name=\"a.txt\""));
    assert_non_null(strstr(mail, "Content-ID: <logo>"));
    assert_non_null(strstr(mail, "Y29udGVudA==")); /* base64 of "content" */
}

static void test_an_attachment_that_is_gone(void **state)
{
    (void)state;
    struct error error = {0};
    struct email email = example();
    struct attachment files[] = {
        {.sha256 = place.sha256, .filename = "a"},
        {.sha256 = "0000000000000000000000000000000000000000000000000000000000000000"},
    };
    email.attachments = (struct list){files, 2};
    assert_null(write_or_fail(&email, false, &error)); /* and the first one is closed again */
    assert_int_equal(error.code, ERROR_NOT_FOUND);
    assert_string_equal(error.field, "attachment");
}

static void test_the_same_record_gives_the_same_bytes(void **state)
{
    (void)state;
    struct email email = example();
    email.body_html = "<p>x</p>";
    assert_string_equal(written(&email, false), written(&email, false));
    const char *before = written(&email, false);
    email.message_id = "<2@example.com>";
    assert_string_not_equal(written(&email, false), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_bcc_is_only_for_who_asks),
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_signs_each_body_once),
        cmocka_unit_test(test_attachments),
        cmocka_unit_test(test_an_attachment_that_is_gone),
        cmocka_unit_test(test_the_same_record_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
