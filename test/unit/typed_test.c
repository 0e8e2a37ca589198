#include "typed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

struct sample {
    const char *text, *listen, *url, *line, *must;
    int64_t count, seconds, bytes;
    bool flag;
    moment at;
    unsigned color;
    struct list many;
};
static const char *const COLORS[] = {"red", "green", "", "blue", NULL};
static const struct field FIELDS[] = {
    FIELD(struct sample, text, .max = 5),
    FIELD(struct sample, listen, .spelling = &LISTEN_SPELLING),
    FIELD(struct sample, url, .spelling = &URL_SPELLING),
    FIELD(struct sample, line, .spelling = &LINE_SPELLING, .max = 8),
    FIELD(struct sample, must, .use = REQUIRED),
    FIELD(struct sample, count, .min = 1, .max = 64, .preset = "7"),
    FIELD(struct sample, seconds, .spelling = &SECONDS_SPELLING, .max = 30 * 86400),
    FIELD(struct sample, bytes, .spelling = &BYTES_SPELLING, .min = 1024),
    FIELD(struct sample, flag, .preset = "yes"),
    FIELD(struct sample, at, .about = "a time"),
    NAME_FIELD(struct sample, color, COLORS, .about = "a color"),
    FIELD(struct sample, many, .items = &TEXT_ITEM, .max = 2, .item_max = 3),
    {0},
};

static const struct {
    const char *name, *text, *expected; /* what typed_text gives back; or the message */
    bool fails;
} ROWS[] = {
    {"text", "abcde", "abcde"},
    {"text", "", ""},
    {"text", "abcdef", "must be text, at most 5 bytes", true},
    {"text", "\xff", "must be UTF-8", true},
    {"must", "", "must not be empty", true},
    {"line", "one", "one"},
    {"line", "a\nb", "must be one line of text, at most 8 bytes", true},
    {"line", "a\tb", "must be one line of text, at most 8 bytes", true},
    {"line", "123456789", "must be one line of text, at most 8 bytes", true},
    {"count", "1", "1"},
    {"count", "64", "64"},
    {"count", "0", "must be a whole number, from 1 to 64", true},
    {"count", "65", "must be a whole number, from 1 to 64", true},
    {"count", "-1", "must be a whole number, from 1 to 64", true},
    {"count", " 1", "must be a whole number, from 1 to 64", true},
    {"count", "1x", "must be a whole number, from 1 to 64", true},
    {"count", "", "must be a whole number, from 1 to 64", true},
    {"count", "18446744073709551617", "must be a whole number, from 1 to 64", true},
    {"seconds", "0", "0"},
    {"seconds", "90", "90s"},
    {"seconds", "90s", "90s"},
    {"seconds", "5m", "5m"},
    {"seconds", "120m", "2h"},
    {"seconds", "72h", "3d"},
    {"seconds", "3d", "3d"},
    {"seconds", "31d", "must be a time such as 30s, 5m, 72h or 3d, from 0 to 30d", true},
    {"seconds", "5min", "must be a time such as 30s, 5m, 72h or 3d, from 0 to 30d", true},
    {"seconds", "5M", "must be a time such as 30s, 5m, 72h or 3d, from 0 to 30d", true},
    {"seconds", "1.5h", "must be a time such as 30s, 5m, 72h or 3d, from 0 to 30d", true},
    {"seconds", "9223372036854775807d", "must be a time such as 30s, 5m, 72h or 3d, from 0 to 30d",
     true},
    {"bytes", "4096", "4K"},
    {"bytes", "64K", "64K"},
    {"bytes", "50M", "50M"},
    {"bytes", "1024M", "1G"},
    {"bytes", "1025", "1025"},
    {"bytes", "1023", "must be a size such as 4096, 64K or 50M, at least 1K", true},
    {"bytes", "64KB", "must be a size such as 4096, 64K or 50M, at least 1K", true},
    {"bytes", "K", "must be a size such as 4096, 64K or 50M, at least 1K", true},
    {"flag", "true", "true"},
    {"flag", "YES", "true"},
    {"flag", "on", "true"},
    {"flag", "1", "true"},
    {"flag", "no", "false"},
    {"flag", "off", "false"},
    {"flag", "2", "must be true or false", true},
    {"flag", "", "must be true or false", true},
    {"color", "green", "green"},
    {"color", "blue", "blue"},
    {"color", "Green", "must be one of red, green, blue", true},
    {"color", "", "must be one of red, green, blue", true},
    {"at", "2026-05-20T14:10:00+02:00", "2026-05-20T12:10:00Z"},
    {"at", "2026-05-20T14:10:00", "must be a time such as 2026-05-20T14:10:00Z", true},
    {"listen", "127.0.0.1:8025", "127.0.0.1:8025"},
    {"listen", "[::1]:0", "[::1]:0"},
    {"listen", "localhost:65535", "localhost:65535"},
    {"listen", "localhost", "must be ADDRESS:PORT, such as 127.0.0.1:8025 or [::1]:8025", true},
    {"listen", ":80", "must be ADDRESS:PORT, such as 127.0.0.1:8025 or [::1]:8025", true},
    {"listen", "::1:80", "must be ADDRESS:PORT, such as 127.0.0.1:8025 or [::1]:8025", true},
    {"listen", "a:65536", "must be ADDRESS:PORT, such as 127.0.0.1:8025 or [::1]:8025", true},
    {"listen", "a:", "must be ADDRESS:PORT, such as 127.0.0.1:8025 or [::1]:8025", true},
    {"listen", "[]:1", "must be ADDRESS:PORT, such as 127.0.0.1:8025 or [::1]:8025", true},
    {"url", "https://a.example", "https://a.example"},
    {"url", "http://[::1]:8025/x", "http://[::1]:8025/x"},
    {"url", "https://a.example/",
     "must be a URL such as https://mail.example.com, without a slash at the end", true},
    {"url", "ftp://a.example",
     "must be a URL such as https://mail.example.com, without a slash at the end", true},
    {"url", "http://", "must be a URL such as https://mail.example.com, without a slash at the end",
     true},
    {"many", "abc", ""},
    {"many", "abcd", "must be given at most 2 times, each with at most 3 bytes", true},
};

