/* covers: src/base/hmac_md5.c */
#include "base/hmac_md5.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* last: its fail() is a macro */

/* The examples of RFC 2195 and RFC 2202. */
static void the_examples_of_the_standards(void **state)
{
    (void)state;
    static const struct {
        const char *key, *text, *hex;
    } ROWS[] = {
        {"tanstaaftanstaaf", "<1896.697170952@postoffice.reston.mci.net>",
         "b913a602c7eda7a495b4e6e7334d3890"},
        {"Jefe", "what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738"},
        {"", "", "74e6f7298a9c2d168935f58c001bad88"},
    };
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        assert_string_equal(hmac_md5((struct bytes){ROWS[i].key, strlen(ROWS[i].key)},
                                     (struct bytes){ROWS[i].text, strlen(ROWS[i].text)}, arena),
                            ROWS[i].hex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_examples_of_the_standards)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
