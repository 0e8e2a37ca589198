/* openapi.h - the OpenAPI 3.1 document of all routes, made from their rows and field tables, so
 * that it cannot say anything else than what the server does. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

struct openapi_settings {
    const char *server_url; /* where the API is reached */
    const char *version;
    bool is_indented; /* for people */
};

const char *openapi_write(const struct openapi_settings *settings, struct arena *arena);
