#include <assert.h>
#include <string.h>

#include "json/json.h"
#include "json/json_parse.h"
#include "json/json_value.h"

static bool read_object(const struct reader *reader, const struct schema *schema,
                        const struct json *json, const struct place *place, void *object,
                        uint64_t *ret_present);

static bool has_spelling(const struct reader *reader, const struct field *field)
{
    return field->spelling && field->spelling->read && reader->use != STORED;
}

static bool takes_objects(const struct schema *schema, unsigned use)
{
    for (const struct field *field = schema->fields; field->name; field++)
        if (field->use & use)
            return true;
    return false;
}

static bool read_item(const struct reader *reader, const struct field *field,
                      const struct json *value, const struct place *place, void *item)
{
    uint64_t present;
    bool is_spelled = has_spelling(reader, field), is_text = value->kind == JSON_STRING;
    if (is_text && !value->size && reader->use != STORED)
        return reader_refuse(reader, place, "must not be empty");
    if (is_spelled && (is_text || !takes_objects(field->items, reader->use)))
        return value_spelled(reader, field, field->item_max, value, place, item);
    if (field->items == &TEXT_ITEM)
        return value_text(reader, field->item_max, value, place, item);
    return read_object(reader, field->items, value, place, item, &present);
}

struct values {
    const struct json *first;
    size_t count;
};

/* A text that stands for several items is taken apart (spelling.split). */
static void spread_values(const struct reader *reader, const struct field *field,
                          struct values *values)
{
    if (!has_spelling(reader, field) || !field->spelling->split)
        return;
    struct json *first = NULL, **end = &first;
    size_t total = 0;
    const struct json *value = values->first;
    for (size_t left = values->count; left; left--, value = value->next) {
        struct list texts = {0};
        if (value->kind == JSON_STRING)
            texts = field->spelling->split(value->text, reader->arena);
        size_t count = texts.count ? texts.count : 1;
        for (size_t i = 0; i < count; i++, end = &(*end)->next) {
            *end = arena_new(reader->arena, struct json, 1);
            **end = *value;
            (*end)->next = NULL;
            if (texts.count) {
                (*end)->text = ((const char **)texts.items)[i];
                (*end)->size = strlen((*end)->text);
            }
        }
        total += count;
    }
    *values = (struct values){first, total};
}

static bool read_list(const struct reader *reader, const struct field *field,
                      const struct json *value, const struct place *place, struct list *ret_list)
{
    bool is_one = field->use & ONE_OR_MANY &&
                  (value->kind == JSON_STRING || value->kind == JSON_OBJECT);
    bool is_list = is_one || value->kind == JSON_ARRAY;
    size_t most = reader->use == STORED ? SIZE_MAX : field->max;
    struct values values = is_one ? (struct values){value, 1}
                                  : (struct values){value->first, value->size};
    if (is_list && values.count <= most)
        spread_values(reader, field, &values);
    if (!is_list)
        return reader_refuse(reader, place, "must be a list");
    if (values.count > most)
        return reader_refuse(reader, place, "must be a list of at most %zu", field->max);

    struct reader inner = *reader;
    inner.is_new = reader->use != STORED;
    struct list list = {arena_alloc_array(reader->arena, field->items->size, values.count),
                        values.count};
    const struct json *next = values.first;
    for (size_t i = 0; i < values.count; i++, next = next->next) {
        struct place here = {place, NULL, i};
        void *item = (char *)list.items + i * field->items->size;
        if (!read_item(&inner, field, next, is_one && values.count == 1 ? place : &here, item))
            return false;
    }
    *ret_list = list;
    return true;
}

/* Whether the value stands for "nothing". An empty text does so wherever text may stand. */
static bool is_empty(const struct field *field, const struct json *value)
{
    bool is_typed = field->kind == KIND_INT || field->kind == KIND_BOOL ||
                    field->kind == KIND_OBJECT;
    if (value->kind == JSON_ARRAY)
        return field->kind == KIND_LIST && !value->size;
    if (value->kind == JSON_STRING)
        return !value->size && (!is_typed || field->spelling);
    return value->kind == JSON_NULL;
}

/* How many bits the field takes in a set of present ones. */
static unsigned bits_of(const struct field *field)
{
    return field->kind == KIND_OBJECT ? 1 + schema_count(field->items) : 1;
}

/* Clears a member, or all that may be given of a nested object; returns the bits of these. */
static uint64_t clear(const struct reader *reader, const struct field *field, void *member)
{
    uint64_t present = 1;
    unsigned bit = 1;
    memset(member, 0, field_size(field));
    if (field->kind != KIND_OBJECT)
        return present;
    for (const struct field *inner = field->items->fields; inner->name; inner++) {
        if (inner->use & reader->use)
            present |= clear(reader, inner, (char *)member + inner->offset) << bit;
        bit += bits_of(inner);
    }
    return present;
}

/* All bits of a nested object that came as one text. */
static uint64_t all_bits(const struct field *field)
{
    return UINT64_MAX >> (64 - bits_of(field));
}

