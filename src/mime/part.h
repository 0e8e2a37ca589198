/* part.h - what the Content- fields of a part say about it. */
#pragma once
#include <gmime/gmime.h>

#include "mime/head.h"

struct part {
    const char *type;       /* type/subtype in lower case */
    const char *charset;    /* or NULL */
    const char *boundary;   /* of a multipart; or NULL */
    const char *filename;   /* as attachment_filename gives it; or NULL */
    const char *content_id; /* without <>; or NULL */
    bool is_attachment;     /* Content-Disposition says so */
    GMimeContentEncoding encoding;
    bool is_flowed, deletes_space; /* how its lines are read: mime/flowed.h */
    const char *full_type;         /* with its parameters, but those of names and boundaries */
    const char *location;          /* Content-Location, or a Content-ID that is none; or NULL */
    const char *root;              /* of a multipart/related: the content_id of its body; or NULL */
};

/* default_type: of a part that does not say. */
struct part part_read(const struct head *head, const char *default_type, struct arena *arena);

/* What a part calls itself for cid:, with or without <>; NULL: it is none. */
const char *part_content_id(const char *value, struct arena *arena);
