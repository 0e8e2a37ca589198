/* thing.h - a table with a field of every kind and use, for the tests of json/. */
#pragma once
#include "base/schema.h"

enum colour { COLOUR_NONE, RED, GREEN };

struct part {
    const char *file;
    int64_t size;
    const char *secret;
};

struct thing {
    const char *id, *owner, *title, *body, *tag, *fields, *note;
    int64_t count, delta;
    bool is_open;
    moment due, made;
    enum colour colour;
    struct list words, sizes, parts;
    struct {
        struct {
            const char *city;
            int64_t number;
        } home;
        const char *name;
    } person;
};

extern const struct schema PART_SCHEMA, THING_SCHEMA;
