#include "message/incoming_ids.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "mime/id_field.h"
#include "mime/message_id.h"

static bool ids_name_address(const struct list *addresses, const char *id)
{
    const struct address *items = addresses->items;
    size_t size = strlen(id) - strlen("<>");
    for (size_t i = 0; i < addresses->count; i++)
        if (items[i].email && strlen(items[i].email) == size &&
            strncasecmp(items[i].email, id + 1, size) == 0)
            return true;
    return false;
}

/* The phrase of an In-Reply-To names the parent's author, whom the answer goes to. */
static bool ids_is_address(const struct mime_mail *mail, const char *id)
{
    const struct list from = {(void *)(uintptr_t)&mail->from, 1};
    return ids_name_address(&from, id) || ids_name_address(&mail->reply_to, id) ||
           ids_name_address(&mail->to, id) || ids_name_address(&mail->cc, id);
}

struct kept_ids {
    const char *ids[INCOMING_REFERENCES_MAX]; /* the first stays, the others move up */
    size_t count;
};

/* Once, where it stands last. */
static void ids_keep(struct kept_ids *kept, const char *id)
{
    for (size_t i = 0; i < kept->count; i++)
        if (text_equal(kept->ids[i], id)) {
            kept->count--;
            memmove(kept->ids + i, kept->ids + i + 1, (kept->count - i) * sizeof *kept->ids);
            break;
        }
    if (kept->count == INCOMING_REFERENCES_MAX) {
        kept->count--;
        memmove(kept->ids + 1, kept->ids + 2, (kept->count - 1) * sizeof *kept->ids);
    }
    kept->ids[kept->count++] = id;
}

static const char *ids_text(const struct kept_ids *kept, struct arena *arena)
{
    struct buf text = BUF(arena, SIZE_MAX / 4);
    struct error none;
    for (size_t i = 0; i < kept->count; i++)
        buf_addf(&text, "%s%s", i ? " " : "", kept->ids[i]);
    return kept->count ? buf_text(&text, &none) : NULL;
}

void incoming_ids_read(const struct mime_mail *mail, struct arena *arena, struct email *email)
{
    struct kept_ids references = {.count = 0};
    const char *answered = NULL;
    bool is_own = mail->message_id && mime_is_message_id(mail->message_id);
    email->message_id = is_own ? mail->message_id : NULL;
    const char *at = text_or(mail->references, "");
    for (const char *id; (id = id_field_next(&at, arena));)
        if (mime_is_message_id(id))
            ids_keep(&references, id);
    at = text_or(mail->in_reply_to, "");
    for (const char *id; (id = id_field_next(&at, arena));) {
        if (!mime_is_message_id(id) || ids_is_address(mail, id))
            continue;
        if (answered)
            ids_keep(&references, answered);
        answered = id;
    }
    at = text_or(mail->reported, "");
    for (const char *id; (id = id_field_next(&at, arena));)
        if (mime_is_message_id(id))
            ids_keep(&references, id);
    email->in_reply_to = answered;
    email->reference_ids = ids_text(&references, arena);
}
