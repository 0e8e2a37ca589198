#include <ctype.h>
#include <string.h>

#include "api/docs_page.h"
#include "api/example.h"
#include "base/text.h"

enum { CALL_BYTES = 64 * 1024 };

/* "$CONTEXT_TYPE" */
static void add_variable(struct buf *buf, const char *name, size_t size)
{
    buf_add_char(buf, '$');
    for (size_t i = 0; i < size; i++)
        buf_add_char(buf, (char)toupper((unsigned char)name[i]));
}

/* A {name} of the path as a variable of the shell: curl would take braces for its own. */
static void add_path(struct buf *buf, const char *path)
{
    while (*path) {
        size_t plain = strcspn(path, "{");
        buf_add_bytes(buf, path, plain);
        path += plain;
        size_t name = *path ? strcspn(path, "}") : 0;
        if (name)
            add_variable(buf, path + 1, name - 1);
        path += name + (*path != '\0');
    }
}

/* What must stand behind the ?, likewise. */
static void add_query(struct buf *buf, const struct schema *query)
{
    char before = '?';
    for (const struct field *field = query->fields; field->name; field++) {
        const char *key = field_key(field);
        if (!(field->use & REQUIRED))
            continue;
        buf_addf(buf, "%c%s=", before, key);
        add_variable(buf, key, strlen(key));
        before = '&';
    }
}

/* In single quotes of the shell. */
static void add_quoted(struct buf *buf, const char *text)
{
    buf_add_char(buf, '\'');
    for (; *text; text++)
        if (*text == '\'')
            buf_add(buf, "'\\''");
        else
            buf_add_char(buf, *text);
    buf_add_char(buf, '\'');
}

static void add_json(struct buf *buf, const struct route *route)
{
    struct shape shape = shape_of_body(route->reads, route->method);
    if (!example_exists(&shape))
        return;
    buf_add(buf, " \\\n  -H 'Content-Type: application/json' \\\n  -d ");
    add_quoted(buf, example_text(&shape, buf->arena));
}

static void add_form(struct buf *buf, const struct schema *form)
{
    for (const struct field *field = form->fields; field->name; field++)
        if (field->example)
            buf_addf(buf, " \\\n  -F %s=%s", field_key(field), field->example);
}

void docs_add_call(struct docs *docs, const struct route *route)
{
    struct error never;
    struct buf buf = BUF(docs->arena, CALL_BYTES);
    buf_add(&buf, "curl ");
    if (!text_equal(route->method, "GET"))
        buf_addf(&buf, "-X %s ", route->method);
    buf_addf(&buf, "\"%s", docs->settings->server_url);
    add_path(&buf, route->path);
    if (route->query)
        add_query(&buf, route->query);
    buf_add(&buf, "\"");
    if (operation_needs_token(route))
        buf_add(&buf, " \\\n  -H \"Authorization: Bearer $TOKEN\"");
    if (route->takes == TAKES_JSON)
        add_json(&buf, route);
    if (route->takes == TAKES_FORM && route->reads)
        add_form(&buf, route->reads);
    if (route->takes == TAKES_MESSAGE)
        buf_add(&buf, " \\\n  -H 'Content-Type: message/rfc822' --data-binary @mail.eml");
    docs_add(docs, "<pre>");
    docs_add_text(docs, buf_text(&buf, &never));
    docs_add(docs, "</pre>\n");
}
