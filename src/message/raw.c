#include "message/raw.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file_name.h"
#include "base/id.h"
#include "base/sha256.h"
#include "base/text.h"

enum { NAME_BYTES_MAX = 200 };

const char *raw_filename(const char *subject, struct arena *arena)
{
    static const char UNFIT[] = "/\\:*?\"<>|"; /* in the name of a file, on some system */
    struct buf name = BUF(arena, strlen(text_or(subject, "")) + sizeof ".eml");
    struct error none;
    for (const char *at = text_trim(text_or(subject, ""), arena); *at; at++)
        buf_add_char(&name, strchr(UNFIT, *at) || text_has_control((char[]){*at, 0}) ? '_' : *at);
    bool is_hidden = !name.size || name.data[0] == '.';
    if (is_hidden)
        return "message.eml";
    buf_add(&name, ".eml");
    return file_name_cut(buf_text(&name, &none), NAME_BYTES_MAX, arena);
}

static bool raw_hash(const struct spool *mail, struct arena *arena, const char **ret_sha256,
                     struct error *error)
{
    struct sha256 sha;
    sha256_start(&sha);
    if (!spool_each(mail, sha256_take, &sha, error))
        return false;
    *ret_sha256 = sha256_finish(&sha, arena);
    return true;
}

static bool raw_keep_in_row(struct spool *mail, struct arena *arena, struct email *email,
                            struct error *error)
{
    struct sha256 sha;
    if (!spool_bytes(mail, RAW_ROW_BYTES_MAX, arena, &email->raw, error))
        return false;
    sha256_start(&sha);
    sha256_add(&sha, email->raw.data, email->raw.size);
    email->mail_sha256 = sha256_finish(&sha, arena);
    return true;
}

static bool raw_keep_as_blob(struct spool *mail, struct blobs *blobs, struct arena *arena,
                             const char **ret_sha256, struct error *error)
{
    struct blob_writer *writer = blob_begin(blobs, error);
    if (!writer)
        return false;
    if (!spool_each(mail, blob_take, writer, error)) {
        blob_abandon(writer);
        return false;
    }
    return blob_finish(writer, arena, ret_sha256, error);
}

static void raw_add_document(const struct spool *mail, const struct email *email,
                             struct list *documents, struct arena *arena)
{
    struct document *items = arena_new(arena, struct document, documents->count + 1);
    moment now = clock_now();
    if (documents->count)
        memcpy(items, documents->items, documents->count * sizeof *items);
    items[documents->count] = (struct document){
        .id = email->raw_document_id,
        .sha256 = email->mail_sha256,
        .filename = raw_filename(email->subject, arena),
        .mime_type = "message/rfc822",
        .size_bytes = (int64_t)spool_size(mail),
        .origin = DOCUMENT_ATTACHED,
        .created_at = now,
        .updated_at = now,
    };
    *documents = (struct list){items, documents->count + 1};
}

void raw_is_kept_as(const struct document *document, struct email *email)
{
    email->mail_sha256 = document->sha256;
    email->raw_document_id = document->id;
}

bool raw_keep(struct spool *mail, struct blobs *blobs, bool is_kept, struct arena *arena,
              struct email *email, struct list *documents, struct error *error)
{
    if (!is_kept)
        return raw_hash(mail, arena, &email->mail_sha256, error);
    if (spool_size(mail) <= RAW_ROW_BYTES_MAX)
        return raw_keep_in_row(mail, arena, email, error);
    if (!raw_keep_as_blob(mail, blobs, arena, &email->mail_sha256, error))
        return false;
    email->raw_document_id = id_new(arena);
    raw_add_document(mail, email, documents, arena);
    return true;
}
