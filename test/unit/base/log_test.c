#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "case.h"

static char said[20000]; /* what the last call wrote to standard error */

static void catch_line(enum log_level level, const char *event, const struct log_pair *pairs)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    log_line(level, event, pairs);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(file);
    said[fread(said, 1, sizeof said - 1, file)] = '\0';
    fclose(file);
}

#define PAIRS(...) ((const struct log_pair[]){__VA_ARGS__, {0}})

static const char *const NOTHING;

static const struct row {
    enum log_form form;
    const struct log_pair pairs[4];
    const char *line;
} ROWS[] = {
    {LOG_LOGFMT, {{"id", "abc", 0}, {"tries", NULL, 3}}, " id=abc tries=3\n"},
    {LOG_LOGFMT, {{"why", "two words", 0}}, " why=\"two words\"\n"},
    {LOG_LOGFMT, {{"why", "", 0}}, " why=\"\"\n"},
    {LOG_LOGFMT, {{"why", "a=b", 0}}, " why=\"a=b\"\n"},
    {LOG_LOGFMT, {{"why", "say \"no\\\"", 0}}, " why=\"say \\\"no\\\\\\\"\"\n"},
    {LOG_LOGFMT, {{"why", "one\nlevel=error", 0}}, " why=\"one\\u000alevel=error\"\n"},
    {LOG_LOGFMT, {{"why", "del\x7F", 0}}, " why=\"del\\u007f\"\n"},
    {LOG_LOGFMT, {{"name", "Zoë", 0}}, " name=Zoë\n"},
    {LOG_JSON, {{"id", "abc", 0}, {"tries", NULL, -3}}, ",\"id\":\"abc\",\"tries\":-3}\n"},
    {LOG_JSON, {{"why", "a \"b\"\r\n", 0}}, ",\"why\":\"a \\\"b\\\"\\u000d\\u000a\"}\n"},
};

static void spells_pairs(void **state)
{
    (void)state;
    static const char *const STARTS[] = {
        [LOG_LOGFMT] = "time=2026-05-20T14:10:00.007Z level=warning event=tried",
        [LOG_JSON] =
            "{\"time\":\"2026-05-20T14:10:00.007Z\",\"level\":\"warning\",\"event\":\"tried\"",
    };
    clock_stop_at((moment){1779286200007});
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char line[400];
        snprintf(line, sizeof line, "%s%s", STARTS[ROWS[i].form], ROWS[i].line);
        log_setup(LOG_INFO, ROWS[i].form);
        catch_line(LOG_WARNING, "tried", ROWS[i].pairs);
        assert_string_equal(said, line);
    }
    clock_stop_at((moment){0});
}

static void says_nothing_below_its_level(void **state)
{
    (void)state;
    log_setup(LOG_WARNING, LOG_LOGFMT);
    catch_line(LOG_INFO, "quiet", PAIRS(LOG_NUMBER("n", 1)));
    assert_string_equal(said, "");
    catch_line(LOG_ERROR, "loud", PAIRS(LOG_TEXT("none", NOTHING)));
    assert_non_null(strstr(said, "level=error event=loud none=\"\"\n"));
}

static void a_line_that_is_too_long_ends_between_pairs(void **state)
{
    (void)state;
    char text[5000];
    memset(text, '"', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    log_setup(LOG_INFO, LOG_JSON);
    catch_line(LOG_INFO, "long",
               PAIRS(LOG_NUMBER("before", 1), LOG_TEXT("text", text), LOG_NUMBER("after", 2)));
    const char *end = strstr(said, ",\"before\":1}\n");
    assert_non_null(end);
    assert_string_equal(end, ",\"before\":1}\n");
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(spells_pairs),
        cmocka_unit_test(says_nothing_below_its_level),
        cmocka_unit_test(a_line_that_is_too_long_ends_between_pairs),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
