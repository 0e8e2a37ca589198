#include "api/openapi_document.h"

/* clang-format off */
static const struct {
    const char *key, *name, *in, *about, *schema;
} PARAMETERS[PARAMETER_COUNT] = {
    [PARAMETER_ID] = {"Id", "id", "path", "The id of the record, in any spelling.",
        "{\"type\":\"string\"}"},
    [PARAMETER_IDEMPOTENCY_KEY] = {"IdempotencyKey", "Idempotency-Key", "header",
        "A name for this call. The same call with the same key has its effect once, and gets the "
        "same reply again. Where the mail that it was about has been erased since, the reply tells "
        "what is left of it; where it has been deleted, it is 409.", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":257}"},
    [PARAMETER_IF_MATCH] = {"IfMatch", "If-Match", "header",
        "The ETag of the version that is to be changed. When somebody else has changed it since, "
        "nothing is changed, and the reply is 412.", "{\"type\":\"string\"}"},
    [PARAMETER_IF_NONE_MATCH] = {"IfNoneMatch", "If-None-Match", "header",
        "The ETag of what is there already. When that has not changed, the reply is 304.",
        "{\"type\":\"string\"}"},
    [PARAMETER_PREFER] = {"Prefer", "Prefer", "header",
        "With `respond-async` the reply does not wait for the mail server.",
        "{\"type\":\"string\",\"examples\":[\"respond-async\"]}"},
};

static const struct {
    const char *key, *name, *about, *schema;
} HEADERS[HEADER_COUNT] = {
    [HEADER_ETAG] = {"ETag", "ETag", "The version, for If-Match and If-None-Match.",
        "{\"type\":\"string\"}"},
    [HEADER_IDEMPOTENT_REPLAYED] = {"IdempotentReplayed", "Idempotent-Replayed",
        "There when the call was made before with the same key.",
        "{\"type\":\"string\",\"enum\":[\"true\"]}"},
    [HEADER_LOCATION] = {"Location", "Location", "Where to go on.",
        "{\"type\":\"string\",\"format\":\"uri-reference\"}"},
    [HEADER_PREFERENCE_APPLIED] = {"PreferenceApplied", "Preference-Applied",
        "There when the reply did not wait because Prefer asked for that.",
        "{\"type\":\"string\",\"enum\":[\"respond-async\"]}"},
    [HEADER_RATE_LIMIT] = {"RateLimitLimit", "X-RateLimit-Limit",
        "How many requests this token may make in a minute; not there when it may make any number.",
        "{\"type\":\"integer\",\"minimum\":1}"},
    [HEADER_RATE_REMAINING] = {"RateLimitRemaining", "X-RateLimit-Remaining",
        "How many of them are left. They come back evenly.",
        "{\"type\":\"integer\",\"minimum\":0}"},
    [HEADER_RATE_RESET] = {"RateLimitReset", "X-RateLimit-Reset",
        "When all of them are back, if no more are made: seconds since 1970, in UTC.",
        "{\"type\":\"integer\",\"minimum\":0}"},
    [HEADER_RETRY_AFTER] = {"RetryAfter", "Retry-After", "How many seconds to wait.",
        "{\"type\":\"integer\",\"minimum\":0}"},
};
/* clang-format on */

void openapi_add_reference(struct openapi *openapi, const char *key, const char *kind,
                           const char *name)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, key);
    builder_text(builder, "$ref", arena_format(openapi->arena, "#/components/%s/%s", kind, name));
    builder_end(builder);
}

void openapi_add_parameter(struct openapi *openapi, enum shared_parameter parameter)
{
    openapi->parameters[parameter] = true;
    openapi_add_reference(openapi, NULL, "parameters", PARAMETERS[parameter].key);
}

void openapi_add_header(struct openapi *openapi, enum shared_header header)
{
    openapi->headers[header] = true;
    openapi_add_reference(openapi, HEADERS[header].name, "headers", HEADERS[header].key);
}

void openapi_add_rate_headers(struct openapi *openapi)
{
    openapi_add_header(openapi, HEADER_RATE_LIMIT);
    openapi_add_header(openapi, HEADER_RATE_REMAINING);
    openapi_add_header(openapi, HEADER_RATE_RESET);
}

static void add_parameter(struct builder *builder, enum shared_parameter parameter)
{
    builder_object(builder, PARAMETERS[parameter].key);
    builder_text(builder, "name", PARAMETERS[parameter].name);
    builder_text(builder, "in", PARAMETERS[parameter].in);
    builder_text(builder, "description", PARAMETERS[parameter].about);
    if (parameter == PARAMETER_ID)
        builder_bool(builder, "required", true);
    builder_json(builder, "schema", PARAMETERS[parameter].schema);
    builder_end(builder);
}

static void add_header(struct builder *builder, enum shared_header header)
{
    builder_object(builder, HEADERS[header].key);
    builder_text(builder, "description", HEADERS[header].about);
    builder_json(builder, "schema", HEADERS[header].schema);
    builder_end(builder);
}

void openapi_add_shared(struct openapi *openapi)
{
    struct builder *builder = &openapi->builder;
    builder_object(builder, "parameters");
    for (enum shared_parameter i = 0; i < PARAMETER_COUNT; i++)
        if (openapi->parameters[i])
            add_parameter(builder, i);
    builder_end(builder);
    builder_object(builder, "headers");
    for (enum shared_header i = 0; i < HEADER_COUNT; i++)
        if (openapi->headers[i])
            add_header(builder, i);
    builder_end(builder);
}
