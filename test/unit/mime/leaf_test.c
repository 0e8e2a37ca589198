#include "mime/leaf.h"

#include <string.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"
#include "mime/parse.h"

#define MIXED "A: b\nContent-Type: multipart/mixed; boundary=x\n\n"
static const struct letter_row ROWS[] = {
    /* text among base64 */
    {"A: b\nContent-Transfer-Encoding: base64\n\nYWJj\n____\nlist mailing "
     "list\nhttps://l.example\n",
     "abc\n____\nlist mailing list\nhttps://l.example\n", NULL, "", ""},
    {MIXED "--x\nContent-Type: a/a\nContent-Transfer-Encoding: base64\n\nYWI=\nSent by me\n--x--",
     "Sent by me\n", NULL, "-:ab;", "a/a "},
    {"A: b\nContent-Type: a/a\nContent-Transfer-Encoding: base64\n\nYWI=\nYWI=\n", NULL, NULL,
     "-:abab;", "a/a "},
    {"A: b\nContent-Type: a/a\nContent-Transfer-Encoding: x-uuencode\n\nlook:\nbegin 644 f.x\n"
     "#86)C\n`\nend\nbye\n",
     "look:\nbye\n", NULL, "f.x:abc;", "a/a "},
    /* uuencoded files in a text */
    {"A: b\n\nhi\nbegin 644 f.pdf\n#86)C\n`\nend\nbye\nbegin 0755 g\n#86)C\n`\nend\n", "hi\nbye\n",
     NULL, "f.pdf:abc;g:abc;", "application/pdf application/octet-stream "},
    {"A: b\n\nbegin 644 f\nno such line\nbegin 644 f\nend\nbegin the work\n",
     "begin 644 f\nno such line\nbegin the work\n", NULL, "f:;", "application/octet-stream "},
    {"A: b\nContent-Type: text/html\n\nbegin 644 f\n#86)C\n`\nend\n", NULL,
     "begin 644 f\n#86)C\n`\nend\n", "", ""},
    /* attached mails are called by their subjects */
    {"A: b\nContent-Type: message/rfc822\n\nSubject: =?utf-8?q?=C3=BC?= 12/26\n\nt", NULL, NULL,
     "ü 12_26.eml:Subject: =?utf-8?q?=C3=BC?= 12/26\n\nt;", "message/rfc822 "},
    {"A: b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
     "U3ViamVjdDogcw0KDQp0\n",
     NULL, NULL, "s.eml:Subject: s\r\n\r\nt;", "message/rfc822 "},
    {"A: b\nContent-Type: message/rfc822; name=n.eml\n\nSubject: s\n\nt", NULL, NULL,
     "n.eml:Subject: s\n\nt;", "message/rfc822 "},
    {"A: b\nContent-Type: message/rfc822\n\nSubject: s", NULL, NULL, "s.eml:Subject: s;",
     "message/rfc822 "},
};

static void finds_what_is_in_a_part(void **state)
{
    (void)state;
    letter_check_rows(ROWS, COUNT(ROWS));
}

/* Of one attachment: its size, and its last bytes. */
struct last {
    size_t size;
    char bytes[4];
};

static bool begin(void *context, const struct mime_attachment *part, struct error *error)
{
    struct last *last = context;
    (void)part, (void)error;
    last->size = 0;
    return true;
}

static bool take(void *context, const void *data, size_t size, struct error *error)
{
    struct last *last = context;
    (void)error;
    last->size += size;
    if (size >= sizeof last->bytes)
        memcpy(last->bytes, (const char *)data + size - sizeof last->bytes, sizeof last->bytes);
    return true;
}

static bool end(void *context, struct error *error)
{
    (void)context, (void)error;
    return true;
}

/* What is too long for a body is there whole, beside it. */
static void keeps_a_long_body_whole(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    enum { SIZE = MIME_BODY_BYTES_MAX + 1000 };
    char *text = arena_alloc(arena, SIZE + 1);
    memset(text, 'x', SIZE);
    for (size_t i = 0; i < SIZE; i += 100)
        text[i] = '\n';
    memcpy(text, "A: b\n\n", strlen("A: b\n\n"));
    memcpy(text + SIZE - 4, "last", 4);
    struct last kept = {0};
    struct mime_sink sink = {&kept, begin, take, end, NULL};
    struct error error;
    struct mime_mail mail;
    AUTO_SPOOL spool = letter_spool(text);
    assert_true(mime_parse(spool, &sink, arena, &mail, &error));
    assert_int_equal(strlen(mail.text), MIME_BODY_BYTES_MAX);
    assert_int_equal(mail.attachments.count, 1);
    assert_int_equal(kept.size, SIZE - strlen("A: b\n\n"));
    assert_memory_equal(kept.bytes, "last", sizeof kept.bytes);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(finds_what_is_in_a_part),
        cmocka_unit_test(keeps_a_long_body_whole),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
