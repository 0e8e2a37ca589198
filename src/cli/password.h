/* password.h - where a password comes from: never from an argument, which ps shows to everybody. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

/* The first line of the file; without one, OUTTRAY_PASSWORD; without that, asked for on the
 * terminal without showing it; without a terminal, the first line of standard input. */
bool password_read(const char *file, struct arena *arena, const char **ret_password,
                   struct error *error);
