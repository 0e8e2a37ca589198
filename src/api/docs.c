#include "api/docs.h"

#include <string.h>

#include "api/docs_page.h"
#include "api/failure.h"
#include "base/text.h"
#include "docs_text.h"
#include "html/escape.h"

enum { PAGE_BYTES = 8 * 1024 * 1024 };

void docs_add(struct docs *docs, const char *html)
{
    buf_add(&docs->buf, html);
}

void docs_add_text(struct docs *docs, const char *text)
{
    if (text)
        escape_add(&docs->buf, text);
}

static void add_link(struct docs *docs, const struct route *route)
{
    docs_add(docs, "<li><a href=\"#");
    docs_add_text(docs, operation_name(route, docs->arena));
    docs_add(docs, "\">");
    docs_add_method(docs, route);
    docs_add(docs, "<span>");
    docs_add_text(docs, route->summary);
    docs_add(docs, "</span></a></li>\n");
}

static void add_contents(struct docs *docs)
{
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        enum family family = FAMILIES_SHOWN[i];
        const struct family_text *text = &FAMILY_TEXTS[family];
        docs_add(docs, "<h2><a href=\"#");
        docs_add_text(docs, text->tag);
        docs_add(docs, "\">");
        docs_add_text(docs, text->title);
        docs_add(docs, "</a></h2>\n<ul>\n");
        for (const struct route *route = ROUTES; route->method; route++)
            if (route->family == family)
                add_link(docs, route);
        docs_add(docs, "</ul>\n");
    }
}

static void add_operations(struct docs *docs)
{
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        enum family family = FAMILIES_SHOWN[i];
        const struct family_text *text = &FAMILY_TEXTS[family];
        docs_add(docs, "<section>\n<h2 id=\"");
        docs_add_text(docs, text->tag);
        docs_add(docs, "\">");
        docs_add_text(docs, text->title);
        docs_add(docs, "</h2>\n<p>");
        docs_add_text(docs, text->about);
        docs_add(docs, "</p>\n<p>An error looks like this:</p>\n<pre>");
        docs_add_text(docs, failure_example(ERROR_INVALID, family, "to[0] must be an email address",
                                            docs->arena));
        docs_add(docs, "</pre>\n");
        for (const struct route *route = ROUTES; route->method; route++)
            if (route->family == family)
                docs_add_operation(docs, route);
        docs_add(docs, "</section>\n");
    }
}

static void add_style(struct docs *docs)
{
    docs_add(docs, DOCS_CSS);
}

static void add_version(struct docs *docs)
{
    docs_add_text(docs, docs->settings->version);
}

static void add_server(struct docs *docs)
{
    docs_add_text(docs, docs->settings->server_url);
}

static const struct {
    const char *place;
    void (*add)(struct docs *docs);
} FILLINGS[] = {
    {"{{style}}", add_style},   {"{{version}}", add_version},       {"{{contents}}", add_contents},
    {"{{server}}", add_server}, {"{{operations}}", add_operations},
};

/* Adds what belongs to the place at the start of text; the size of its name. */
static size_t fill(struct docs *docs, const char *text)
{
    for (size_t i = 0; i < sizeof FILLINGS / sizeof *FILLINGS; i++)
        if (text_starts(text, FILLINGS[i].place)) {
            FILLINGS[i].add(docs);
            return strlen(FILLINGS[i].place);
        }
    return 0;
}

const char *docs_write(const struct openapi_settings *settings, struct arena *arena)
{
    struct error never;
    struct docs docs = {BUF(arena, PAGE_BYTES), arena, settings};
    for (const char *at = DOCS_HTML; *at;) {
        size_t plain = strcspn(at, "{");
        buf_add_bytes(&docs.buf, at, plain);
        at += plain;
        size_t filled = *at ? fill(&docs, at) : 0;
        if (*at && !filled)
            buf_add_char(&docs.buf, *at++);
        at += filled;
    }
    return buf_text(&docs.buf, &never);
}

const char *docs_policy(struct arena *arena)
{
    return arena_format(arena,
                        "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
                        "form-action 'none'; frame-ancestors 'none'",
                        DOCS_CSS_SHA256);
}
