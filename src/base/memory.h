/* memory.h - whether there is enough memory to begin something new. */
#pragma once
#include <stdbool.h>

#include "base/error.h"

/* What is to be had beyond what is in use: enough for what is under way to come to its end. */
enum { MEMORY_RESERVE_BYTES = 64 * 1024 * 1024 };

/* ERROR_UNAVAILABLE while less than the reserve can be had: under a limit on the process
 * (RLIMIT_AS, RLIMIT_DATA) or on a system that gives no more than it has. Below this an allocation
 * that fails ends the process (arena.h), so whoever begins something asks here first. A control
 * group's limit cannot be seen so: there the kernel ends the process. Two system calls at most
 * every 10 ms. */
bool memory_check(struct error *error);
