/* confine_paths.h - which files a process may open from here on: landlock. Inside confine. */
#pragma once
#include "base/confine.h"

/* Version of the kernel's interface, 0 when it has none. */
int confine_paths_version(void);

/* The version that holds now; 0 when nothing does. paths may be NULL: no file at all. With
 * is_closed, no TCP connection either (from version 4) and no signal to others (from 6).
 * Needs no new privileges. */
int confine_paths(const struct confine_path *paths, bool is_closed);
