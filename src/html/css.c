#include "html/css.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Brackets deeper than this end what is being read. */
enum { BRACKETS_MAX = 32 };

enum { NAME_BYTES_MAX = 40 }; /* of a property: longer ones are not known */

/* What an escape becomes that stands for no printable ASCII character: it is in no value that may
 * stay. */
enum { UNKNOWN_CHARACTER = '\x1A' };

/* All others mean nothing but themselves, wherever they stand. */
static const bool SPECIAL[256] = {
    ['\0'] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
    ['\f'] = true, ['/'] = true, ['\\'] = true, ['"'] = true,  ['\''] = true,
    ['('] = true,  [')'] = true, ['['] = true,  [']'] = true,  ['{'] = true,
    ['}'] = true,  [':'] = true, [';'] = true,  [','] = true,
};

static bool css_is_special(char character)
{
    return SPECIAL[(unsigned char)character];
}

static bool css_is_space(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n' ||
           character == '\f';
}

static int css_hex_digit(char character)
{
    static const char DIGITS[] = "0123456789abcdefABCDEF";
    const char *at = character ? strchr(DIGITS, character) : NULL;
    return !at ? -1 : at - DIGITS < 16 ? (int)(at - DIGITS) : (int)(at - DIGITS) - 6;
}

static bool css_is_comment(const struct css_text *text)
{
    return text->end - text->at >= 2 && text->at[0] == '/' && text->at[1] == '*';
}

static void css_skip_comment(struct css_text *text)
{
    const char *end = memmem(text->at + 2, (size_t)(text->end - text->at) - 2, "*/", 2);
    text->at = end ? end + 2 : text->end;
}

static void css_skip_escape(struct css_text *text)
{
    text->at += text->end - text->at > 1 ? 2 : 1;
}

/* A line break ends a string that was not closed. */
static void css_skip_string(struct css_text *text)
{
    char quote = *text->at++;
    while (text->at < text->end && *text->at != quote && *text->at != '\n')
        if (*text->at == '\\')
            css_skip_escape(text);
        else
            text->at++;
    text->at += text->at < text->end;
}

/* An address without quotes may hold what looks like comments, quotes and semicolons. */
static bool css_is_plain_url(const struct css_text *text, const char *start)
{
    const char *at = text->at;
    if (at - start < 3 || strncasecmp(at - 3, "url", 3) != 0)
        return false;
    for (at++; at < text->end && css_is_space(*at);)
        at++;
    return at < text->end && *at != '"' && *at != '\'';
}

static void css_skip_plain_url(struct css_text *text)
{
    while (text->at < text->end && *text->at != ')')
        if (*text->at == '\\')
            css_skip_escape(text);
        else
            text->at++;
    text->at += text->at < text->end;
}

static char css_closer_of(char opener)
{
    return opener == '(' ? ')' : opener == '[' ? ']' : opener == '{' ? '}' : '\0';
}

/* To the next of these characters that stands in no bracket, string or comment, or to the end. */
static void css_find(struct css_text *text, const char *stops)
{
    const char *start = text->at;
    char closers[BRACKETS_MAX];
    size_t depth = 0;
    while (text->at < text->end) {
        char character = *text->at;
        if (!css_is_special(character)) {
            text->at++;
            continue;
        }
        if (!depth && strchr(stops, character))
            return;
        if (css_is_comment(text))
            css_skip_comment(text);
        else if (character == '\\')
            css_skip_escape(text);
        else if (character == '"' || character == '\'')
            css_skip_string(text);
        else if (character == '(' && css_is_plain_url(text, start))
            css_skip_plain_url(text);
        else if (css_closer_of(character)) {
            if (depth == BRACKETS_MAX) {
                text->at = text->end;
                return;
            }
            closers[depth++] = css_closer_of(character);
            text->at++;
        } else {
            depth -= depth && closers[depth - 1] == character;
            text->at++;
        }
    }
}

static void css_skip_space(struct css_text *text)
{
    while (text->at < text->end)
        if (css_is_comment(text))
            css_skip_comment(text);
        else if (css_is_space(*text->at))
            text->at++;
        else
            return;
}

/* --- pieces as text */

/* CSS Syntax 4.3.7; text stands on the backslash. */
static char css_read_escape(struct css_text *text)
{
    uint32_t code = 0;
    int digits = 0;
    text->at++;
    if (text->at == text->end)
        return UNKNOWN_CHARACTER;
    for (; digits < 6 && text->at < text->end && css_hex_digit(*text->at) >= 0; digits++)
        code = code << 4 | (uint32_t)css_hex_digit(*text->at++);
    if (!digits) {
        char character = *text->at++;
        return character >= ' ' && character < 0x7F ? character : UNKNOWN_CHARACTER;
    }
    if (text->at < text->end && css_is_space(*text->at))
        text->at += text->at[0] == '\r' && text->end - text->at > 1 && text->at[1] == '\n' ? 2 : 1;
    return code > ' ' && code < 0x7F ? (char)code : UNKNOWN_CHARACTER;
}

