/* Mail as real programs write it, and as nobody should: each test/corpus/incoming/NAME.eml gives
 * what NAME.txt says. With OUTTRAY_WRITE_GOLDEN=1 these are written anew; `git diff` shows what
 * changed.
 *
 * covers: src/message/incoming_parts.c */
#include "message/incoming.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "desk.h"
#include "html/html.h"
#include "mime/check.h"
#include "mime/parse.h"

static bool read_bytes(struct bytes bytes, struct arena *arena, struct email *ret_email,
                       struct list *ret_documents, struct error *error)
{
    AUTO_SPOOL raw = desk_spool(bytes.data, bytes.size);
    bool is_read = incoming_read(raw, desk.blobs, false, arena, ret_email, ret_documents, error);
    assert_int_equal(desk_leftovers(), 0);
    return is_read;
}

static struct email read_mail(const char *text, struct arena *arena)
{
    struct email email;
    struct list documents;
    struct error error;
    if (!read_bytes((struct bytes){text, strlen(text)}, arena, &email, &documents, &error))
        fail_msg("%s: %s", error.message, text);
    return email;
}

/* --- the corpus */

static const char *or_none(const char *text)
{
    return text_is_empty(text) ? "(none)" : text;
}

static const char *attachments_text(const struct email *email, struct arena *arena)
{
    const struct attachment *items = email->attachments.items;
    const char *all = "";
    for (size_t i = 0; i < email->attachments.count; i++)
        all = arena_format(arena, "%sAttachment: %s | %s | %lld bytes | %.8s%s%s%s\n", all,
                           items[i].filename, items[i].content_type, (long long)items[i].size_bytes,
                           items[i].sha256, items[i].content_id ? " | cid:" : "",
                           text_or(items[i].content_id, ""), items[i].is_inline ? " | inline" : "");
    return all;
}

static const char *email_text(const struct email *email, struct arena *arena)
{
    const struct address from = {text_or(email->from_email, "(none)"), email->from_name};
    return arena_format(
        arena,
        "From: %s\nReply-To: %s\nTo: %s\nCc: %s\nBcc: %s\nSubject: %s\nDate: %s\nMessage-ID: %s\n"
        "In-Reply-To: %s\nReferences: %s\n%s--- text\n%s\n--- html\n%s\n",
        desk_people(&(struct list){(void *)(uintptr_t)&from, 1}, arena),
        or_none(desk_people(&email->reply_to_recipients, arena)),
        or_none(desk_people(&email->to_recipients, arena)),
        or_none(desk_people(&email->cc_recipients, arena)),
        or_none(desk_people(&email->bcc_recipients, arena)), or_none(email->subject),
        or_none(moment_text(email->message_date, 0, arena)), or_none(email->message_id),
        or_none(email->in_reply_to), or_none(email->reference_ids), attachments_text(email, arena),
        text_or(email->body_text, "(none)"), text_or(email->body_html, "(none)"));
}

static void check_mail(const char *path, struct arena *arena)
{
    struct email email;
    struct list documents;
    struct error error;
    const char *expected = arena_format(arena, "%.*stxt", (int)strlen(path) - 3, path);
    struct bytes bytes = desk_read_file(path, arena);
    if (!read_bytes(bytes, arena, &email, &documents, &error))
        fail_msg("%s: %s", path, error.message);
    const char *text = email_text(&email, arena);
    assert_string_equal(email.mail_sha256, secret_sha256(bytes.data, bytes.size, arena));
    if (getenv("OUTTRAY_WRITE_GOLDEN")) {
        FILE *file = fopen(expected, "we");
        assert_non_null(file);
        assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
        assert_int_equal(fclose(file), 0);
    }
    const char *wanted = desk_read_file(expected, arena).data;
    if (!text_equal(text, wanted))
        fail_msg("%s gave\n%s\nand not\n%s", path, text, wanted);
}

static int is_mail(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return size > 4 && strcmp(entry->d_name + size - 4, ".eml") == 0;
}

static void test_reads_mail_of_all_programs(void **state)
{
    (void)state;
    struct dirent **entries = NULL;
    const char *corpus = getenv("OUTTRAY_CORPUS");
    assert_non_null(corpus);
    const char *folder = arena_format(desk.arena, "%s/incoming", corpus);
    int count = scandir(folder, &entries, is_mail, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        AUTO_ARENA arena = arena_create();
        check_mail(arena_format(arena, "%s/%s", folder, entries[i]->d_name), arena);
        free(entries[i]);
    }
    free(entries);
}

/* --- limits and odd values */

