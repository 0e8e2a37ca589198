#include "http/form_boundary.h"

#include <string.h>

#include "base/text.h"
#include "http/parameter.h"

static const char START[] = "\r\n--";
enum { START_SIZE = sizeof START - 1 };

static bool is_boundary(const char *text)
{
    static const char ALLOWED[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "'()+_,-./:=? ";
    size_t size = strlen(text);
    return size && size <= FORM_BOUNDARY_MAX && !text[strspn(text, ALLOWED)] &&
           text[size - 1] != ' ';
}

/* NULL when there is none, or more than one, or it is not one. */
static const char *find_parameter(char *parameters)
{
    const char *name, *boundary = NULL;
    char *value;
    enum parameter found;
    while ((found = parameter_next(&parameters, &name, &value)) == PARAMETER_FOUND) {
        if (!text_equal_nocase(name, "boundary"))
            continue;
        if (boundary)
            return NULL;
        boundary = value;
    }
    return found == PARAMETER_END && boundary && is_boundary(boundary) ? boundary : NULL;
}

bool form_boundary_read(const char *content_type, struct arena *arena,
                        struct form_boundary *ret_boundary, struct error *error)
{
    char *parameters, *type = arena_copy(arena, text_or(content_type, ""));
    if (!text_equal_nocase(parameter_begin(type, &parameters), "multipart/form-data"))
        return fail(error, ERROR_UNSUPPORTED, "", "the Content-Type must be multipart/form-data");
    const char *text = find_parameter(parameters);
    if (!text)
        return fail(error, ERROR_INVALID, "",
                    "the Content-Type must have one boundary, of 1 to %d characters that RFC 2046 "
                    "allows",
                    FORM_BOUNDARY_MAX);
    ret_boundary->size = START_SIZE + strlen(text);
    memcpy(ret_boundary->start, START, START_SIZE);
    memcpy(ret_boundary->start + START_SIZE, text, strlen(text));
    return true;
}

const char *form_boundary_find(const struct form_boundary *boundary, const char *at,
                               const char *end)
{
    size_t size = (size_t)(end - at);
    const char *found = memmem(at, size, boundary->start, boundary->size);
    if (found)
        return found;
    size_t rest = size < boundary->size ? size : boundary->size;
    found = memrchr(end - rest, '\r', rest);
    bool is_begun = found && memcmp(found, boundary->start, (size_t)(end - found)) == 0;
    return is_begun ? found : end;
}

/* tail: of the line, behind the boundary; LAST has two dashes there, and blanks may follow. */
static enum form_line judge_tail(const char *tail, size_t size, size_t *ret_size)
{
    bool is_last = size && *tail == '-';
    if (is_last && size > 1 && tail[1] != '-')
        return FORM_LINE_OTHER;
    size_t at = !is_last ? 0 : size > 1 ? 2 : 1, most = at + FORM_PADDING_MAX;
    while (at < size && at < most && (tail[at] == ' ' || tail[at] == '\t'))
        at++;
    if (at == size)
        return FORM_LINE_PARTIAL;
    if (tail[at] == '\n')
        return FORM_LINE_BARE;
    if (tail[at] != '\r' || (at + 1 < size && tail[at + 1] != '\n'))
        return FORM_LINE_OTHER;
    *ret_size = at + 2;
    return at + 1 == size ? FORM_LINE_PARTIAL : is_last ? FORM_LINE_LAST : FORM_LINE_NEXT;
}

enum form_line form_boundary_judge(const struct form_boundary *boundary, const char *text,
                                   size_t size, size_t *ret_size)
{
    size_t known = size < boundary->size ? size : boundary->size, tail_size = 0;
    if (memcmp(text, boundary->start, known) != 0)
        return FORM_LINE_OTHER;
    enum form_line line = judge_tail(text + known, size - known, &tail_size);
    *ret_size = known + tail_size;
    return line;
}
