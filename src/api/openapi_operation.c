#include <ctype.h>
#include <string.h>

#include "api/example.h"
#include "api/openapi_document.h"
#include "base/text.h"

enum { OK = 200, CREATED = 201, ACCEPTED = 202, NO_CONTENT = 204, FOUND = 302, UNCHANGED = 304 };

static bool has_status(const struct route *route, int status)
{
    int statuses[OPERATION_STATUSES_MOST];
    size_t count = operation_successes(route, statuses);
    while (count && statuses[count - 1] != status)
        count--;
    return count;
}

static void add_path_parameters(struct openapi *openapi, const char *path)
{
    struct builder *builder = &openapi->builder;
    for (const char *at = strchr(path, '{'); at; at = strchr(at + 1, '{')) {
        const char *name = arena_copy_bytes(openapi->arena, at + 1, strcspn(at + 1, "}"));
        if (text_equal(name, "id")) {
            openapi_add_parameter(openapi, PARAMETER_ID);
            continue;
        }
        builder_object(builder, NULL);
        builder_text(builder, "name", name);
        builder_text(builder, "in", "path");
        builder_bool(builder, "required", true);
        builder_json(builder, "schema", "{\"type\":\"string\"}");
        builder_end(builder);
    }
}

static void add_query_parameters(struct openapi *openapi, const struct schema *query)
{
    struct builder *builder = &openapi->builder;
    for (const struct field *field = query->fields; field->name; field++) {
        builder_object(builder, NULL);
        builder_text(builder, "name", field_key(field));
        builder_text(builder, "in", "query");
        builder_text(builder, "description", field->about);
        if (field->use & REQUIRED)
            builder_bool(builder, "required", true);
        openapi_add_query_field(openapi, "schema", field);
        builder_json(builder, "example", field->example);
        builder_end(builder);
    }
}

static void add_parameters(struct openapi *openapi, const struct route *route)
{
    const struct {
        enum shared_parameter name;
        bool is_heeded;
    } headers[] = {
        {PARAMETER_IDEMPOTENCY_KEY, operation_is_keyed(route)},
        {PARAMETER_IF_MATCH, operation_heeds_version(route)},
        {PARAMETER_IF_NONE_MATCH, has_status(route, UNCHANGED)},
        {PARAMETER_PREFER, operation_is_send(route)},
    };
    builder_array(&openapi->builder, "parameters");
    add_path_parameters(openapi, route->path);
    if (route->query)
        add_query_parameters(openapi, route->query);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (headers[i].is_heeded)
            openapi_add_parameter(openapi, headers[i].name);
    builder_end(&openapi->builder);
}

static void add_json_body(struct openapi *openapi, const struct route *route)
{
    struct builder *builder = &openapi->builder;
    struct shape shape = shape_of_body(route->reads, route->method);
    builder_bool(builder, "required", !shape_needs_nothing(&shape));
    builder_object(builder, "content");
    builder_object(builder, "application/json");
    openapi_add_view(openapi, "schema", &shape);
    if (example_exists(&shape))
        example_add(builder, "example", &shape);
    builder_end(builder);
    builder_end(builder);
}

static void add_form_body(struct openapi *openapi, const struct route *route)
{
    struct builder *builder = &openapi->builder;
    struct shape shape = shape_of_form(route->reads);
    builder_bool(builder, "required", true);
    builder_object(builder, "content");
    builder_object(builder, "multipart/form-data");
    openapi_add_view(openapi, "schema", &shape);
    builder_end(builder);
    builder_end(builder);
}

static void add_message_body(struct openapi *openapi)
{
    struct builder *builder = &openapi->builder;
    builder_bool(builder, "required", true);
    builder_object(builder, "content");
    builder_object(builder, "message/rfc822");
    builder_json(builder, "schema", "{\"type\":\"string\"}");
    builder_end(builder);
    builder_end(builder);
}

static void add_body(struct openapi *openapi, const struct route *route)
{
    if (route->takes == TAKES_NOTHING)
        return;
    builder_object(&openapi->builder, "requestBody");
    if (route->takes == TAKES_JSON)
        add_json_body(openapi, route);
    else if (route->takes == TAKES_FORM)
        add_form_body(openapi, route);
    else
        add_message_body(openapi);
    builder_end(&openapi->builder);
}

static void add_reply_headers(struct openapi *openapi, const struct route *route, int status)
{
    struct builder *builder = &openapi->builder;
    bool is_versioned = operation_is_versioned(route) || has_status(route, UNCHANGED);
    if (!is_versioned && !operation_needs_token(route) && status != FOUND)
        return;
    builder_object(builder, "headers");
    if (is_versioned)
        openapi_add_header(openapi, HEADER_ETAG);
    if (operation_is_keyed(route))
        openapi_add_header(openapi, HEADER_IDEMPOTENT_REPLAYED);
    if (status == FOUND || status == ACCEPTED)
        openapi_add_header(openapi, HEADER_LOCATION);
    if (status == ACCEPTED)
        openapi_add_header(openapi, HEADER_PREFERENCE_APPLIED);
    if (operation_needs_token(route))
        openapi_add_rate_headers(openapi);
    builder_end(builder);
}

