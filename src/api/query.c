#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "api/request.h"
#include "base/text.h"

/* What stands behind the ? of a target, by the same tables as everything else. */

static bool read_number(const char *text, const struct field *field, int64_t *ret_number,
                        struct error *error)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || *end || end == text || number < field->min || number > (int64_t)field->max)
        return fail(error, ERROR_INVALID, field_key(field),
                    "must be a whole number from %lld to %zu", (long long)field->min, field->max);
    *ret_number = number;
    return true;
}

static bool read_bool(const char *text, const struct field *field, bool *ret_bool,
                      struct error *error)
{
    *ret_bool = text_equal_nocase(text, "true");
    return *ret_bool || text_equal_nocase(text, "false") ||
           fail(error, ERROR_INVALID, field_key(field), "must be true or false");
}

static bool read_name(const char *text, const struct field *field, struct arena *arena,
                      unsigned *ret_name, struct error *error)
{
    const char *known = "";
    for (unsigned i = 0; field->names[i]; i++) {
        const char *name = field->names[i];
        if (*name && text_equal_nocase(name, text)) {
            *ret_name = i;
            return true;
        }
        if (*name)
            known = arena_format(arena, "%s%s%s", known, *known ? ", " : "", name);
    }
    return fail(error, ERROR_INVALID, field_key(field), "must be one of: %s", known);
}

static bool read_text(const char *text, const struct field *field, struct arena *arena,
                      void *member, struct error *error)
{
    if (field->max && strlen(text) > field->max)
        return fail(error, ERROR_INVALID, field_key(field), "must be at most %zu bytes",
                    field->max);
    unsigned name = 0;
    if (field->names && !read_name(text, field, arena, &name, error))
        return false;
    if (!field->spelling) {
        *(const char **)member = field->names ? field->names[name] : text;
        return true;
    }
    if (field->spelling->read(text, arena, member, error))
        return true;
    return fail(error, ERROR_INVALID, field_key(field), "%s", error->message);
}

static bool read_field(const char *text, const struct field *field, struct arena *arena,
                       void *member, struct error *error)
{
    switch (field->kind) {
    case KIND_INT: return read_number(text, field, member, error);
    case KIND_BOOL: return read_bool(text, field, member, error);
    case KIND_NAME: return read_name(text, field, arena, member, error);
    default: return read_text(text, field, arena, member, error);
    }
}

bool request_query(struct request *request, void *object, struct error *error)
{
    for (const struct field *field = request->route->query->fields; field->name; field++) {
        const char *text = http_query(request->exchange, field_key(field));
        if (text_is_empty(text))
            text = field->preset;
        if (!text && field->use & REQUIRED)
            return fail(error, ERROR_INVALID, field_key(field), "is required");
        if (text && !read_field(text, field, request->arena, (char *)object + field->offset, error))
            return false;
    }
    return true;
}

static bool is_known(const struct schema *query, const char *name)
{
    for (const struct field *field = query ? query->fields : NULL; field && field->name; field++)
        if (text_equal(field_key(field), name))
            return true;
    return false;
}

bool query_check(const struct request *request, struct error *error)
{
    const char *name;
    if (!request->route->right.things)
        return true;
    for (size_t i = 0; (name = http_query_name(request->exchange, i)); i++)
        if (*name && !is_known(request->route->query, name))
            return fail(error, ERROR_INVALID, name, "is no parameter of this path");
    return true;
}
