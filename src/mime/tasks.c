#include "mime/tasks.h"

#include <iconv.h>

#include "mime/library.h"

static const struct field MIME_LINE_FIELDS[] = {
    FIELD(struct mime_line, text),
    FIELD(struct mime_line, has_nul),
    {0},
};
const struct schema MIME_LINE_FORM = SCHEMA(struct mime_line, MIME_LINE_FIELDS);

/* Each by the name that mime/charset.c asks for. What is not among them is read as an unknown
 * charset in a process that opens no files. */
static const char *const CHARSETS[] = {
    "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254",  "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "windows-874",  "iso-8859-2",    "iso-8859-3",
    "iso-8859-4",   "iso-8859-5",   "iso-8859-6",   "iso-8859-7",   "iso-8859-8",    "iso-8859-9",
    "iso-8859-10",  "iso-8859-11",  "iso-8859-13",  "iso-8859-14",  "iso-8859-15",   "iso-8859-16",
    "koi8-r",       "koi8-u",       "koi8-t",       "gb18030",      "big5",          "big5-hkscs",
    "euc-tw",       "euc-jp",       "cp932",        "iso-2022-jp",  "iso-2022-jp-2", "iso-2022-kr",
    "iso-2022-cn",  "cp949",        "johab",        "tis-620",      "viscii",        "tcvn",
    "armscii-8",    "georgian-ps",  "utf-7",        "utf-16",       "utf-16le",      "utf-16be",
    "utf-32",       "utf-32le",     "utf-32be",     "macintosh",    "ibm437",        "ibm850",
    "ibm852",       "ibm855",       "ibm857",       "ibm860",       "ibm861",        "ibm862",
    "ibm863",       "ibm864",       "ibm865",       "ibm866",       "ibm869",        "ibm037",
    "ibm500",       "ibm1047",      "hp-roman8",    "mac-cyrillic", "mac-is",        "mac-uk",
    "mac-sami",     "pt154",        "rk1048",
};

/* They stay open: a module is let go when nobody uses it. */
void mime_tasks_prepare(void)
{
    static iconv_t open[sizeof CHARSETS / sizeof *CHARSETS];
    library_start();
    for (size_t i = 0; i < sizeof CHARSETS / sizeof *CHARSETS; i++)
        open[i] = iconv_open("UTF-8", CHARSETS[i]);
    (void)open;
}
