#include "mime/zone.h"

#include "base/text.h"
#include "case.h"

static void zones_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *name, *found; /* NULL: no zone */
    } ROWS[] = {
        {"UTC", "UTC"},
        {"utc", "UTC"},
        {"Europe/Berlin", "Europe/Berlin"},
        {"europe/berlin", "Europe/Berlin"},
        {"America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"},
        {"US/Eastern", "US/Eastern"},
        {"Etc/GMT+5", "Etc/GMT+5"},
        {"", NULL},
        {" ", NULL},
        {"Berlin", NULL},
        {"Europe", NULL},
        {"Europe/Berlin ", NULL},
        {"../Europe/Berlin", NULL},
        {"/usr/share/zoneinfo/Europe/Berlin", NULL},
        {"tzdata.zi", NULL},
        {"EST5EDT4,M3.2.0,M11.1.0", NULL},
        {"+02:00", NULL},
        {"right/UTC", NULL},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        AUTO_ARENA arena = arena_create();
        struct error error = {0};
        const char *found = NULL;
        bool is_found = zone_find(ROWS[i].name, arena, &found, &error);
        assert_int_equal(is_found, ROWS[i].found != NULL);
        assert_string_equal(text_or(found, "-"), text_or(ROWS[i].found, "-"));
        assert_int_equal(error.code, is_found ? 0 : ERROR_INVALID);
    }
}

static void offsets_are_of_the_moment(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t seconds;
        int minutes;
    } ROWS[] = {
        {NULL, 1779286200, 0},
        {"UTC", 1779286200, 0},
        {"Europe/Berlin", 1779286200, 120}, /* 2026-05-20 */
        {"Europe/Berlin", 1767225600, 60},  /* 2026-01-01 */
        {"Europe/Berlin", 1774745999, 60},  /* the second before the clocks go forward */
        {"Europe/Berlin", 1774746000, 120},
        {"Europe/Berlin", 4118036400, 120}, /* 2100-06-30, by the rule of today */
        {"America/New_York", 1779286200, -240},
        {"Asia/Kolkata", 1779286200, 330},
        {"Asia/Kathmandu", 1779286200, 345},
        {"Australia/Lord_Howe", 1767225600, 660},
        {"Pacific/Apia", 1325242800, 840}, /* 2011-12-30, a day that it had not */
        {"Nowhere/Gone", 1779286200, 0},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        moment at = {ROWS[i].seconds * 1000};
        assert_int_equal(zone_offset_minutes(ROWS[i].name, at), ROWS[i].minutes);
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(zones_are_found),
        cmocka_unit_test(offsets_are_of_the_moment),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
