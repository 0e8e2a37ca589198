#include "api/openapi_document.h"
#include "base/text.h"

enum { DOCUMENT_BYTES = 8 * 1024 * 1024 };

static const char ABOUT[] =
    "Drafts, schedules, approves and sends email through its users' own mailboxes. Three families "
    "of paths speak of the same records in three spellings: a draft made in one can be listed and "
    "sent in any other. Every id is read in any spelling.";

static void add_info(struct openapi *openapi)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, "info");
    builder_text(builder, "title", "Outtray");
    builder_text(builder, "version", openapi->settings->version);
    builder_text(builder, "summary", "An outbound-email server");
    builder_text(builder, "description", ABOUT);
    builder_object(builder, "license");
    builder_text(builder, "name", "Apache-2.0");
    builder_text(builder, "identifier", "Apache-2.0");
    builder_end(builder);
    builder_end(builder);
}

static void add_servers(struct openapi *openapi)
{
    struct builder *builder = &openapi->builder;
    builder_array(builder, "servers");
    builder_object(builder, NULL);
    builder_text(builder, "url", openapi->settings->server_url);
    builder_end(builder);
    builder_end(builder);
}

static void add_tags(struct openapi *openapi)
{
    struct builder *builder = &openapi->builder;
    builder_array(builder, "tags");
    for (size_t i = 0; i < FAMILY_COUNT; i++) {
        builder_object(builder, NULL);
        builder_text(builder, "name", FAMILY_TEXTS[FAMILIES_SHOWN[i]].tag);
        builder_text(builder, "description", FAMILY_TEXTS[FAMILIES_SHOWN[i]].about);
        builder_end(builder);
    }
    builder_end(builder);
}

static bool is_first_of_path(const struct route *route)
{
    const struct route *first = ROUTES;
    while (!text_equal(first->path, route->path))
        first++;
    return first == route;
}

static void add_paths(struct openapi *openapi)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, "paths");
    for (const struct route *route = ROUTES; route->method; route++) {
        if (!is_first_of_path(route))
            continue;
        builder_object(builder, route->path);
        for (const struct route *other = route; other->method; other++)
            if (text_equal(other->path, route->path))
                openapi_add_operation(openapi, other);
        builder_end(builder);
    }
    builder_end(builder);
}

static void add_components(struct openapi *openapi)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, "components");
    builder_object(builder, "securitySchemes");
    builder_object(builder, "token");
    builder_text(builder, "type", "http");
    builder_text(builder, "scheme", "bearer");
    builder_text(builder, "description",
                 "A token that `outtray token create` or POST /api/tokens has given. It carries "
                 "scopes, of which an operation needs any one that it lists.");
    builder_end(builder);
    builder_end(builder);
    openapi_add_failures(openapi);
    openapi_add_shared(openapi);
    openapi_add_schemas(openapi);
    builder_end(builder);
}

const char *openapi_write(const struct openapi_settings *settings, struct arena *arena)
{
    struct error never;
    struct openapi *openapi = arena_new(arena, struct openapi, 1);
    openapi->builder = BUILDER(arena, DOCUMENT_BYTES);
    openapi->builder.is_indented = settings->is_indented;
    openapi->arena = arena;
    openapi->settings = settings;
    builder_object(&openapi->builder, NULL);
    builder_text(&openapi->builder, "openapi", "3.1.0");
    add_info(openapi);
    add_servers(openapi);
    add_tags(openapi);
    add_paths(openapi);
    add_components(openapi);
    builder_end(&openapi->builder);
    return builder_finish(&openapi->builder, &never);
}
