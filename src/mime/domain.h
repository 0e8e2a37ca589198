/* domain.h - the part of an address behind the @. Hides libidn2. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

/* A host name in lower case and as A-labels, or an IP address in brackets; NULL when it is
 * neither. */
const char *domain_read(const char *text, struct arena *arena);
