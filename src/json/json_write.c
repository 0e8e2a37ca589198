#include <string.h>

#include "base/buf.h"
#include "json/json.h"
#include "json/json_escape.h"

/* What is written was limited when it came in; the reply as a whole is limited where it leaves. */
static const size_t NO_LIMIT = SIZE_MAX / 4;

/* A longer text is escaped in parts, so that the sink gets it bit by bit. */
enum { TEXT_PART_BYTES = 8 * 1024 };

struct writer {
    struct buf buf;
    unsigned use; /* SHOWN, or STORED: then by the members' names, and without spelling */
    struct arena *arena;
    unsigned left_out;
    const struct json_maker *maker;
    const struct json_sink *sink; /* NULL: all of it stays in buf */
    unsigned kept;                /* objects around that may yet be taken back: OMITTED ones */
    bool has_failed;
    struct error *error;
};

/* Where what has been written will not be taken back: the sink may have it. */
static void give_piece(struct writer *writer)
{
    struct buf *buf = &writer->buf;
    if (!writer->sink || writer->kept || buf->size < JSON_PIECE_BYTES)
        return;
    if (!writer->has_failed)
        writer->has_failed = !writer->sink->write(writer->sink->context, buf->data, buf->size,
                                                  writer->error);
    buf->size = 0;
}

static bool write_object(struct writer *writer, const struct schema *schema, const void *object);

/* Like all that write here: false when the member is not set, and null is written. */
static bool write_text(struct writer *writer, const char *text)
{
    if (!text) {
        buf_add_bytes(&writer->buf, "null", 4);
        return false;
    }
    buf_add_char(&writer->buf, '"');
    for (size_t size; (size = strnlen(text, TEXT_PART_BYTES)) > 0; text += size) {
        json_add_part(&writer->buf, text, size);
        give_piece(writer);
    }
    buf_add_char(&writer->buf, '"');
    return true;
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

static void write_item(struct writer *writer, const struct field *field, const void *item)
{
    if (has_spelling(writer, field))
        write_text(writer, spelled(writer, field, item));
    else if (field->items == &TEXT_ITEM)
        write_text(writer, *(const char *const *)item);
    else
        write_object(writer, field->items, item);
}

/* What the item is made of, and its spellings, are gone before the next one. */
static bool make_item(struct writer *writer, const struct field *field, const void *stands_for,
                      bool is_first)
{
    const struct json_maker *maker = writer->maker;
    struct arena *outer = writer->arena;
    AUTO_ARENA arena = arena_create();
    void *item = arena_alloc(arena, field->items->size);
    bool is_there = false;
    writer->has_failed = !maker->make(maker->context, stands_for, arena, item, &is_there,
                                      writer->error);
    if (writer->has_failed || !is_there)
        return false;
    if (!is_first)
        buf_add_char(&writer->buf, ',');
    writer->arena = arena;
    write_item(writer, field, item);
    writer->arena = outer;
    return true;
}

static bool write_list(struct writer *writer, const struct field *field, const struct list *list)
{
    bool is_made = writer->maker && writer->maker->items == field->items;
    size_t size = is_made ? writer->maker->size : field->items->size, written = 0;
    buf_add_char(&writer->buf, '[');
    for (size_t i = 0; i < list->count && !writer->has_failed; i++) {
        const void *item = (const char *)list->items + i * size;
        if (is_made) {
            written += make_item(writer, field, item, !written);
        } else {
            if (written++)
                buf_add_char(&writer->buf, ',');
            write_item(writer, field, item);
        }
        give_piece(writer);
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
        if (!(field->use & writer->use) || field->use & writer->left_out)
            continue;
        const char *key = writer->use == STORED ? field->name : field_key(field);
        buf_add_char(buf, before);
        buf_add_char(buf, '"');
        buf_add(buf, key);
        buf_add_bytes(buf, "\":", 2);
        bool may_go = field->kind == KIND_OBJECT && field->use & OMITTED;
        writer->kept += may_go;
        bool is_member_set = write_member(writer, field, (const char *)object + field->offset);
        writer->kept -= may_go;
        if (is_member_set)
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
    struct writer writer = {.buf = BUF(arena, NO_LIMIT), .use = SHOWN, .arena = arena};
    write_object(&writer, schema, object);
    return (struct bytes){buf_text(&writer.buf, &never), writer.buf.size};
}

bool json_write_pieces(const struct schema *schema, const void *object, unsigned left_out,
                       const struct json_maker *maker, const struct json_sink *sink,
                       struct arena *arena, struct bytes *ret_rest, struct error *error)
{
    struct writer writer = {
        .buf = BUF(arena, NO_LIMIT),
        .use = SHOWN,
        .arena = arena,
        .left_out = left_out,
        .maker = maker,
        .sink = sink,
        .error = error,
    };
    write_object(&writer, schema, object);
    if (writer.has_failed)
        return false;
    *ret_rest = (struct bytes){buf_text(&writer.buf, error), writer.buf.size};
    return true;
}

char *json_write_list(const struct field *field, struct list list, struct arena *arena)
{
    struct error never;
    struct writer writer = {.buf = BUF(arena, NO_LIMIT), .use = STORED, .arena = arena};
    write_list(&writer, field, &list);
    return buf_text(&writer.buf, &never);
}
