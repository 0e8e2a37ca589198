/* lockdown.h - the lock on outtrayd itself: what it may still do once it serves.
 *
 * It reads and writes its data folder, reads what the libraries of the system need, and talks to
 * the network; base/confine.h says what it gives up. What holds is noted in the data folder, where
 * `outtray doctor` finds it. */
#pragma once
#include "base/confine.h"
#include "base/secret.h"
#include "config.h"
#include "data_folder.h"

/* What is said about a server that runs, by that server. */
struct lockdown {
    bool is_wanted; /* setting confine */
    bool is_root;
    bool has_locked_key; /* it is never written to the swap */
    struct confinement holds;
};

/* To be called after the folder is open and locked, and before the first thread. */
bool lockdown_begin(const struct config *config, const struct data_paths *paths,
                    const struct secret_key *key, struct arena *arena,
                    struct lockdown *ret_lockdown, struct error *error);

/* What the server of that folder has noted; false when it has noted nothing. */
bool lockdown_read(const struct data_paths *paths, struct arena *arena,
                   struct lockdown *ret_lockdown);

/* Its locks that do not hold, as a sentence's part such as "landlock (paths), seccomp (system
 * calls)"; "" when all hold. */
const char *lockdown_missing(const struct confinement *confinement, struct arena *arena);
