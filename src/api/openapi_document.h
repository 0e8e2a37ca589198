/* openapi_document.h - the document while it is written, as the files openapi*.c see it. */
#pragma once
#include "api/openapi.h"
#include "api/operation.h"
#include "api/shape.h"
#include "json/builder.h"

enum { SHAPES_MOST = 256 };

enum shared_parameter {
    PARAMETER_ID,
    PARAMETER_IDEMPOTENCY_KEY,
    PARAMETER_IF_MATCH,
    PARAMETER_IF_NONE_MATCH,
    PARAMETER_PREFER,
    PARAMETER_COUNT
};
enum shared_header {
    HEADER_ETAG,
    HEADER_IDEMPOTENT_REPLAYED,
    HEADER_LOCATION,
    HEADER_PREFERENCE_APPLIED,
    HEADER_RATE_LIMIT,
    HEADER_RATE_REMAINING,
    HEADER_RATE_RESET,
    HEADER_RETRY_AFTER,
    HEADER_COUNT
};

struct openapi {
    struct builder builder;
    struct arena *arena;
    const struct openapi_settings *settings;
    /* Named so far; what they are is written at the end. */
    struct shape shapes[SHAPES_MOST];
    size_t shape_count;
    bool fails[FAMILY_COUNT][ERROR_CODE_COUNT];
    bool parameters[PARAMETER_COUNT], headers[HEADER_COUNT];
};

/* paths */
void openapi_add_operation(struct openapi *openapi, const struct route *route);

/* The schema of what a flat object holds. */
#define OPENAPI_FLAT_VALUE "{\"type\":[\"string\",\"number\",\"boolean\",\"null\"]}"

/* schemas: a view with a title is named and written once, among the components */
void openapi_add_view(struct openapi *openapi, const char *key, const struct shape *shape);
void openapi_add_view_members(struct openapi *openapi, const struct shape *shape);
void openapi_add_field(struct openapi *openapi, const char *key, const struct shape *shape,
                       const struct field *field);
void openapi_add_query_field(struct openapi *openapi, const char *key, const struct field *field);
void openapi_add_schemas(struct openapi *openapi);

/* replies that say what went wrong */
void openapi_add_failure(struct openapi *openapi, const struct route *route, enum error_code code);
void openapi_add_failures(struct openapi *openapi);

/* parameters and headers that many operations share */
void openapi_add_parameter(struct openapi *openapi, enum shared_parameter parameter);
void openapi_add_header(struct openapi *openapi, enum shared_header header);
void openapi_add_rate_headers(struct openapi *openapi);
void openapi_add_shared(struct openapi *openapi);

/* {"$ref": "#/components/kind/name"} */
void openapi_add_reference(struct openapi *openapi, const char *key, const char *kind,
                           const char *name);
