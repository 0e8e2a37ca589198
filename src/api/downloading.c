#include "api/downloading.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/media_type.h"
#include "base/text.h"
#include "mime/disposition.h"

enum { LINK_BYTES = 8 * 1024, SECOND_MS = 1000 };
static const char PURPOSE[] = "download"; /* of the key that links are signed with */

/* What no browser runs, even where it takes no notice of all else that the reply says. */
static bool is_harmless(const char *type)
{
    static const char *const HARMLESS[] = {
        "text/plain",       "text/csv",           "application/pdf",  "application/zip",
        "application/json", "application/msword", "application/gzip", "application/rtf",
    };
    static const char *const STARTS[] = {"image/", "audio/", "video/", "font/", "application/vnd."};
    size_t size = strlen(type);
    if (size > 4 && text_equal(type + size - 4, "+xml")) /* image/svg+xml and others */
        return false;
    for (size_t i = 0; i < sizeof HARMLESS / sizeof *HARMLESS; i++)
        if (text_equal(type, HARMLESS[i]))
            return true;
    for (size_t i = 0; i < sizeof STARTS / sizeof *STARTS; i++)
        if (text_starts(type, STARTS[i]))
            return true;
    return false;
}

static const char *safe_type(const struct document *document, struct arena *arena)
{
    struct media_type type;
    bool is_known = media_type_read(text_or(document->mime_type, ""), arena, &type);
    return is_known && is_harmless(type.essence) ? type.essence : "application/octet-stream";
}

bool downloading_reply(struct request *request, const struct document *document,
                       const char *filename, struct error *error)
{
    struct arena *arena = request->arena;
    struct http_exchange *exchange = request->exchange;
    int file = blob_open(request->api->blobs, document->sha256, error);
    if (file < 0)
        return false;
    const char *name = text_or(filename, document->filename);
    http_reply_header(exchange, "Content-Disposition", mime_attachment_disposition(name, arena));
    http_reply_header(exchange, "X-Content-Type-Options", "nosniff");
    http_reply_header(exchange, "Content-Security-Policy", "sandbox; default-src 'none'");
    request->has_replied = true;
    http_reply_file(exchange, request->route->status, safe_type(document, arena), file,
                    (uint64_t)document->size_bytes);
    return true;
}

static void add_encoded(struct buf *buf, const char *text)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~";
    for (; *text; text++)
        if (strchr(PLAIN, *text))
            buf_add_char(buf, *text);
        else
            buf_addf(buf, "%%%02X", (unsigned char)*text);
}

/* The name comes last, for it may hold anything. */
static const char *signed_text(const char *id, const char *expires, const char *filename,
                               struct arena *arena)
{
    return arena_format(arena, "%s\n%s\n%s", id, expires, filename);
}

const char *downloading_link(const struct request *request, const struct document *document)
{
    const struct api_settings *settings = &request->api->settings;
    struct arena *arena = request->arena;
    struct secret_key key = secret_derive(&settings->key, PURPOSE);
    int64_t end_ms = clock_now().ms + settings->download_link_lifetime_ms;
    const char *expires = arena_format(arena, "%lld",
                                       (long long)((end_ms + SECOND_MS - 1) / SECOND_MS));
    const char *filename = text_or(document->filename, "");
    struct buf buf = BUF(arena, LINK_BYTES);
    struct error never;
    buf_addf(&buf, "%s/api/messages/download?key=%s", settings->public_url,
             id_ulid(document->id, "doc_", arena));
    if (*filename) {
        buf_add(&buf, "&fileName=");
        add_encoded(&buf, filename);
    }
    buf_addf(&buf, "&expires=%s&signature=%s", expires,
             secret_mac(&key, signed_text(document->id, expires, filename, arena), arena));
    return buf_text(&buf, &never);
}

bool downloading_is_signed(const struct request *request)
{
    return http_query(request->exchange, "signature");
}

bool downloading_check(const struct request *request, const struct download_query *link,
                       struct error *error)
{
    struct secret_key key = secret_derive(&request->api->settings.key, PURPOSE);
    const char *expires = text_or(link->expires, "");
    const char *text = signed_text(link->key, expires, text_or(link->file_name, ""),
                                   request->arena);
    if (!secret_mac_holds(&key, text, text_or(link->signature, "")))
        return fail(error, ERROR_FORBIDDEN, "signature", "this link was not signed by this server");
    return strtoll(expires, NULL, 10) * SECOND_MS > clock_now().ms ||
           fail(error, ERROR_FORBIDDEN, "expires", "this link has expired; ask for another one");
}
