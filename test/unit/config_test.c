/* covers: src/config_spelling.c */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

static char folder[] = "/tmp/config_test.XXXXXX";

static const char *conf_path(struct arena *arena)
{
    return arena_format(arena, "%s/outtray.conf", folder);
}

static void clear_environment(void)
{
    static const char *const NAMES[] = {"OUTTRAY_DATA", "OUTTRAY_LISTEN",
                                        "OUTTRAY_RECIPIENT_LIMIT"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        unsetenv(NAMES[i]);
}

static int make_folder(void **state)
{
    (void)state;
    clear_environment();
    return !mkdtemp(folder);
}

static int remove_folder(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    unlink(conf_path(arena));
    return rmdir(folder);
}

static void write_conf(const char *text)
{
    AUTO_ARENA arena = arena_create();
    FILE *file = fopen(conf_path(arena), "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static const struct {
    const char *conf, *variable, *value;
    const char *arguments[4];
    const char *name, *expected, *where; /* of this setting; where: behind the folder's name */
} ROWS[] = {
    {"", NULL, NULL, {NULL}, "listen", "127.0.0.1:8025", "default"},
    {"", NULL, NULL, {NULL}, "public_url", "http://127.0.0.1:8025", "default"},
    {"listen = 0.0.0.0:1", NULL, NULL, {NULL}, "public_url", "http://0.0.0.0:1", "default"},
    {"listen = 0.0.0.0:1", NULL, NULL, {NULL}, "listen", "0.0.0.0:1", "/outtray.conf:1"},
    {"listen = a:1", "OUTTRAY_LISTEN", "b:2", {NULL}, "listen", "b:2", "OUTTRAY_LISTEN"},
    {"listen = a:1", "OUTTRAY_LISTEN", "b:2", {"--listen", "c:3"}, "listen", "c:3", "--listen"},
    {"listen = a:1", NULL, NULL, {"--listen=c:3"}, "listen", "c:3", "--listen"},
    {"", NULL, NULL, {NULL}, "give_up_after", "3d", "default"},
    {"", NULL, NULL, {"--give-up-after", "72h"}, "give_up_after", "3d", "--give-up-after"},
    {"", NULL, NULL, {"--give_up_after=60"}, "give_up_after", "1m", "--give_up_after"},
    {"", NULL, NULL, {NULL}, "body_limit", "50M", "default"},
    {"", NULL, NULL, {NULL}, "attachment_limit", "25M", "default"},
    {"", NULL, NULL, {NULL}, "upload_limit", "50M", "default"},
    {"", NULL, NULL, {NULL}, "fetch_timeout", "30s", "default"},
    {"", NULL, NULL, {NULL}, "allow_private_addresses", "false", "default"},
    {"", NULL, NULL, {NULL}, "download_link_lifetime", "1h", "default"},
    {"", NULL, NULL, {NULL}, "blob_grace", "1d", "default"},
    {"", NULL, NULL, {NULL}, "webhook_threads", "32", "default"},
    {"", NULL, NULL, {NULL}, "webhook_pauses", "5s 5m 30m 2h 5h 10h 14h 20h 24h", "default"},
    {"webhook_pauses = 1s  2m", NULL, NULL, {NULL}, "webhook_pauses", "1s  2m", "/outtray.conf:1"},
    {"", NULL, NULL, {NULL}, "send_wait", "25s", "default"},
    {"send_wait = 0", NULL, NULL, {NULL}, "send_wait", "0", "/outtray.conf:1"},
    {"log-format = json", NULL, NULL, {NULL}, "log_format", "json", "/outtray.conf:1"},
    {"public_url = https://a.b", NULL, NULL, {NULL}, "console_url", "https://a.b", "default"},
    {"console_url = https://c.d/e/",
     NULL,
     NULL,
     {NULL},
     "console_url",
     "https://c.d/e",
     "/outtray.conf:1"},
    {"", NULL, NULL, {NULL}, "web_timeout", "5m", "default"},
    {"", NULL, NULL, {NULL}, "gmail_api_url", "https://gmail.googleapis.com", "default"},
    {"",
     NULL,
     NULL,
     {"--gmail-api-url=http://a:1/"},
     "gmail_api_url",
     "http://a:1",
     "--gmail-api-url"},
    {"",
     NULL,
     NULL,
     {"--gmail-api-url=http://a:1/gmail/v1/"},
     "gmail_api_url",
     "http://a:1",
     "--gmail-api-url"},
    {"",
     NULL,
     NULL,
     {"--gmail-api-url=http://a:1/x/gmail/v1"},
     "gmail_api_url",
     "http://a:1/x",
     "--gmail-api-url"},
    {"",
     NULL,
     NULL,
     {"--gmail-api-url=http://gmail/v1"},
     "gmail_api_url",
     "http://gmail/v1",
     "--gmail-api-url"},
    {"", NULL, NULL, {NULL}, "graph_api_url", "https://graph.microsoft.com/v1.0", "default"},
    {"",
     NULL,
     NULL,
     {"--graph-api-url=http://a:1//"},
     "graph_api_url",
     "http://a:1/v1.0",
     "--graph-api-url"},
    {"",
     NULL,
     NULL,
     {"--graph-api-url=http://a:1/beta/"},
     "graph_api_url",
     "http://a:1/beta",
     "--graph-api-url"},
    {"",
     NULL,
     NULL,
     {NULL},
     "google_authorize_url",
     "https://accounts.google.com/o/oauth2/v2/auth",
     "default"},
    {"", NULL, NULL, {NULL}, "google_token_url", "https://oauth2.googleapis.com/token", "default"},
    {"", NULL, NULL, {NULL}, "google_client_id", "", "default"},
    {"",
     NULL,
     NULL,
     {NULL},
     "microsoft_token_url",
     "https://login.microsoftonline.com/common/oauth2/v2.0/token",
     "default"},
    {"", NULL, NULL, {NULL}, "trusted_proxies", "", "default"},
    {"trusted_proxies = ::1, 10.0.0.0/8",
     NULL,
     NULL,
     {"--proxy-protocol=v2"},
     "trusted_proxies",
     "::1, 10.0.0.0/8",
     "/outtray.conf:1"},
    {"", NULL, NULL, {NULL}, "cors_origins", "", "default"},
    {"cors_origins = *", NULL, NULL, {NULL}, "cors_origins", "*", "/outtray.conf:1"},
    {"cors_origins = https://A.example/, http://localhost:80  https://[::1]:8443",
     NULL,
     NULL,
     {NULL},
     "cors_origins",
     "https://a.example http://localhost https://[::1]:8443",
     "/outtray.conf:1"},
    {"cors_origins = capacitor://localhost,http://a.example:443",
     NULL,
     NULL,
     {NULL},
     "cors_origins",
     "capacitor://localhost http://a.example:443",
     "/outtray.conf:1"},
    {"", NULL, NULL, {NULL}, "waiting_per_token", "8", "default"},
    {"", NULL, NULL, {NULL}, "header_timeout", "10s", "default"},
    {"", NULL, NULL, {"--allow-plain-smtp"}, "allow_plain_smtp", "true", "--allow-plain-smtp"},
};

static const char *where_of(const struct settings *settings, const struct field *field)
{
    const char *where = settings->origins[field - settings->fields].where;
    return text_starts(where, folder) ? where + strlen(folder) : where;
}

static void the_sources_have_their_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        AUTO_ARENA arena = arena_create();
        struct config_reading reading;
        struct error error = {0};
        write_conf(ROWS[i].conf);
        setenv("OUTTRAY_DATA", folder, 1);
        if (ROWS[i].variable)
            setenv(ROWS[i].variable, ROWS[i].value, 1);
        bool is_read = config_read((char *const *)ROWS[i].arguments, arena, &reading, &error);
        clear_environment();
        if (!is_read)
            fail_msg("row %zu: %s", i, error.message);
        const struct field *field = typed_find(reading.settings.fields, ROWS[i].name);
        assert_string_equal(typed_text(field, &reading.config, arena), ROWS[i].expected);
        assert_string_equal(where_of(&reading.settings, field), ROWS[i].where);
    }
}

