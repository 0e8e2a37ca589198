#include <ctype.h>

#include "api/failure.h"
#include "api/openapi_document.h"

/* "Not Found" of the family Outbound is called OutboundNotFound. */
static const char *name_of(enum family family, enum error_code code, struct arena *arena)
{
    char *name = arena_format(arena, "%s%s", FAMILY_TEXTS[family].title, failure_title(code));
    char *end = name;
    for (const char *at = name; *at; at++)
        if (isalnum((unsigned char)*at))
            *end++ = *at;
    *end = '\0';
    return name;
}

void openapi_add_failure(struct openapi *openapi, const struct route *route, enum error_code code)
{
    const char *status = arena_format(openapi->arena, "%d", failure_status(code));
    openapi->fails[route->family][code] = true;
    openapi_add_reference(openapi, status, "responses",
                          name_of(route->family, code, openapi->arena));
}

static void add_headers(struct openapi *openapi, enum error_code code)
{
    struct builder *builder = &openapi->builder;
    bool says_when = code == ERROR_UNAVAILABLE || code == ERROR_FULL || code == ERROR_TOO_MANY ||
                     code == ERROR_CONFLICT;
    if (!says_when)
        return;
    builder_object(builder, "headers");
    openapi_add_header(openapi, HEADER_RETRY_AFTER);
    if (code == ERROR_TOO_MANY)
        openapi_add_rate_headers(openapi);
    builder_end(builder);
}

static void add_response(struct openapi *openapi, enum family family, enum error_code code)
{
    struct builder *builder = &openapi->builder;
    struct shape shape = shape_of_reply(failure_view(family));
    const char *names = failure_names(code, family, openapi->arena);
    builder_object(builder, name_of(family, code, openapi->arena));
    builder_text(builder, "description",
                 arena_format(openapi->arena, "%s: %s", names, FAILURE_TEXTS[code]));
    add_headers(openapi, code);
    builder_object(builder, "content");
    builder_object(builder, failure_media_type(family));
    openapi_add_view(openapi, "schema", &shape);
    builder_json(builder, "example",
                 failure_example(code, family, FAILURE_TEXTS[code], openapi->arena));
    builder_end(builder);
    builder_end(builder);
    builder_end(builder);
}

void openapi_add_failures(struct openapi *openapi)
{
    builder_object(&openapi->builder, "responses");
    for (enum family family = 0; family < FAMILY_COUNT; family++)
        for (enum error_code code = ERROR_NONE + 1; code < ERROR_CODE_COUNT; code++)
            if (openapi->fails[family][code])
                add_response(openapi, family, code);
    builder_end(&openapi->builder);
}
