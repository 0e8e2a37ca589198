#include "mime/uuencode.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static struct bytes bytes_of(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

static void tells_lines_apart(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool is_data, is_empty, begins, ends;
    } ROWS[] = {
        {"#86)C\r\n", true, false, false, false},
        {"#86)C", true, false, false, false},
        {"#86)CX\n", true, false, false, false}, /* a sum */
        {"$86)C9 \n", true, false, false, false},
        {"$86)C9\n", true, false, false, false}, /* its spaces are lost */
        {"M86)C\n", false, false, false, false},
        {"#86)c\n", false, false, false, false},
        {"#86)C1234\n", false, false, false, false},
        {"`\n", false, true, false, false},
        {" \r\n", false, true, false, false},
        {"\n", false, true, false, false},
        {"", false, true, false, false},
        {"begin 644 a b.pdf\n", false, false, true, false},
        {"begin 0755  x", false, false, true, false},
        {"begin 64 x\n", false, false, false, false},
        {"begin 888 x\n", false, false, false, false},
        {"begin 644\n", false, false, false, false},
        {"begin 644 \n", false, false, false, false},
        {"begin the work\n", false, false, false, false},
        {"end\r\n", false, false, false, true},
        {"ending\n", false, false, false, false},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct bytes line = bytes_of(ROWS[i].line);
        print_message("# row %zu\n", i);
        assert_int_equal(uuencode_is_data(&line), ROWS[i].is_data);
        assert_int_equal(uuencode_is_empty(&line), ROWS[i].is_empty);
        assert_int_equal(uuencode_begins(&line, NULL), ROWS[i].begins);
        assert_int_equal(uuencode_ends(&line), ROWS[i].ends);
    }
}

#define FULL "M86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C86)C\n"

static void finds_files(void **state)
{
    (void)state;
    static const struct {
        const char *text, *before, *name, *data, *behind;
    } ROWS[] = {
        {"a\nbegin 644 f g.x\r\n#86)C\n`\nend\nb", "a\n", "f g.x", "#86)C\n", "b"},
        {"begin 644 f\nend\n", "", "f", "", ""},
        {"begin 644 f\nbegin 644 g\n`\nend\n", "begin 644 f\n", "g", "", ""},
        {"begin 644 f\n" FULL FULL FULL "#86)C\n", "", "f", FULL FULL FULL "#86)C\n", ""},
        {"begin 644 f\n" FULL FULL FULL "and so on", "", "f", FULL FULL FULL, "and so on"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct bytes text = bytes_of(ROWS[i].text);
        struct uuencoded file;
        print_message("# row %zu\n", i);
        assert_true(uuencode_find(&text, 0, &file));
        assert_int_equal(file.start, strlen(ROWS[i].before));
        assert_int_equal(file.name.size, strlen(ROWS[i].name));
        assert_memory_equal(file.name.data, ROWS[i].name, file.name.size);
        assert_int_equal(file.data.size, strlen(ROWS[i].data));
        assert_memory_equal(file.data.data, ROWS[i].data, file.data.size);
        assert_string_equal(ROWS[i].text + file.end, ROWS[i].behind);
        assert_false(uuencode_find(&text, file.end, &file));
    }
}

static void finds_none(void **state)
{
    (void)state;
    static const char *const ROWS[] = {
        "",
        "begin",
        "begin 644 f",
        "begin 644 f\n",
        "begin 644 f\nDear all,\nend\n",
        "begin 644 f\n#86)C\n",
        "say begin 644 f\n#86)C\n`\nend\n",
        "begin the work\nend\n",
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct bytes text = bytes_of(ROWS[i]);
        struct uuencoded file;
        assert_false(uuencode_find(&text, 0, &file));
    }
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(tells_lines_apart),
        cmocka_unit_test(finds_files),
        cmocka_unit_test(finds_none),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
