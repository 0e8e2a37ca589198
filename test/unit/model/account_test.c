#include "model/account.h"

#include "base/text.h"
#include "case.h"

static const struct row {
    const char *name, *field; /* NULL: the account is fine */
    struct account account;
    bool may_be_plain;
} ROWS[] = {
    {"sandbox", NULL, {.provider = PROVIDER_SANDBOX}},
    {"a server for a sandbox", "smtp", {.provider = PROVIDER_SANDBOX, .smtp_host = "localhost"}},
    {"a name of two lines", "displayName", {.provider = PROVIDER_SANDBOX, .display_name = "A\nB"}},
    {"a carriage return", "displayName", {.provider = PROVIDER_SMTP, .display_name = "A\rB"}},
    {"no host", "smtp.host", {.provider = PROVIDER_SMTP, .smtp_port = 465}},
    {"tls", NULL, {.provider = PROVIDER_SMTP, .smtp_host = "mail.example", .smtp_port = 465}},
    {"port 0", "smtp.port", {.provider = PROVIDER_SMTP, .smtp_host = "mail.example"}},
    {"port 65535", NULL, {.provider = PROVIDER_SMTP, .smtp_host = "a", .smtp_port = 65535}},
    {"port 65536", "smtp.port", {.provider = PROVIDER_SMTP, .smtp_host = "a", .smtp_port = 65536}},
    {"port -1", "smtp.port", {.provider = PROVIDER_SMTP, .smtp_host = "a", .smtp_port = -1}},
    {"a user name of two lines",
     "smtp.username",
     {.provider = PROVIDER_SMTP, .smtp_host = "a", .smtp_port = 1, .smtp_username = "a\nb"}},
};

static const struct {
    const char *host;
    bool is_host, is_here;
} HOSTS[] = {
    {"localhost", true, true},
    {"LOCALHOST", true, true},
    {"127.0.0.1", true, true},
    {"127.8.9.1", true, true},
    {"::1", true, true},
    {"[::1]", true, true},
    {"mail.example", true, false},
    {"localhost.example", true, false},
    {"127.0.0.1.example", true, false},
    {"127.example", true, false},
    {"128.0.0.1", true, false},
    {"1127.0.0.1", true, false},
    {"::2", true, false},
    {"", false, false},
    {"mail example", false, false},
    {"mail.example/x", false, false},
    {"user@mail.example", false, false},
    {"mail.example\r\nDATA", false, false},
    {"m\xc3\xa4il.example", false, false},
};

static void check_row(const struct row *row)
{
    struct error error = {0};
    bool ok = account_check(&row->account, row->may_be_plain, &error);
    if (ok != !row->field || (!ok && !text_equal(error.field, row->field)))
        fail_msg("%s: %s %s", row->name, error.field, error.message);
    if (!ok)
        assert_int_equal(error.code, ERROR_INVALID);
}

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        check_row(&ROWS[i]);
}

static void test_only_this_machine_gets_mail_in_the_clear(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(HOSTS); i++)
        for (int security = SECURITY_UNSET; security <= SECURITY_NONE; security++)
            for (int may_be_plain = 0; may_be_plain < 2; may_be_plain++) {
                bool is_plain = security == SECURITY_NONE;
                struct row row = {
                    .name = HOSTS[i].host,
                    .field = !HOSTS[i].is_host                                ? "smtp.host"
                             : is_plain && !HOSTS[i].is_here && !may_be_plain ? "smtp.security"
                                                                              : NULL,
                    .account = {.provider = PROVIDER_SMTP,
                                .smtp_host = HOSTS[i].host,
                                .smtp_port = 25,
                                .smtp_security = (enum account_security)security},
                    .may_be_plain = may_be_plain,
                };
                check_row(&row);
            }
}

static void test_a_long_host(void **state)
{
    (void)state;
    char host[255];
    for (size_t i = 0; i < sizeof host; i++)
        host[i] = 'a';
    host[254] = 0;
    struct row row = {
        "254", "smtp.host", {.provider = PROVIDER_SMTP, .smtp_host = host, .smtp_port = 1}};
    check_row(&row);
    host[253] = 0;
    row.field = NULL;
    check_row(&row);
}

static void test_whether_mail_leaves_through_it(void **state)
{
    (void)state;
    static const struct {
        struct account account;
        enum account_status status;
    } STATUSES[] = {
        {{0}, ACCOUNT_CONNECTED},
        {{.paused_until = {1000}}, ACCOUNT_CONNECTED},
        {{.paused_until = {1001}}, ACCOUNT_PAUSED},
        {{.needs_sign_in = true}, ACCOUNT_REAUTH_REQUIRED},
        {{.needs_sign_in = true, .paused_until = {1001}}, ACCOUNT_REAUTH_REQUIRED},
    };
    for (size_t i = 0; i < COUNT(STATUSES); i++)
        assert_int_equal(account_status(&STATUSES[i].account, (moment){1000}), STATUSES[i].status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_only_this_machine_gets_mail_in_the_clear),
        cmocka_unit_test(test_a_long_host),
        cmocka_unit_test(test_whether_mail_leaves_through_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
