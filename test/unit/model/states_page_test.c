/* docs/states.md is printed from the table in model/email_state.c: this compares the two, and
 * writes the page anew when GOLDEN=write is set (make golden). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case.h"
#include "model/email_state.h"

static const char *page_path;

static void print_diagram(FILE *out)
{
    size_t count;
    const struct email_move *moves = email_moves(&count);
    fputs("```mermaid\nstateDiagram-v2\n    [*] --> draft\n    [*] --> received\n", out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "    %s --> %s: %s\n", EMAIL_STATE_NAMES[moves[i].from],
                EMAIL_STATE_NAMES[moves[i].to], EMAIL_EVENT_NAMES[moves[i].event]);
    fputs("```\n", out);
}

static void print_table(FILE *out)
{
    fputs("| state | may be edited | is an end | leads on |\n|---|---|---|---|\n", out);
    for (int from = 0; from < EMAIL_STATE_COUNT; from++) {
        const char *separator = "";
        fprintf(out, "| `%s` | %s | %s | ", EMAIL_STATE_NAMES[from],
                email_state_is_editable((enum email_state)from) ? "yes" : "",
                email_state_is_final((enum email_state)from) ? "yes" : "");
        for (int event = 0; event < EVENT_COUNT; event++) {
            enum email_state to;
            if (!email_next((enum email_state)from, (enum email_event)event, &to))
                continue;
            fprintf(out, "%s%s → `%s`", separator, EMAIL_EVENT_NAMES[event], EMAIL_STATE_NAMES[to]);
            separator = ", ";
        }
        fputs(" |\n", out);
    }
}

static void print_page(FILE *out)
{
    fputs("# The life of an email\n\n"
          "Printed from the table in `src/model/email_state.c`; `make golden` writes it anew.\n\n",
          out);
    print_diagram(out);
    fputs("\n", out);
    print_table(out);
}

static char *read_page(void)
{
    char *text = calloc(1, 64 * 1024);
    FILE *page = fopen(page_path, "r");
    assert_non_null(text);
    if (page) {
        assert_int_equal(ferror(page), 0);
        text[fread(text, 1, 64 * 1024 - 1, page)] = 0;
        fclose(page);
    }
    return text;
}

static void test_the_page_is_the_table(void **state)
{
    (void)state;
    const char *wish = getenv("GOLDEN");
    char *printed = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&printed, &size);
    print_page(memory);
    fclose(memory);
    if (wish && strcmp(wish, "write") == 0) {
        FILE *page = fopen(page_path, "w");
        assert_non_null(page);
        fputs(printed, page);
        fclose(page);
    }
    char *kept = read_page();
    assert_string_equal(kept, printed);
    free(kept);
    free(printed);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_page_is_the_table)};
    page_path = count > 1 ? arguments[1] : "docs/states.md";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