static void test_keeps_only_ids_that_can_be_sent(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *longest = arena_format(arena, "<%s@x>", desk_repeat("a", MIME_ID_MAX - 4, arena));
    const char *too_long = arena_format(arena, "<%s@x>", desk_repeat("a", MIME_ID_MAX - 3, arena));
    const struct {
        const char *field, *id;
    } ROWS[] = {
        {"<a@b>", "<a@b>"}, {"a@b", "<a@b>"}, {"<>", NULL},       {"<a<b@c>", "<b@c>"},
        {"<ä@b>", NULL},    {"", NULL},       {longest, longest}, {too_long, NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email email = read_mail(
            arena_format(arena, "From: x@y\nMessage-ID: %s\nIn-Reply-To: %s\n\n", ROWS[i].field,
                         ROWS[i].field),
            arena);
        assert_true(text_equal(email.message_id, ROWS[i].id));
        assert_true(text_equal(email.in_reply_to, ROWS[i].id));
    }
}

static void test_cleans_references(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *all = "", *too_long = desk_repeat("x", 2000, arena);
    struct email email = read_mail(
        arena_format(arena, "References: <a@b> junk <> <ä@b>\n <c@d>,<%s> <e@\n\tf>\n\n", too_long),
        arena);
    assert_string_equal(email.reference_ids, "<a@b> <c@d> <e@f>");
    assert_null(read_mail("References: none\n\n", arena).reference_ids);
    for (int i = 0; i < 500; i++)
        all = arena_format(arena, "%s <%d@x>\n", all, i);
    email = read_mail(arena_format(arena, "References:%s\n", all), arena);
    assert_true(text_starts(email.reference_ids, "<0@x> <401@x> <402@x> "));
    assert_non_null(strstr(email.reference_ids, " <499@x>"));
}

static void test_bounds_what_is_listed(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *many = desk_repeat("a@b.c, ", 1500, arena), *name = desk_repeat("ü", 2000, arena);
    struct email email = read_mail(
        arena_format(arena,
                     "From: \"%s\" <a@b.c>\nReply-To: %s\nTo: %s\nCc: %s\nSubject: %s%s%s\n\n",
                     name, many, many, many, name, name, name),
        arena);
    assert_int_equal(email.reply_to_recipients.count, 1500);
    assert_int_equal(email.to_recipients.count, 500);
    assert_int_equal(email.cc_recipients.count, 0);
    assert_int_equal(strlen(email.from_name), INCOMING_NAME_BYTES_MAX);
    assert_int_equal(strlen(email.subject), INCOMING_SUBJECT_BYTES_MAX);
    assert_true(text_is_utf8(email.subject, strlen(email.subject)));
    email = read_mail(arena_format(arena, "Subject: x%s%s\n\n", name, name), arena);
    assert_int_equal(strlen(email.subject), INCOMING_SUBJECT_BYTES_MAX - 1); /* whole characters */
}

static void test_makes_one_line(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email email = read_mail(
        "From: =?utf-8?q?a=0D=0ABcc:_x?= <a@b.c>\n"
        "Subject: =?utf-8?q?a=0Ab=E2=80=A8c=C2=85d=00e=7Ff?=\n"
        "Content-Type: application/x; name=\"=?utf-8?q?a=0Ab?=.pdf\"\n\n",
        arena);
    assert_string_equal(email.subject, "a b c de f");
    assert_string_equal(email.from_name, "a  Bcc: x");
    assert_string_equal(((struct attachment *)email.attachments.items)->filename, "a b.pdf");
}

static void test_keeps_attachments(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *large = desk_repeat("0123456789abcdef", 20000, arena); /* more than its buffer */
    const char *text = arena_format(arena,
                                    "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n"
                                    "--x\nContent-Type: a/a; name=one\n\n%s\n"
                                    "--x\nContent-Type: a/b; name=empty\n\n"
                                    "--x\nContent-Type: a/c; name=short\nContent-ID: <\"q\"@x>\n\n"
                                    "short\n--x--\n",
                                    large);
    struct email email;
    struct list documents;
    struct error error;
    assert_true(read_bytes((struct bytes){text, strlen(text)}, arena, &email, &documents, &error));
    const struct attachment *items = email.attachments.items;
    const struct document *files = documents.items;
    assert_int_equal(email.attachments.count, 3);
    assert_int_equal(documents.count, 3);
    assert_string_equal(desk_content(items[0].sha256), large);
    assert_string_equal(desk_content(items[1].sha256), "");
    assert_string_equal(desk_content(items[2].sha256), "short");
    assert_null(items[2].content_id); /* no draft could have it */
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(files[i].id, items[i].document_id);
        assert_string_equal(files[i].sha256, items[i].sha256);
        assert_string_equal(files[i].filename, items[i].filename);
        assert_string_equal(files[i].mime_type, items[i].content_type);
        assert_int_equal(files[i].size_bytes, items[i].size_bytes);
        assert_int_equal(files[i].size_bytes, strlen(desk_content(items[i].sha256)));
        assert_int_equal(files[i].origin, DOCUMENT_ATTACHED);
        assert_true(files[i].created_at.ms > 0 && !files[i].organization_id && !files[i].user_id);
    }
    assert_string_not_equal(files[0].id, files[1].id);
}

