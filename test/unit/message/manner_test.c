#include "message/manner.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static const moment WHEN = {1779286200000}; /* 2026-05-20 14:10 UTC */

static void times_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *language, *timezone, *written;
    } ROWS[] = {
        {NULL, NULL, "20 May 2026 at 14:10 UTC"},
        {"en", "UTC", "20 May 2026 at 14:10 UTC"},
        {"EN", "Europe/Berlin", "20 May 2026 at 16:10 UTC+2"},
        {"en-US", "America/New_York", "May 20, 2026 at 10:10 AM UTC-4"},
        {"en-IN", "Asia/Kolkata", "20 May 2026 at 19:40 UTC+5:30"},
        {"de", "Europe/Berlin", "20. Mai 2026 um 16:10 UTC+2"},
        {"de-AT", NULL, "20. Mai 2026 um 14:10 UTC"},
        {"es", NULL, "20 de mayo de 2026, 14:10 UTC"},
        {"fr", NULL, "20 mai 2026 à 14:10 UTC"},
        {"it", NULL, "20 maggio 2026 alle ore 14:10 UTC"},
        {"ja", "Asia/Tokyo", "2026年5月20日 23:10 UTC+9"},
        {"ko", "Asia/Seoul", "2026년 5월 20일 23:10 UTC+9"},
        {"nl", NULL, "20 mei 2026 om 14:10 UTC"},
        {"pl", NULL, "20 maja 2026 o 14:10 UTC"},
        {"pt", NULL, "20 de maio de 2026 às 14:10 UTC"},
        {"pt-BR", NULL, "20 de maio de 2026 às 14:10 UTC"},
        {"ru", NULL, "20 мая 2026 г. в 14:10 UTC"},
        {"sv", NULL, "20 maj 2026 kl. 14:10 UTC"},
        {"uk", NULL, "20 травня 2026 р. о 14:10 UTC"},
        {"zh", "Asia/Shanghai", "2026年5月20日 22:10 UTC+8"},
        {"zh-TW", "Pacific/Kiritimati", "2026年5月21日 04:10 UTC+14"},
        {"de", "Gone/Away", "20. Mai 2026 um 14:10 UTC"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const struct manner manner = {ROWS[i].language, ROWS[i].timezone};
        assert_string_equal(manner_time(&manner, WHEN, arena), ROWS[i].written);
        assert_null(manner_time(&manner, (moment){0}, arena));
    }
}

static void every_row_is_whole_and_recognised(void **state)
{
    (void)state;
    static const char *const LANGUAGES[] = {"en", "de", "es", "fr",    "it", "ja", "ko",
                                            "nl", "pl", "pt", "ru",    "sv", "uk", "zh",
                                            "da", "nb", "fi", "zh-TW", "cs"};
    for (size_t i = 0; i < COUNT(LANGUAGES); i++) {
        AUTO_ARENA arena = arena_create();
        const struct manner_words *words = manner_words(LANGUAGES[i]);
        const struct manner manner = {LANGUAGES[i], "Asia/Kolkata"};
        assert_string_equal(words->language, LANGUAGES[i]);
        assert_true(*words->somebody && *words->from && *words->date && *words->subject &&
                    *words->to && *words->cc && *words->colon && *words->behind_alone);
        const char *line = arena_format(arena, "%s%s%s%s%s", words->before,
                                        manner_time(&manner, WHEN, arena), words->between,
                                        "Ann <a@b.c>", words->behind);
        if (!manner_is_attribution(line, strlen(line)))
            fail_msg("%s", line);
        line = arena_format(arena, "---------- %s ----------", words->forwarded);
        if (!manner_is_forward_line(line, strlen(line)))
            fail_msg("%s", line);
    }
}

static void other_lines_are_none(void **state)
{
    (void)state;
    static const char *const LINES[] = {"",           ":",
                                        "Am Montag:", "> On 20 May 2026, Ann wrote:",
                                        "Dear Ann,",  "On the other hand",
                                        "----------", "---------- x ----------",
                                        "-- ",        "20 May 2026",
                                        "wrote:"};
    for (size_t i = 0; i < COUNT(LINES); i++) {
        assert_false(manner_is_attribution(LINES[i], strlen(LINES[i])));
        assert_false(manner_is_forward_line(LINES[i], strlen(LINES[i])));
    }
}

static void settings_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *text, *language; /* NULL: refused */
    } ROWS[] = {
        {"de", "de"},
        {"DE", "de"},
        {"de-AT", "de"},
        {"pt-BR", "pt"},
        {"zh-TW", "zh-TW"},
        {"zh-Hant-HK", "zh-TW"},
        {"zh-Hans-CN", "zh"},
        {"no", "nb"},
        {"es-419", "es"},
        {"d", NULL},
        {"deutsch", NULL},
        {"tlh", NULL},
        {"de_DE", NULL},
        {"de-", NULL},
        {"de-\n", NULL},
        {"../de", NULL},
        {"de-aaaa-bbbb-cccc-dddd-eeee-ffff-gggg-hhhh", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        const char *read = NULL;
        bool is_read = LANGUAGE_SPELLING.read(ROWS[i].text, arena, &read, &error);
        assert_int_equal(is_read, ROWS[i].language != NULL);
        if (is_read)
            assert_string_equal(manner_words(read)->language, ROWS[i].language);
        else
            assert_true(error.code == ERROR_INVALID && strstr(error.message, "de, es, fr"));
    }
    AUTO_ARENA arena = arena_create();
    struct error error = {0};
    const char *read = NULL;
    assert_true(TIMEZONE_SPELLING.read("europe/paris", arena, &read, &error));
    assert_string_equal(read, "Europe/Paris");
    assert_false(TIMEZONE_SPELLING.read("CEST", arena, &read, &error));
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(times_are_written),
        cmocka_unit_test(every_row_is_whole_and_recognised),
        cmocka_unit_test(other_lines_are_none),
        cmocka_unit_test(settings_are_checked),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
