#include "json/json_parse.h"

#include <string.h>

#include "json/json.h"

static const char *const WRONG[] = {
    [json_error_invalid_utf8] = "is not UTF-8",
    [json_error_premature_end_of_input] = "the text ends too early",
    [json_error_end_of_input_expected] = "something follows after the end",
    [json_error_invalid_syntax] = "is not JSON",
    [json_error_null_character] = "\\u0000 is not allowed",
    [json_error_null_byte_in_key] = "\\u0000 is not allowed",
    [json_error_duplicate_key] = "the object has this key twice",
    [json_error_numeric_overflow] = "the number is too big",
};

void json_cleanup(json_t **json)
{
    json_decref(*json);
}

/* Where the string that begins at text ends: behind its second quote, or at the end. */
static const char *skip_string(const char *text, const char *end)
{
    for (const char *at = text + 1; at < end; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '"')
            return at + 1;
    }
    return end;
}

/* jansson recurses up to a depth of its own choosing, so the text is looked through before. Where
 * it is no JSON this may see more than there is, but never less than jansson would go into. */
static bool is_too_deep(const char *text, size_t size)
{
    const char *at = text, *end = text + size;
    for (unsigned depth = 0; at < end;) {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        if (*at == '{' || *at == '[')
            depth++;
        if ((*at == '}' || *at == ']') && depth)
            depth--;
        if (depth > JSON_DEPTH)
            return true;
        at++;
    }
    return false;
}

bool json_parse(struct bytes text, json_t **ret_json, struct error *error)
{
    json_error_t where;
    if (is_too_deep(text.data, text.size))
        return fail(error, ERROR_INVALID, "", "is nested deeper than %d levels", JSON_DEPTH);
    *ret_json = json_loadb(text.size ? text.data : "", text.size, JSON_REJECT_DUPLICATES, &where);
    if (*ret_json)
        return true;
    size_t code = (size_t)json_error_code(&where);
    const char *wrong = code < sizeof WRONG / sizeof *WRONG ? WRONG[code] : NULL;
    return fail(error, ERROR_INVALID, "", "line %d, column %d: %s", where.line, where.column,
                wrong ? wrong : "is not JSON");
}
