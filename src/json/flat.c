#include "json/flat.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "json/builder.h"
#include "json/json_escape.h"
#include "json/json_parse.h"
#include "json/json_reader.h"

static const size_t NO_LIMIT = SIZE_MAX / 4; /* what is here was limited when it came in */

static const char *number_text(const struct json *value, struct arena *arena)
{
    struct error never;
    struct buf buf = BUF(arena, NO_LIMIT);
    if (value->kind == JSON_INTEGER)
        json_add_integer(&buf, value->integer);
    else
        json_add_real(&buf, value->real);
    return buf_text(&buf, &never);
}

static bool read_member(const struct json *value, struct arena *arena,
                        struct flat_member *ret_member)
{
    switch (value->kind) {
    case JSON_STRING:
        *ret_member = (struct flat_member){value->key, FLAT_TEXT, value->text};
        return true;
    case JSON_INTEGER:
    case JSON_REAL:
        *ret_member = (struct flat_member){value->key, FLAT_NUMBER, number_text(value, arena)};
        return true;
    case JSON_TRUE:
    case JSON_FALSE:
        *ret_member = (struct flat_member){value->key, FLAT_BOOL,
                                           value->kind == JSON_TRUE ? "true" : "false"};
        return true;
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY: break;
    }
    return false;
}

bool flat_read(struct bytes text, struct arena *arena, struct list *ret_members,
               struct error *error)
{
    const struct reader reader = {.arena = arena, .error = error};
    const struct place top = {0};
    struct json *json;
    if (!json_parse(text, arena, &json, error))
        return false;
    if (json->kind != JSON_OBJECT)
        return reader_refuse(&reader, &top, "must be an object");
    struct flat_member *members = arena_new(arena, struct flat_member, json->size);
    size_t count = 0;
    for (const struct json *value = json->first; value; value = value->next) {
        struct place here = {&top, value->key, 0};
        if (read_member(value, arena, &members[count]))
            count++;
        else if (value->kind != JSON_NULL)
            return reader_refuse(&reader, &here, "must be text, a number, true, false or null");
    }
    *ret_members = (struct list){members, count};
    return true;
}

char *flat_write(const struct list *members, struct arena *arena)
{
    struct error never;
    struct builder builder = BUILDER(arena, NO_LIMIT);
    const struct flat_member *member = members->items;
    builder_object(&builder, NULL);
    for (size_t i = 0; i < members->count; i++)
        if (member[i].kind == FLAT_TEXT)
            builder_text(&builder, member[i].key, member[i].text);
        else
            builder_json(&builder, member[i].key, member[i].text);
    builder_end(&builder);
    return builder_finish(&builder, &never);
}

bool flat_refuse(const char *object, const char *key, struct arena *arena, struct error *error,
                 const char *format, ...)
{
    char message[sizeof error->message];
    const struct reader reader = {.arena = arena, .error = error};
    const struct place top = {0}, outer = {&top, object, 0};
    const struct place here = {*object ? &outer : &top, key, 0};
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return reader_refuse(&reader, &here, "%s", message);
}
