#include "db/value.h"

#include <assert.h>
#include <string.h>

static struct value text_value(const char *text)
{
    if (!text)
        return (struct value){.kind = VALUE_NULL};
    return (struct value){.kind = VALUE_TEXT, .text = text, .size = strlen(text)};
}

static struct value number_value(int64_t number)
{
    return (struct value){.kind = VALUE_NUMBER, .number = number};
}

static const char *name_of(const struct field *field, const void *member)
{
    unsigned wanted;
    memcpy(&wanted, member, sizeof wanted);
    for (unsigned i = 0; i < wanted; i++)
        assert(field->names[i]);
    assert(field->names[wanted]);
    return field->names[wanted];
}

static const char *text_of_list(const struct field *field, const struct list *list,
                                const struct db_codec *codec, struct arena **arena)
{
    assert(codec);
    if (!*arena)
        *arena = arena_create();
    return codec->write(field, *list, *arena);
}

struct value value_of_member(const struct field *field, const void *object,
                             const struct db_codec *codec, struct arena **arena)
{
    const void *member = (const char *)object + field->offset;
    assert(field->kind != KIND_OBJECT);
    switch (field->kind) {
    case KIND_TEXT: return text_value(*(const char *const *)member);
    case KIND_INT: return number_value(*(const int64_t *)member);
    case KIND_BOOL: return number_value(*(const bool *)member);
    case KIND_TIME:
        return ((const moment *)member)->ms ? number_value(((const moment *)member)->ms)
                                            : text_value(NULL);
    case KIND_NAME: return text_value(name_of(field, member));
    case KIND_LIST: return text_value(text_of_list(field, member, codec, arena));
    case KIND_OBJECT: break; /* no column: refused above */
    }
    return text_value(NULL);
}

struct value value_of_param(const struct param *param)
{
    assert(param->kind == KIND_TEXT || param->kind == KIND_INT);
    if (param->is_bytes && param->text)
        return (struct value){VALUE_BYTES, 0, param->text, (size_t)param->number};
    return param->kind == KIND_TEXT ? text_value(param->text) : number_value(param->number);
}

bool value_is_text(const struct field *field)
{
    return field->kind == KIND_TEXT || field->kind == KIND_NAME || field->kind == KIND_LIST;
}

static bool load_name(const char *name, const struct field *field, void *member,
                      struct error *error)
{
    for (unsigned i = 0; field->names[i]; i++)
        if (strcmp(field->names[i], name) == 0) {
            memcpy(member, &i, sizeof i);
            return true;
        }
    return fail(error, ERROR_INTERNAL, "", "the database has an unknown name in %s", field->name);
}

static bool load_list(const char *text, const struct field *field, struct list *list,
                      const struct db_codec *codec, struct arena *arena, struct error *error)
{
    struct error reason;
    assert(codec);
    if (codec->read(text, field, arena, list, &reason))
        return true;
    return fail(error, ERROR_INTERNAL, "", "the database has an unreadable list in %s",
                field->name);
}

bool value_load(struct value value, const struct field *field, void *object,
                const struct db_codec *codec, struct arena *arena, struct error *error)
{
    void *member = (char *)object + field->offset;
    assert(field->kind != KIND_OBJECT);
    if (value.kind == VALUE_NULL)
        return true; /* rows begin as zeros */
    switch (field->kind) {
    case KIND_TEXT: *(const char **)member = arena_copy_bytes(arena, value.text, value.size); break;
    case KIND_INT: *(int64_t *)member = value.number; break;
    case KIND_BOOL: *(bool *)member = value.number != 0; break;
    case KIND_TIME: ((moment *)member)->ms = value.number; break;
    case KIND_NAME: return load_name(value.text, field, member, error);
    case KIND_LIST: return load_list(value.text, field, member, codec, arena, error);
    case KIND_OBJECT: break;
    }
    return true;
}
