#include "json/json_value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/json_escape.h"

bool value_text(const struct reader *reader, size_t max, const struct json *value,
                const struct place *place, const char **ret_text)
{
    if (value->kind != JSON_STRING)
        return reader_refuse(reader, place, "must be text");
    if (max && value->size > max && reader->use != STORED)
        return reader_refuse(reader, place, "must be text of at most %zu bytes", max);
    *ret_text = value->text;
    return true;
}

bool value_spelled(const struct reader *reader, const struct field *field, size_t max,
                   const struct json *value, const struct place *place, void *member)
{
    const char *text = NULL;
    if (value->kind != JSON_STRING)
        return reader_refuse(reader, place, "must be %s", field->spelling->what);
    return value_text(reader, max, value, place, &text) &&
           (field->spelling->read(text, reader->arena, member, reader->error) ||
            reader_locate(reader, place));
}

static bool add_flat(struct buf *buf, const struct json *value)
{
    switch (value->kind) {
    case JSON_STRING: json_add_text(buf, value->text); return true;
    case JSON_INTEGER: json_add_integer(buf, value->integer); return true;
    case JSON_REAL: json_add_real(buf, value->real); return true;
    case JSON_TRUE: buf_add(buf, "true"); return true;
    case JSON_FALSE: buf_add(buf, "false"); return true;
    case JSON_NULL: buf_add(buf, "null"); return true;
    case JSON_OBJECT:
    case JSON_ARRAY: break;
    }
    return false;
}

/* An object that is kept as the JSON it is; written anew, so that it is compact. */
static bool read_json_text(const struct reader *reader, const struct field *field,
                           const struct json *json, const struct place *place,
                           const char **ret_text)
{
    struct buf buf = BUF(reader->arena, field->max ? field->max : SIZE_MAX / 4);
    if (json->kind != JSON_OBJECT)
        return reader_refuse(reader, place, "must be an object");
    buf_add_char(&buf, '{');
    for (const struct json *value = json->first; value; value = value->next) {
        struct place here = {place, value->key, 0};
        if (buf.size > 1)
            buf_add_char(&buf, ',');
        json_add_text(&buf, value->key);
        buf_add_char(&buf, ':');
        if (!add_flat(&buf, value))
            return reader_refuse(reader, &here, "must be text, a number, true, false or null");
    }
    buf_add_char(&buf, '}');
    const char *text = buf_text(&buf, reader->error);
    if (!text)
        return reader_refuse(reader, place, "must be at most %zu bytes of JSON", field->max);
    *ret_text = text;
    return true;
}

/* What others wrote, not a caller: "3599" and 3599.0 are clear. */
static bool value_read_loosely(const struct json *value, int64_t *ret_number)
{
    static const double MOST = 9007199254740992; /* 2^53: whole numbers are exact up to it */
    double number = value->real;
    if (value->kind == JSON_STRING) {
        char *end;
        bool is_number = !value->text[strspn(value->text, "+-.0123456789eE")];
        number = strtod(value->text, &end); /* of "": 0, which is as good as absent */
        if (!is_number || *end)
            return false;
    } else if (value->kind != JSON_REAL) {
        return false;
    }
    *ret_number = (int64_t)(number < -MOST ? -MOST : number > MOST ? MOST : number);
    return true;
}

static bool read_integer(const struct reader *reader, const struct field *field,
                         const struct json *value, const struct place *place, int64_t *ret_number)
{
    int64_t max = INT64_MAX;
    if (field->max && field->max < INT64_MAX)
        max = (int64_t)field->max;
    bool is_whole = value->kind == JSON_INTEGER;
    bool is_inside = is_whole && value->integer >= field->min && value->integer <= max;
    if (is_inside || (is_whole && reader->use == STORED)) {
        *ret_number = value->integer;
        return true;
    }
    if (reader->use == STORED && value_read_loosely(value, ret_number))
        return true;
    if (!field->max)
        return reader_refuse(reader, place, "must be a whole number of at least %" PRId64,
                             field->min);
    return reader_refuse(reader, place, "must be a whole number from %" PRId64 " to %" PRId64,
                         field->min, max);
}

static bool read_bool(const struct reader *reader, const struct json *value,
                      const struct place *place, bool *ret_is_true)
{
    if (value->kind != JSON_TRUE && value->kind != JSON_FALSE)
        return reader_refuse(reader, place, "must be true or false");
    *ret_is_true = value->kind == JSON_TRUE;
    return true;
}

static bool read_time(const struct reader *reader, const struct json *value,
                      const struct place *place, moment *ret_moment)
{
    if (value->kind != JSON_STRING)
        return reader_refuse(reader, place,
                             "must be an RFC 3339 time, such as 2026-05-20T14:10:00Z");
    return moment_read(value->text, ret_moment, reader->error) || reader_locate(reader, place);
}

static bool read_name(const struct reader *reader, const struct field *field,
                      const struct json *value, const struct place *place, void *member)
{
    const char *text = value->kind == JSON_STRING ? value->text : "";
    for (unsigned i = 0; *text && field->names[i]; i++)
        if (strcmp(field->names[i], text) == 0) {
            memcpy(member, &i, sizeof i);
            return true;
        }
    struct buf known = BUF(reader->arena, SIZE_MAX / 4);
    for (size_t i = 0; field->names[i]; i++)
        if (*field->names[i])
            buf_addf(&known, "%s%s", known.size ? ", " : "", field->names[i]);
    return reader_refuse(reader, place, "must be one of: %s", buf_text(&known, reader->error));
}

bool value_read(const struct reader *reader, const struct field *field, const struct json *value,
                const struct place *place, void *member)
{
    switch (field->kind) {
    case KIND_TEXT:
        if (field->use & JSON_TEXT)
            return read_json_text(reader, field, value, place, member);
        return value_text(reader, field->max, value, place, member);
    case KIND_INT: return read_integer(reader, field, value, place, member);
    case KIND_BOOL: return read_bool(reader, value, place, member);
    case KIND_TIME: return read_time(reader, value, place, member);
    case KIND_NAME: return read_name(reader, field, value, place, member);
    case KIND_LIST:
    case KIND_OBJECT: break;
    }
    abort(); /* a list or an object is no single value */
}