/* Each quotation mark takes six bytes when it is written anew. */
static void test_html_that_cannot_be_shown_is_attached(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *html = arena_format(arena, "%s%s", "ü", desk_repeat("\"", 2000 * 1000, arena));
    struct email email = read_mail(
        arena_format(arena, "From: a@b\nContent-Type: text/html; charset=utf-8\n\n%s", html),
        arena);
    const struct attachment *items = email.attachments.items;
    assert_int_equal(email.attachments.count, 1);
    assert_string_equal(items->filename, "message.html");
    assert_string_equal(items->content_type, "text/html");
    assert_int_equal(items->size_bytes, strlen("\xEF\xBB\xBF") + strlen(html));
    assert_true(
        text_starts(arena_format(arena, "\xEF\xBB\xBF%s", html), desk_content(items->sha256)));
    assert_null(email.body_html);
    assert_string_equal(email.body_text, "");
}

static void test_deep_html_is_shown(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct email email = read_mail(
        arena_format(arena,
                     "From: a@b\nContent-Type: text/html; charset=utf-8\n\n<p>newest</p>%sdeepest",
                     desk_repeat("<div><blockquote>", 5000, arena)),
        arena);
    assert_int_equal(email.attachments.count, 0);
    assert_non_null(strstr(email.body_html, "<p>newest</p>"));
    assert_non_null(strstr(email.body_html, "deepest"));
    assert_null(email.body_text);
}

static void test_body_html_is_harmless_already(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct error error;
    const char *again = NULL;
    struct email email = read_mail("From: a@b\nContent-Type: text/html\n\n<p onclick=x>a<script>b",
                                   arena);
    assert_string_equal(email.body_html, "<p>a</p>");
    email = read_mail(
        "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        "Content-Type: text/html\n\n<b>h<td onload=x>\n--x\n\n<script>t & \"u\"\n\nv\n--x--",
        arena);
    assert_true(html_sanitize(email.body_html, arena, &again, &error));
    assert_string_equal(again, email.body_html);
}

/* --- what fails */

static void test_refuses_what_is_no_mail(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const struct {
        const char *text;
        enum error_code code;
    } ROWS[] = {
        {"", ERROR_INVALID},
        {"just some text\n", ERROR_INVALID},
        {desk_repeat("X-A: b\n", 50000, arena), ERROR_TOO_LARGE},
        {arena_format(arena, "A: %s", desk_repeat("x", 300000, arena)), ERROR_TOO_LARGE},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct email email = {.id = "untouched"};
        struct list documents = {NULL, 42};
        struct error error;
        struct bytes bytes = {ROWS[i].text, strlen(ROWS[i].text)};
        assert_false(read_bytes(bytes, arena, &email, &documents, &error));
        assert_int_equal(error.code, ROWS[i].code);
        assert_string_equal(email.id, "untouched");
        assert_int_equal(documents.count, 42);
    }
}

/* Without its folder no blob can be begun, whoever runs the test. */
static void test_a_store_that_fails(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *old = arena_format(arena, "%s/blobs/tmp", desk.folder);
    const char *moved = arena_format(arena, "%s/blobs/moved", desk.folder);
    static const char TEXT[] = "From: a@b\nContent-Type: a/a\n\nx";
    AUTO_SPOOL raw = desk_spool(TEXT, strlen(TEXT));
    struct email email;
    struct list documents;
    struct error error;
    assert_int_equal(rename(old, moved), 0);
    bool is_read = incoming_read(raw, desk.blobs, false, arena, &email, &documents, &error);
    assert_int_equal(rename(moved, old), 0);
    assert_false(is_read);
    assert_int_equal(error.code, ERROR_INTERNAL);
}

