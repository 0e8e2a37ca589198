/* confine_calls.h - which system calls a process may make from here on: seccomp. Inside confine. */
#pragma once
#include <stdbool.h>

/* Whether this kernel filters calls. */
bool confine_calls_are_possible(void);

/* Everything but what a server never needs. False when the filter does not hold. */
bool confine_calls_of_server(void);

/* Nothing but what computing needs; see confine.h. */
bool confine_calls_of_computation(bool may_open, bool may_fork);