/* One line: escapes read, comments gone, white space joined. */
static char *css_plain(struct css_text text, struct arena *arena)
{
    char *plain = arena_alloc(arena, (size_t)(text.end - text.at) + 1), *to = plain;
    while (text.at < text.end)
        if (!css_is_special(*text.at))
            *to++ = *text.at++;
        else if (css_is_comment(&text) || css_is_space(*text.at)) {
            if (css_is_comment(&text))
                css_skip_comment(&text);
            else
                text.at++;
            if (to > plain && to[-1] != ' ')
                *to++ = ' ';
        } else if (*text.at == '\\')
            *to++ = css_read_escape(&text);
        else
            *to++ = *text.at++;
    if (to > plain && to[-1] == ' ')
        to--;
    *to = '\0';
    return plain;
}

/* Cuts "!important" off. */
static bool css_cut_important(char *value)
{
    static const char IMPORTANT[] = "important";
    size_t size = strlen(value), word = strlen(IMPORTANT);
    if (size <= word || strcasecmp(value + size - word, IMPORTANT) != 0)
        return false;
    size -= word;
    size -= value[size - 1] == ' ';
    if (!size || value[size - 1] != '!')
        return false;
    size--;
    size -= size && value[size - 1] == ' ';
    value[size] = '\0';
    return true;
}

/* --- what is made of them */

/* `text` stands on the at-sign. */
static void css_skip_at_rule(struct css_text *text)
{
    css_find(text, ";{");
    if (text->at < text->end && *text->at == '{') {
        text->at++;
        css_find(text, "}");
    }
    text->at += text->at < text->end;
}

static bool css_read_declaration(struct css_text text, struct arena *arena,
                                 struct css_declaration *ret_declaration)
{
    struct css_text name = text;
    css_find(&text, ":");
    if (text.at == text.end)
        return false;
    name.end = text.at++;
    if (name.end - name.at > 4 * NAME_BYTES_MAX)
        return false;
    char *value = css_plain(text, arena), *lower = css_plain(name, arena);
    bool is_important = css_cut_important(value);
    for (char *at = lower; *at; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at | 0x20 : *at);
    *ret_declaration = (struct css_declaration){lower, value, is_important};
    return *value;
}

bool css_next_declaration(struct css_text *text, struct arena *arena,
                          struct css_declaration *ret_declaration)
{
    for (;;) {
        css_skip_space(text);
        if (text->at == text->end)
            return false;
        if (*text->at == '@') {
            css_skip_at_rule(text);
            continue;
        }
        struct css_text one = *text;
        css_find(text, ";");
        one.end = text->at;
        text->at += text->at < text->end;
        if (css_read_declaration(one, arena, ret_declaration))
            return true;
    }
}

/* What old pages put around a style sheet, to hide it from older browsers. */
static bool css_skip_mark(struct css_text *text)
{
    static const char *const MARKS[] = {"<!--", "-->"};
    size_t room = (size_t)(text->end - text->at);
    for (size_t i = 0; i < sizeof MARKS / sizeof *MARKS; i++)
        if (strlen(MARKS[i]) <= room && memcmp(text->at, MARKS[i], strlen(MARKS[i])) == 0) {
            text->at += strlen(MARKS[i]);
            return true;
        }
    return false;
}

bool css_next_rule(struct css_text *text, struct css_rule *ret_rule)
{
    for (;;) {
        css_skip_space(text);
        if (text->at == text->end)
            return false;
        if (css_skip_mark(text))
            continue;
        if (*text->at == '@') {
            css_skip_at_rule(text);
            continue;
        }
        struct css_rule rule = {.selectors = *text};
        css_find(text, "{");
        rule.selectors.end = text->at;
        if (text->at == text->end)
            return false;
        text->at++;
        rule.declarations = *text;
        css_find(text, "}");
        rule.declarations.end = text->at;
        text->at += text->at < text->end;
        *ret_rule = rule;
        return true;
    }
}

bool css_next_selector(struct css_text *text, struct arena *arena, const char **ret_selector)
{
    if (text->at == text->end)
        return false;
    struct css_text one = *text;
    css_find(text, ",");
    one.end = text->at;
    text->at += text->at < text->end;
    *ret_selector = css_plain(one, arena);
    return true;
}
