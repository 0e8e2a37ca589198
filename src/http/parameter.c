#include "http/parameter.h"

#include <string.h>

static const char BLANK[] = " \t";
static const char TOKEN[] = "!#$%&'*+-.^_`|~0123456789"
                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool parameter_is_token(const char *text)
{
    return *text && !text[strspn(text, TOKEN)];
}

char *parameter_begin(char *text, char **ret_rest)
{
    text += strspn(text, BLANK);
    size_t size = strcspn(text, ";");
    *ret_rest = text + size + (text[size] == ';');
    while (size && strchr(BLANK, text[size - 1]))
        size--;
    text[size] = '\0';
    return text;
}

/* text: behind the opening quote. What follows the closing one, or NULL when there is none. */
static char *unquote(char *text)
{
    char *to = text;
    while (*text && *text != '"') {
        text += *text == '\\' && (text[1] == '"' || text[1] == '\\');
        *to++ = *text++;
    }
    if (!*text)
        return NULL;
    *to = '\0';
    return text + 1;
}

enum parameter parameter_next(char **rest, const char **ret_name, char **ret_value)
{
    char *name = *rest + strspn(*rest, "; \t");
    if (!*name)
        return PARAMETER_END;
    size_t name_size = strspn(name, TOKEN);
    char *equals = name + name_size + strspn(name + name_size, BLANK);
    if (!name_size || *equals != '=')
        return PARAMETER_BROKEN;
    char *value = equals + 1 + strspn(equals + 1, BLANK);
    bool is_quoted = *value == '"';
    value += is_quoted;
    char *end = is_quoted ? unquote(value) : value + strcspn(value, "; \t\"");
    char *next = end ? end + strspn(end, BLANK) : NULL;
    if (!next || (*next && *next != ';'))
        return PARAMETER_BROKEN;
    *rest = next + (*next == ';');
    if (!is_quoted)
        *end = '\0';
    name[name_size] = '\0';
    *ret_name = name;
    *ret_value = value;
    return PARAMETER_FOUND;
}
