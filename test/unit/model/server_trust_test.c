#include "model/server_trust.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

#include <cmocka.h> /* last: its fail() is a macro */

#define QUARTER "0123456789abcdef"
#define WHOLE QUARTER QUARTER QUARTER QUARTER
#define COLONS_4 "01:23:45:67:89:AB:CD:EF"
#define COLONS COLONS_4 ":" COLONS_4 ":" COLONS_4 ":" COLONS_4

static const struct {
    const char *given, *read; /* NULL: refused */
} ROWS[] = {
    {WHOLE, WHOLE},
    {COLONS, WHOLE},
    {"  " COLONS "\n", WHOLE},
    {"SHA256 Fingerprint=" COLONS, WHOLE},
    {"sha256 Fingerprint=" COLONS "\n", WHOLE},
    {"SHA256:" WHOLE, WHOLE},
    {"sha-256:" WHOLE, WHOLE},
    {"01 23 45 67 89 ab cd ef " QUARTER QUARTER QUARTER, WHOLE},
    {WHOLE "," COLONS, WHOLE " " WHOLE},
    {WHOLE ";\r\n" WHOLE "," WHOLE "," WHOLE ",", WHOLE " " WHOLE " " WHOLE " " WHOLE},
    {WHOLE "," WHOLE "," WHOLE "," WHOLE "," WHOLE, NULL},
    {"", NULL},
    {" , ", NULL},
    {QUARTER, NULL},
    {WHOLE "0", NULL},
    {QUARTER QUARTER QUARTER "0123456789abcdeg", NULL},
    {"0123456789abcdef0123456789abcdef01234567", NULL}, /* SHA-1 */
};

static void each_fingerprint(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const char *read = NULL;
        struct error error = {0};
        bool is_read = server_trust_read_fingerprints(ROWS[i].given, arena, &read, &error);
        if (is_read != !!ROWS[i].read || !text_equal(read, ROWS[i].read) ||
            (!is_read && !strstr(error.message, "SHA-256") && !strstr(error.message, "at most 4")))
            fail_msg("%s: %s", ROWS[i].given, error.message);
    }
}

#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"
#define BODY WHOLE "\n0123\r\n"

static void each_pem(void **state)
{
    (void)state;
    static const struct {
        const char *pem, *message; /* NULL: it is fine */
    } PEMS[] = {
        {BEGIN BODY END, NULL},
        {"Subject: x\n" BEGIN BODY END BEGIN BODY END, NULL},
        {"", "must be certificates in PEM"},
        {"hello", "must be certificates in PEM"},
        {BEGIN BODY, "certificate number 1 cannot be read"},
        {BEGIN BODY END BEGIN END, "certificate number 2 cannot be read"},
        {BEGIN "%" BODY END, "certificate number 1 cannot be read"},
        {BEGIN BODY "012" END, "certificate number 1 cannot be read"},
        {BEGIN BODY END "-----BEGIN PRIVATE KEY-----\n", "holds a private key"},
        {"-----BEGIN RSA PRIVATE KEY-----\n", "holds a private key"},
    };
    for (size_t i = 0; i < sizeof PEMS / sizeof *PEMS; i++) {
        struct error error = {0};
        bool is_fine = server_trust_check_pem(PEMS[i].pem, &error);
        if (is_fine != !PEMS[i].message || (!is_fine && !strstr(error.message, PEMS[i].message)))
            fail_msg("%zu: %s", i, error.message);
        if (!is_fine)
            assert_string_equal(error.field, "tlsCaPem");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_fingerprint),
                                       cmocka_unit_test(each_pem)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
