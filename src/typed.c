#include "typed.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/text.h"

struct unit {
    char letter;
    int64_t size;
};
static const struct unit SECONDS[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}, {0}};
static const struct unit BYTES[] = {{'G', 1 << 30}, {'M', 1 << 20}, {'K', 1 << 10}, {0}};

/* Digits only: no sign, no space, no point. ret_end: what follows them. */
static bool read_digits(const char *text, int64_t *ret_number, const char **ret_end)
{
    int64_t number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, *at - '0', &number))
            return false;
    *ret_number = number;
    *ret_end = at;
    return at > text;
}

static bool read_units(const char *text, const struct unit *units, int64_t *ret_number)
{
    const char *end;
    int64_t number;
    if (!read_digits(text, &number, &end))
        return false;
    if (*end) {
        const struct unit *unit = units;
        while (unit->letter && unit->letter != *end)
            unit++;
        if (!unit->letter || end[1] || __builtin_mul_overflow(number, unit->size, &number))
            return false;
    }
    *ret_number = number;
    return true;
}

static const char *write_units(int64_t number, const struct unit *units, struct arena *arena)
{
    for (; number && units->letter; units++)
        if (number % units->size == 0)
            return arena_format(arena, "%" PRId64 "%c", number / units->size, units->letter);
    return arena_format(arena, "%" PRId64, number);
}

static bool read_seconds(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)arena;
    return read_units(text, SECONDS, member) ||
           fail(error, ERROR_INVALID, "", "must be %s", SECONDS_SPELLING.what);
}

static const char *write_seconds(const void *member, struct arena *arena)
{
    return write_units(*(const int64_t *)member, SECONDS, arena);
}

const struct spelling SECONDS_SPELLING = {
    .what = "a time such as 30s, 5m, 72h or 3d", .read = read_seconds, .write = write_seconds};

static bool read_bytes(const char *text, struct arena *arena, void *member, struct error *error)
{
    (void)arena;
    return read_units(text, BYTES, member) ||
           fail(error, ERROR_INVALID, "", "must be %s", BYTES_SPELLING.what);
}

static const char *write_bytes(const void *member, struct arena *arena)
{
    return write_units(*(const int64_t *)member, BYTES, arena);
}

const struct spelling BYTES_SPELLING = {
    .what = "a size such as 4096, 64K or 50M", .read = read_bytes, .write = write_bytes};

static bool read_listen(const char *text, struct arena *arena, void *member, struct error *error)
{
    const char *colon = strrchr(text, ':'), *end = "";
    int64_t port;
    bool is_bracketed = *text == '[' && colon && colon > text + 2 && colon[-1] == ']';
    bool is_plain = colon && *text != '[' && colon > text &&
                    strcspn(text, ":") == (size_t)(colon - text);
    if ((!is_bracketed && !is_plain) || !read_digits(colon + 1, &port, &end) || *end ||
        port > UINT16_MAX)
        return fail(error, ERROR_INVALID, "", "must be %s", LISTEN_SPELLING.what);
    *(const char **)member = arena_copy(arena, text);
    return true;
}

const struct spelling LISTEN_SPELLING = {
    .what = "ADDRESS:PORT, such as 127.0.0.1:8025 or [::1]:8025", .read = read_listen};

static bool read_url(const char *text, struct arena *arena, void *member, struct error *error)
{
    const char *host = strstr(text, "://");
    bool is_web = text_starts(text, "http://") || text_starts(text, "https://");
    if (!is_web || !host[3] || host[3] == '/' || strpbrk(text, " \t\"<>") ||
        text[strlen(text) - 1] == '/')
        return fail(error, ERROR_INVALID, "", "must be %s", URL_SPELLING.what);
    *(const char **)member = arena_copy(arena, text);
    return true;
}

const struct spelling URL_SPELLING = {
    .what = "a URL such as https://mail.example.com, without a slash at the end", .read = read_url};

static bool read_line(const char *text, struct arena *arena, void *member, struct error *error)
{
    if (text_has_control(text))
        return fail(error, ERROR_INVALID, "", "must be %s", LINE_SPELLING.what);
    *(const char **)member = arena_copy(arena, text);
    return true;
}

const struct spelling LINE_SPELLING = {.what = "one line of text", .read = read_line};

