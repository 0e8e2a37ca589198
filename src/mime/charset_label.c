#include "mime/charset_label.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { LABEL_MAX_BYTES = 60, PAGE_DIGITS_MAX = 5 };

struct labels {
    struct charset charset;
    const char *labels; /* with spaces between */
};

/* The whole table of labels of the WHATWG Encoding Standard, section 4.2, as of 2025
 * (https://encoding.spec.whatwg.org/#names-and-labels). It differs in three things: US-ASCII has a
 * row of its own, as it names no set for the other bytes (they end as windows-1252 too); the labels
 * that are `replacement` there, since a web page could do harm by them, are read; x-user-defined is
 * unknown. Where the converter's set is another than its namesake there, a row's comment says so.
 */
static const struct labels STANDARD[] = {
    {{"utf-8", CHARSET_UTF8},
     "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"},
    {{"us-ascii", CHARSET_ASCII}, "ansi_x3.4-1968 ascii us-ascii"},
    {{"windows-1252", CHARSET_SINGLE},
     "cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
     "iso_8859-1:1987 l1 latin1 windows-1252 x-cp1252"},
    {{"ibm866", CHARSET_SINGLE}, "866 cp866 csibm866 ibm866"},
    {{"iso-8859-2", CHARSET_SINGLE},
     "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"},
    {{"iso-8859-3", CHARSET_SINGLE},
     "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"},
    {{"iso-8859-4", CHARSET_SINGLE},
     "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"},
    {{"iso-8859-5", CHARSET_SINGLE},
     "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988"},
    {{"iso-8859-6", CHARSET_SINGLE},
     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987"},
    {{"iso-8859-7", CHARSET_SINGLE},
     "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek"},
    {{"iso-8859-8", CHARSET_SINGLE},
     "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical"},
    {{"iso-8859-10", CHARSET_SINGLE},
     "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {{"iso-8859-13", CHARSET_SINGLE}, "iso-8859-13 iso8859-13 iso885913"},
    {{"iso-8859-14", CHARSET_SINGLE}, "iso-8859-14 iso8859-14 iso885914"},
    {{"iso-8859-15", CHARSET_SINGLE},
     "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"},
    {{"iso-8859-16", CHARSET_SINGLE}, "iso-8859-16"},
    {{"koi8-r", CHARSET_SINGLE}, "cskoi8r koi koi8 koi8-r koi8_r"},
    {{"koi8-u", CHARSET_SINGLE}, "koi8-ru koi8-u"},
    {{"macintosh", CHARSET_SINGLE}, "csmacintosh mac macintosh x-mac-roman"},
    {{"windows-874", CHARSET_SINGLE},
     "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"},
    {{"windows-1250", CHARSET_SINGLE}, "cp1250 windows-1250 x-cp1250"},
    {{"windows-1251", CHARSET_SINGLE}, "cp1251 windows-1251 x-cp1251"},
    {{"windows-1253", CHARSET_SINGLE}, "cp1253 windows-1253 x-cp1253"},
    {{"windows-1254", CHARSET_SINGLE},
     "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 "
     "latin5 windows-1254 x-cp1254"},
    {{"windows-1255", CHARSET_SINGLE}, "cp1255 windows-1255 x-cp1255"},
    {{"windows-1256", CHARSET_SINGLE}, "cp1256 windows-1256 x-cp1256"},
    {{"windows-1257", CHARSET_SINGLE}, "cp1257 windows-1257 x-cp1257"},
    {{"windows-1258", CHARSET_SINGLE}, "cp1258 windows-1258 x-cp1258"},
    {{"mac-uk", CHARSET_SINGLE}, "x-mac-cyrillic x-mac-ukrainian"},
    {{"gb18030", CHARSET_GB18030}, /* its decoder is that of gbk there, too */
     "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030"},
    {{"big5", CHARSET_BIG5}, "big5 big5-hkscs cn-big5 csbig5 x-x-big5"},
    {{"euc-jp", CHARSET_EUC_JP}, "cseucpkdfmtjapanese euc-jp x-euc-jp"},
    {{"iso-2022-jp", CHARSET_2022_JP}, "csiso2022jp iso-2022-jp"},
    {{"cp932", CHARSET_DOUBLE}, /* shift_jis */
     "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"},
    {{"cp949", CHARSET_DOUBLE}, /* euc-kr */
     "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
     "ksc_5601 windows-949"},
    {{"iso-2022-kr", CHARSET_2022_KR}, "csiso2022kr iso-2022-kr"},
    {{"iso-2022-cn", CHARSET_2022_CN}, "iso-2022-cn iso-2022-cn-ext"},
    {{"gb18030", CHARSET_HZ}, "hz-gb-2312"},
    {{"utf-16be", CHARSET_UTF16}, "unicodefffe utf-16be"},
    {{"utf-16le", CHARSET_UTF16},
     "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"},
};

/* Names of the same sets that mail has and the web has not, and sets of mail alone. The first from
 * the aliases of IANA's registry and of Java, Python and iconv, whose names programs write down;
 * `utf8mb4` is MySQL's; the others from reports of mail that was garbled. */
static const struct labels MORE[] = {
    {{"utf-8", CHARSET_UTF8}, "utf utf8mb3 utf8mb4 utf-8-mac cp-utf-8 csutf8 utf-8-sig"},
    {{"us-ascii", CHARSET_ASCII},
     "unknown-8bit x-unknown unknown default binary 7bit 8bit none us csascii iso646-us "
     "ansi_x3.4-1986 "
     "iso_646.irv:1991 iso-ir-6 x-user-defined ansi en"},
    {{"windows-1252", CHARSET_SINGLE},
     "iso-8859 8859-1 latin west western iso-8859-1-windows-3.0-latin-1 "
     "iso-8859-1-windows-3.1-latin-1 iso-latin-1 x-ansi"},
    {{"iso-8859-2", CHARSET_SINGLE}, "8859-2 iso-latin-2"},
    {{"iso-8859-15", CHARSET_SINGLE}, "latin-9 latin-0 8859-15 iso_8859-15:1998"},
    {{"iso-8859-16", CHARSET_SINGLE}, "latin10 l10 iso-ir-226 iso_8859-16:2001"},
    {{"iso-8859-14", CHARSET_SINGLE}, "latin8 l8 iso-ir-199 iso_8859-14:1998"},
    {{"iso-8859-13", CHARSET_SINGLE}, "latin7 l7 iso-ir-179"},
    {{"iso-8859-10", CHARSET_SINGLE}, "iso_8859-10:1992"},
    {{"windows-874", CHARSET_SINGLE}, "tis620 tis-620.2533 thai"},
    {{"koi8-t", CHARSET_SINGLE}, "koi8-t"},
    {{"cp932", CHARSET_DOUBLE},
     "cswindows31j ms31j sjis-win sjis-open shiftjis x-shift-jis x-ms-cp932"},
    {{"euc-jp", CHARSET_EUC_JP}, "eucjp-ms eucjp-win eucjp-open ujis x-eucjp jis-euc"},
    {{"iso-2022-jp", CHARSET_2022_JP},
     "iso-2022-jp-1 iso-2022-jp-2 csiso2022jp2 iso-2022-jp-3 iso-2022-jp-2004 iso-2022-jp-ms "
     "iso-2022-jp-ext jis jis7 jis8 x-jis"},
    {{"cp949", CHARSET_DOUBLE}, "uhc ms949 ks_c_5601 ksc5601-1987 ksc-5601-1992 ks-x-1001 euckr"},
    {{"johab", CHARSET_OTHER}, "johab ksc5601-1992"},
    {{"gb18030", CHARSET_GB18030},
     "euc-cn x-euc-cn cn-gb gb2312-80 gb ms936 gb18030-2000 gb18030-2005"},
    {{"gb18030", CHARSET_HZ}, "hz hzgb"},
    {{"big5", CHARSET_BIG5}, "big-5 big5-eten big5-tw ms950 big5-hkscs:2004 x-big5 zh-tw"},
    {{"euc-tw", CHARSET_DOUBLE}, "euc-tw cns11643"},
    {{"utf-7", CHARSET_OTHER},
     "utf-7 csutf7 unicode-1-1-utf-7 csunicode11utf7 x-unicode-2-0-utf-7"},
    {{"utf-32", CHARSET_UTF32}, "utf-32 ucs-4 iso-10646-ucs-4"},
    {{"utf-32le", CHARSET_UTF32}, "utf-32le ucs-4le"},
    {{"utf-32be", CHARSET_UTF32}, "utf-32be ucs-4be"},
    {{"macintosh", CHARSET_SINGLE}, "macroman applemac"},
    {{"mac-centraleurope", CHARSET_SINGLE},
     "mac-ce x-mac-ce mac-centraleurope x-mac-centraleurroman"},
    {{"mac-uk", CHARSET_SINGLE}, "mac-uk"},
    {{"mac-cyrillic", CHARSET_SINGLE}, "mac-cyrillic maccyr"},
    {{"mac-is", CHARSET_SINGLE}, "mac-is x-mac-icelandic"},
    {{"mac-sami", CHARSET_SINGLE}, "mac-sami"},
    {{"ibm437", CHARSET_SINGLE}, "ibm437 437"},
    {{"ibm850", CHARSET_SINGLE}, "ibm850 850"},
    {{"ibm852", CHARSET_SINGLE}, "ibm852 852"},
    {{"ibm855", CHARSET_SINGLE}, "ibm855 855"},
    {{"ibm857", CHARSET_SINGLE}, "ibm857 857"},
    {{"cp858", CHARSET_SINGLE}, "ibm858 ibm00858 858"},
    {{"ibm860", CHARSET_SINGLE}, "ibm860"},
    {{"ibm861", CHARSET_SINGLE}, "ibm861"},
    {{"ibm862", CHARSET_SINGLE}, "ibm862 862"},
    {{"ibm863", CHARSET_SINGLE}, "ibm863"},
    {{"ibm864", CHARSET_OTHER}, "ibm864"},
    {{"ibm865", CHARSET_SINGLE}, "ibm865"},
    {{"ibm869", CHARSET_SINGLE}, "ibm869"},
    {{"ibm037", CHARSET_OTHER}, "ibm037"},
    {{"ibm500", CHARSET_OTHER}, "ibm500"},
    {{"ibm1047", CHARSET_OTHER}, "ibm1047"},
    {{"viscii", CHARSET_OTHER}, "viscii csviscii viscii1.1-1"},
    {{"tcvn", CHARSET_OTHER}, "tcvn tcvn-5712 tcvn5712-1"},
    {{"armscii-8", CHARSET_SINGLE}, "armscii-8"},
    {{"georgian-ps", CHARSET_SINGLE}, "georgian-ps"},
    {{"hp-roman8", CHARSET_SINGLE}, "hp-roman8 roman8 r8"},
    {{"pt154", CHARSET_SINGLE}, "pt154 ptcp154"},
    {{"rk1048", CHARSET_SINGLE}, "rk1048 kz-1048"},
};

/* Sets that no mail names, which the tables of others are taken from (charset_runs.c). */
static const struct charset PARTS[] = {
    {"big5-hkscs", CHARSET_OTHER},
    {"euc-jisx0213", CHARSET_OTHER},
    {"iso-8859-1", CHARSET_OTHER},
};

/* Numbers behind `cp`, `win`, `ibm` and the like: Microsoft's "Code Page Identifiers". */
static const struct {
    unsigned page;
    const char *label;
} CODE_PAGES[] = {
    {437, "ibm437"},
    {708, "asmo-708"},
    {737, "iso-8859-7"},
    {819, "latin1"},
    {850, "ibm850"},
    {852, "ibm852"},
    {855, "ibm855"},
    {857, "ibm857"},
    {858, "ibm858"},
    {860, "ibm860"},
    {861, "ibm861"},
    {862, "ibm862"},
    {863, "ibm863"},
    {864, "ibm864"},
    {865, "ibm865"},
    {866, "ibm866"},
    {869, "ibm869"},
    {874, "windows-874"},
    {932, "shift_jis"},
    {936, "gbk"},
    {943, "shift_jis"},
    {949, "euc-kr"},
    {950, "big5"},
    {951, "big5"},
    {1200, "utf-16le"},
    {1201, "utf-16be"},
    {1250, "windows-1250"},
    {1251, "windows-1251"},
    {1252, "windows-1252"},
    {1253, "windows-1253"},
    {1254, "windows-1254"},
    {1255, "windows-1255"},
    {1256, "windows-1256"},
    {1257, "windows-1257"},
    {1258, "windows-1258"},
    {1361, "johab"},
    {1386, "gbk"},
    {10000, "macintosh"},
    {10001, "shift_jis"},
    {10002, "big5"},
    {10003, "euc-kr"},
    {10007, "mac-cyrillic"},
    {10008, "gbk"},
    {10017, "x-mac-ukrainian"},
    {10029, "mac-centraleurope"},
    {12000, "utf-32le"},
    {12001, "utf-32be"},
    {20127, "us-ascii"},
    {20866, "koi8-r"},
    {20932, "euc-jp"},
    {20936, "gb2312"},
    {20949, "euc-kr"},
    {21866, "koi8-u"},
    {28591, "latin1"},
    {28592, "iso-8859-2"},
    {28593, "iso-8859-3"},
    {28594, "iso-8859-4"},
    {28595, "iso-8859-5"},
    {28596, "iso-8859-6"},
    {28597, "iso-8859-7"},
    {28598, "iso-8859-8"},
    {28599, "iso-8859-9"},
    {28603, "iso-8859-13"},
    {28605, "iso-8859-15"},
    {33722, "euc-jp"},
    {38598, "iso-8859-8"},
    {50220, "iso-2022-jp"},
    {50221, "iso-2022-jp"},
    {50222, "iso-2022-jp"},
    {50225, "iso-2022-kr"},
    {50227, "iso-2022-cn"},
    {51932, "euc-jp"},
    {51936, "gbk"},
    {51949, "euc-kr"},
    {51950, "big5"},
    {52936, "hz"},
    {54936, "gb18030"},
    {65000, "utf-7"},
    {65001, "utf-8"},
};

static const char *const PAGE_PREFIXES[] = {"codepage", "windows",   "microsoftcp", "mscp", "cp",
                                            "win",      "ibm",       "ms",          "dos",  "oem",
                                            "ansi",     "cswindows", "ccsid",       "iso"};

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Letters in lower case and digits; the size of what is taken. */
static size_t charset_label_squeeze(const char *label, size_t size, char *ret_key)
{
    size_t count = 0;
    for (size_t i = 0; i < size && count < LABEL_MAX_BYTES; i++) {
        char letter = label[i];
        if (letter >= 'A' && letter <= 'Z')
            letter = (char)(letter - 'A' + 'a');
        if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
            ret_key[count++] = letter;
    }
    ret_key[count] = '\0';
    return count;
}

/* key is squeezed, label may not be. */
static bool charset_label_is(const char *label, size_t size, const char *key)
{
    for (; size; label++, size--) {
        bool counts = (*label >= 'a' && *label <= 'z') || (*label >= '0' && *label <= '9');
        if (counts && *label != *key++)
            return false;
    }
    return !*key;
}

static const struct charset *charset_label_in(const struct labels *table, size_t count,
                                              const char *key)
{
    for (size_t i = 0; i < count; i++)
        for (const char *at = table[i].labels; *at;) {
            size_t size = strcspn(at, " ");
            if (charset_label_is(at, size, key))
                return &table[i].charset;
            at += size + (at[size] == ' ');
        }
    return NULL;
}

static const struct charset *charset_label_any(const char *key)
{
    const struct charset *found = charset_label_in(STANDARD, COUNT(STANDARD), key);
    return found ? found : charset_label_in(MORE, COUNT(MORE), key);
}

/* `cp-1251`, `win1251`, `x-windows-949`, `1251`. */
static const struct charset *charset_label_page(const char *key)
{
    for (size_t i = 0; i < COUNT(PAGE_PREFIXES); i++)
        if (text_starts(key, PAGE_PREFIXES[i])) {
            key += strlen(PAGE_PREFIXES[i]);
            break;
        }
    size_t digits = strspn(key, "0123456789");
    if (!digits || key[digits] || digits > PAGE_DIGITS_MAX)
        return NULL;
    unsigned long page = strtoul(key, NULL, 10);
    char label[LABEL_MAX_BYTES + 1];
    for (size_t i = 0; i < COUNT(CODE_PAGES); i++)
        if (CODE_PAGES[i].page == page) {
            charset_label_squeeze(CODE_PAGES[i].label, strlen(CODE_PAGES[i].label), label);
            return charset_label_any(label);
        }
    return NULL;
}

const struct charset *charset_label_find(const char *label)
{
    char key[LABEL_MAX_BYTES + 1];
    if (!label || !charset_label_squeeze(label, strnlen(label, LABEL_MAX_BYTES + 1), key))
        return NULL;
    const char *found_by = key;
    const struct charset *found = charset_label_any(found_by);
    if (!found && text_starts(found_by, "charset")) /* the parameter's name again */
        found = charset_label_any(found_by += strlen("charset"));
    if (!found && *found_by == 'x')
        found = charset_label_any(++found_by);
    return found || !*found_by ? found : charset_label_page(found_by);
}

const struct charset *charset_label_list(size_t number)
{
    if (number < COUNT(STANDARD))
        return &STANDARD[number].charset;
    number -= COUNT(STANDARD);
    if (number < COUNT(MORE))
        return &MORE[number].charset;
    number -= COUNT(MORE);
    return number < COUNT(PARTS) ? &PARTS[number] : NULL;
}
