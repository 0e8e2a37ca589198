#include "base/schema.h"

#include <assert.h>
#include <string.h>

static const struct field NO_FIELDS[] = {{0}};
const struct schema TEXT_ITEM = {.name = "text", .size = sizeof(const char *), .fields = NO_FIELDS};

size_t field_size(const struct field *field)
{
    switch (field->kind) {
    case KIND_TEXT: return sizeof(const char *);
    case KIND_INT: return sizeof(int64_t);
    case KIND_BOOL: return sizeof(bool);
    case KIND_TIME: return sizeof(moment);
    case KIND_NAME: return sizeof(unsigned);
    case KIND_LIST: return sizeof(struct list);
    case KIND_OBJECT: return 0; /* its own fields carry the values */
    }
    return 0;
}

const struct field *schema_find(const struct schema *schema, const char *name)
{
    for (const struct field *field = schema->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

unsigned schema_count(const struct schema *schema)
{
    unsigned count = 0;
    for (const struct field *field = schema->fields; field->name; field++)
        count += field->kind == KIND_OBJECT ? 1 + schema_count(field->items) : 1;
    assert(count <= 64);
    return count;
}

static unsigned apply(const struct schema *schema, uint64_t present, unsigned bit, const void *from,
                      void *to)
{
    for (const struct field *field = schema->fields; field->name; field++) {
        const char *source = (const char *)from + field->offset;
        char *target = (char *)to + field->offset;
        assert(bit < 64);
        if (present >> bit++ & 1)
            memcpy(target, source, field_size(field));
        if (field->kind == KIND_OBJECT)
            bit = apply(field->items, present, bit, source, target);
    }
    return bit;
}

void schema_apply(const struct schema *schema, uint64_t present, const void *from, void *to)
{
    apply(schema, present, 0, from, to);
}

/* Adds to *bit how many fields stand before the one named so. */
static bool find_bit(const struct schema *schema, const char *name, unsigned *bit)
{
    for (const struct field *field = schema->fields; field->name; field++) {
        if (strcmp(field->name, name) == 0)
            return true;
        ++*bit;
        if (field->kind == KIND_OBJECT && find_bit(field->items, name, bit))
            return true;
    }
    return false;
}

uint64_t schema_bit(const struct schema *schema, const char *name)
{
    unsigned bit = 0;
    bool is_found = find_bit(schema, name, &bit);
    assert(is_found && bit < 64);
    return (uint64_t)1 << bit;
}

bool schema_has(const struct schema *schema, uint64_t present, const char *name)
{
    return present & schema_bit(schema, name);
}

bool field_is_set(const struct field *field, const void *member)
{
    static const char NOTHING[sizeof(struct list)];
    if (field->kind == KIND_LIST)
        return ((const struct list *)member)->count;
    return field->kind == KIND_OBJECT || memcmp(member, NOTHING, field_size(field)) != 0;
}
