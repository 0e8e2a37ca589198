#include "mime/charset_label.h"

#include <iconv.h>

#include "base/text.h"
#include "case.h"

static void finds(void **state)
{
    (void)state;
    static const struct {
        const char *label, *name;
        enum charset_form form;
    } ROWS[] = {
        /* as the standard spells them, one of each row */
        {"unicode-1-1-utf-8", "utf-8", CHARSET_UTF8},
        {"ANSI_X3.4-1968", "us-ascii", CHARSET_ASCII},
        {"866", "ibm866", CHARSET_SINGLE},
        {"iso_8859-2:1987", "iso-8859-2", CHARSET_SINGLE},
        {"latin3", "iso-8859-3", CHARSET_SINGLE},
        {"l4", "iso-8859-4", CHARSET_SINGLE},
        {"cyrillic", "iso-8859-5", CHARSET_SINGLE},
        {"iso-8859-6-e", "iso-8859-6", CHARSET_SINGLE},
        {"sun_eu_greek", "iso-8859-7", CHARSET_SINGLE},
        {"iso-8859-8-e", "iso-8859-8", CHARSET_SINGLE},
        {"logical", "iso-8859-8", CHARSET_SINGLE},
        {"csisolatin6", "iso-8859-10", CHARSET_SINGLE},
        {"iso885913", "iso-8859-13", CHARSET_SINGLE},
        {"iso8859-14", "iso-8859-14", CHARSET_SINGLE},
        {"l9", "iso-8859-15", CHARSET_SINGLE},
        {"iso-8859-16", "iso-8859-16", CHARSET_SINGLE},
        {"koi", "koi8-r", CHARSET_SINGLE},
        {"koi8-ru", "koi8-u", CHARSET_SINGLE},
        {"x-mac-roman", "macintosh", CHARSET_SINGLE},
        {"dos-874", "windows-874", CHARSET_SINGLE},
        {"x-cp1250", "windows-1250", CHARSET_SINGLE},
        {"cp819", "windows-1252", CHARSET_SINGLE},
        {"latin5", "windows-1254", CHARSET_SINGLE},
        {"x-mac-cyrillic", "mac-uk", CHARSET_SINGLE},
        {"iso-ir-58", "gb18030", CHARSET_GB18030},
        {"x-x-big5", "big5", CHARSET_BIG5},
        {"cseucpkdfmtjapanese", "euc-jp", CHARSET_EUC_JP},
        {"csiso2022jp", "iso-2022-jp", CHARSET_2022_JP},
        {"ms_kanji", "cp932", CHARSET_DOUBLE},
        {"korean", "cp949", CHARSET_DOUBLE},
        {"csiso2022kr", "iso-2022-kr", CHARSET_2022_KR},
        {"hz-gb-2312", "gb18030", CHARSET_HZ},
        {"unicodefffe", "utf-16be", CHARSET_UTF16},
        {"utf-16", "utf-16le", CHARSET_UTF16},
        /* as mail spells them */
        {"UTF-8", "utf-8", CHARSET_UTF8},
        {" utf_8 ", "utf-8", CHARSET_UTF8},
        {"\"utf-8\"", "utf-8", CHARSET_UTF8},
        {"charset=utf-8", "utf-8", CHARSET_UTF8},
        {"utf8mb4", "utf-8", CHARSET_UTF8},
        {"cp65001", "utf-8", CHARSET_UTF8},
        {"ISO 8859-1", "windows-1252", CHARSET_SINGLE},
        {"iso8859_15", "iso-8859-15", CHARSET_SINGLE},
        {"cp-1251", "windows-1251", CHARSET_SINGLE},
        {"win-1251", "windows-1251", CHARSET_SINGLE},
        {"windows1251", "windows-1251", CHARSET_SINGLE},
        {"1251", "windows-1251", CHARSET_SINGLE},
        {"cp-936", "gb18030", CHARSET_GB18030},
        {"x-windows-949", "cp949", CHARSET_DOUBLE},
        {"ks_c_5601", "cp949", CHARSET_DOUBLE},
        {"ISO-2022-JP-2", "iso-2022-jp", CHARSET_2022_JP},
        {"cp50221", "iso-2022-jp", CHARSET_2022_JP},
        {"unicode-1-1-utf-7", "utf-7", CHARSET_OTHER},
        {"x-unknown", "us-ascii", CHARSET_ASCII},
        {"mac-uk", "mac-uk", CHARSET_SINGLE},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct charset *found = charset_label_find(ROWS[i].label);
        if (!found || !text_equal(found->name, ROWS[i].name) || found->form != ROWS[i].form)
            fail_msg("%s gave %s", ROWS[i].label, found ? found->name : "nothing");
    }
}

static void finds_nothing_else(void **state)
{
    (void)state;
    static const char *const ROWS[] = {
        NULL,
        "",
        "-",
        "x",
        "x-",
        "charset=",
        "no-such-set",
        "UTF-8//IGNORE/../x",
        "utf-88",
        "windows-",
        "windows-9999",
        "cp123456",
        "iso-8859-12",
        "iso-8859-1-2",
        "\xC3\xBC",
        "a label that is longer than any that a character set ever had, by far",
    };
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (charset_label_find(ROWS[i]))
            fail_msg("%s gave %s", text_or(ROWS[i], "(none)"), charset_label_find(ROWS[i])->name);
}

/* No row for a set that this machine's converters do not have. */
static void every_set_can_be_read(void **state)
{
    (void)state;
    const struct charset *charset;
    size_t count = 0;
    for (; (charset = charset_label_list(count)); count++) {
        iconv_t converter = iconv_open("UTF-8", charset->name);
        if (converter == (iconv_t)-1)
            fail_msg("%s", charset->name);
        iconv_close(converter);
    }
    assert_true(count > 80 && count < 200);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(finds),
        cmocka_unit_test(finds_nothing_else),
        cmocka_unit_test(every_set_can_be_read),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
