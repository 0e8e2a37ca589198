/* fetching.h - attachments that are given by their URL: the server gets them while the caller
 * waits; inside this room. */
#pragma once
#include "api/request.h"

/* A file that was fetched; not kept yet. */
struct fetched_file {
    struct blob_writer *writer; /* the caller's to finish or abandon */
    const char *filename;       /* what the server calls it, else the URL's last part; or NULL */
    const char *content_type;   /* NULL: the server did not say */
};

/* Fetches the URL of each attachment that has one into the place of that number; the places are
 * empty at first. They may have limit bytes together, and a time together, too: fetch_timeout.
 * Holds no session meanwhile. After a failure some places may be filled all the same.
 * ERROR_INVALID (attachments[2].url) for a URL that is not for us, ERROR_TOO_LARGE,
 * ERROR_UNAVAILABLE when nobody answers there, or too many fetch just now (fetch_places.h). */
bool fetching_run(struct request *request, const struct list *attachments, uint64_t limit,
                  struct fetched_file *files, struct error *error);
