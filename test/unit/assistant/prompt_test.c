#include "assistant/prompt.h"

#include <string.h>

#include "case.h"

static void test_holds_the_letter_and_nothing_else(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    const char *prompt = prompt_write("m-1", &(struct assistant_letter){"S \"x\"", "a\nb", NULL},
                                      arena);
    static const char START[] =
        "{\"model\":\"m-1\",\"messages\":[{\"role\":\"system\",\"content\":\"";
    static const char END[] =
        "\"},{\"role\":\"user\",\"content\":\"{\\\"subject\\\":\\\"S \\\\\\\"x\\\\\\\"\\\","
        "\\\"body_text\\\":\\\"a\\\\nb\\\"}\"}]}";
    assert_memory_equal(prompt, START, strlen(START));
    assert_string_equal(prompt + strlen(prompt) - strlen(END), END);
    assert_null(strstr(prompt_write(NULL, &(struct assistant_letter){0}, arena), "\"model\":"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_holds_the_letter_and_nothing_else)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
