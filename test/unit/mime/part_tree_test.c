#include "mime/part_tree.h"

#include "case.h"
#include "letter.h"

#define MIXED "A: b\nContent-Type: multipart/mixed; boundary=x\n\n"
#define ALTERNATIVE "A: b\nContent-Type: multipart/alternative; boundary=x\n\n"
#define RELATED "A: b\nContent-Type: multipart/related; boundary=x"
#define PAGE "Content-Type: text/html"
static const struct letter_row BODIES[] = {
    /* the first of its multipart, named or not */
    {MIXED "--x\nContent-Type: text/plain; name=a.txt\n\none\n--x\nContent-Type: text/plain; "
           "name=b.txt\n\ntwo\n--x\n\nthree\n--x--",
     "one\nthree", NULL, "b.txt:two;", "text/plain "},
    {MIXED "--x\nContent-Disposition: attachment\n\none\n--x\n\ntwo\n--x--", "two", NULL, "-:one;",
     "text/plain "},
    {MIXED "--x\n" PAGE "; name=a.html\nContent-Disposition: inline; filename=a.html\n\nh\n--x--",
     NULL, "h", "", ""},
    {MIXED "--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\nContent-Type: text/plain; "
           "name=a\n\nin\n--y--\n--x\nContent-Type: text/plain; name=b\n\nout\n--x--",
     "in", NULL, "b:out;", "text/plain "},
    /* an alternative, whatever it is called */
    {ALTERNATIVE "--x\nContent-Type: text/plain; name=a\n\nt\n--x\n" PAGE "; name=b\n\nh\n--x--",
     "t", "h", "", ""},
    {ALTERNATIVE "--x\n\nt\n--x\nContent-Type: multipart/related; boundary=y\n\n--y\n" PAGE
                 "; name=a\n\nh\n--y\nContent-Type: image/png; name=b\n\ni\n--y--\n--x--",
     "t", "h", "b:i;", "image/png "},
    /* the root of a related, first or named as such; nothing else in it is a body */
    {RELATED "\n\n--x\n" PAGE "; name=a\n\nh\n--x\n\nt\n--x\n" PAGE "\n\nh2\n--x--", NULL, "h",
     "-:t;-:h2;", "text/plain text/html "},
    {RELATED "; start=\"<r@x>\"\n\n--x\nContent-Type: a/a\n\n1\n--x\n" PAGE
             "; name=a\nContent-ID: <r@x>\n\nh\n--x--",
     NULL, "h", "-:1;", "a/a "},
    /* kinds of text that nobody knows, and those that programs read */
    {"A: b\nContent-Type: text/enriched\n\nt", "t", NULL, "", ""},
    {"A: b\nContent-Type: text/markdown; name=a.md\n\nt", "t", NULL, "", ""},
    {MIXED "--x\nContent-Type: text/x-any\n\none\n--x\nContent-Type: text/x-any; name=a\n\ntwo\n"
           "--x\nContent-Type: text/csv\n\nthree\n--x--",
     "one", NULL, "a:two;-:three;", "text/x-any text/csv "},
    {"A: b\nContent-Type: text/calendar; method=REQUEST\n\nc", NULL, NULL, "-:c;",
     "text/calendar; method=REQUEST "},
    /* what only some programs show */
    {ALTERNATIVE "--x\n\nt\n--x\nContent-Type: text/x-amp-html\n\na\n--x\n" PAGE "\n\nh\n--x--",
     "t", "h", "", ""},
    {ALTERNATIVE "--x\nContent-Type: text/watch-html\n\nw\n--x\n\nt\n--x--", "t", NULL, "", ""},
    {ALTERNATIVE "--x\nContent-Type: text/x-amp-html\n\na\n--x--\n", NULL, "a", "", ""},
    {MIXED "--x\n\nt\n--x\nContent-Type: text/x-amp-html\n\na\n--x--", "t", NULL, "-:a;",
     "text/x-amp-html "},
    /* types in quotes, and types that are half of one */
    {"A: b\nContent-Type: \"text/html\"; charset=utf-8\n\nh", NULL, "h", "", ""},
    {"A: b\nContent-Type: 'TEXT/HTML'\n\nh", NULL, "h", "", ""},
    {"A: b\nContent-Type: \"text/html; charset=iso-8859-1\"\n\n\xFC", NULL, "ü", "", ""},
    {"A: b\nContent-Type: html\n\nh", NULL, "h", "", ""},
    {"A: b\nContent-Type: plain; charset=utf-8\n\nt", "t", NULL, "", ""},
};

