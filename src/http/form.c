/* form.c - the parts of a form, one after the other. docs/decisions/forms.md says why no library
 * reads them. */
#include "http/form.h"

#include <string.h>

#include "http/form_boundary.h"
#include "http/form_part.h"

enum { PARTS_MAX = 64, HEAD_MAX = 8 * 1024, PREAMBLE_MAX = 8 * 1024 };

struct form {
    struct form_sink sink;
    struct form_boundary boundary;
    enum { IN_PREAMBLE, IN_HEAD, IN_CONTENT, IN_EPILOGUE } where;
    bool has_failed;
    struct error failure;
    unsigned number; /* of the part, from 1 */
    size_t preamble_size;
    size_t held_size, invented_size;
    char held[FORM_LINE_MAX]; /* what may be the boundary's line; its start may be invented */
    size_t head_size, line_start;
    char head[HEAD_MAX + 1];
};

/* The boundary may stand at the very start of a body or a content. There, no line break comes
 * before it, which is made up for. */
static void expect_line(struct form *form)
{
    memcpy(form->held, "\r\n", 2);
    form->held_size = form->invented_size = 2;
}

struct form *form_create(const char *content_type, const struct form_sink *sink,
                         struct arena *arena, struct error *error)
{
    struct form_boundary boundary;
    if (!form_boundary_read(content_type, arena, &boundary, error))
        return NULL;
    struct form *form = arena_alloc(arena, sizeof *form);
    form->sink = *sink;
    form->boundary = boundary;
    expect_line(form);
    return form;
}

static bool pass(struct form *form, const char *start, const char *end, struct error *error)
{
    size_t size = (size_t)(end - start);
    if (!size)
        return true;
    if (form->where == IN_CONTENT)
        return form->sink.write(form->sink.context, start, size, error);
    form->preamble_size += size;
    return form->preamble_size <= PREAMBLE_MAX ||
           fail(error, ERROR_INVALID, "", "the form has no boundary in its first %d bytes",
                PREAMBLE_MAX);
}

/* Of a boundary: FORM_LINE_BARE, FORM_LINE_NEXT or FORM_LINE_LAST. */
static bool take_line(struct form *form, enum form_line line, struct error *error)
{
    form->held_size = 0;
    if (line == FORM_LINE_BARE)
        return fail(error, ERROR_INVALID, "",
                    "the boundary %s part %u ends with a bare LF instead of CR LF",
                    form->number ? "after" : "before", form->number ? form->number : 1);
    if (form->where == IN_CONTENT && !form->sink.end(form->sink.context, error))
        return false;
    if (line == FORM_LINE_NEXT && form->number == PARTS_MAX)
        return fail(error, ERROR_INVALID, "", "the form has more than %d parts", PARTS_MAX);
    form->number += line == FORM_LINE_NEXT;
    form->where = line == FORM_LINE_NEXT ? IN_HEAD : IN_EPILOGUE;
    form->head_size = form->line_start = 0;
    return true;
}

/* The functions below take what they can, and return where that ends; NULL: it failed. */

/* Byte by byte, until it is known what is held. */
static const char *take_held(struct form *form, const char *at, const char *end,
                             struct error *error)
{
    while (at < end) {
        size_t size;
        form->held[form->held_size] = *at;
        enum form_line line = form_boundary_judge(&form->boundary, form->held, form->held_size + 1,
                                                  &size);
        if (line == FORM_LINE_OTHER) { /* the byte may be the CR of another, so it is left */
            const char *held_end = form->held + form->held_size;
            form->held_size = 0;
            return pass(form, form->held + form->invented_size, held_end, error) ? at : NULL;
        }
        form->held_size++;
        at++;
        if (line != FORM_LINE_PARTIAL)
            return take_line(form, line, error) ? at : NULL;
    }
    return at;
}

static const char *take_content(struct form *form, const char *start, const char *end,
                                struct error *error)
{
    const struct form_boundary *boundary = &form->boundary;
    for (const char *at = start; (at = form_boundary_find(boundary, at, end)) < end; at++) {
        size_t size;
        enum form_line line = form_boundary_judge(boundary, at, (size_t)(end - at), &size);
        if (line == FORM_LINE_OTHER)
            continue;
        if (!pass(form, start, at, error))
            return NULL;
        if (line != FORM_LINE_PARTIAL)
            return take_line(form, line, error) ? at + size : NULL;
        form->invented_size = 0;
        form->held_size = (size_t)(end - at);
        memcpy(form->held, at, form->held_size);
        return end;
    }
    return pass(form, start, end, error) ? end : NULL;
}

static bool begin_part(struct form *form, struct error *error)
{
    struct form_part part;
    form->head[form->head_size] = '\0';
    form->where = IN_CONTENT;
    expect_line(form);
    return form_part_read(form->head, form->head_size, form->number, &part, error) &&
           form->sink.begin(form->sink.context, &part, error);
}

/* A line, or what has come of it. */
static const char *take_head(struct form *form, const char *at, const char *end,
                             struct error *error)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    size_t size = (size_t)((newline ? newline + 1 : end) - at);
    if (size > HEAD_MAX - form->head_size) {
        fail(error, ERROR_INVALID, "", "part %u has a header of more than %d bytes", form->number,
             HEAD_MAX);
        return NULL;
    }
    memcpy(form->head + form->head_size, at, size);
    form->head_size += size;
    if (!newline)
        return end;
    size_t line_size = form->head_size - form->line_start;
    if (line_size < 2 || form->head[form->head_size - 2] != '\r') {
        fail(error, ERROR_INVALID, "",
             "part %u has a header line that ends with a bare LF instead of CR LF", form->number);
        return NULL;
    }
    form->line_start = form->head_size;
    return line_size > 2 || begin_part(form, error) ? newline + 1 : NULL;
}

static const char *take(struct form *form, const char *at, const char *end, struct error *error)
{
    if (form->where == IN_EPILOGUE)
        return end;
    if (form->where == IN_HEAD)
        return take_head(form, at, end, error);
    return (form->held_size ? take_held : take_content)(form, at, end, error);
}

/* Whether all is well; if not, says again what was not. */
static bool conclude(struct form *form, bool is_fine, struct error *error)
{
    if (!is_fine && !form->has_failed) {
        form->has_failed = true;
        form->failure = *error;
    }
    if (form->has_failed)
        *error = form->failure;
    return !form->has_failed;
}

bool form_feed(struct form *form, const void *data, size_t size, struct error *error)
{
    const char *at = data, *end = size ? at + size : at;
    while (!form->has_failed && at && at < end)
        at = take(form, at, end, error);
    return conclude(form, at || !size, error);
}

/* The line of the closing boundary may be the body's last, and lack its CR LF. */
static bool is_last_held(struct form *form)
{
    size_t size = form->held_size;
    if (!size)
        return false;
    size -= form->held[size - 1] == '\r';
    memcpy(form->held + size, "\r\n", 2);
    return form_boundary_judge(&form->boundary, form->held, size + 2, &size) == FORM_LINE_LAST;
}

bool form_finish(struct form *form, struct error *error)
{
    bool is_fine = !form->has_failed;
    if (is_fine && is_last_held(form))
        is_fine = take_line(form, FORM_LINE_LAST, error);
    if (is_fine && form->where != IN_EPILOGUE)
        is_fine = fail(error, ERROR_INVALID, "",
                       "the form ends %s part %u, with no closing boundary",
                       form->number ? "in" : "before", form->number ? form->number : 1);
    return conclude(form, is_fine, error);
}
