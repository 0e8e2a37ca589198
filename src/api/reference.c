#include "api/reference.h"

#include <string.h>

#include "api/docs.h"
#include "api/handlers.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/gzip.h"

enum { ETAG_HEX = 32 };

/* A tag is of the bytes (RFC 9110, 8.8.3.3), so the packed page has one of its own. */
struct shape {
    struct bytes body;
    const char *etag, *coding; /* NULL: none */
};
struct page {
    struct shape plain, packed;
};

struct reference {
    struct page document, docs;
};

static struct shape shape_of(struct bytes body, const char *coding, struct arena *arena)
{
    return (struct shape){
        body,
        arena_format(arena, "\"%.*s\"", ETAG_HEX, secret_sha256(body.data, body.size, arena)),
        coding,
    };
}

static struct page page_of(const char *text, struct arena *arena)
{
    size_t size = strlen(text);
    struct bytes body = {arena_copy_bytes(arena, text, size), size};
    return (struct page){shape_of(body, NULL, arena),
                         shape_of(gzip_pack(body, arena), "gzip", arena)};
}

struct reference *reference_create(const struct openapi_settings *settings, struct arena *arena)
{
    AUTO_ARENA scratch = arena_create();
    struct reference *reference = arena_new(arena, struct reference, 1);
    reference->document = page_of(openapi_write(settings, scratch), arena);
    reference->docs = page_of(docs_write(settings, scratch), arena);
    return reference;
}

/* RFC 9110 13.1.2: any of a list, or *; weak ones count too. */
static bool has_it_already(const struct request *request, const struct shape *shape)
{
    const char *known = http_header(request->exchange, "If-None-Match");
    return known && (text_equal(known, "*") || strstr(known, shape->etag));
}

/* The body outlives every request, so it is not copied. */
static bool serve(struct request *request, const struct page *page)
{
    enum { UNCHANGED = 304 };
    struct http_exchange *exchange = request->exchange;
    bool is_packed = gzip_is_accepted(http_header(exchange, "Accept-Encoding"));
    const struct shape *shape = is_packed ? &page->packed : &page->plain;
    http_reply_header(exchange, "ETag", shape->etag);
    http_reply_header(exchange, "Vary", "Accept-Encoding");
    http_reply_header(exchange, "Cache-Control", "no-cache");
    request->has_replied = true;
    if (has_it_already(request, shape)) {
        http_reply(exchange, UNCHANGED, NULL, (struct bytes){"", 0});
        return true;
    }
    if (shape->coding)
        http_reply_header(exchange, "Content-Encoding", shape->coding);
    http_reply(exchange, request->route->status, request->route->media_type, shape->body);
    return true;
}

bool reference_document(struct request *request, struct error *error)
{
    (void)error;
    return serve(request, &request->api->reference->document);
}

bool reference_start(struct request *request, struct error *error)
{
    (void)error;
    http_reply_header(request->exchange, "Location", "/docs");
    reply_bytes(request, request->route->status, NULL, (struct bytes){"", 0});
    return true;
}

bool reference_docs(struct request *request, struct error *error)
{
    (void)error;
    http_reply_header(request->exchange, "Content-Security-Policy", docs_policy(request->arena));
    http_reply_header(request->exchange, "X-Content-Type-Options", "nosniff");
    http_reply_header(request->exchange, "Referrer-Policy", "no-referrer");
    return serve(request, &request->api->reference->docs);
}