static const struct {
    const char *conf;
    const char *arguments[4];
    const char *expected;
} FAILURES[] = {
    {"", {"--nothing"}, "there is no option --nothing"},
    {"", {"serve"}, "serve is not an option"},
    {"", {"--listen"}, "--listen needs a value"},
    {"", {"--data="}, "--data: data must not be empty"},
    {"",
     {"--http-workers", "many"},
     "--http-workers: http_workers must be a whole number, from 1 to 1024"},
    {"",
     {"--http-workers=0"},
     "--http-workers: http_workers must be a whole number, from 1 to 1024"},
    {"",
     {"--smtp-hello-name", "a\r\nb"},
     "--smtp-hello-name: smtp_hello_name must not hold control characters"},
    {"", {"--show-config=maybe"}, "--show-config must be true or false"},
    {"data = elsewhere", {NULL}, "/outtray.conf:1: data cannot be set here"},
    {"listen =", {NULL}, "/outtray.conf:1: listen must not be empty"},
    {"\nsendwait = 1", {NULL}, "/outtray.conf:2: there is no setting sendwait"},
    {"log_level = loud",
     {NULL},
     "/outtray.conf:1: log_level must be one of debug, info, warning, error"},
    {"gmail_api_url = /",
     {NULL},
     "/outtray.conf:1: gmail_api_url must be a URL such as https://mail.example.com, at most 3000 "
     "bytes"},
    {"graph_api_url = https://",
     {NULL},
     "/outtray.conf:1: graph_api_url must be a URL such as https://mail.example.com, at most 3000 "
     "bytes"},
    {"trusted_proxies = proxy.example.com",
     {NULL},
     "/outtray.conf:1: trusted_proxies must be addresses or networks such as 127.0.0.1 10.0.0.0/8, "
     "at most 3000 bytes"},
    {"cors_origins = null",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"cors_origins = app.example.com",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"cors_origins = https://",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"cors_origins = https://a.example/app",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"cors_origins = https://*.example.com",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"cors_origins = https://a.example:",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"cors_origins = https://a.example:http",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"cors_origins = https://u@a.example",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"cors_origins = https://a.example https://",
     {NULL},
     "/outtray.conf:1: cors_origins must be origins such as https://app.example.com, or *, at most "
     "3000 bytes"},
    {"", {"--proxy-protocol=v2"}, "proxy_protocol needs trusted_proxies to be set"},
    {"public_url = example.com",
     {NULL},
     "/outtray.conf:1: public_url must be a URL such as https://mail.example.com, without a slash "
     "at the end"},
};

