/* run_as.h - gives up root for another user, for good. */
#pragma once
#include <sys/types.h>

#include "base/error.h"

/* From here on the process is that user, in the user's own group and in no other, and cannot
 * become root again; each of these is looked at afterwards. Needs root, unless the process is that
 * user already. The user may not be root. name: NULL leaves everything as it is. */
bool run_as(const char *name, struct error *error);

/* The folder, if it is there, belongs to the user that the process is, unless that is root:
 * ERROR_FORBIDDEN says what to type. */
bool run_as_owns(const char *folder, struct error *error);
