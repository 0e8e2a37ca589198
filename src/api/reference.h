/* reference.h - /openapi.json and /docs, the API as it describes itself; inside this room.
 *
 * Both are made once, when the server starts, and have an ETag. */
#pragma once
#include "api/openapi.h"

struct reference;
struct reference *reference_create(const struct openapi_settings *settings, struct arena *arena);
