/* docs.h - the page of /docs: every operation, its parameters, fields and errors, for people to
 * read. One page without a script; nothing of it comes from elsewhere. */
#pragma once
#include "api/openapi.h"

const char *docs_write(const struct openapi_settings *settings, struct arena *arena);
/* The Content-Security-Policy that lets the page show itself, and nothing else happen. */
const char *docs_policy(struct arena *arena);
