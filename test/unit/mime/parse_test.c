#include "mime/parse.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "letter.h"

static void reads_headers(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct mime_mail mail = letter_parse(
        "Received: from x\r\n"
        "From: =?utf-8?q?J=C3=B6rg?= <j@EXAMPLE.com>, second@example.com\r\n"
        "To: a@b.c,\r\n \"D, E\" <d@e.f>\r\nTO: g@h.i\r\nCc: Group: c@c.c;\r\nBcc: b@b.b\r\n"
        "Reply-To: \"A; B\" <r@r.r>,, nobody, s@s.s\r\nReply-To: second@r.r\r\n"
        "Subject: =?iso-8859-1?Q?gr=FC?=\r\n =?iso-8859-1?Q?=DFe?= you\r\n"
        "Date: Wed, 20 May 2026 16:10:00 +0200\r\n"
        "Message-Id: <A+b=c@D>\r\nIn-Reply-To: <p@x> (of yesterday)\r\n"
        "References: <a@x>\r\n\t<b@x><c@x> junk\r\n\r\nbody\r\nmore",
        arena);
    assert_string_equal(mail.from.email, "j@example.com");
    assert_string_equal(mail.from.name, "Jörg");
    assert_int_equal(mail.to.count, 3);
    assert_string_equal(((struct address *)mail.to.items)[1].name, "D, E");
    assert_string_equal(((struct address *)mail.to.items)[2].email, "g@h.i");
    assert_int_equal(mail.cc.count, 1);
    assert_int_equal(mail.bcc.count, 1);
    assert_int_equal(mail.reply_to.count, 2);
    assert_string_equal(((struct address *)mail.reply_to.items)[0].name, "A; B");
    assert_string_equal(((struct address *)mail.reply_to.items)[1].email, "s@s.s");
    assert_string_equal(mail.subject, "grüße you");
    assert_int_equal(mail.date.ms, 1779286200000);
    assert_string_equal(mail.message_id, "<A+b=c@D>");
    assert_string_equal(mail.in_reply_to, "<p@x>");
    assert_string_equal(mail.references, "<a@x> <b@x> <c@x>");
    assert_string_equal(mail.text, "body\nmore");
    assert_null(mail.html);
    assert_int_equal(mail.attachments.count, 0);
}