static void a_mistake_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof FAILURES / sizeof *FAILURES; i++) {
        AUTO_ARENA arena = arena_create();
        struct config_reading reading;
        struct error error = {0};
        write_conf(FAILURES[i].conf);
        setenv("OUTTRAY_DATA", folder, 1);
        assert_false(config_read((char *const *)FAILURES[i].arguments, arena, &reading, &error));
        clear_environment();
        const char *message = error.message;
        if (text_starts(message, folder))
            message += strlen(folder);
        assert_string_equal(message, FAILURES[i].expected);
        assert_int_equal(error.code, ERROR_INVALID);
    }
}

static char *answer(const struct config_reading *reading, bool *ret_is_answered)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    *ret_is_answered = config_answer(reading, out);
    fclose(out);
    return text;
}

static void answers_instead_of_serving(void **state)
{
    (void)state;
    static const struct {
        const char *wish;
        const char *part; /* NULL: it serves */
    } WISHES[] = {
        {"--help", "--delivery-threads"}, {"-h", "usage: outtrayd"},   {"--version", "outtrayd "},
        {"--show-config", "--listen"},    {"--log-level=debug", NULL},
    };
    write_conf("");
    for (size_t i = 0; i < sizeof WISHES / sizeof *WISHES; i++) {
        AUTO_ARENA arena = arena_create();
        struct config_reading reading;
        struct error error;
        const char *arguments[] = {"--data", folder, "--listen=[::1]:9", WISHES[i].wish, NULL};
        bool is_answered = false;
        assert_true(config_read((char *const *)arguments, arena, &reading, &error));
        char *text = answer(&reading, &is_answered);
        assert_int_equal(is_answered, WISHES[i].part != NULL);
        if (WISHES[i].part)
            assert_non_null(strstr(text, WISHES[i].part));
        free(text);
    }
}

static void help_works_where_a_file_is_broken(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct config_reading reading;
    struct error error;
    const char *arguments[] = {"--data", folder, "--help", NULL};
    write_conf("nonsense");
    assert_true(config_read((char *const *)arguments, arena, &reading, &error));
}

static void every_setting_says_what_it_is_for(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct config_reading reading;
    struct error error;
    const char *arguments[] = {"--help", NULL};
    assert_true(config_read((char *const *)arguments, arena, &reading, &error));
    for (const struct field *field = reading.settings.fields; field->name; field++)
        assert_non_null(field->about);
}

static void a_tool_reads_the_same(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    struct config config;
    struct error error;
    write_conf("recipient_limit = 7\n");
    assert_true(config_read_for_tool(folder, arena, &config, &error));
    assert_int_equal(config.recipient_limit, 7);
    assert_string_equal(config.data, folder);
    setenv("OUTTRAY_DATA", folder, 1);
    setenv("OUTTRAY_RECIPIENT_LIMIT", "8", 1);
    assert_true(config_read_for_tool(NULL, arena, &config, &error));
    assert_int_equal(config.recipient_limit, 8);
    assert_string_equal(config.data, folder);
    clear_environment();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sources_have_their_order),
        cmocka_unit_test(a_mistake_is_named_with_its_place),
        cmocka_unit_test(answers_instead_of_serving),
        cmocka_unit_test(help_works_where_a_file_is_broken),
        cmocka_unit_test(every_setting_says_what_it_is_for),
        cmocka_unit_test(a_tool_reads_the_same),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
