/* golden_test.c - whole messages, byte for byte as in test/golden/. With OUTTRAY_WRITE_GOLDEN=1
 * the files are written anew; `git diff` shows what changed. test/http/test_golden.py reads the
 * same files with a parser that is not ours. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"
#include "html/html.h"
#include "letter.h"

#define LIST(array) \
    { \
        array, COUNT(array) \
    }

static struct address ANN[] = {{"ann@example.com", "Ann Example"}};
static struct address BOB[] = {{"bob@example.org", "Bob"}};
static struct address MANY[100];
static struct address RIGHT_TO_LEFT[] = {
    {"yosef@example.com", "יוסף כהן"},
    {"layla@example.com", "ليلى أحمد"},
    {"mixed@example.com", "Dr. דוד Smith"},
};
static struct address ODD[] = {
    {"cee@example.com", "Cee, Ann (Legal)"},
    {"say@example.com", "Ann \"the\" Cee\\Dee"},
    {"\"a b\"@example.com", NULL},
    {"jörg@xn--bcher-kva.example", "Jörg Müller"},
    {"long@example.com", "An extraordinarily long name, with a comma, that does not fit into one "
                         "line of seventy-six characters"},
};

/* clang-format off */
static const char PNG[] = "\x89PNG\r\n\x1A\n not really, but binary: \x00\x01\xFE\xFF";
static struct mime_attachment NAMED[] = {
    {.filename = "契約書_第二版_最終版_確定(株式会社サンプル).pdf", .content_type = "application/pdf"},
    {.filename = "résumé 100% \"final\".txt", .content_type = "text/plain"},
    {.filename = "../../etc/عقد\xE2\x80\xAE.docx"}, /* NOLINT(misc-misleading-bidirectional): meant */
    {.filename = "a-very-long-but-plain-ascii-file-name-that-goes-on-and-on-and-on-until-it-has-to-be-folded.tar.gz",
     .content_type = "application/gzip"},
    {.content_type = "application/octet-stream"},
};
static struct mime_attachment PICTURE[] = {
    {.filename = "logo.png", .content_type = "image/png", .content_id = "logo@example.com", .is_inline = true},
    {.filename = "terms.pdf", .content_type = "application/pdf"},
};
static struct mime_attachment ENCLOSED[] = {
    {.filename = "plain.eml", .content_type = "message/rfc822"},
    {.filename = "raw.eml", .content_type = "message/rfc822"},
};
static struct mime_header EXTRA[] = {
    {"List-Unsubscribe", "<https://example.com/unsubscribe?token=0123456789abcdef0123456789abcdef0123456789abcdef>, <mailto:leave@example.com>"},
    {"Auto-Submitted", "auto-generated"},
};
static const char PLAIN_MESSAGE[] = "From: a@example.com\nSubject: inner\n\nFrom the inside.\n.\n";
static const char RAW_MESSAGE[] = "From: a@example.com\nSubject: gr\xC3\xBC\xC3\x9F" "e\n\nraw\n";
/* clang-format on */

static const char HTML[] =
    "<h1>Grüße</h1>\n<p>Read <a href=\"https://example.com/a?b=c&amp;d\">the terms</a>, "
    "please.</p><ul><li>one</li><li>two</li></ul>";