static const char *schema_of_media_type(const char *media_type)
{
    if (text_equal(media_type, "application/json"))
        return "{\"type\":\"object\"}";
    return text_equal(media_type, "*/*") ? "{\"type\":\"string\",\"format\":\"binary\"}"
                                         : "{\"type\":\"string\"}";
}

static void add_either(struct openapi *openapi, const struct shape *shape,
                       const struct schema *other)
{
    struct shape another = shape_of_reply(other);
    builder_object(&openapi->builder, "schema");
    builder_array(&openapi->builder, "anyOf");
    openapi_add_view(openapi, NULL, shape);
    openapi_add_view(openapi, NULL, &another);
    builder_end(&openapi->builder);
    builder_end(&openapi->builder);
}

static void add_reply_content(struct openapi *openapi, const struct route *route, int status)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, "content");
    if (route->replies) {
        struct shape shape = shape_of_reply(route->replies);
        builder_object(builder, "application/json");
        if (route->replies_else)
            add_either(openapi, &shape, route->replies_else);
        else
            openapi_add_view(openapi, "schema", &shape);
        if (status == route->status)
            example_add(builder, "example", &shape);
    } else {
        size_t size = strcspn(route->media_type, "; ");
        const char *type = arena_copy_bytes(openapi->arena, route->media_type, size);
        builder_object(builder, type);
        builder_json(builder, "schema", schema_of_media_type(type));
    }
    builder_end(builder);
    builder_end(builder);
}

static const char *success_text(const struct route *route, int status)
{
    switch (status) {
    case OK: return route->status == CREATED ? "It is there already." : "It worked.";
    case CREATED: return "It has been made.";
    case ACCEPTED: return "It goes on by itself: `status` says how far it has come.";
    case NO_CONTENT: return "Done.";
    case FOUND: return "It is elsewhere: Location says where.";
    case UNCHANGED: return "It is as it was.";
    default: return "It worked.";
    }
}

static void add_success(struct openapi *openapi, const struct route *route, int status)
{
    struct builder *builder = &openapi->builder;
    bool has_content = status < NO_CONTENT && (route->replies || route->media_type);
    builder_object(builder, arena_format(openapi->arena, "%d", status));
    builder_text(builder, "description", success_text(route, status));
    add_reply_headers(openapi, route, status);
    if (has_content)
        add_reply_content(openapi, route, status);
    builder_end(builder);
}

static void add_responses(struct openapi *openapi, const struct route *route)
{
    int statuses[OPERATION_STATUSES_MOST];
    size_t count = operation_successes(route, statuses);
    builder_object(&openapi->builder, "responses");
    for (size_t i = 0; i < count; i++)
        add_success(openapi, route, statuses[i]);
    for (enum error_code code = ERROR_NONE + 1; code < ERROR_CODE_COUNT; code++)
        if (operation_may_fail(route, code))
            openapi_add_failure(openapi, route, code);
    builder_end(&openapi->builder);
}

/* Any one of the scopes is enough, so each is an alternative of its own. */
static void add_security(struct openapi *openapi, const struct route *route)
{
    struct builder *builder = &openapi->builder;
    builder_array(builder, "security");
    unsigned scopes = rights_scopes(route->right);
    for (unsigned scope = 1; scope <= SCOPE_ALL; scope <<= 1) {
        if (!(scopes & scope))
            continue;
        builder_object(builder, NULL);
        builder_array(builder, "token");
        builder_text(builder, NULL, scope_names(scope, openapi->arena));
        builder_end(builder);
        builder_end(builder);
    }
    if (route->takes_link) {
        builder_object(builder, NULL);
        builder_end(builder);
    }
    builder_end(builder);
}

void openapi_add_operation(struct openapi *openapi, const struct route *route)
{
    struct builder *builder = &openapi->builder;
    char *method = text_lower(route->method, openapi->arena);
    builder_object(builder, method);
    builder_text(builder, "operationId", operation_name(route, openapi->arena));
    builder_text(builder, "summary", route->summary);
    builder_array(builder, "tags");
    builder_text(builder, NULL, FAMILY_TEXTS[route->family].tag);
    builder_end(builder);
    add_security(openapi, route);
    add_parameters(openapi, route);
    add_body(openapi, route);
    add_responses(openapi, route);
    builder_end(builder);
}