static bool read_bool(const char *text, bool *ret_value)
{
    static const char *const WORDS[][2] = {
        {"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        for (int value = 0; value < 2; value++)
            if (text_equal_nocase(text, WORDS[i][value])) {
                *ret_value = value;
                return true;
            }
    return false;
}

static bool read_name(const char *text, const char *const *names, unsigned *ret_number)
{
    for (unsigned i = 0; names[i]; i++)
        if (*names[i] && text_equal(names[i], text)) {
            *ret_number = i;
            return true;
        }
    return false;
}

static bool fits(const struct field *field, const char *member)
{
    if (field->kind == KIND_TEXT) {
        const char *text = *(const char *const *)member;
        return !field->max || text_is_empty(text) || strlen(text) <= field->max;
    }
    if (field->kind != KIND_INT)
        return true;
    int64_t number = *(const int64_t *)member;
    return number >= field->min && (!field->max || number <= (int64_t)field->max);
}

static bool grow(const struct field *field, const char *text, struct arena *arena,
                 struct list *list)
{
    if (field->items != &TEXT_ITEM || list->count >= field->max || strlen(text) > field->item_max)
        return false;
    const char **items = arena_new(arena, const char *, list->count + 1);
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    items[list->count] = arena_copy(arena, text);
    *list = (struct list){items, list->count + 1};
    return true;
}

static bool read_member(const struct field *field, const char *text, struct arena *arena,
                        void *member)
{
    const char *end = "";
    struct error error; /* typed_about says it as well */
    switch (field->kind) {
    case KIND_TEXT: *(const char **)member = arena_copy(arena, text); return true;
    case KIND_INT: return read_digits(text, member, &end) && !*end;
    case KIND_BOOL: return read_bool(text, member);
    case KIND_NAME: return read_name(text, field->names, member);
    case KIND_LIST: return grow(field, text, arena, member);
    case KIND_TIME: return moment_read(text, member, &error);
    case KIND_OBJECT: break;
    }
    return false;
}

bool typed_read(const struct field *field, const char *text, struct arena *arena, void *object,
                struct error *error)
{
    char *member = (char *)object + field->offset;
    if (!text_is_utf8(text, strlen(text)))
        return fail(error, ERROR_INVALID, field->name, "must be UTF-8");
    if (!*text && field->kind == KIND_TEXT) {
        if (field->use & REQUIRED)
            return fail(error, ERROR_INVALID, field->name, "must not be empty");
        *(const char **)(void *)member = NULL;
        return true;
    }
    bool is_read = field->spelling ? field->spelling->read(text, arena, member, error)
                                   : read_member(field, text, arena, member);
    if (is_read && fits(field, member))
        return true;
    return fail(error, ERROR_INVALID, field->name, "must be %s", typed_about(field, arena));
}

void typed_preset(const struct field *fields, struct arena *arena, void *object)
{
    for (; fields->name; fields++) {
        struct error error;
        bool is_right = !fields->preset ||
                        typed_read(fields, fields->preset, arena, object, &error);
        assert(is_right); /* a preset that breaks its own rule is our mistake */
    }
}

const char *typed_text(const struct field *field, const void *object, struct arena *arena)
{
    const void *member = (const char *)object + field->offset;
    if (field->spelling && field->spelling->write)
        return text_or(field->spelling->write(member, arena), "");
    switch (field->kind) {
    case KIND_TEXT: return text_or(*(const char *const *)member, "");
    case KIND_INT: return arena_format(arena, "%" PRId64, *(const int64_t *)member);
    case KIND_BOOL: return *(const bool *)member ? "true" : "false";
    case KIND_NAME: return field->names[*(const unsigned *)member];
    case KIND_TIME: return moment_text(*(const moment *)member, 0, arena);
    case KIND_LIST:
    case KIND_OBJECT: break;
    }
    return "";
}

static const char *number_text(const struct field *field, int64_t number, struct arena *arena)
{
    if (field->spelling && field->spelling->write)
        return field->spelling->write(&number, arena);
    return arena_format(arena, "%" PRId64, number);
}

static const char *names_about(const char *const *names, struct arena *arena)
{
    const char *about = "";
    for (; *names; names++)
        if (**names)
            about = arena_format(arena, "%s%s%s", *about ? about : "one of ", *about ? ", " : "",
                                 *names);
    return about;
}

const char *typed_about(const struct field *field, struct arena *arena)
{
    const char *what = field->spelling ? field->spelling->what : "a whole number";
    switch (field->kind) {
    case KIND_BOOL: return "true or false";
    case KIND_NAME: return names_about(field->names, arena);
    case KIND_TEXT:
        if (!field->spelling)
            what = "text";
        return field->max ? arena_format(arena, "%s, at most %zu bytes", what, field->max) : what;
    case KIND_LIST:
        return arena_format(arena, "given at most %zu times, each with at most %zu bytes",
                            field->max, field->item_max);
    case KIND_INT:
        if (!field->max)
            return arena_format(arena, "%s, at least %s", what,
                                number_text(field, field->min, arena));
        return arena_format(arena, "%s, from %s to %s", what, number_text(field, field->min, arena),
                            number_text(field, (int64_t)field->max, arena));
    case KIND_TIME: return "a time such as 2026-05-20T14:10:00Z";
    case KIND_OBJECT: break;
    }
    return what;
}

static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !(strchr("-_", *a) && strchr("-_", *b)))
            return false;
    return *a == *b;
}

const struct field *typed_find(const struct field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (same_name(fields->name, name))
            return fields;
    return NULL;
}
