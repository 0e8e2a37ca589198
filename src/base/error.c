#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* snprintf may cut a UTF-8 character in two; a reply must not carry the half of it. */
static void end_at_character(char *text, size_t size)
{
    size_t length = strlen(text);
    if (length + 1 < size)
        return;
    while (length && ((unsigned char)text[length - 1] & 0xC0) == 0x80)
        length--;
    if (length && (unsigned char)text[length - 1] >= 0xC0)
        length--;
    text[length] = '\0';
}

bool fail(struct error *error, enum error_code code, const char *field, const char *format, ...)
{
    struct error made = {.code = code}; /* the arguments may point into *error */
    snprintf(made.field, sizeof made.field, "%s", field ? field : "");
    va_list args;
    va_start(args, format);
    vsnprintf(made.message, sizeof made.message, format, args);
    va_end(args);
    end_at_character(made.field, sizeof made.field);
    end_at_character(made.message, sizeof made.message);
    *error = made;
    return false;
}

/* What passes, or what an operator can end, is worth another try. */
static enum error_code code_of(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT: return ERROR_FULL;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EROFS:
    case EIO: return ERROR_UNAVAILABLE;
    default: return ERROR_INTERNAL;
    }
}

bool fail_errno(struct error *error, const char *what)
{
    int number = errno;
    char reason[128];
    const char *text = strerror_r(number, reason, sizeof reason); /* the GNU one */
    return fail(error, code_of(number), "", "%s: %s", what, text);
}
