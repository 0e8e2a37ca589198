#include "json/json_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A key may be anything: it is cut, and what could mislead whoever reads it is taken out. */
static const char *safe_key(const char *key, struct arena *arena)
{
    enum { KEY_MAX = 40 };
    char *safe = arena_copy_bytes(arena, key, strnlen(key, KEY_MAX));
    for (char *at = safe; *at; at++)
        if (*at <= ' ' || *at > '~')
            *at = '?';
    return safe;
}

static const char *path_of(const struct place *place, struct arena *arena)
{
    if (!place->parent)
        return "";
    const char *parent = path_of(place->parent, arena);
    if (!place->key)
        return arena_format(arena, "%s[%zu]", parent, place->index);
    return arena_format(arena, "%s%s%s", parent, *parent ? "." : "", safe_key(place->key, arena));
}

bool reader_refuse(const struct reader *reader, const struct place *place, const char *format, ...)
{
    char message[sizeof reader->error->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return fail(reader->error, ERROR_INVALID, path_of(place, reader->arena), "%s", message);
}

bool reader_locate(const struct reader *reader, const struct place *place)
{
    return fail(reader->error, reader->error->code, path_of(place, reader->arena), "%s",
                reader->error->message);
}
