/* charset_label.h - the names by which mail calls character sets, and how each set is read. */
#pragma once
#include <stddef.h>

enum charset_form {
    CHARSET_ASCII,   /* says nothing about bytes above 7F */
    CHARSET_UTF8,    /* needs no conversion */
    CHARSET_SINGLE,  /* ASCII, and one byte for each other character */
    CHARSET_DOUBLE,  /* ASCII, and two bytes for most other characters */
    CHARSET_GB18030, /* ASCII, and one, two or four bytes */
    CHARSET_BIG5,    /* ASCII, and two bytes, in tables of two converters (charset_runs.h) */
    CHARSET_EUC_JP,  /* likewise; two or three bytes */
    CHARSET_2022_JP, /* seven bits, and escape sequences between sets: also charset_runs.h */
    CHARSET_2022_KR,
    CHARSET_2022_CN,
    CHARSET_HZ,
    CHARSET_UTF16, /* two bytes for each unit */
    CHARSET_UTF32,
    CHARSET_OTHER, /* whatever the converter makes of it; ASCII may mean something else */
};

struct charset {
    const char *name; /* the converter's */
    enum charset_form form;
};

/* In any case; what is no letter and no digit does not count: `ISO_8859-1` is `iso8859-1`. Also
 * usual wrong names, and numbers of Windows' code pages. NULL: no such set. */
const struct charset *charset_label_find(const char *label);

/* All sets there are, one after the other; NULL behind the last. */
const struct charset *charset_label_list(size_t number);