static const struct letter_row BROKEN[] = {
    /* delimiters that nobody announced */
    {MIXED "--X\nContent-Type: text/plain\n\none\n--X\nContent-Type: a/a\n\ntwo\n--X--", "one",
     NULL, "-:two;", "a/a "},
    {"A: b\nContent-Type: multipart/mixed; boundary=--b 35\n\n----b 35\nContent-Type: text/plain"
     "\n\none\n----b 35--\n",
     "one", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed\n\n--x\nContent-Type: a/a\n\none\n--x\n\ntwo\n--x--",
     "two", NULL, "-:one;", "a/a "},
    {MIXED "--y\nContent-Type: text/plain\n\none\n--x\nContent-Type: a/a\n\ntwo\n--x--", "one",
     NULL, "-:two;", "a/a "},
    {MIXED "--y\n\none\n--x\nContent-Type: a/a\n\ntwo\n--x--", "--y\n\none\n", NULL, "-:two;",
     "a/a "},
    {MIXED "--x\nContent-Type: a/a\nContent-Transfer-Encoding: base64\n\nQUJD\n--y\n"
           "Content-Type: text/plain\n\ntwo\n--x\n\nthree\n--x--",
     "two\nthree", NULL, "-:ABC;", "a/a "},
    {MIXED "--x\n\none\n--y\nContent-Type: a/a\n\ntwo\n--x--", "one\n--y\nContent-Type: a/a\n\ntwo",
     NULL, "", ""},
    /* parts behind what should have been the last delimiter, and text that is nowhere else */
    {MIXED "--x\n\none\n--x--\nlost\n--x\n\ntwo\n--x--\n", "one\ntwo\nlost\n", NULL, "", ""},
    {MIXED "--x\n\none\n--x--\n--y\nContent-Type: a/a\n\ntwo\n", "one", NULL, "-:two\n;", "a/a "},
    {MIXED "--x\n\none\n--x--\n--y\n\ntwo\n", "one\n--y\n\ntwo\n", NULL, "", ""},
    {MIXED "before\n--x\nContent-Type: a/a\n\none\n--x--\nbehind", "before\nbehind", NULL, "-:one;",
     "a/a "},
    {MIXED "before\n--x\n\none\n--x--\nbehind", "one", NULL, "", ""},
    {MIXED "before", "before", NULL, "", ""},
    {"A: b\nContent-Type: multipart/mixed; boundary=x\nContent-Transfer-Encoding: base64\n\n"
     "YWJj",
     "abc", NULL, "", ""},
    /* no empty line behind the header */
    {"From: a@b\nSubject: s\nHello, call me.\nBye\n\nmore", "Hello, call me.\nBye\n\nmore", NULL,
     "", ""},
    {"From: a@b\nSubject: s\nDear all:\nNote: this\nis all", "Dear all:\nNote: this\nis all", NULL,
     "", ""},
    {"From: a@b\nNote: this is all", "Note: this is all", NULL, "", ""},
    {"From: a@b\nbadly folded\nSubject: s\nContent-Type: text/html\n\nh", NULL, "h", "", ""},
    {"From: a@b\nContent-Type: text/html;\ncharset=iso-8859-1\n\n\xFC", NULL, "ü", "", ""},
    {"From: a@b\nDate: x\nSubject: s\nMessage-ID: <a@b>\nsee:\n-- Original --\nFrom: c\nTo: d\n"
     "Subject: e\n\nf",
     "see:\n-- Original --\nFrom: c\nTo: d\nSubject: e\n\nf", NULL, "", ""},
    /* parts without a header */
    {MIXED "--x\nplease call\n\nagain\n--x--", "please call\n\nagain", NULL, "", ""},
    {MIXED "--x\nNote: please call\n--x--", "Note: please call", NULL, "", ""},
    {MIXED "--x\nContent-Type: text/plain\nplease call\n--x--", "please call", NULL, "", ""},
    {MIXED "--x\nContent-Type: text/plain\nNote: call\nnow\n--x--", "Note: call\nnow", NULL, "",
     ""},
    {MIXED "--x\nplease call\nContent-Type: text/html\n\nh\n--x--",
     "please call\nContent-Type: text/html\n\nh", NULL, "", ""},
    {MIXED "--x\nContent-Type: text/plain\n--x\n\nt\n--x--", "t", NULL, "", ""},
    /* line ends */
    {"A: b\r\r\nContent-Type: multipart/mixed; boundary=x\r\r\n\r\r\n--x\r\r\n\r\r\none\r\r\n"
     "two\r\r\n--x--\r\r\n",
     "one\ntwo", NULL, "", ""},
    {"A: b\n\r\r\nt", "t", NULL, "", ""},
};

static void finds_the_body(void **state)
{
    (void)state;
    letter_check_rows(BODIES, COUNT(BODIES));
}

static void loses_nothing_of_a_broken_mail(void **state)
{
    (void)state;
    letter_check_rows(BROKEN, COUNT(BROKEN));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(finds_the_body),
        cmocka_unit_test(loses_nothing_of_a_broken_mail),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
