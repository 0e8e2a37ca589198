/* data_folder.h - the folder that holds everything outtrayd keeps, and the lock on it. */
#pragma once
#include "base/arena.h"
#include "base/error.h"

struct data_paths {
    const char *folder;
    const char *database;  /* outtray.db */
    const char *key;       /* secret.key */
    const char *config;    /* outtray.conf, which need not be there */
    const char *blobs;     /* a folder */
    const char *sandbox;   /* a folder */
    const char *temporary; /* a folder, emptied of nothing: its files have no names */
    const char *lock;      /* outtrayd.lock */
};

/* Where everything is, whether it is there or not. */
struct data_paths data_folder_paths(const char *folder, struct arena *arena);

/* With make, the folders that are not there are made, for their owner alone (mode 0700), the
 * parents of the first too; without, a folder that is not there is ERROR_NOT_FOUND. From here on
 * the process makes files that nobody else can read (umask). */
bool data_folder_open(const char *folder, bool make, struct arena *arena,
                      struct data_paths *ret_paths, struct error *error);

/* Neither the folder nor its outtray.conf may be open to anybody but their owner: ERROR_FORBIDDEN
 * names the mode and the command that mends it. */
bool data_folder_is_private(const struct data_paths *paths, struct error *error);

/* Only one server at a time: ERROR_CONFLICT while another one has the folder. Held until the
 * process ends, however it ends. */
bool data_folder_lock(const struct data_paths *paths, struct error *error);

/* A line that others can read while the server has the folder: it stands in the lock's file. */
bool data_folder_note(const struct data_paths *paths, const char *line, struct error *error);
/* One more: where the server listens. */
bool data_folder_note_address(const struct data_paths *paths, const char *address,
                              struct error *error);
/* NULL when that is not noted. */
const char *data_folder_address(const struct data_paths *paths, struct arena *arena);
/* "" when there is none. */
const char *data_folder_read_note(const struct data_paths *paths, struct arena *arena);

/* Whether a server has it now. */
bool data_folder_is_served(const struct data_paths *paths);
