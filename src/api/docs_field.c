#include "api/docs_page.h"
#include "api/spelling.h"
#include "base/text.h"

/* Fields as rows of a table: name, what it may be, what it is for. */

static void add_names(struct docs *docs, const struct field *field)
{
    const char *between = "";
    for (size_t i = 0; field->names[i]; i++) {
        if (!*field->names[i])
            continue;
        docs_add(docs, between);
        docs_add(docs, "<code>");
        docs_add_text(docs, field->names[i]);
        docs_add(docs, "</code>");
        between = ", ";
    }
}

static const char *bytes_text(size_t bytes, struct arena *arena)
{
    enum { KIB = 1024, MIB = 1024 * KIB };
    if (bytes >= MIB && bytes % MIB == 0)
        return arena_format(arena, "%zu MiB", bytes / MIB);
    if (bytes >= KIB && bytes % KIB == 0)
        return arena_format(arena, "%zu KiB", bytes / KIB);
    return arena_format(arena, "%zu bytes", bytes);
}

static void add_most_bytes(struct docs *docs, size_t bytes)
{
    if (!bytes)
        return;
    docs_add(docs, ", at most ");
    docs_add_text(docs, bytes_text(bytes, docs->arena));
}

static void add_number(struct docs *docs, const struct field *field, bool is_shown)
{
    docs_add(docs, "whole number");
    if (!is_shown && field->max)
        buf_addf(&docs->buf, ", %lld to %zu", (long long)field->min, field->max);
}

static void add_text(struct docs *docs, const struct shape *shape, const struct field *field)
{
    if (field->names) {
        add_names(docs, field);
        return;
    }
    if (field->kind == KIND_TIME)
        docs_add(docs, "time");
    else
        docs_add_text(docs, shape_is_spelled(shape, field) ? field->spelling->what : "text");
    if (shape->use != SHOWN && field->kind == KIND_TEXT && field->spelling != &BASE64)
        add_most_bytes(docs, field->max);
}

static void add_item(struct docs *docs, const struct shape *shape, const struct field *field)
{
    bool has_texts = shape_has_texts(shape, field);
    if (has_texts)
        docs_add_text(docs, field->spelling ? field->spelling->what : "text");
    if (has_texts && shape->use != SHOWN)
        add_most_bytes(docs, field->item_max);
    if (shape_has_objects(shape, field))
        docs_add(docs, has_texts ? ", or an object" : "an object");
}

static void add_files(struct docs *docs, const struct field *field)
{
    if (field->max == 1)
        docs_add(docs, "a file");
    else
        buf_addf(&docs->buf, "up to %zu files", field->max);
}

static void add_list(struct docs *docs, const struct shape *shape, const struct field *field)
{
    bool is_one_or_many = field->use & ONE_OR_MANY && shape->use != SHOWN;
    if (is_one_or_many) {
        add_item(docs, shape, field);
        docs_add(docs, "; or a ");
    }
    docs_add(docs, "list");
    if (shape->use != SHOWN)
        buf_addf(&docs->buf, " of at most %zu", field->max);
    if (!is_one_or_many) {
        docs_add(docs, ", each ");
        add_item(docs, shape, field);
    }
}

static void add_kind(struct docs *docs, const struct shape *shape, const struct field *field)
{
    bool is_text = shape_is_spelled(shape, field);
    if (shape->is_form && field->kind == KIND_LIST)
        add_files(docs, field);
    else if (field->kind == KIND_LIST)
        add_list(docs, shape, field);
    else if (field->kind == KIND_OBJECT || field->use & JSON_TEXT)
        docs_add(docs, is_text && shape->use != SHOWN ? "object, or text" : "object");
    else if (field->kind == KIND_INT && !is_text)
        add_number(docs, field, shape->use == SHOWN);
    else if (field->kind == KIND_BOOL && !is_text)
        docs_add(docs, "true or false");
    else
        add_text(docs, shape, field);
    if (shape->use == SHOWN && shape_may_be_null(shape, field))
        docs_add(docs, ", or null");
    else if (shape->use == SHOWN && !shape_has_always(shape, field))
        docs_add(docs, ", or left out");
}

static void add_row(struct docs *docs, const struct shape *shape, const struct field *field,
                    const char *path)
{
    docs_add(docs, "<tr><td><code>");
    docs_add_text(docs, path);
    docs_add(docs, "</code>");
    if (shape->use != SHOWN && shape_has_always(shape, field))
        docs_add(docs, " <span class=\"must\">required</span>");
    docs_add(docs, "</td><td>");
    add_kind(docs, shape, field);
    docs_add(docs, "</td><td>");
    docs_add_text(docs, field->about);
    docs_add(docs, "</td></tr>\n");
}

static void add_rows(struct docs *docs, const struct shape *shape, const char *before)
{
    for (const struct field *field = shape->view->fields; field->name; field++) {
        if (shape_role(shape, field) != ROLE_PART)
            continue;
        bool is_list = field->kind == KIND_LIST;
        const char *path = arena_format(docs->arena, "%s%s", before, field_key(field));
        bool is_nested = is_list ? !shape->is_form && shape_has_objects(shape, field)
                                 : field->kind == KIND_OBJECT &&
                                       !(shape->use == SHOWN && shape_is_spelled(shape, field));
        add_row(docs, shape, field, path);
        if (is_nested) {
            struct shape inside = shape_inside(shape, field);
            add_rows(docs, &inside, arena_format(docs->arena, "%s%s.", path, is_list ? "[]" : ""));
        }
    }
}

void docs_add_fields(struct docs *docs, const struct shape *shape)
{
    if (shape->view->is_flat) {
        docs_add(docs,
                 "<p>A flat object: any names, with text, numbers, true, false or null.</p>\n");
        return;
    }
    docs_add(docs, "<table>\n");
    add_rows(docs, shape, "");
    docs_add(docs, "</table>\n");
}

void docs_add_query(struct docs *docs, const struct schema *query)
{
    for (const struct field *field = query->fields; field->name; field++) {
        struct shape shape = {query, CREATE, true};
        docs_add(docs, "<tr><td><code>");
        docs_add_text(docs, field_key(field));
        docs_add(docs, "</code>");
        if (field->use & REQUIRED)
            docs_add(docs, " <span class=\"must\">required</span>");
        docs_add(docs, "</td><td>");
        add_kind(docs, &shape, field);
        if (field->preset) {
            docs_add(docs, "; otherwise <code>");
            docs_add_text(docs, field->preset);
            docs_add(docs, "</code>");
        }
        docs_add(docs, "</td><td>");
        docs_add_text(docs, field->about);
        docs_add(docs, "</td></tr>\n");
    }
}
