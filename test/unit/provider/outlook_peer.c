#include "outlook_peer.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void say(struct web_peer *peer, const char *text)
{
    struct error error;
    assert_true(spool_write(peer->message, text, strlen(text), &error));
}

static void begin_message(struct web_peer *peer, const char *type, const char *body)
{
    spool_destroy(peer->message);
    peer->message = spool_create("/tmp", UINT32_MAX);
    say(peer, "From: ann@example.com\r\nTo: bob@example.com\r\nMessage-ID: <ours@example.com>\r\n"
              "Subject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: ");
    say(peer, type);
    say(peer, "\r\n\r\n");
    say(peer, body);
    peer->attempt.message = peer->message;
}

/* Lines of base64: 57 bytes each, the last one as many as are left. */
static void attach_zeros(struct web_peer *peer, size_t size)
{
    enum { BYTES_OF_LINE = 57 };
    static const unsigned char ZEROS[BYTES_OF_LINE];
    AUTO_ARENA arena = arena_create();
    const char *line = arena_format(arena, "%s\r\n", text_base64(ZEROS, BYTES_OF_LINE, arena));
    for (; size > BYTES_OF_LINE; size -= BYTES_OF_LINE)
        say(peer, line);
    say(peer, text_base64(ZEROS, size, arena));
}

void outlook_peer_attach(struct web_peer *peer, const size_t *sizes)
{
    begin_message(peer, "multipart/mixed; boundary=\"=_b\"",
                  "--=_b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hi</p>\r\n");
    for (; *sizes; sizes++) {
        say(peer, "\r\n--=_b\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\n"
                  "Content-Disposition: attachment; filename=\"a.pdf\"\r\n"
                  "Content-Transfer-Encoding: base64\r\n\r\n");
        attach_zeros(peer, *sizes);
    }
    say(peer, "\r\n--=_b--\r\n");
}

struct web_peer *outlook_peer_start(const struct web_says *says, size_t count)
{
    struct web_peer *peer = web_peer_begin(PROVIDER_OUTLOOK, "request-id: r-7\r\n", says, count);
    peer->settings.graph_url = arena_format(peer->arena, "%s/v1.0", peer->url);
    peer->pool = provider_pool_create(&peer->settings);
    peer->to[0].name = "Bob \"B\"";
    peer->parent = (struct email){
        .account_id = "account", .provider = "outlook", .provider_message_id = "PARENT="};
    begin_message(peer, "text/plain", "Hi\r\n");
    return peer;
}

struct outcome outlook_peer_send(struct web_peer *peer)
{
    struct outcome outcome = {.kind = OUTCOME_COUNT};
    OUTLOOK_PROVIDER.send(peer->pool, &peer->attempt, &outcome);
    return outcome;
}
