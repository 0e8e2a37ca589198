/* What a response is made of, and what only looks like a piece of one. */
#include "net/imap_token.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

enum { TOKENS_MOST = 12 };

static const struct {
    const char *response;
    const char *tokens[TOKENS_MOST]; /* a letter for the kind, then its text */
} ROWS[] = {
    {"", {0}},
    {"   ", {0}},
    {"* LIST (\\HasNoChildren \\Sent) \"/\" Sent",
     {"a*", "aLIST", "(", "a\\HasNoChildren", "a\\Sent", ")", "q/", "aSent"}},
    {"* LIST () NIL {4}\r\nSent", {"a*", "aLIST", "(", ")", "aNIL", "lSent"}},
    {"{3+}\r\na\r\n{2}\r\nbc d", {"la\r\n", "lbc", "ad"}},
    {"{0}\r\n x", {"l", "ax"}},
    {"\"a b\" \"\" \"q\\\"u\\\\o\"", {"qa b", "q", "qq\"u\\o"}},
    {"* 12 FETCH (UID 7 BODY[HEADER.FIELDS (MESSAGE-ID \"X-A\")] \"x\")",
     {"a*", "a12", "aFETCH", "(", "aUID", "a7", "aBODY[HEADER.FIELDS (MESSAGE-ID \"X-A\")]", "qx",
      ")"}},
    {"BODY[]<0> {1}\r\nx)", {"aBODY[]<0>", "lx", ")"}},
    {"a(b)c", {"aa", "(", "ab", ")", "ac"}},
    /* What is cut off or no token ends the response. */
    {"a \"open", {"aa"}},
    {"a \"open\\", {"aa"}},
    {"a \"open\\\"", {"aa"}},
    {"a {5}\r\nbcd", {"aa"}},
    {"a {5}", {"aa"}},
    {"a {-1}\r\nb", {"aa"}},
    {"a {99999999999999999999}\r\nb", {"aa"}},
    {"a \x01 b", {"aa"}},
    {"[never closed", {"a[never closed"}},
};

static const char *spelled(const struct imap_token *token, struct arena *arena)
{
    static const char KINDS[] = {
        [IMAP_OPEN] = '(',   [IMAP_CLOSE] = ')',   [IMAP_ATOM] = 'a',
        [IMAP_QUOTED] = 'q', [IMAP_LITERAL] = 'l',
    };
    bool is_bracket = token->kind == IMAP_OPEN || token->kind == IMAP_CLOSE;
    return arena_format(arena, "%c%s", KINDS[token->kind],
                        is_bracket ? "" : imap_token_text(token, arena));
}

static void test_tokens(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct imap_tokens tokens = {ROWS[i].response, ROWS[i].response + strlen(ROWS[i].response)};
        struct imap_token token;
        size_t count = 0;
        while ((token = imap_token_next(&tokens)).kind != IMAP_END) {
            const char *wanted = ROWS[i].tokens[count++];
            if (!wanted || !text_equal(spelled(&token, arena), wanted))
                fail_msg("row %zu, token %zu: %s", i, count, spelled(&token, arena));
        }
        if (ROWS[i].tokens[count])
            fail_msg("row %zu has only %zu tokens", i, count);
        assert_int_equal(imap_token_next(&tokens).kind, IMAP_END);
    }
}

static void test_a_nul_is_no_text(void **state)
{
    (void)state;
    AUTO_ARENA arena = arena_create();
    static const char RESPONSE[] = "{3}\r\na\0b";
    struct imap_tokens tokens = {RESPONSE, RESPONSE + sizeof RESPONSE - 1};
    struct imap_token token = imap_token_next(&tokens);
    assert_int_equal(token.kind, IMAP_LITERAL);
    assert_int_equal(token.value.size, 3);
    assert_null(imap_token_text(&token, arena));
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t number;
    } NUMBERS[] = {
        {"1", 1},  {"4294967295", UINT32_MAX}, {"4294967296", 0}, {"0", 0},
        {"-1", 0}, {"12345678901", 0},         {"1a", 0},         {"\"1\"", 0},
    };
    for (size_t i = 0; i < COUNT(NUMBERS); i++) {
        const char *text = NUMBERS[i].text;
        struct imap_tokens tokens = {text, text + strlen(text)};
        struct imap_token token = imap_token_next(&tokens);
        assert_int_equal(imap_token_number(&token), NUMBERS[i].number);
    }
}

static void test_ends_of_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool is_literal;
        size_t size;
    } LINES[] = {
        {"a {12}\r\n", true, 12},
        {"a {12+}\r\n", true, 12},
        {"{0}\n", true, 0},
        {"a {12}", true, 12},
        {"a {9999999999}\r\n", true, 9999999999},
        {"a {99999999999999}\r\n", true, SIZE_MAX},
        {"a {12} \r\n", false, 0},
        {"a {}\r\n", false, 0},
        {"a {+}\r\n", false, 0},
        {"a {x1}\r\n", false, 0},
        {"a 12}\r\n", false, 0},
        {"}\r\n", false, 0},
        {"\r\n", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < COUNT(LINES); i++) {
        size_t size = 0;
        if (imap_token_ends_in_literal(LINES[i].line, strlen(LINES[i].line), &size) !=
                LINES[i].is_literal ||
            (LINES[i].is_literal && size != LINES[i].size))
            fail_msg("row %zu: %zu", i, size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_a_nul_is_no_text),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_ends_of_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
