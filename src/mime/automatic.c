#include "mime/automatic.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "mime/addr_spec.h"

/* is_value: the field says it by this value alone; else by any but this. */
static const struct {
    enum head_field field;
    const char *value;
    bool is_value;
} SIGNS[] = {
    {HEAD_AUTO_SUBMITTED, "no", false},    {HEAD_X_AUTOREPLY, "no", false},
    {HEAD_X_AUTORESPOND, "no", false},     {HEAD_X_AUTORESPONSE, "no", false},
    {HEAD_X_AUTOREPLY_FROM, "no", false},  {HEAD_X_MAIL_AUTOREPLY, "no", false},
    {HEAD_PRECEDENCE, "auto_reply", true}, {HEAD_PRECEDENCE, "auto-reply", true},
};

/* A keyword may be followed by parameters and comments. */
static bool automatic_says(const char *text, const char *keyword)
{
    text += strspn(text, " \t\"");
    size_t size = strcspn(text, " \t;(\"");
    return size == strlen(keyword) && strncasecmp(text, keyword, size) == 0;
}

bool automatic_is(const struct head *head)
{
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++) {
        const char *value = head->values[SIGNS[i].field];
        if (!text_is_empty(value) && automatic_says(value, SIGNS[i].value) == SIGNS[i].is_value)
            return true;
    }
    return false;
}

static const char *automatic_unescape(const char *text, size_t size, struct arena *arena)
{
    char *plain = arena_copy_bytes(arena, text, size), *to = plain;
    for (const char *at = plain; *at; at++) {
        char digits[3] = {0};
        if (*at == '%' && at[1] && at[2])
            memcpy(digits, at + 1, 2);
        char *end = digits;
        long byte = digits[0] ? strtol(digits, &end, 16) : 0;
        bool is_escape = end == digits + 2 && byte > ' ' && byte < 0x7F;
        *to++ = is_escape ? (char)byte : *at;
        at += is_escape ? 2 : 0;
    }
    *to = '\0';
    return plain;
}

const char *automatic_list_post(const char *value, struct arena *arena)
{
    static const char LINK[] = "mailto:";
    const char *at = value ? strcasestr(value, LINK) : NULL;
    if (!at)
        return NULL;
    at += strlen(LINK);
    return addr_spec_read_loosely(automatic_unescape(at, strcspn(at, "?>, \t"), arena), arena);
}
