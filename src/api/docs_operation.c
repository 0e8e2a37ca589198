#include "api/docs_page.h"
#include "api/failure.h"
#include "base/text.h"

void docs_add_method(struct docs *docs, const struct route *route)
{
    docs_add(docs, "<span class=\"method ");
    docs_add_text(docs, text_lower(route->method, docs->arena));
    docs_add(docs, "\">");
    docs_add_text(docs, route->method);
    docs_add(docs, "</span> ");
}

static void add_head(struct docs *docs, const struct route *route)
{
    const char *name = operation_name(route, docs->arena);
    docs_add(docs, "<section class=\"operation\" id=\"");
    docs_add_text(docs, name);
    docs_add(docs, "\">\n<h3>");
    docs_add_method(docs, route);
    docs_add(docs, "<a href=\"#");
    docs_add_text(docs, name);
    docs_add(docs, "\"><code>");
    docs_add_text(docs, route->path);
    docs_add(docs, "</code></a></h3>\n<p class=\"summary\">");
    docs_add_text(docs, route->summary);
    docs_add(docs, "</p>\n");
}

static void add_scopes(struct docs *docs, const struct route *route)
{
    const char *between = "";
    docs_add(docs, "<p class=\"scopes\">");
    docs_add(docs, operation_needs_token(route) ? "Scope: " : "No token is needed.");
    unsigned scopes = rights_scopes(route->right);
    for (unsigned scope = 1; scope <= SCOPE_ALL; scope <<= 1) {
        if (!(scopes & scope))
            continue;
        docs_add(docs, between);
        docs_add(docs, "<code>");
        docs_add_text(docs, scope_names(scope, docs->arena));
        docs_add(docs, "</code>");
        between = " or ";
    }
    docs_add(docs, "</p>\n");
}

static void add_header_row(struct docs *docs, const char *name, const char *about)
{
    docs_add(docs, "<tr><td><code>");
    docs_add_text(docs, name);
    docs_add(docs, "</code></td><td>header</td><td>");
    docs_add_text(docs, about);
    docs_add(docs, "</td></tr>\n");
}

static void add_parameters(struct docs *docs, const struct route *route)
{
    bool is_keyed = operation_is_keyed(route), is_send = operation_is_send(route);
    bool heeds_version = operation_heeds_version(route);
    if (!route->query && !is_keyed && !is_send && !heeds_version)
        return;
    docs_add(docs, "<h4>Parameters</h4>\n<table>\n");
    if (route->query)
        docs_add_query(docs, route->query);
    if (is_keyed)
        add_header_row(docs, "Idempotency-Key",
                       "a name for this call, so that it has its effect "
                       "once");
    if (heeds_version)
        add_header_row(docs, "If-Match", "the ETag of the version that is to be changed");
    if (is_send)
        add_header_row(docs, "Prefer", "respond-async: do not wait for the mail server");
    docs_add(docs, "</table>\n");
}

static void add_body(struct docs *docs, const struct route *route)
{
    if (route->takes == TAKES_MESSAGE)
        docs_add(docs, "<h4>Body</h4>\n<p>One mail, as <code>message/rfc822</code>.</p>\n");
    if (!route->reads)
        return;
    bool is_form = route->takes == TAKES_FORM;
    struct shape shape = is_form ? shape_of_form(route->reads)
                                 : shape_of_body(route->reads, route->method);
    if (shape_is_empty(&shape) && !route->reads->is_flat)
        return;
    docs_add(docs, is_form ? "<h4>Form</h4>\n" : "<h4>Body</h4>\n");
    docs_add_fields(docs, &shape);
}

static const char *statuses_text(const struct route *route, struct arena *arena)
{
    int statuses[OPERATION_STATUSES_MOST];
    size_t count = operation_successes(route, statuses);
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = arena_format(arena, "%s%s%d", text, i ? " or " : "", statuses[i]);
    return text;
}

static const char *media_text(const struct route *route)
{
    if (!route->media_type)
        return "no content";
    return text_equal(route->media_type, "*/*") ? "the file" : route->media_type;
}

static void add_reply(struct docs *docs, const struct route *route)
{
    const char *statuses = statuses_text(route, docs->arena);
    if (!route->replies) {
        docs_add(docs, "<p><b>Reply ");
        docs_add_text(docs, statuses);
        docs_add(docs, "</b>: ");
        docs_add_text(docs, media_text(route));
        docs_add(docs, "</p>\n");
        return;
    }
    struct shape shape = shape_of_reply(route->replies);
    docs_add(docs, "<details><summary>Reply ");
    docs_add_text(docs, statuses);
    docs_add(docs, "</summary>\n");
    docs_add_fields(docs, &shape);
    docs_add(docs, "</details>\n");
}

static void add_error(struct docs *docs, const struct route *route, enum error_code code)
{
    buf_addf(&docs->buf, "<tr><td>%d</td><td><code>", failure_status(code));
    docs_add_text(docs, failure_names(code, route->family, docs->arena));
    docs_add(docs, "</code></td><td>");
    docs_add_text(docs, FAILURE_TEXTS[code]);
    docs_add(docs, "</td></tr>\n");
}

static void add_errors(struct docs *docs, const struct route *route)
{
    docs_add(docs, "<details><summary>Errors</summary>\n<table class=\"errors\">\n");
    for (enum error_code code = ERROR_NONE + 1; code < ERROR_CODE_COUNT; code++)
        if (operation_may_fail(route, code))
            add_error(docs, route, code);
    docs_add(docs, "</table>\n</details>\n");
}

void docs_add_operation(struct docs *docs, const struct route *route)
{
    add_head(docs, route);
    add_scopes(docs, route);
    add_parameters(docs, route);
    add_body(docs, route);
    docs_add_call(docs, route);
    add_reply(docs, route);
    add_errors(docs, route);
    docs_add(docs, "</section>\n");
}
