/* schema.h - one table describes a struct to JSON, to SQL, to settings and to OpenAPI.
 *
 * The C type of a member decides how it is read and written; a member of an
 * unknown type does not compile. A stored table's names are the columns'. A
 * view (one API family's table over the same struct) gives a field its own
 * JSON name and its own spelling; where it takes a key in one form and shows
 * it in another, it has two fields with that key. A table has at most 64
 * fields, those of its nested objects counted too. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/moment.h"

struct list {
    void *items; /* an array of the item schema's structs */
    size_t count;
};

enum field_kind {
    KIND_TEXT,   /* const char *; NULL = not set */
    KIND_INT,    /* int64_t */
    KIND_BOOL,   /* bool */
    KIND_TIME,   /* moment */
    KIND_NAME,   /* an enum, shown by its name */
    KIND_LIST,   /* struct list */
    KIND_OBJECT, /* fields of the same struct, or of one embedded in it, nested in an object */
};

enum field_use {
    CREATE = 1 << 0,      /* accepted when the thing is made */
    UPDATE = 1 << 1,      /* accepted when it is changed */
    SHOWN = 1 << 2,       /* present in replies; where it is not accepted, input ignores it */
    REQUIRED = 1 << 3,    /* with CREATE: missing, null or empty is refused */
    STORED = 1 << 4,      /* a column of the table, or a key of a list kept as JSON */
    OMITTED = 1 << 5,     /* with SHOWN or STORED: left out when not set: NULL, 0, false,
                             [], the first of its names */
    ONE_OR_MANY = 1 << 6, /* a list that may come as a single item */
    JSON_TEXT = 1 << 7,   /* the text is JSON already: written as it is, read as a flat object;
                             with .items, those are its fields */
    SECRET = 1 << 8,      /* of a setting: never printed */
    NOT_NULL = 1 << 9,    /* with SHOWN: is always set, says OpenAPI */
    WHOLE = 1 << 10,      /* with SHOWN: a summary of the object leaves it out */
};

/* How a member is spelled as text where its type alone does not say it. */
struct spelling {
    const char *what;   /* "an email address": completes "must be ..." */
    const char *format; /* of what is written, for OpenAPI: "uuid", "date-time", or NULL */
    /* Given a text that is not empty. error->field is added by the caller. NULL: not read
     * as text. */
    bool (*read)(const char *text, struct arena *arena, void *member, struct error *error);
    /* NULL result: null. NULL function: written as the member's type says. */
    const char *(*write)(const void *member, struct arena *arena);
    const char *pattern; /* of what is written, for OpenAPI: a regular expression, or NULL */
    const char *example; /* of what is written, for OpenAPI */
    /* Of items of a list: the texts (const char *) that one text stands for, when it stands for
     * several; else an empty list. NULL: it never does. */
    struct list (*split)(const char *text, struct arena *arena);
};

struct schema;
struct field {
    const char *name; /* of the member, and of the column */
    const char *json; /* its key in this view; NULL = name */
    enum field_kind kind;
    unsigned use; /* enum field_use */
    size_t offset;
    size_t max;      /* bytes of text, items of a list; of int: the largest. 0: no limit, except
                        that a list then takes none */
    size_t item_max; /* bytes of each text in a list; 0: no limit */
    int64_t min;     /* of int: the smallest */
    const struct schema *items;      /* KIND_LIST: of an item; KIND_OBJECT: of what is nested */
    const char *const *names;        /* KIND_NAME, and text of a query: what it may be;
                                        NULL-terminated, "" = never shown nor read */
    const struct spelling *spelling; /* of the member, or of each item of a list */
    const char *about;               /* a sentence for OpenAPI and --show-config */
    const char *example;             /* JSON, for OpenAPI */
    const char
        *preset; /* of a setting or a query: what holds when nobody says otherwise, as text */
};
struct schema {
    const char *name;
    size_t size;
    const struct field *fields; /* ends with {0} */
    const char *title;          /* of a view: its own name in OpenAPI, "OutboundDraft" */
    bool is_flat;               /* has no fields: stands for any flat object, see json/flat.h */
};

/* A list of plain text: items are const char *. */
extern const struct schema TEXT_ITEM;

/* The key of a field in JSON. */
static inline const char *field_key(const struct field *field)
{
    return field->json ? field->json : field->name;
}

size_t field_size(const struct field *field); /* of its member; 0 for KIND_OBJECT */
const struct field *schema_find(const struct schema *schema, const char *name); /* by member */

/* How many fields of the table a set of present fields has bits for: a field's bit is its place,
 * counted through nested objects (the object itself, then its fields, then what follows). */
unsigned schema_count(const struct schema *schema);

/* Copies the members whose bit is set in present, those in nested objects too. */
void schema_apply(const struct schema *schema, uint64_t present, const void *from, void *to);
/* The bit of the first field named so. */
uint64_t schema_bit(const struct schema *schema, const char *name);
/* Whether a member holds anything: not NULL, 0, false, an empty list; an object always does. */
bool field_is_set(const struct field *field, const void *member);
/* Whether the first field named so, nested ones included, is among the present ones. */
bool schema_has(const struct schema *schema, uint64_t present, const char *name);

/* clang-format off */
#define KIND_OF(type, member) \
    _Generic(((type *)0)->member, \
        const char *: KIND_TEXT, int64_t: KIND_INT, bool: KIND_BOOL, \
        moment: KIND_TIME, struct list: KIND_LIST)
#define FIELD(type, member, ...) \
    {.name = #member, .kind = KIND_OF(type, member), .offset = offsetof(type, member), __VA_ARGS__}
#define NAME_FIELD(type, member, table, ...) \
    {.name = #member, .kind = KIND_NAME, .names = table, .offset = offsetof(type, member), __VA_ARGS__}
/* key: {...} of fields that lie at offset: 0 for fields of the same struct. */
#define OBJECT_FIELD(key, at, schema, ...) \
    {.name = key, .kind = KIND_OBJECT, .offset = at, .items = schema, __VA_ARGS__}
#define SCHEMA(type, table) {.name = #type, .size = sizeof(type), .fields = table}
#define VIEW(type, table, called) \
    {.name = #type, .size = sizeof(type), .fields = table, .title = called}
/* clang-format on */
