/* failure.h - an error as each family spells it; inside this room. */
#pragma once
#include "api/request.h"

/* email: the one that the failure is about, or NULL. */
void reply_failure(struct request *request, const struct error *error, const struct email *email);

/* The family that a path belongs to, whether it exists or not. */
enum family family_of_path(const char *path);

/* For whoever describes the API: how a family tells of a failure. */
int failure_status(enum error_code code);
const char *failure_title(enum error_code code);    /* "Not Found" */
const char *failure_media_type(enum family family); /* of the body */
const struct schema *failure_view(enum family family);
/* The codes that stand for it, separated by ", ". */
const char *failure_names(enum error_code code, enum family family, struct arena *arena);
/* A body, with the first of them. */
const char *failure_example(enum error_code code, enum family family, const char *message,
                            struct arena *arena);
