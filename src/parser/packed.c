#include "parser/packed.h"

#include <string.h>

#include "base/text.h"

static const uint32_t NO_TEXT = UINT32_MAX;

/* --- writing: the size first, then all in one piece */

struct packed_out {
    char *data; /* NULL: only the size is wanted */
    size_t size;
};

static void packed_add(struct packed_out *out, const void *data, size_t size)
{
    if (out->data && size)
        memcpy(out->data + out->size, data, size);
    out->size += size;
}

static void packed_add_count(struct packed_out *out, size_t count)
{
    const uint32_t number = (uint32_t)count;
    packed_add(out, &number, sizeof number);
}

static void packed_add_text(struct packed_out *out, const char *text)
{
    size_t size = text ? strlen(text) : NO_TEXT;
    packed_add_count(out, size);
    if (text)
        packed_add(out, text, size + 1);
}

static void packed_add_struct(struct packed_out *out, const struct schema *schema,
                              const void *object);

static void packed_add_list(struct packed_out *out, const struct schema *items,
                            const struct list *list)
{
    packed_add_count(out, list->count);
    for (size_t i = 0; i < list->count; i++)
        packed_add_struct(out, items, (const char *)list->items + i * items->size);
}

static void packed_add_field(struct packed_out *out, const struct field *field, const char *object)
{
    const void *member = object + field->offset;
    switch (field->kind) {
    case KIND_TEXT: packed_add_text(out, *(const char *const *)member); return;
    case KIND_LIST: packed_add_list(out, field->items, member); return;
    case KIND_OBJECT: packed_add_struct(out, field->items, member); return;
    case KIND_INT:
    case KIND_BOOL:
    case KIND_TIME:
    case KIND_NAME: packed_add(out, member, field_size(field)); return;
    }
}

static void packed_add_struct(struct packed_out *out, const struct schema *schema,
                              const void *object)
{
    for (const struct field *field = schema->fields; field->name; field++)
        packed_add_field(out, field, object);
}

struct bytes packed_write(const struct schema *schema, const void *object, struct arena *arena)
{
    struct packed_out measured = {0};
    packed_add_struct(&measured, schema, object);
    struct packed_out out = {.data = arena_alloc(arena, measured.size + 1)};
    packed_add_struct(&out, schema, object);
    return (struct bytes){out.data, out.size};
}

/* --- reading */

struct packed_in {
    const char *at;
    size_t left;
    struct arena *arena;
    struct error *error;
};

static bool packed_refuse(const struct packed_in *in, const struct field *field, const char *why)
{
    return fail(in->error, ERROR_INVALID, field->name, "%s", why);
}

static bool packed_take(struct packed_in *in, const struct field *field, void *ret_member,
                        size_t size)
{
    if (in->left < size)
        return packed_refuse(in, field, "ends too early");
    memcpy(ret_member, in->at, size);
    in->at += size;
    in->left -= size;
    return true;
}

static bool packed_take_text(struct packed_in *in, const struct field *field, const char **ret_text)
{
    uint32_t size = 0;
    if (!packed_take(in, field, &size, sizeof size))
        return false;
    *ret_text = NULL;
    if (size == NO_TEXT)
        return !(field->use & REQUIRED) || packed_refuse(in, field, "is missing");
    if (size >= in->left || in->at[size] || memchr(in->at, '\0', size))
        return packed_refuse(in, field, "does not end where it says");
    if (field->max && size > field->max)
        return packed_refuse(in, field, "is too long");
    if (!text_is_utf8(in->at, size))
        return packed_refuse(in, field, "is no UTF-8");
    const char *text = in->at;
    in->at += size + 1;
    in->left -= size + 1;
    *ret_text = text;
    return !field->spelling || field->spelling->read(text, in->arena, ret_text, in->error);
}

static bool packed_take_struct(struct packed_in *in, const struct schema *schema, void *object);

/* An item has a byte at least, so a count never makes memory of more than came. */
static bool packed_take_list(struct packed_in *in, const struct field *field, struct list *ret_list)
{
    uint32_t count = 0;
    const struct schema *items = field->items;
    if (!packed_take(in, field, &count, sizeof count))
        return false;
    if (count > field->max || count > in->left)
        return packed_refuse(in, field, "has too many items");
    char *taken = arena_alloc_array(in->arena, items->size, count);
    for (size_t i = 0; i < count; i++)
        if (!packed_take_struct(in, items, taken + i * items->size))
            return false;
    *ret_list = (struct list){count ? taken : NULL, count};
    return true;
}

static bool packed_take_number(struct packed_in *in, const struct field *field, int64_t *ret_number)
{
    if (!packed_take(in, field, ret_number, sizeof *ret_number))
        return false;
    return *ret_number >= field->min && (!field->max || *ret_number <= (int64_t)field->max)
               ? true
               : packed_refuse(in, field, "is out of its bounds");
}

static bool packed_take_bool(struct packed_in *in, const struct field *field, bool *ret_bool)
{
    unsigned char byte = 0;
    if (!packed_take(in, field, &byte, sizeof byte))
        return false;
    if (byte > 1)
        return packed_refuse(in, field, "is neither true nor false");
    *ret_bool = byte;
    return true;
}

static bool packed_take_name(struct packed_in *in, const struct field *field, unsigned *ret_name)
{
    unsigned count = 0;
    if (!packed_take(in, field, ret_name, sizeof *ret_name))
        return false;
    while (field->names[count])
        count++;
    return *ret_name < count || packed_refuse(in, field, "is none of its names");
}

static bool packed_take_field(struct packed_in *in, const struct field *field, void *member)
{
    switch (field->kind) {
    case KIND_TEXT: return packed_take_text(in, field, member);
    case KIND_LIST: return packed_take_list(in, field, member);
    case KIND_OBJECT: return packed_take_struct(in, field->items, member);
    case KIND_BOOL: return packed_take_bool(in, field, member);
    case KIND_NAME: return packed_take_name(in, field, member);
    case KIND_INT:
    case KIND_TIME: return packed_take_number(in, field, member);
    }
    return false;
}

static bool packed_take_struct(struct packed_in *in, const struct schema *schema, void *object)
{
    for (const struct field *field = schema->fields; field->name; field++)
        if (!packed_take_field(in, field, (char *)object + field->offset))
            return false;
    return true;
}

bool packed_read(const struct schema *schema, struct bytes data, struct arena *arena,
                 void *ret_object, struct error *error)
{
    struct packed_in in = {data.data, data.size, arena, error};
    char *object = arena_alloc(arena, schema->size);
    if (!packed_take_struct(&in, schema, object))
        return false;
    if (in.left)
        return fail(error, ERROR_INVALID, "", "has %zu bytes too many", in.left);
    memcpy(ret_object, object, schema->size);
    return true;
}
