/* outlook_attachment.h - a mail's attachments, taken out of the composed message one after the
 * other and put on a draft; inside this room. */
#pragma once
#include "base/spool.h"
#include "provider/outlook_call.h"

/* All of the attempt's mail; none is ever in memory as a whole. */
bool outlook_attach_all(struct outlook *outlook, const char *draft_id,
                        struct web_answer *ret_answer);

/* Takes off what Exchange has put on by itself, as the pictures of the mail that is answered. */
bool outlook_detach_all(struct outlook *outlook, const char *draft_id,
                        struct web_answer *ret_answer);

struct outlook_file {
    const char *name, *content_type;
    const char *content_id; /* without <>, or NULL */
    bool is_inline;
    const struct spool *content;
};