/* Bytes above 7F that nobody has encoded, before and behind the body that says what they are. */
static void reads_raw_headers_as_the_body(void **state)
{
    (void)state;
    static const struct {
        const char *mail, *subject, *name;
    } ROWS[] = {
        {"Subject: \xD3\xDE\nFrom: \xE1 <a@b.c>\nContent-Type: text/plain; charset=koi8-r\n\n\xC1",
         "сч", "А"},
        {"Subject: \xD3\xDE\nFrom: \xE1 <a@b.c>\nContent-Type: multipart/mixed; boundary=b\n\n"
         "--b\nContent-Type: text/plain; charset=koi8-r\n\n\xC1\n"
         "--b\nContent-Type: application/pdf; name=\"\xC1.pdf\"\n\nx\n--b--\n",
         "сч", "А"},
        {"Subject: \xD3\xDE\nFrom: \xE1 <a@b.c>\nContent-Type: text/plain; charset=utf-8\n\nx",
         "ÓÞ", "á"},
        {"Subject: \xC3\xBC\nFrom: \xE1 <a@b.c>\nContent-Type: text/plain; charset=koi8-r\n\n\xC1",
         "ü", "А"},
        {"Subject: \x87\x40\nFrom: \x87\x8A <a@b.c>\nContent-Type: text/plain; charset=x-sjis\n\n"
         "\x87\x40",
         "①", "㈱"},
        {"Subject: \xD3\xDE\nFrom: =?koi8-r?B?4Q==?= <a@b.c>\n"
         "Content-Type: text/html; charset=us-ascii\n\n<meta charset=koi8-r>\xC1",
         "сч", "А"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct mime_mail mail = letter_parse(ROWS[i].mail, arena);
        assert_string_equal(mail.subject, ROWS[i].subject);
        assert_string_equal(mail.from.name, ROWS[i].name);
        if (mail.attachments.count)
            assert_string_equal(((struct mime_attachment *)mail.attachments.items)->filename,
                                "а.pdf");
    }
}

static void leaves_out_what_is_missing(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct mime_mail mail = letter_parse("X-A: b\nDate: tomorrow\nMessage-ID: none\n", arena);
    assert_null(mail.from.email);
    assert_int_equal(mail.to.count + mail.cc.count + mail.bcc.count + mail.reply_to.count, 0);
    assert_null(mail.subject);
    assert_int_equal(mail.date.ms, 0);
    assert_null(mail.message_id);
    assert_null(mail.references);
    assert_null(mail.text);
    mail = letter_parse("Subject:\n\n", arena);
    assert_string_equal(mail.subject, "");
}

static const struct letter_row ROWS[] = {
    {"A: b\n\nplain", "plain", NULL, "", ""},
    {"A: b\nContent-Type: text/html\n\n<p>", NULL, "<p>", "", ""},
    {"A: b\n\na\r\nb\rc\n", "a\nb\nc\n", NULL, "", ""},
    {"From x@y Sat Jan  3 01:05:34 1996\nA: b\n\nmbox", "mbox", NULL, "", ""},
    {"A: b\nContent-Type: multipart/alternative; boundary=x\n\npreamble\n--x\n\nt\n--x\n"
     "Content-Type: text/html\n\nh\n--x--\nepilogue\n",
     "t", "h", "", ""},
    {"A: b\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\nt1\n--x\n\nt2\n--x--", "t1",
     NULL, "-:t2;", "text/plain "},
    {"A: b\nContent-Type: multipart/mixed; boundary=\"x y\"\n\n--x y\n\none\n--x y  \n\ntwo\n"
     "--x y--\n",
     "one\ntwo", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nno end", "no end", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed; boundary=x\n\nno boundary", "no boundary", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed\n\n--x\n\ntext", "--x\n\ntext", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; "
     "boundary=xx\n\n--xx\n\nin\n--x\n\nout\n--xx\n--x--",
     "in\nout\n--xx", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n--x\n\nt\n--x--", "t", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Disposition: attachment; "
     "filename=a.txt\n\nc\n--x\nContent-Type: application/pdf; name=\"b.pdf\"\n"
     "Content-Transfer-Encoding: BASE64\n\nQUJD\n--x--",
     NULL, NULL, "a.txt:c;b.pdf:ABC;", "text/plain application/pdf "},
    {"A: b\nContent-Type: application/x; name*0*=utf-8''%C3; name*1*=%BC.pdf\n\nc", NULL, NULL,
     "ü.pdf:c;", "application/x "},
    {"A: b\nContent-Disposition: attachment; filename=\"=?utf-8?b?w7w=?= =?utf-8?b?w7w=?=.x\"\n\nc",
     NULL, NULL, "üü.x:c;", "text/plain "},
    {"A: b\nContent-Disposition: attachment; filename==?iso-8859-1?q?=FC?=\n\nc", NULL, NULL,
     "ü:c;", "text/plain "},
    {"A: b\nContent-Disposition: attachment; filename=\"../../x\"\n\nc", NULL, NULL, "x:c;",
     "text/plain "},
    {"A: b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nc", NULL, NULL, "winmail.dat:c;",
     "application/ms-tnef "},
    {"A: b\nContent-Type: message/rfc822\n\nSubject: in\n\n--x", NULL, NULL,
     "in.eml:Subject: in\n\n--x;", "message/rfc822 "},
    {"A: b\nContent-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: in\n\nt\n--x--", NULL,
     NULL, "in.eml:Subject: in\n\nt;", "message/rfc822 "},
    {"A: b\nContent-Type: application/x; name=f\nContent-Transfer-Encoding: x-uuencode\n\n"
     "begin 644 f\n#86)C\n`\nend\n",
     NULL, NULL, "f:abc;", "application/x "},
    {"A: b\nContent-Transfer-Encoding: quoted-printable\n\na=\nb=3D=ZZ=", "ab==ZZ", NULL, "", ""},
    {"A: b\nContent-Type: application/x\nContent-Transfer-Encoding: base64\n\nQ!UJ\nD*Q===\n", NULL,
     NULL, "-:ABC;", "application/x "},
    {"A: b\nContent-Type: a/a\nContent-Transfer-Encoding: base64\n\nQUJDRA", NULL, NULL, "-:ABCD;",
     "a/a "},
    {"A: b\nContent-Type: a/a\nContent-Transfer-Encoding: base64\n\nQUJDREU\n", NULL, NULL,
     "-:ABCDE;", "a/a "},
    {"A: b\nContent-Type: a/a\nContent-Transfer-Encoding: base64\n\nQUJDREU=\n", NULL, NULL,
     "-:ABCDE;", "a/a "},
    {"A: b\nContent-Type: a/a\nContent-Transfer-Encoding: base64\n\nQUJDRA==\n", NULL, NULL,
     "-:ABCD;", "a/a "},
    {"A: b\nContent-Type: TEXT;charset=iso-8859-1\n\n\xFC", "ü", NULL, "", ""},
    {"A: b\nContent-Type: text/plain; name=a.txt\n\nt", "t", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; "
     "name=a.txt\n\nt",
     "t", NULL, "", ""},
    {"A: b\nContent-Transfer-Encoding: base64; x\n\nYWI=", "ab", NULL, "", ""},
    {"\xEF\xBB\xBF"
     "A: b\n\nt",
     "t", NULL, "", ""},
    {"A: b\rContent-Type: multipart/mixed; boundary=x\r\r--x\r\ra\rb\r--x\r"
     "Content-Type: a/a\r\rc\r--x--\r",
     "a\nb", NULL, "-:c;", "a/a "},
    {"A: b\nContent-Type: text/plain; charset=utf-8\n\n\xEF\xBB\xBFt\xEF\xBB\xBF", "t\xEF\xBB\xBF",
     NULL, "", ""},
    {"A: b\nContent-Type: text/html\n\n<meta charset=koi8-r>\xC1", NULL, "<meta charset=koi8-r>а",
     "", ""},
    {"A: b\nContent-Type: nonsense\n\nt", NULL, NULL, "-:t;", "application/octet-stream "},
    {"A: b\nContent-Type: text/plain; charset=iso-8859-1\n\n\x93quoted\x94 \xFC", "“quoted” ü",
     NULL, "", ""},
    {"A: b\nContent-Type: text/plain; charset=nonsense\n\n\xC3\xBC", "ü", NULL, "", ""},
    {"A: b\nContent-Type: text/plain; charset=\"../x\"\n\n\xFC", "ü", NULL, "", ""},
    {"A: b\nContent-Type: text/plain; charset=utf-8\n\na\xFC"
     "b",
     "a\xEF\xBF\xBD"
     "b",
     NULL, "", ""},
    {"A: b\nContent-Type: text/html; charset=utf-16le\nContent-Transfer-Encoding: base64\n\n"
     "PABiAD4AAAD8AA==",
     NULL, "<b>ü", "", ""},
};

static void reads_parts(void **state)
{
    (void)state;
    letter_check_rows(ROWS, COUNT(ROWS));
}

static void tells_inline_from_attached(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct mime_mail mail = letter_parse(
        "A: b\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\nh\n"
        "--x\nContent-Type: image/png\nContent-ID: <a@b>\n\n1\n"
        "--x\nContent-Type: image/png\nContent-ID: <c@d>\nContent-Disposition: inline\n\n2\n"
        "--x\nContent-Type: image/png\nContent-ID: <e@f>\nContent-Disposition: attachment\n\n3\n"
        "--x\nContent-Type: image/png\nContent-ID: < >\nContent-Disposition: inline\n\n4\n--x--",
        arena);
    static const char *const IDS[] = {"a@b", "c@d", "e@f", NULL};
    static const bool INLINE[] = {true, true, false, false};
    const struct mime_attachment *parts = mail.attachments.items;
    assert_int_equal(mail.attachments.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(text_equal(parts[i].content_id, IDS[i]));
        assert_int_equal(parts[i].is_inline, INLINE[i]);
        assert_int_equal(parts[i].file, -1);
    }
}

static void tells_the_order_of_bodies(void **state)
{
    (void)state;
    static const char TEXT[] = "--x\n\nt\n", HTML[] = "--x\nContent-Type: text/html\n\nh\n";
    static const char INNER[] = "--x\nContent-Type: multipart/related; boundary=y\n\n--y\n"
                                "Content-Type: text/html\n\nh\n--y--\n";
    static const char ALONE[] = "--x\nContent-Type: multipart/alternative; boundary=y\n\n--y\n"
                                "Content-Type: text/html\n\nh\n--y--\n";
    static const struct {
        const char *subtype, *first, *second;
        enum mime_order order;
    } ORDERS[] = {
        {"alternative", TEXT, HTML, MIME_ALTERNATIVES},
        {"alternative", TEXT, INNER, MIME_ALTERNATIVES},
        {"mixed", TEXT, HTML, MIME_TEXT_FIRST},
        {"mixed", HTML, TEXT, MIME_HTML_FIRST},
        {"mixed", INNER, TEXT, MIME_HTML_FIRST},
        {"mixed", TEXT, TEXT, MIME_ALTERNATIVES},
        {"mixed", HTML, INNER, MIME_ALTERNATIVES},
        {"mixed", TEXT, ALONE, MIME_TEXT_FIRST},
        {"alternative", TEXT, ALONE, MIME_ALTERNATIVES},
    };
    for (size_t i = 0; i < COUNT(ORDERS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *message = arena_format(
            arena, "A: b\nContent-Type: multipart/%s; boundary=x\n\n%s%s--x--\n", ORDERS[i].subtype,
            ORDERS[i].first, ORDERS[i].second);
        if (letter_parse(message, arena).order != ORDERS[i].order)
            fail_msg("row %zu", i);
    }
}

static void reads_message_ids(void **state)
{
    (void)state;
    static const struct {
        const char *field, *id;
    } FIELDS[] = {
        {"<a@b>", "<a@b>"},
        {"a@b", "<a@b>"},
        {"(c) <a@b> (d)", "<a@b>"},
        {"<a@\n b>", "<a@b>"},
        {"a b@c", "<b@c>"},
        {"<a@b> <c@d>", "<a@b>"},
        {"<a@b", "<a@b>"},
        {"a", NULL},
        {"3a53c9f2", "<3a53c9f2>"},
        {"<3a53>", "<3a53>"},
        {"<<a@b>>", "<a@b>"},
        {"\"a@b\"", "<a@b>"},
        {"=?utf-8?q?=3Ca=40b=3E?=", "<a@b>"},
        {"<>", NULL},
    };
    for (size_t i = 0; i < COUNT(FIELDS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *message = arena_format(arena, "Message-ID: %s\n\n", FIELDS[i].field);
        const char *id = letter_parse(message, arena).message_id;
        if (!text_equal(id, FIELDS[i].id))
            fail_msg("%s gave %s", FIELDS[i].field, text_or(id, "nothing"));
    }
}

static void refuses_what_is_no_message(void **state)
{
    (void)state;
    static const char *const BAD[] = {"", "\n", "\n\nbody", "hello\nworld\n", "no header here"};
    for (size_t i = 0; i < COUNT(BAD); i++) {
        AUTO_ARENA arena = arena_create();
        AUTO_SPOOL spool = letter_spool(BAD[i]);
        struct error error;
        struct mime_mail mail;
        assert_false(mime_parse(spool, NULL, arena, &mail, &error));
        assert_int_equal(error.code, ERROR_INVALID);
    }
}

static void passes_failures_of_the_sink_on(void **state)
{
    (void)state;
    for (int call = 1; call <= 6; call++) {
        AUTO_ARENA arena = arena_create();
        AUTO_SPOOL spool = letter_spool(
            "A: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
            "Content-Type: a/a\n\n1\n--x\nContent-Type: a/b\n\n2\n--x--\n");
        struct letter_sink kept = {.arena = arena, .fails_at = call};
        struct mime_sink sink = letter_sink(&kept);
        struct error error;
        struct mime_mail mail;
        assert_false(mime_parse(spool, &sink, arena, &mail, &error));
        assert_int_equal(error.code, ERROR_FULL);
        assert_true(kept.fails_at == 0); /* nothing was called after it */
    }
}

/* What is composed reads the same. */
static void reads_what_was_composed(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    int file = letter_file("\0\1\2", 3);
    struct address people[] = {{"a@b.c", "Jörg, \"x\""}, {"d@e.f", NULL}};
    struct mime_attachment parts[] = {
        {"日本語のとても長いファイル名です、折り返しが必要になります.pdf", "application/pdf", NULL,
         false, file},
        {"i.png", "image/png", "i@x", true, file},
    };
    struct mime_mail mail = letter_small(), again;
    mail.to = (struct list){people, 2};
    mail.subject = "üは日本語の件名、長いので何度か折り返されます。üは日本語の件名、長いので何度か"
                   "折り返されます。";
    mail.in_reply_to = "<c@d>";
    mail.text = "grüße\n.\nFrom x\n\n  end \n";
    mail.html = "<p>日本語</p>";
    mail.references = "<a@b> <c@d>";
    mail.attachments = (struct list){parts, 2};
    again = letter_parse(letter_compose(&mail, true, arena), arena);
    assert_string_equal(again.subject, mail.subject);
    assert_string_equal(again.text, mail.text);
    assert_string_equal(again.html, mail.html);
    assert_string_equal(again.references, mail.references);
    assert_string_equal(again.message_id, mail.message_id);
    assert_int_equal(again.date.ms, mail.date.ms);
    assert_string_equal(((struct address *)again.to.items)[0].name, people[0].name);
    const struct mime_attachment *read = again.attachments.items;
    assert_string_equal(read[0].content_id, "i@x");
    assert_true(read[0].is_inline && !read[1].is_inline);
    assert_string_equal(read[1].filename, parts[0].filename);
}

/* --- hostile messages, read on a stack as small as the server's threads have */

struct hostile {
    const char *start;  /* once */
    const char *repeat; /* #: the number of the round */
    const char *end;    /* once */
    unsigned rounds;
    enum error_code code; /* ERROR_NONE: it can be read */
    size_t attachments;
};

static const struct hostile HOSTILE[] = {
    {"A: b\n", "X-#: y\n", "\nbody", 1000000, ERROR_TOO_LARGE, 0},
    {"A: b\n", "X: y\n", "\nbody", 40000, ERROR_NONE, 0},
    {"Subject: ", "0123456789#", "\n\nbody", 6000000, ERROR_TOO_LARGE, 0},
    {"Subject: ", "=?x?q?", "\n\nbody", 40000, ERROR_NONE, 0},
    {"Subject: ", "=?utf-8?q?#?= ", "\n\nbody", 12000, ERROR_NONE, 0},
    {"Subject: ", "=?cp125#?b?/w==?= ", "\n\nbody", 10000, ERROR_NONE, 0},
    {"To: ", "a#@b.c,", "\n\nbody", 20000, ERROR_NONE, 0},
    {"References: ", "<#@x>", "\n\nbody", 20000, ERROR_NONE, 0},
    {"A: b\nContent-Type: a/b", "; x#=y", "\n\nbody", 20000, ERROR_NONE, 0},
    {"A: b\nContent-Type: a/b", "; x*#*=y", "\n\nbody", 700, ERROR_NONE, 1},
    {"A: b\nContent-Type: multipart/mixed; boundary=b0\n\n",
     "--b#\nContent-Type: multipart/mixed; boundary=b#\n\n", "body", 100000, ERROR_NONE, 0},
    {"A: b\nContent-Type: multipart/mixed; boundary=b\n\n",
     "--b\nContent-Type: multipart/mixed; boundary=b\n\n", "body", 100000, ERROR_NONE, 1},
    {"A: b\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\nContent-Type: a/b\n\nx#\n",
     "--b--", 10000, ERROR_NONE, MIME_PARTS_MAX},
    {"A: b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n", "X: y\n", "\nbody\n--b--", 1000000,
     ERROR_NONE, 0},
    {"A: b\nContent-Type: message/rfc822\n\n", "Content-Type: message/rfc822\n\n", "body", 100000,
     ERROR_NONE, 1},
    {"A: b\n\n", "--x#\n", "", 500000, ERROR_NONE, 0},
    {"A: b\n\n", "x#", "", 4000000, ERROR_NONE, 0},
};

/* Each # becomes the number. */
static size_t add_round(char *piece, const char *repeat, unsigned number)
{
    char *to = piece;
    for (; *repeat; repeat++)
        if (*repeat == '#')
            to += snprintf(to, 12, "%u", number);
        else
            *to++ = *repeat;
    return (size_t)(to - piece);
}

static struct spool *make_hostile(const struct hostile *row)
{
    enum { ROUND_MOST = 256, SPOOL_MOST = 256 * 1024 * 1024 };
    struct error error;
    struct spool *spool = spool_create("/tmp", SPOOL_MOST);
    assert_true(spool_write(spool, row->start, strlen(row->start), &error));
    for (unsigned i = 0; i < row->rounds;) {
        char piece[64 * 1024];
        size_t size = 0;
        for (; i < row->rounds && size + ROUND_MOST < sizeof piece; i++)
            size += add_round(piece + size, row->repeat, i);
        assert_true(spool_write(spool, piece, size, &error));
    }
    assert_true(spool_write(spool, row->end, strlen(row->end), &error));
    return spool;
}

static void *read_hostile(void *context)
{
    const struct hostile *row = context;
    AUTO_ARENA arena = arena_create();
    AUTO_SPOOL spool = make_hostile(row);
    struct error error = {0};
    struct mime_mail mail = {0};
    bool is_read = mime_parse(spool, NULL, arena, &mail, &error);
    bool ok = is_read == (row->code == ERROR_NONE) && error.code == row->code &&
              mail.attachments.count >= row->attachments &&
              mail.attachments.count <= MIME_PARTS_MAX + 1 &&
              (!mail.text || strlen(mail.text) <= MIME_BODY_BYTES_MAX);
    return ok ? NULL : context;
}

static void survives_hostile_messages(void **state)
{
    (void)state;
    enum { STACK_SIZE = 1024 * 1024 };
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    for (size_t i = 0; i < COUNT(HOSTILE); i++) {
        pthread_t thread;
        void *failed = NULL;
        struct hostile row = HOSTILE[i];
        assert_int_equal(pthread_create(&thread, &attributes, read_hostile, &row), 0);
        assert_int_equal(pthread_join(thread, &failed), 0);
        if (failed)
            fail_msg("message %zu", i);
    }
    pthread_attr_destroy(&attributes);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(reads_headers),
        cmocka_unit_test(reads_raw_headers_as_the_body),
        cmocka_unit_test(leaves_out_what_is_missing),
        cmocka_unit_test(reads_parts),
        cmocka_unit_test(tells_inline_from_attached),
        cmocka_unit_test(tells_the_order_of_bodies),
        cmocka_unit_test(reads_message_ids),
        cmocka_unit_test(refuses_what_is_no_message),
        cmocka_unit_test(passes_failures_of_the_sink_on),
        cmocka_unit_test(reads_what_was_composed),
        cmocka_unit_test(survives_hostile_messages),
    };
    secret_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
