/* incoming_parts.h - attachments of a mail that is being read, on their way into the blob store. */
#pragma once
#include "base/buf.h"
#include "base/calendar.h"
#include "blob/blob.h"
#include "mime/parse.h"
#include "model/document.h"
#include "model/email.h"

enum {
    INCOMING_PARTS_MAX = MIME_PARTS_MAX + 2, /* the rest of a mail with more parts, and its HTML */
    INCOMING_BUFFER_SIZE = 64 * 1024,
};

struct incoming_parts {
    struct blobs *blobs;
    struct arena *arena;
    struct list attachments; /* of struct attachment */
    const char **locations;  /* of each, or NULL: as the HTML may name it */
    struct blob_writer *writer;
    char *buffer; /* decoded lines are too short to be written one by one */
    size_t buffered;
    struct buf calendar;   /* what is kept of the attachment that is being read, if it is one */
    bool has_calendar;     /* it is */
    struct list calendars; /* of struct incoming_calendar: the first few */
};

/* A calendar file among the attachments. */
struct incoming_calendar {
    struct bytes file;
    const char *content_type;
};

void incoming_parts_start(struct incoming_parts *parts, struct blobs *blobs, struct arena *arena);
struct mime_sink incoming_parts_sink(struct incoming_parts *parts);

/* One that was no attachment of the mail. */
bool incoming_parts_add(struct incoming_parts *parts, const char *filename,
                        const char *content_type, const char *content, struct error *error);

bool incoming_parts_add_file(struct incoming_parts *parts, const char *filename,
                             const char *content_type, const struct spool *file,
                             struct error *error);

/* The event that the mail is about: of a file with a method rather than of another; all NULL when
 * there is none. */
struct calendar incoming_parts_calendar(const struct incoming_parts *parts);

/* A document for each attachment, made now. */
struct list incoming_parts_documents(const struct incoming_parts *parts);

/* What was not finished leaves nothing behind. */
void incoming_parts_cleanup(struct incoming_parts *parts);
#define AUTO_INCOMING_PARTS __attribute__((cleanup(incoming_parts_cleanup))) struct incoming_parts
