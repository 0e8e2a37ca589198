#include "template/template_token.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Not isalpha: that asks the process's locale. */
static size_t name_size(const char *text)
{
    static const char FIRST[] = LETTERS "_", REST[] = LETTERS "_0123456789.-";
    if (!*text || !strchr(FIRST, *text))
        return 0;
    size_t size = 1;
    while (size <= TEMPLATE_TOKEN_BYTES && text[size] && strchr(REST, text[size]))
        size++;
    return size <= TEMPLATE_TOKEN_BYTES ? size : 0;
}

bool template_token_is_name(const char *name)
{
    size_t size = name_size(name);
    return size && !name[size];
}

static bool finish(const char *text, const char *name, size_t size, const char *end,
                   struct template_token *ret_token)
{
    memcpy(ret_token->name, name, size);
    ret_token->name[size] = '\0';
    ret_token->size = (size_t)(end - text);
    return true;
}

bool template_token_read(const char *text, struct template_token *ret_token)
{
    if (*text != '{')
        return false;
    bool is_double = text[1] == '{';
    const char *name = text + 1 + is_double;
    if (is_double)
        name += strspn(name, " ");
    size_t size = name_size(name);
    const char *end = name + size;
    if (is_double)
        end += strspn(end, " ");
    if (!size || end[0] != '}' || (is_double && end[1] != '}'))
        return false;
    return finish(text, name, size, end + 1 + is_double, ret_token);
}

static bool template_token_may_hold(char character)
{
    return (unsigned char)character >= 0x80 ||
           (character && strchr(LETTERS "0123456789_.- ", character));
}

/* One line of words between one or two braces. With a quote, a colon, a semicolon or another brace
 * inside it is something else. Looks no further than a token is long. */
bool template_token_is_near(const char *text, struct template_token *ret_token)
{
    size_t size = 0, words = 0;
    while (size < 2 && text[size] == '{')
        size++;
    bool is_open = size;
    for (; size < TEMPLATE_TOKEN_BYTES && template_token_may_hold(text[size]); size++)
        words += (unsigned char)text[size] >= 0x80 || strchr(LETTERS "_", text[size]);
    if (!is_open || !words || size >= TEMPLATE_TOKEN_BYTES || text[size++] != '}')
        return false;
    size += size < TEMPLATE_TOKEN_BYTES && text[0] == '{' && text[1] == '{' && text[size] == '}';
    memcpy(ret_token->name, text, size);
    ret_token->name[size] = '\0';
    ret_token->size = size;
    return true;
}
