#include "outlook_peer.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void step(struct outlook_peer *peer, char what)
{
    size_t count = strlen(peer->steps);
    assert_true(count + 1 < sizeof peer->steps);
    peer->steps[count] = what;
}

static bool keep_handle(void *context, const char *handle)
{
    struct outlook_peer *peer = context;
    step(peer, 'K');
    peer->kept = arena_copy(peer->arena, handle);
    return !peer->refuses_handle;
}

static bool commit(void *context)
{
    struct outlook_peer *peer = context;
    step(peer, 'C');
    return !peer->refuses_commit;
}

static struct web_turn turn_of(const struct outlook_says *says, struct arena *arena)
{
    size_t size = strlen(text_or(says->body, ""));
    const char *reply = arena_format(arena,
                                     "HTTP/1.1 %d Word\r\nContent-Type: application/json\r\n"
                                     "request-id: r-7\r\n%sContent-Length: %zu\r\n\r\n%s",
                                     says->status, text_or(says->headers, ""), size + says->missing,
                                     text_or(says->body, ""));
    return (struct web_turn){
        .reply = says->status ? reply : NULL,
        .end = says->missing ? WEB_CLOSE : says->end,
        .is_hasty = says->is_hasty,
    };
}

static void set_settings(struct outlook_peer *peer, int port)
{
    peer->url = arena_format(peer->arena, "http://127.0.0.1:%d", port);
    peer->settings = (struct provider_settings){
        .spool_folder = "/tmp",
        .graph_url = arena_format(peer->arena, "%s/v1.0", peer->url),
        .connect_timeout_ms = 20000,
        .web_timeout_ms = 20000,
    };
    peer->pool = provider_pool_create(&peer->settings);
}

static void set_email(struct outlook_peer *peer)
{
    peer->to[0] = (struct address){"bob@example.com", "Bob \"B\""};
    peer->account = (struct account){
        .id = "account", .provider = PROVIDER_OUTLOOK, .email_address = "ann@example.com"};
    peer->email = (struct email){
        .id = OUTLOOK_PEER_ID,
        .account_id = "account",
        .from_email = "ann@example.com",
        .message_id = "<ours@example.com>",
        .attempts = 1,
        .to_recipients = {peer->to, 1},
    };
    peer->parent = (struct email){
        .account_id = "account", .provider = "outlook", .provider_message_id = "PARENT="};
    peer->attempt = (struct attempt){
        .account = &peer->account,
        .credential = {.access_token = "the-token"},
        .email = &peer->email,
        .arena = peer->arena,
        .keep_handle = keep_handle,
        .commit = commit,
        .context = peer,
    };
}

static void say(struct outlook_peer *peer, const char *text)
{
    struct error error;
    assert_true(spool_write(peer->message, text, strlen(text), &error));
}

static void begin_message(struct outlook_peer *peer, const char *type, const char *body)
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
static void attach_zeros(struct outlook_peer *peer, size_t size)
{
    enum { BYTES_OF_LINE = 57 };
    static const unsigned char ZEROS[BYTES_OF_LINE];
    AUTO_ARENA arena = arena_create();
    const char *line = arena_format(arena, "%s\r\n", text_base64(ZEROS, BYTES_OF_LINE, arena));
    for (; size > BYTES_OF_LINE; size -= BYTES_OF_LINE)
        say(peer, line);
    say(peer, text_base64(ZEROS, size, arena));
}

void outlook_peer_attach(struct outlook_peer *peer, const size_t *sizes)
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

void outlook_peer_say(struct outlook_peer *peer, const struct outlook_says *says, size_t count)
{
    for (size_t i = 0; i < count; i++)
        peer->turns[i] = turn_of(&says[i], peer->arena);
}

struct outlook_peer *outlook_peer_start(const struct outlook_says *says, size_t count)
{
    static struct outlook_peer peer;
    int port;
    peer = (struct outlook_peer){.arena = arena_create()};
    peer.turns = arena_new(peer.arena, struct web_turn, count);
    outlook_peer_say(&peer, says, count);
    peer.server = web_server_start("127.0.0.1", peer.turns, count, &port);
    set_settings(&peer, port);
    set_email(&peer);
    begin_message(&peer, "text/plain", "Hi\r\n");
    return &peer;
}

struct outcome outlook_peer_send(struct outlook_peer *peer)
{
    struct outcome outcome = {.kind = OUTCOME_COUNT};
    OUTLOOK_PROVIDER.send(peer->pool, &peer->attempt, &outcome);
    return outcome;
}

void outlook_peer_finish(struct outlook_peer *peer)
{
    provider_pool_destroy(peer->pool);
    web_server_finish(peer->server, &peer->heard);
    spool_destroy(peer->message);
    peer->message = NULL;
    arena_destroy(peer->arena);
}

size_t outlook_peer_count(const struct outlook_peer *peer, const char *start)
{
    size_t count = 0;
    for (size_t i = 0; i < peer->heard.requests; i++)
        count += text_starts(peer->heard.heads[i], start);
    return count;
}