/* It is begun, and cannot be given its name: the branches are gone. */
static void test_a_store_that_fails_late(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const char TEXT[] = "From: a@b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
                               "Content-Type: a/a\n\nnobody has this content\n--x--";
    const char *sha256 = secret_sha256("nobody has this content", 23, arena);
    const char *branch = arena_format(arena, "%s/blobs/%.2s", desk.folder, sha256);
    const char *moved = arena_format(arena, "%s/blobs/moved", desk.folder);
    struct email email;
    struct list documents;
    struct error error;
    assert_int_equal(rename(branch, moved), 0);
    bool is_read = read_bytes((struct bytes){TEXT, strlen(TEXT)}, arena, &email, &documents,
                              &error);
    assert_int_equal(rename(moved, branch), 0);
    assert_false(is_read);
    assert_int_equal(error.code, ERROR_INTERNAL);
}

/* It is full in the middle of an attachment. */
static void test_a_disk_that_is_full(void **state)
{
    (void)state;
    enum { ROOM = 200 * 1000 };
    AUTO_ARENA arena = arena_create();
    const char *text = arena_format(arena, "From: a@b\nContent-Type: a/a\n\n%s",
                                    desk_repeat("0123456789abcdef", 50000, arena));
    struct email email;
    struct list documents;
    struct error error;
    struct rlimit unlimited, limited;
    AUTO_SPOOL raw = desk_spool(text, strlen(text));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
    limited = unlimited;
    limited.rlim_cur = ROOM;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limited), 0);
    bool is_read = incoming_read(raw, desk.blobs, false, arena, &email, &documents, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
    assert_false(is_read);
    assert_int_equal(error.code, ERROR_INTERNAL);
    assert_int_equal(desk_leftovers(), 0);
}

/* --- bombs: what they make is bounded, and nothing is left behind */

static const struct {
    const char *start, *repeat, *end;
    size_t times, attachments;
} BOMBS[] = {
    {"A: b\nContent-Type: multipart/mixed; boundary=b\n\n", "--b\nContent-Type: a/b\n\nx\n",
     "--b--", 3000, MIME_PARTS_MAX + 1},
    {"A: b\nContent-Type: multipart/mixed; boundary=b\n\n",
     "--b\nContent-Type: text/html\n\n<p>x\n", "--b--", 3000, 1},
    {"A: b\nContent-Type: multipart/mixed; boundary=b\n\n",
     "--b\nContent-Type: multipart/mixed; boundary=b\n\n", "x", 10000, MIME_PARTS_MAX + 1},
    {"A: b\nContent-Type: text/html\n\n", "<img src=cid:a@b>", "", 30000, 0},
    {"A: b\nContent-Type: text/html\n\n", "<div>", "", 1000000, 1},
    {"A: b\nContent-Type: text/html\n\n", "<b><i><u><a><p>", "", 10000, 1},
    {"A: b\nContent-Type: text/html\n\n", "&lt;", "", 2000000, 0},
    {"A: b\nContent-Type: text/plain\n\n", "x\n", "", 8000000, 1}, /* whole */
};

static void test_bombs(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(BOMBS); i++) {
        AUTO_ARENA arena = arena_create();
        struct email email = read_mail(
            arena_format(arena, "%s%s%s", BOMBS[i].start,
                         desk_repeat(BOMBS[i].repeat, BOMBS[i].times, arena), BOMBS[i].end),
            arena);
        if (email.attachments.count > BOMBS[i].attachments)
            fail_msg("bomb %zu made %zu attachments", i, email.attachments.count);
        assert_true(strlen(text_or(email.body_text, "")) <= MIME_BODY_BYTES_MAX);
        assert_true(strlen(text_or(email.body_html, "")) <= HTML_BYTES_MAX);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(test_reads_mail_of_all_programs),
        cmocka_unit_test(test_keeps_only_ids_that_can_be_sent),
        cmocka_unit_test(test_cleans_references),
        cmocka_unit_test(test_bounds_what_is_listed),
        cmocka_unit_test(test_makes_one_line),
        cmocka_unit_test(test_keeps_attachments),
        cmocka_unit_test(test_html_that_cannot_be_shown_is_attached),
        cmocka_unit_test(test_deep_html_is_shown),
        cmocka_unit_test(test_body_html_is_harmless_already),
        cmocka_unit_test(test_refuses_what_is_no_mail),
        cmocka_unit_test(test_a_store_that_fails),
        cmocka_unit_test(test_a_store_that_fails_late),
        cmocka_unit_test(test_a_disk_that_is_full),
        cmocka_unit_test(test_bombs),
    };
    return cmocka_run_group_tests(TESTS, desk_start, desk_stop);
}
