/* Whatever is wrong with a mail, a text in it is found afterwards: as text, as HTML or in an
 * attachment. */
#include <string.h>

#include "base/text.h"
#include "case.h"
#include "letter.h"

static const char MARK[] = "the words of MARK are here";

/* Each is damaged, and gets a line with a mark, in all places behind its first delimiter. */
static const char *const MAILS[] = {
    "From: a@b.example\nSubject: s\nContent-Type: multipart/mixed; boundary=\"xyz\"\n\n"
    "--xyz\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    "One line.\nAnother line.\n\n--xyz\nContent-Type: application/pdf; name=a.pdf\n"
    "Content-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n"
    "JVBERi0xLjQKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0ZpbHRlci9GbGF0ZURlY29k\n"
    "ZT4+CnN0cmVhbQp4nD2OywoCMQxF9/mKu3YRk7bptDAIDuh+oOAP+AAXgrPx9+3oDBIu5JyE\n\n--xyz--\n",
    "From: a@b.example\nSubject: s\nContent-Type: multipart/mixed; boundary=outer\n\n"
    "--outer\nContent-Type: multipart/alternative; boundary=inner\n\n"
    "--inner\nContent-Type: text/plain\n\nText.\n"
    "--inner\nContent-Type: multipart/related; boundary=related\n\n"
    "--related\nContent-Type: text/html\n\n<p>Page.\n"
    "--related\nContent-Type: image/png; name=i.png\nContent-ID: <i@b>\n\nimage\n--related--\n"
    "--inner--\n\n"
    "--outer\nContent-Type: message/rfc822\n\nSubject: in\n\nmail\n\n--outer--\n",
    "From: a@b.example\nSubject: s\nContent-Type: multipart/report; boundary=\"b 1\"\n\n"
    "--b 1\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
    "It=20is\nlost=\n for ever\n\n--b 1\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; x\n\nAction: failed\n\n--b 1\nContent-Type: text/rfc822-headers\n\n"
    "Subject: x\n\n--b 1--\n",
    "From: a@b.example\nContent-Type: multipart/mixed; boundary=u\n\n"
    "--u\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
    "PHA+VGhpcyBpcyBhIHBhZ2Ugd2l0aCB3b3JkcyBpbiBpdCwgbWFueSBvZiB0aGVtLCBhbmQgbW9yZS48\n"
    "L3A+\n\n--u\nContent-Type: application/x; name=u\nContent-Transfer-Encoding: x-uuencode\n\n"
    "begin 644 u\n#86)C\n`\nend\n\n--u--\n",
};

static bool has_mark(const char *message, struct arena *arena)
{
    struct letter_sink kept = {.arena = arena, .contents = arena_copy(arena, "")};
    struct mime_sink sink = letter_sink(&kept);
    struct mime_mail mail;
    struct error error;
    AUTO_SPOOL spool = letter_spool(message);
    assert_true(mime_parse(spool, &sink, arena, &mail, &error));
    return strstr(text_or(mail.text, ""), MARK) || strstr(text_or(mail.html, ""), MARK) ||
           memmem(kept.contents, kept.size, MARK, strlen(MARK));
}

static size_t lost; /* of all that were tried */

static void check(const char *message, const char *what, struct arena *arena)
{
    if (!has_mark(message, arena) && ++lost <= 5)
        print_message("# %s; the mark is lost in\n%s\n", what, message);
}

/* Where the lines of the body begin that a mark may stand before: all that are in a part. */
static size_t find_lines(const char *mail, const char **ret_lines, size_t most)
{
    size_t count = 0;
    const char *start = strstr(mail, "\n\n--") + 2, *end = strstr(mail, "--\n\0");
    for (const char *at = start; (at = strstr(at, "--\n")); at++)
        end = at;
    for (const char *line = strchr(start, '\n') + 1; line <= end && count < most;
         line = strchr(line, '\n') + 1) {
        bool is_behind = text_starts(line - 3, "--\n") || text_starts(line - 4, "--\n\n");
        bool is_before = text_starts(line - 2, "\n\n--") &&
                         memmem(line - 25, 25, "boundary=", strlen("boundary="));
        if (!is_behind && !is_before)
            ret_lines[count++] = line;
    }
    return count;
}