static void reads_what_fits_and_says_what_does_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct sample sample = {0};
        struct error error = {0};
        const struct field *field = typed_find(FIELDS, ROWS[i].name);
        bool is_read = typed_read(field, ROWS[i].text, arena, &sample, &error);
        if (is_read == ROWS[i].fails)
            fail_msg("%s = \"%s\": %s", ROWS[i].name, ROWS[i].text, error.message);
        assert_string_equal(is_read ? typed_text(field, &sample, arena) : error.message,
                            ROWS[i].expected);
        if (!is_read)
            assert_string_equal(error.field, ROWS[i].name);
    }
}

static void gathers_a_list(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sample sample = {0};
    struct error error;
    const struct field *many = typed_find(FIELDS, "many");
    assert_true(typed_read(many, "a", arena, &sample, &error));
    assert_true(typed_read(many, "b", arena, &sample, &error));
    assert_false(typed_read(many, "c", arena, &sample, &error));
    assert_int_equal(sample.many.count, 2);
    assert_string_equal(((const char **)sample.many.items)[0], "a");
    assert_string_equal(((const char **)sample.many.items)[1], "b");
}

static void gives_presets(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct sample sample = {0};
    typed_preset(FIELDS, arena, &sample);
    assert_int_equal(sample.count, 7);
    assert_true(sample.flag);
    assert_null(sample.text);
}

static void finds_names_with_either_dash(void **state)
{
    (void)state;
    static const struct field NAMES[] = {{.name = "idle_timeout"}, {.name = "idle"}, {0}};
    assert_ptr_equal(typed_find(NAMES, "idle-timeout"), &NAMES[0]);
    assert_ptr_equal(typed_find(NAMES, "idle_timeout"), &NAMES[0]);
    assert_ptr_equal(typed_find(NAMES, "idle"), &NAMES[1]);
    assert_null(typed_find(NAMES, "idle_"));
    assert_null(typed_find(NAMES, "idle.timeout"));
    assert_null(typed_find(NAMES, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_fits_and_says_what_does_not),
        cmocka_unit_test(gathers_a_list),
        cmocka_unit_test(gives_presets),
        cmocka_unit_test(finds_names_with_either_dash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
