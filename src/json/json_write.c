#include <string.h>

#include "base/buf.h"
#include "json/json.h"
#include "json/json_escape.h"

/* What is written was limited when it came in; the reply as a whole is limited where it leaves. */
static const size_t NO_LIMIT = SIZE_MAX / 4;

struct writer {
    struct buf buf;
    unsigned use; /* SHOWN, or STORED: then by the members' names, and without spelling */
    struct arena *arena;
};

static bool write_object(struct writer *writer, const struct schema *schema, const void *object);

/* Like all that write here: false when the member is not set, and null is written. */
static bool write_text(struct writer *writer, const char *text)
{
    if (text)
        json_add_text(&writer->buf, text);
    else
        buf_add_bytes(&writer->buf, "null", 4);
    return text;
}

static bool write_json_text(struct writer *writer, const char *text)
{
    buf_add(&writer->buf, text ? text : "null");
    return text;
}

/* The first name is what a member has that nobody has set. */
static bool write_name(struct writer *writer, const struct field *field, const void *member)
{
    unsigned index, count = 0;
    memcpy(&index, member, sizeof index);
    while (count < index && field->names[count])
        count++;
    const char *name = field->names[count];
    return write_text(writer, name && *name ? name : NULL) && index;
}

static const char *spelled(const struct writer *writer, const struct field *field,
                           const void *member)
{
    return field->spelling->write(member, writer->arena);
}

static bool has_spelling(const struct writer *writer, const struct field *field)
{
    return field->spelling && field->spelling->write && writer->use != STORED;
}

static bool write_list(struct writer *writer, const struct field *field, const struct list *list)
{
    bool is_spelled = has_spelling(writer, field), is_text = field->items == &TEXT_ITEM;
    buf_add_char(&writer->buf, '[');
    for (size_t i = 0; i < list->count; i++) {
        const void *item = (const char *)list->items + i * field->items->size;
        if (i)
            buf_add_char(&writer->buf, ',');
        if (is_spelled)
            write_text(writer, spelled(writer, field, item));
        else if (is_text)
            write_text(writer, *(const char *const *)item);
        else
            write_object(writer, field->items, item);
    }
    buf_add_char(&writer->buf, ']');
    return list->count;
}

static bool write_integer(struct writer *writer, int64_t number)
{
    json_add_integer(&writer->buf, number);
    return number;
}

static bool write_bool(struct writer *writer, bool is_true)
{
    buf_add(&writer->buf, is_true ? "true" : "false");
    return is_true;
}

static bool write_time(struct writer *writer, moment when)
{
    return write_text(writer, when.ms ? moment_text(when, 3, writer->arena) : NULL);
}

static bool write_member(struct writer *writer, const struct field *field, const void *member)
{
    if (field->kind != KIND_LIST && has_spelling(writer, field))
        return write_text(writer, spelled(writer, field, member));
    switch (field->kind) {
    case KIND_TEXT:
        return (field->use & JSON_TEXT ? write_json_text
                                       : write_text)(writer, *(const char *const *)member);
    case KIND_INT: return write_integer(writer, *(const int64_t *)member);
    case KIND_BOOL: return write_bool(writer, *(const bool *)member);
    case KIND_TIME: return write_time(writer, *(const moment *)member);
    case KIND_NAME: return write_name(writer, field, member);
    case KIND_LIST: return write_list(writer, field, member);
    case KIND_OBJECT: return write_object(writer, field->items, member);
    }
    return false;
}

static bool write_object(struct writer *writer, const struct schema *schema, const void *object)
{
    struct buf *buf = &writer->buf;
    bool is_set = false;
    char before = '{';
    for (const struct field *field = schema->fields; field->name; field++) {
        size_t start = buf->size;
        if (!(field->use & writer->use))
            continue;
        const char *key = writer->use == STORED ? field->name : field_key(field);
        buf_add_char(buf, before);
        buf_add_char(buf, '"');
        buf_add(buf, key);
        buf_add_bytes(buf, "\":", 2);
        if (write_member(writer, field, (const char *)object + field->offset))
            is_set = true;
        else if (field->use & OMITTED) {
            buf->size = start;
            continue;
        }
        before = ',';
    }
    buf_add(buf, before == '{' ? "{}" : "}");
    return is_set;
}

struct bytes json_write(const struct schema *schema, const void *object, struct arena *arena)
{
    struct error never;
    struct writer writer = {BUF(arena, NO_LIMIT), SHOWN, arena};
    write_object(&writer, schema, object);
    return (struct bytes){buf_text(&writer.buf, &never), writer.buf.size};
}

char *json_write_list(const struct field *field, struct list list, struct arena *arena)
{
    struct error never;
    struct writer writer = {BUF(arena, NO_LIMIT), STORED, arena};
    write_list(&writer, field, &list);
    return buf_text(&writer.buf, &never);
}