static const char *marked(const char *mail, const char *line, struct arena *arena)
{
    return arena_format(arena, "%.*s%s\n%s", (int)(line - mail), mail, MARK, line);
}

static const char *replaced(const char *text, const char *from, const char *to, struct arena *arena)
{
    const char *all = "";
    for (const char *at; (at = strstr(text, from)); text = at + strlen(from))
        all = arena_format(arena, "%s%.*s%s", all, (int)(at - text), text, to);
    return arena_format(arena, "%s%s", all, text);
}

/* All of its lines change. */
static const char *const DAMAGES[][3] = {
    {"\n", "\r\n", "CRLF"},
    {"\n", "\r\r\n", "CR CR LF"},
    {"\n", "\r", "CR"},
    {"; boundary=", "; boundary=other-", "another boundary"},
    {"; boundary=", "; boundary=OTHER \"; x=", "half a boundary"},
    {"; boundary=", "; x=", "no boundary"},
    {"boundary=\"", "boundary=--\"", "a boundary with dashes"},
    {"\nContent-Type: text/", "\nContent-type:text/", "no space"},
    {"Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: 7bit", "not base64"},
    {"Content-Type: text/plain", "Content-Type: \"text/plain\"", "quoted"},
    {"Content-Type: multipart/", "Content-Type: Multipart/x-", "another multipart"},
    {"Content-Transfer-Encoding: quoted-printable", "Content-Transfer-Encoding: 7-bit",
     "not quoted"},
};

static void whole_mails_that_are_broken(void **state)
{
    (void)state;
    const char *lines[200];
    lost = 0;
    for (size_t i = 0; i < COUNT(MAILS); i++)
        for (size_t at = find_lines(MAILS[i], lines, COUNT(lines)); at-- > 0;)
            for (size_t j = 0; j < COUNT(DAMAGES); j++) {
                AUTO_ARENA arena = arena_create();
                const char *mail = marked(MAILS[i], lines[at], arena);
                check(mail, "as it is", arena);
                check(replaced(mail, DAMAGES[j][0], DAMAGES[j][1], arena), DAMAGES[j][2], arena);
            }
    assert_int_equal(lost, 0);
}

/* A line goes, stands twice, or is another. */
static void lines_that_are_broken(void **state)
{
    (void)state;
    const char *lines[200];
    lost = 0;
    for (size_t i = 0; i < COUNT(MAILS); i++)
        for (size_t at = find_lines(MAILS[i], lines, COUNT(lines)); at-- > 0;) {
            AUTO_ARENA all = arena_create();
            const char *mail = marked(MAILS[i], lines[at], all);
            for (const char *line = strchr(mail, '\n') + 1, *end; *line; line = end) {
                AUTO_ARENA arena = arena_create();
                int before = (int)(line - mail), size = (int)strcspn(line, "\n");
                end = line + size + 1;
                if (text_starts(line, MARK))
                    continue;
                check(arena_format(arena, "%.*s%s", before, mail, end), "a line less", arena);
                check(arena_format(arena, "%.*s%.*s\n%s", before, mail, size, line, line),
                      "a line twice", arena);
                check(arena_format(arena, "%.*sx%s", before, mail, line), "x before it", arena);
                if (!text_starts(end, MARK)) /* it would be part of a field */
                    check(arena_format(arena, "%.*s%s", before + size, mail, end),
                          "a line end less", arena);
                check(arena_format(arena, "%.*s x%s", before + size, mail, line + size), "x behind",
                      arena);
                check(arena_format(arena, "%.*s\n%s", before, mail, line), "an empty line", arena);
            }
        }
    assert_int_equal(lost, 0);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(whole_mails_that_are_broken),
        cmocka_unit_test(lines_that_are_broken),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
