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
    {"a Sent folder of a sandbox", "imap", {.provider = PROVIDER_SANDBOX, .imap_host = "a"}},
    {"a Sent folder of gmail", "imap", {.provider = PROVIDER_GMAIL, .imap_host = "a"}},
};

static const struct {
    const char *name, *field;
    struct account imap; /* its part alone */
    bool may_be_plain;
} IMAP_ROWS[] = {
    {"none", NULL, {0}},
    {"tls", NULL, {.imap_host = "mail.example", .imap_port = 993, .imap_security = SECURITY_TLS}},
    {"no host", "imap.host", {.imap_host = "", .imap_port = 993}},
    {"a path", "imap.host", {.imap_host = "a/b", .imap_port = 993}},
    {"port 0", "imap.port", {.imap_host = "a"}},
    {"port 65536", "imap.port", {.imap_host = "a", .imap_port = 65536}},
    {"a user name of two lines",
     "imap.username",
     {.imap_host = "a", .imap_port = 1, .imap_username = "a\r\nb"}},
    {"in the clear",
     "imap.security",
     {.imap_host = "a", .imap_port = 1, .imap_security = SECURITY_NONE}},
    {"in the clear, on this machine",
     NULL,
     {.imap_host = "127.0.0.1", .imap_port = 1, .imap_security = SECURITY_NONE}},
    {"in the clear, as is wanted",
     NULL,
     {.imap_host = "a", .imap_port = 1, .imap_security = SECURITY_NONE},
     .may_be_plain = true},
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
    {"[", false, false},
    {"[::1", false, false},
    {"::1]", false, false},
    {"[::1]x", false, false},
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

static void test_rules_of_a_sent_folder(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(IMAP_ROWS); i++) {
        struct row row = {IMAP_ROWS[i].name, IMAP_ROWS[i].field, IMAP_ROWS[i].imap,
                          IMAP_ROWS[i].may_be_plain};
        row.account.provider = PROVIDER_SMTP;
        row.account.smtp_host = "a";
        row.account.smtp_port = 465;
        row.account.smtp_username = "a@example.com";
        check_row(&row);
    }
}

static void test_a_sent_folder_wants_a_user_name(void **state)
{
    (void)state;
    struct row row = {
        "no user name",
        "imap.username",
        {.provider = PROVIDER_SMTP,
         .smtp_host = "a",
         .smtp_port = 465,
         .imap_host = "a",
         .imap_port = 993},
    };
    check_row(&row);
    row.account.imap_username = "a@example.com";
    row.field = NULL;
    check_row(&row);
}

static void test_what_nobody_said_of_a_sent_folder(void **state)
{
    (void)state;
    static const struct {
        struct account given;
        enum account_security security;
        int64_t port;
    } FILLS[] = {
        {{0}, SECURITY_UNSET, 0},
        {{.imap_host = "a"}, SECURITY_TLS, 993},
        {{.imap_host = "a", .imap_security = SECURITY_STARTTLS}, SECURITY_STARTTLS, 143},
        {{.imap_host = "a", .imap_security = SECURITY_NONE}, SECURITY_NONE, 143},
        {{.imap_host = "a", .imap_port = 7}, SECURITY_TLS, 7},
    };
    for (size_t i = 0; i < COUNT(FILLS); i++) {
        struct account account = FILLS[i].given;
        account_fill_imap(&account);
        assert_int_equal(account.imap_security, FILLS[i].security);
        assert_int_equal(account.imap_port, FILLS[i].port);
    }
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
        cmocka_unit_test(test_rules_of_a_sent_folder),
        cmocka_unit_test(test_a_sent_folder_wants_a_user_name),
        cmocka_unit_test(test_what_nobody_said_of_a_sent_folder),
        cmocka_unit_test(test_only_this_machine_gets_mail_in_the_clear),
        cmocka_unit_test(test_a_long_host),
        cmocka_unit_test(test_whether_mail_leaves_through_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
