#include "thing.h"

#include <string.h>

static const char *const COLOUR_NAMES[] = {"", "red", "green", NULL};

/* "#" and a text: kept without the "#". */
static bool hash_read(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)arena;
    if (*text != '#')
        return fail(error, ERROR_INVALID, "", "must begin with #");
    *(const char **)member = text + 1;
    return true;
}
static const char *hash_write(const void *member, struct arena *arena)
{
    const char *text = *(const char *const *)member;
    return text ? arena_format(arena, "#%s", text) : NULL;
}
static const struct spelling HASH = {"a text with #", NULL, hash_read, hash_write};

/* A part by its file's name alone: "file:a.txt". */
static bool part_read(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)arena;
    if (strncmp(text, "file:", 5) != 0 || !text[5] || strlen(text + 5) > 8)
        return fail(error, ERROR_NOT_FOUND, "", "there is no such part");
    ((struct part *)member)->file = text + 5;
    return true;
}
static const struct spelling PART_SPELLING = {"a part", NULL, part_read, NULL};

enum { ALWAYS = CREATE | UPDATE | SHOWN };

static const struct field PART_FIELDS[] = {
    FIELD(struct part, file, .use = ALWAYS | STORED | REQUIRED, .max = 8),
    FIELD(struct part, size, .use = SHOWN | STORED),
    FIELD(struct part, secret, .use = STORED | OMITTED),
    {0},
};
const struct schema PART_SCHEMA = SCHEMA(struct part, PART_FIELDS);

static const struct field HOME_FIELDS[] = {
    FIELD(struct thing, person.home.city, .json = "city", .use = ALWAYS | REQUIRED, .max = 10),
    FIELD(struct thing, person.home.number, .json = "number", .use = ALWAYS, .max = 999),
    {0},
};
static const struct schema HOME_SCHEMA = SCHEMA(struct thing, HOME_FIELDS);
static const struct field PERSON_FIELDS[] = {
    OBJECT_FIELD("home", 0, &HOME_SCHEMA, .use = ALWAYS | OMITTED),
    FIELD(struct thing, person.name, .json = "name", .use = ALWAYS, .max = 10),
    {0},
};
static const struct schema PERSON_SCHEMA = SCHEMA(struct thing, PERSON_FIELDS);

static const struct field THING_FIELDS[] = {
    FIELD(struct thing, id, .use = SHOWN),
    FIELD(struct thing, owner, .json = "ownerId", .use = CREATE | SHOWN | REQUIRED, .max = 8),
    FIELD(struct thing, note, .use = CREATE, .max = 8),
    OBJECT_FIELD("person", 0, &PERSON_SCHEMA, .use = ALWAYS | OMITTED),
    FIELD(struct thing, title, .use = ALWAYS, .max = 10),
    FIELD(struct thing, body, .use = ALWAYS | OMITTED),
    FIELD(struct thing, tag, .use = ALWAYS | OMITTED, .max = 6, .spelling = &HASH),
    FIELD(struct thing, fields, .use = ALWAYS | OMITTED | JSON_TEXT, .max = 60),
    FIELD(struct thing, count, .use = ALWAYS, .max = 100),
    FIELD(struct thing, delta, .use = ALWAYS | OMITTED, .min = -5),
    FIELD(struct thing, is_open, .use = ALWAYS | OMITTED),
    FIELD(struct thing, due, .use = ALWAYS | OMITTED),
    FIELD(struct thing, made, .use = SHOWN | OMITTED),
    NAME_FIELD(struct thing, colour, COLOUR_NAMES, .use = ALWAYS | OMITTED),
    FIELD(struct thing, words, .use = ALWAYS | OMITTED | ONE_OR_MANY, .max = 3, .item_max = 5,
          .items = &TEXT_ITEM),
    FIELD(struct thing, sizes, .use = ALWAYS | OMITTED, .max = 3, .item_max = 6,
          .items = &TEXT_ITEM, .spelling = &HASH),
    FIELD(struct thing, parts, .use = ALWAYS | OMITTED | ONE_OR_MANY, .max = 2,
          .items = &PART_SCHEMA, .spelling = &PART_SPELLING),
    FIELD(struct thing, note, .json = "secret", .use = STORED),
    {0},
};
const struct schema THING_SCHEMA = SCHEMA(struct thing, THING_FIELDS);
