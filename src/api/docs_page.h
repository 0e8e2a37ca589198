/* docs_page.h - the page while it is written, as the files docs*.c see it. */
#pragma once
#include "api/docs.h"
#include "api/operation.h"
#include "api/shape.h"
#include "base/buf.h"

struct docs {
    struct buf buf;
    struct arena *arena;
    const struct openapi_settings *settings;
};

void docs_add(struct docs *docs, const char *html);
void docs_add_text(struct docs *docs, const char *text); /* escaped; NULL: nothing */

void docs_add_method(struct docs *docs, const struct route *route);
void docs_add_operation(struct docs *docs, const struct route *route);
/* A table of all that the shape holds, what is nested in it included. */
void docs_add_fields(struct docs *docs, const struct shape *shape);
void docs_add_query(struct docs *docs, const struct schema *query);
/* How it is called with curl. */
void docs_add_call(struct docs *docs, const struct route *route);