static struct {
    const char *name;
    struct mime_mail mail; /* what is missing is filled in */
    bool with_bcc;
    const char *contents[5]; /* of the attachments; the default is PNG */
} ROWS[] = {
    {"text", {.text = "Hello Bob,\n\nthis is plain.\n\n-- \nAnn\n"}},
    {"html_only", {.html = HTML}},
    {"text_and_html", {.text = "Grüße\n", .html = HTML}},
    {"inline_image",
     {.text = "See the logo.\n",
      .html = "<p><img src=\"cid:logo@example.com\" alt=\"logo\"></p>",
      .attachments = LIST(PICTURE)}},
    {"attachment_names", {.text = "Five files.\n", .attachments = LIST(NAMED)}},
    {"subject_japanese",
     {.subject =
          "件名がとても長い場合の折り返しについて、二行以上になることを確認するための件名です。"
          "よろしくお願いいたします",
      .text = "件名をご覧ください。\nよろしくお願いいたします。\n"}},
    /* clang-format off */
    {"subject_emoji",
     {.subject = "🎉🎊 Party! 👩‍👩‍👧‍👦 family, 🇩🇪 flag, 👍🏽 thumb, and then some plain words until "
                 "it must be folded 🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈🎈",
      .text = "🎉\n"}},
    /* clang-format on */
    {"subject_long",
     {.subject = "A long subject of plain words only which has to be folded at its "
                 "spaces, more than once, since it does not end before it has "
                 "filled three lines of the header",
      .text = "x\n"}},
    {"subject_empty", {.subject = "", .text = "No subject.\n"}},
    {"recipients_100", {.to = LIST(MANY), .text = "Hello everybody\n"}},
    {"names_right_to_left",
     {.to = LIST(RIGHT_TO_LEFT), .subject = "שלום ומרחבא مرحبا", .text = "שלום\n"}},
    {"names_odd", {.to = LIST(ODD), .text = "x\n"}},
    {"reply",
     {.subject = "Re: Long thread",
      .in_reply_to = "<msg-24@example.org>",
      .references = "<msg-01@example.org> <msg-02@example.org> <[odd]+=id@mail.example.org> "
                    "<0102018f9d7e5c6a-4b1b9d0e-3a59-4c8e-8d6f-7e2b8f1a9c3d-000000@eu-west-1."
                    "amazonses.example> <msg-23@example.org> <msg-24@example.org>",
      .text = "Yes.\n\n> No?\n"}},
    {"bcc_kept", {.bcc = LIST(RIGHT_TO_LEFT), .text = "x\n"}, .with_bcc = true},
    {"bcc_left_out", {.bcc = LIST(RIGHT_TO_LEFT), .text = "x\n"}},
    {"bcc_only", {.to = {ANN, 0}, .bcc = LIST(RIGHT_TO_LEFT), .text = "x\n"}},
    {"line_starts", {.text = ".\n..\n.hidden\nFrom here on\n>From there\n--=_boundary\n-- \n"}},
    {"line_ends", {.text = "bare LF\nbare CR\rboth\r\nblanks  \nno end"}},
    {"line_long", {.text = NULL}}, /* made by the test */
    {"enclosed",
     {.text = "Two messages.\n", .attachments = LIST(ENCLOSED)},
     .contents = {PLAIN_MESSAGE, RAW_MESSAGE}},
    {"headers", {.text = "x\n", .headers = LIST(EXTRA)}},
};

static const char *long_lines(struct arena *arena)
{
    char *text = arena_alloc(arena, 4004);
    memset(text, 'x', 4000);
    text[998] = text[2000] = '\n';
    memcpy(text + 4000, "ü\n", 3);
    return text;
}

static const char *text_of(const char *html, struct arena *arena)
{
    const char *text = NULL;
    struct error error;
    assert_true(html_text(html, arena, &text, &error));
    return text;
}

static void fill_in(struct mime_mail *mail, const char *name, struct arena *arena)
{
    mail->from = ANN[0];
    if (!mail->to.items)
        mail->to = (struct list)LIST(BOB);
    mail->subject = text_or(mail->subject, "A golden mail");
    mail->message_id = arena_format(arena, "<%s@mail.example.com>", name);
    mail->date = (moment){1779286200000};
    if (!mail->text)
        mail->text = mail->html ? text_of(mail->html, arena) : long_lines(arena);
}

static void open_files(struct mime_mail *mail, const char *const *contents)
{
    struct mime_attachment *parts = mail->attachments.items;
    for (size_t i = 0; i < mail->attachments.count; i++)
        parts[i].file = contents[i] ? letter_file(contents[i], strlen(contents[i]))
                                    : letter_file(PNG, sizeof PNG - 1);
}

static void close_files(const struct mime_mail *mail)
{
    const struct mime_attachment *parts = mail->attachments.items;
    for (size_t i = 0; i < mail->attachments.count; i++)
        close(parts[i].file);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static const char *read_file(const char *path, struct arena *arena)
{
    static char text[256 * 1024];
    FILE *file = fopen(path, "re");
    if (!file)
        fail_msg("%s is not there; make golden writes it", path);
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    return arena_copy_bytes(arena, text, size);
}

static void compares(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *folder = getenv("OUTTRAY_GOLDEN");
    bool is_writing = getenv("OUTTRAY_WRITE_GOLDEN");
    assert_non_null(folder);
    for (size_t i = 0; i < COUNT(MANY); i++)
        MANY[i] = (struct address){arena_format(arena, "person-%03zu@example.com", i),
                                   i % 3 ? arena_format(arena, "Person Number %zu", i) : NULL};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct mime_mail mail = ROWS[i].mail;
        fill_in(&mail, ROWS[i].name, arena);
        open_files(&mail, ROWS[i].contents);
        const char *text = letter_compose(&mail, ROWS[i].with_bcc, arena);
        close_files(&mail);
        const char *path = arena_format(arena, "%s/%s.eml", folder, ROWS[i].name);
        if (is_writing)
            write_file(path, text);
        if (!text_equal(text, read_file(path, arena)))
            fail_msg("%s differs; make golden writes it anew, git diff shows how", path);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {cmocka_unit_test(compares)};
    secret_start();
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
