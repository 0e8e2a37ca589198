/* head.h - the header of a message, or of one of its parts: the fields that matter here. */
#pragma once
#include "mime/source.h"

enum head_field {
    HEAD_FROM,
    HEAD_SENDER,
    HEAD_REPLY_TO,
    HEAD_TO,
    HEAD_CC,
    HEAD_BCC,
    HEAD_SUBJECT,
    HEAD_DATE,
    HEAD_MESSAGE_ID,
    HEAD_IN_REPLY_TO,
    HEAD_REFERENCES,
    HEAD_CONTENT_TYPE,
    HEAD_CONTENT_TRANSFER_ENCODING,
    HEAD_CONTENT_DISPOSITION,
    HEAD_CONTENT_ID,
    HEAD_CONTENT_LOCATION,
    HEAD_RECEIVED,
    HEAD_LIST_POST,
    HEAD_AUTO_SUBMITTED,
    HEAD_PRECEDENCE,
    HEAD_X_AUTOREPLY,
    HEAD_X_AUTORESPOND,
    HEAD_X_AUTORESPONSE,
    HEAD_X_AUTOREPLY_FROM,
    HEAD_X_MAIL_AUTOREPLY,
    HEAD_X_ORIGINAL_MESSAGE_ID,
    HEAD_FIELD_COUNT,
};

struct head {
    const char *values[HEAD_FIELD_COUNT]; /* UTF-8, unfolded, still encoded; or NULL */
    const char *raw[HEAD_FIELD_COUNT];    /* the bytes of those that were not UTF-8; or NULL */
    bool has_raw;
    bool has_fields;      /* of whatever name */
    bool has_part_fields; /* such as a part has: Content-..., X-... */
    bool is_over;         /* fields beyond the limit are missing */
    size_t size;
    enum piece end;    /* PIECE_LINE: content follows */
    bool is_broken;    /* no empty line stood between it and the content */
    struct bytes lost; /* of a part: the lines in it that were no fields; raw */
};

/* The first of several fields counts, but recipients and ids of other mails are collected. A header
 * without an empty line behind it ends where a line is no field, and nothing behind that line
 * belongs to a header; fields before it whose names nobody knows (`Note: ...`) are content, too. */
void mime_head_read(struct source *source, size_t limit, struct arena *arena,
                    struct head *ret_head);

/* Of a part: content that has no header at all is found as well. */
void mime_head_read_part(struct source *source, size_t limit, struct arena *arena,
                         struct head *ret_head);

/* Reads the bytes above 7F that nobody has encoded once more, in the character set that the body of
 * the message is in (mime/charset.h). Before that they are UTF-8 or windows-1252. NULL: as they
 * are.
 */
void mime_head_recode(struct head *head, const char *charset, struct arena *arena);
