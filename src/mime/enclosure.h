/* enclosure.h - an attachment on its way from a message to the sink, which is told its name first.
 */
#pragma once
#include "mime/content.h"
#include "parser/task.h"

/* What has no name is called by what is in it: an attached mail by its subject, an uuencoded file
 * as its first line says. So the sink hears of it only when that is known. */
struct enclosure {
    const struct parser_sink *sink; /* NULL: nobody wants the content */
    struct list *list; /* of struct mime_attachment: what was found, with room for it */
    struct arena *arena;
    struct mime_attachment item;
    const struct content *content; /* that is being read */
    bool is_begun, is_held;        /* held: until the header of the attached mail is there */
    struct buf held;
};

struct enclosure enclosure_start(const struct parser_sink *sink, const struct mime_attachment *item,
                                 struct list *list, struct arena *arena);

/* As struct content wants it; context: the enclosure. */
bool enclosure_write(void *context, const void *data, size_t size, struct error *error);
bool enclosure_end(struct enclosure *enclosure, struct error *error);
