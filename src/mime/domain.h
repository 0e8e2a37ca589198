/* domain.h - the part of an address behind the @. Hides libidn2. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

/* A host name in lower case and as A-labels (`_` in it is forgiven: there are hosts with one), or
 * an IP address in brackets; NULL when it is neither. */
const char *domain_read(const char *text, struct arena *arena);

/* A server's host as people write it, the way it is looked up: without blanks around it and without
 * the brackets of an address, names of other letters as A-labels. What is none stays as it is. */
const char *domain_host(const char *text, struct arena *arena);
