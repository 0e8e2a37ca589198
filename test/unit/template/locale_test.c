/* Which row is chosen; what stands in it is tried in field_value_test.c. */
#include "template/locale.h"

#include <string.h>

#include "case.h"

static void test_names(void **state)
{
    static const struct {
        const char *name, *found;
    } ROWS[] = {
        {"en", "en"},
        {"de", "de"},
        {"de-AT", "de-AT"},
        {"de_at", "de-AT"},
        {"DE-CH", "de-CH"},
        {"de-DE", "de"},
        {"de-CH-1996", "de-CH"},
        {"fr-FR", "fr"},
        {"pt-PT", "pt"},
        {"pt_BR", "pt-BR"},
        {"en-AU", "en-GB"},
        {"en-XX", "en"},
        {"no", "nb"},
        {"no-NO", "nb"},
        {"nn", "nb"},
        {"nb-NO", "nb"},
        {"ja-JP", "ja"},
        {"ko-KR", "ko"},
        {"ru", "ru"},
        {"uk-UA", "uk"},
        {"zh-TW", "zh"},
        {"cs", "cs"},
        {"tlh", "en"},
        {"", "en"},
        {NULL, "en"},
        {"-", "en"},
        {"de-", "de"},
        {"----------------", "en"},
        {"d", "en"},
        {"deutsch", "en"},
        {"fr-and-much-more-than-that", "fr"},
        {"en\u00e9", "en"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const char *found = locale_find(ROWS[i].name)->name;
        if (strcmp(found, ROWS[i].found) != 0)
            fail_msg("%s is %s", ROWS[i].name, found);
    }
}

/* All that is needed is in every row, and money has its amount and its currency once. */
static void test_rows_are_whole(void **state)
{
    (void)state;
    for (const struct locale *locale = LOCALES; locale->name; locale++) {
        assert_ptr_equal(locale_find(locale->name), locale);
        assert_true(*locale->decimal && *locale->group && locale->group_from > 3);
        assert_true(strcmp(locale->decimal, locale->group) != 0);
        for (const char *part = "CN-"; *part; part++)
            assert_ptr_equal(strchr(locale->money, *part), strrchr(locale->money, *part));
        for (const char *part = "DMY"; *part; part++)
            assert_non_null(strchr(locale->date, *part));
        for (size_t month = 0; locale->months && month < 12; month++)
            assert_true(*locale->months[month]);
        assert_true(*locale->clock && *locale->before_time && *locale->yes && *locale->no);
        assert_int_equal(!locale->currency, !locale->currency_symbol);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_rows_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