static bool read_member(const struct reader *reader, const struct field *field,
                        const struct json *value, const struct place *place, void *member,
                        uint64_t *ret_present)
{
    uint64_t inner;
    *ret_present = 1;
    if (is_empty(field, value)) {
        if (field->use & REQUIRED && reader->is_new)
            return reader_refuse(reader, place, "is required");
        *ret_present = clear(reader, field, member);
        return true;
    }
    if (field->kind == KIND_LIST)
        return read_list(reader, field, value, place, member);
    if (field->kind == KIND_OBJECT &&
        !(value->kind == JSON_STRING && has_spelling(reader, field))) {
        if (!read_object(reader, field->items, value, place, member, &inner))
            return false;
        *ret_present = 1 | inner << 1;
        return true;
    }
    if (!has_spelling(reader, field))
        return value_read(reader, field, value, place, member);
    *ret_present = all_bits(field);
    size_t max = field->kind == KIND_TEXT ? field->max : 0;
    return value_spelled(reader, field, max, value, place, member);
}

/* The field that takes this key here, else one that has it. A key may have two fields: one to
 * be read, one to be shown. */
static const struct field *find_field(const struct reader *reader, const struct schema *schema,
                                      const char *key, unsigned *ret_bit)
{
    const struct field *found = NULL;
    unsigned bit = 0;
    for (const struct field *field = schema->fields; field->name; bit += bits_of(field++)) {
        if (strcmp(reader->use == STORED ? field->name : field_key(field), key) != 0)
            continue;
        if (field->use & reader->use) {
            *ret_bit = bit;
            return field;
        }
        if (!found || field->use & SHOWN)
            found = field;
    }
    return found;
}

/* Nobody reads this key here: fine when a reply shows it, for replies are sent back changed, or
 * when a newer version of the program has stored it. */
static bool skip_key(const struct reader *reader, const struct field *field,
                     const struct place *place)
{
    if (reader->use == STORED || (field && field->use & SHOWN))
        return true;
    if (field && field->use & (CREATE | UPDATE))
        return reader_refuse(reader, place, "is not accepted here");
    return reader_refuse(reader, place, "is not a known field");
}

static bool check_required(const struct reader *reader, const struct schema *schema,
                           const struct place *place, uint64_t present)
{
    if (!reader->is_new)
        return true;
    for (const struct field *field = schema->fields; field->name; field++) {
        struct place here = {place, field_key(field), 0};
        if (field->use & REQUIRED && field->use & reader->use && !(present & 1))
            return reader_refuse(reader, &here, "is required");
        present >>= bits_of(field);
    }
    return true;
}

static bool read_object(const struct reader *reader, const struct schema *schema,
                        const struct json *json, const struct place *place, void *object,
                        uint64_t *ret_present)
{
    uint64_t present = 0;
    if (json->kind != JSON_OBJECT)
        return reader_refuse(reader, place, "must be an object");
    for (const struct json *value = json->first; value; value = value->next) {
        struct place here = {place, value->key, 0};
        unsigned bit = 0;
        uint64_t bits;
        const struct field *field = find_field(reader, schema, value->key, &bit);
        if (!field || !(field->use & reader->use)) {
            if (!skip_key(reader, field, &here))
                return false;
            continue;
        }
        assert(bit < 64);
        if (!read_member(reader, field, value, &here, (char *)object + field->offset, &bits))
            return false;
        present |= bits << bit;
    }
    *ret_present = present;
    return check_required(reader, schema, place, present);
}

/* Some servers put a byte order mark before what they answer (RFC 8259 8.1 lets it be ignored). */
static struct bytes json_read_after_mark(struct bytes text)
{
    static const char MARK[] = "\xEF\xBB\xBF";
    size_t size = sizeof MARK - 1;
    if (text.size < size || memcmp(text.data, MARK, size) != 0)
        return text;
    return (struct bytes){(const char *)text.data + size, text.size - size};
}

bool json_read(struct bytes text, const struct schema *schema, unsigned use, struct arena *arena,
               void *object, uint64_t *ret_present, struct error *error)
{
    const struct reader reader = {use, use & CREATE, arena, error};
    const struct place top = {0};
    uint64_t present;
    struct json *json;
    if (use == STORED)
        text = json_read_after_mark(text);
    if (!json_parse(text, arena, &json, error) ||
        !read_object(&reader, schema, json, &top, object, &present))
        return false;
    if (ret_present)
        *ret_present = present;
    return true;
}

/* What we stored ourselves is nobody's mistake but ours. */
bool json_read_list(const char *text, const struct field *field, struct arena *arena,
                    struct list *ret_list, struct error *error)
{
    struct error why;
    const struct reader reader = {STORED, false, arena, &why};
    const struct place top = {0}, place = {&top, field->name, 0};
    struct json *json;
    if (!text || !*text) {
        *ret_list = (struct list){0};
        return true;
    }
    if (json_parse((struct bytes){text, strlen(text)}, arena, &json, &why) &&
        read_list(&reader, field, json, &place, ret_list))
        return true;
    return fail(error, ERROR_INTERNAL, "", "what is stored as %s cannot be read: %s%s%s",
                field->name, why.field, *why.field ? " " : "", why.message);
}
