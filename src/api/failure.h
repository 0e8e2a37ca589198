/* failure.h - an error as each family spells it; inside this room. */
#pragma once
#include "api/request.h"

/* email: the one that the failure is about, or NULL. */
void reply_failure(struct request *request, const struct error *error, const struct email *email);

/* The family that a path belongs to, whether it exists or not. */
enum family family_of_path(const char *path);
