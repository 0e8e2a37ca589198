/* json_tree.h - a JSON text as values that point at each other, all in one arena.
 *
 * For this room only. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_INTEGER,
    JSON_REAL,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json {
    enum json_kind kind;
    size_t size;       /* bytes of a string, items of an array, members of an object */
    const char *key;   /* of a member of an object, else NULL */
    size_t key_end;    /* where the key ends in the text */
    struct json *next; /* in the same array or object */
    union {
        const char *text; /* UTF-8; a NUL follows, and none is inside */
        int64_t integer;
        double real;
        struct json *first; /* of an array's items or an object's members */
    };
};
