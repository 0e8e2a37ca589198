#include "template/calendar.h"

#include "base/text.h"
#include "case.h"

/* As en-GB writes it; NULL: is none. */
static const char *date_of(const char *text, struct arena *arena)
{
    struct error error;
    struct calendar_time time;
    struct buf buf = BUF(arena, 100);
    if (!calendar_read_date(text, &time))
        return NULL;
    calendar_add_date(&buf, &time, locale_find("en-GB"));
    return buf_text(&buf, &error);
}

static const char *time_of(const char *text, const char *locale, struct arena *arena)
{
    struct error error;
    struct calendar_time time;
    struct buf buf = BUF(arena, 100);
    if (!calendar_read_time(text, &time))
        return NULL;
    calendar_add_time(&buf, &time, locale_find(locale));
    return buf_text(&buf, &error);
}

static void test_dates(void **state)
{
    static const struct {
        const char *text, *written;
    } ROWS[] = {
        {"2026-05-20", "20 May 2026"},
        {"1958-03-01", "1 March 1958"},
        {"2024-02-29", "29 February 2024"},
        {"2000-02-29", "29 February 2000"},
        {"9999-12-31", "31 December 9999"},
        {"0001-01-01", "1 January 1"},
        {"2026-02-29", NULL},
        {"1900-02-29", NULL},
        {"2026-04-31", NULL},
        {"2026-00-10", NULL},
        {"2026-13-10", NULL},
        {"2026-10-00", NULL},
        {"0000-10-10", NULL},
        {"2026-5-20", NULL},
        {"2026-05-20 ", NULL},
        {" 2026-05-20", NULL},
        {"2026/05/20", NULL},
        {"20260520", NULL},
        {"2026-05-2", NULL},
        {"+026-05-20", NULL},
        {"2026-05-20T14:10:00Z", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *written = date_of(ROWS[i].text, arena);
        if (!text_equal(written, ROWS[i].written))
            fail_msg("%s gave %s", ROWS[i].text, written ? written : "nothing");
    }
}

static void test_times(void **state)
{
    static const struct {
        const char *text, *locale, *written;
    } ROWS[] = {
        {"2026-05-20T14:10:37Z", "en", "May 20, 2026 at 2:10 PM UTC"},
        {"2026-05-20T00:00:00Z", "en", "May 20, 2026 at 12:00 AM UTC"},
        {"2026-05-20T12:05:00Z", "en", "May 20, 2026 at 12:05 PM UTC"},
        {"2026-05-20T09:05:00Z", "en-GB", "20 May 2026 at 09:05 UTC"},
        {"2026-05-20T09:05:00+02:00", "en-GB", "20 May 2026 at 09:05 UTC+2"},
        {"2026-05-20t09:05:00z", "en-GB", "20 May 2026 at 09:05 UTC"},
        {"2026-05-20 09:05:00+00:00", "en-GB", "20 May 2026 at 09:05 UTC"},
        {"2026-05-20T09:05:00.123456789-05:30", "en-GB", "20 May 2026 at 09:05 UTC-5:30"},
        {"2026-05-20T09:05:00-00:30", "en-GB", "20 May 2026 at 09:05 UTC-0:30"},
        {"2016-12-31T23:59:60Z", "en-GB", "31 December 2016 at 23:59 UTC"},
        {"1958-03-01T09:05:00Z", "en-GB", "1 March 1958 at 09:05 UTC"},
        {"2026-05-20T09:05:00", "en", NULL},
        {"2026-05-20T09:05Z", "en", NULL},
        {"2026-05-20T24:00:00Z", "en", NULL},
        {"2026-05-20T09:60:00Z", "en", NULL},
        {"2026-05-20T09:05:61Z", "en", NULL},
        {"2026-05-20T09:05:00.Z", "en", NULL},
        {"2026-05-20T09:05:00Zx", "en", NULL},
        {"2026-05-20T09:05:00+24:00", "en", NULL},
        {"2026-05-20T09:05:00+02:60", "en", NULL},
        {"2026-05-20T09:05:00+0200", "en", NULL},
        {"2026-05-20T09:05:00+02:00 ", "en", NULL},
        {"2026-02-30T09:05:00Z", "en", NULL},
        {"2026-05-20", "en", NULL},
        {"2026-05-20T", "en", NULL},
        {"", "en", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        const char *written = time_of(ROWS[i].text, ROWS[i].locale, arena);
        if (!text_equal(written, ROWS[i].written))
            fail_msg("%s gave %s", ROWS[i].text, written ? written : "nothing");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
