#include "web_peer.h"

#include <string.h>

#include "base/text.h"
#include "case.h"

static void step(struct web_peer *peer, char what)
{
    size_t count = strlen(peer->steps);
    assert_true(count + 1 < sizeof peer->steps);
    peer->steps[count] = what;
}

static bool keep_handle(void *context, const char *handle)
{
    struct web_peer *peer = context;
    step(peer, 'K');
    peer->kept = arena_copy(peer->arena, handle);
    return !peer->refuses_handle;
}

static bool commit(void *context)
{
    struct web_peer *peer = context;
    step(peer, 'C');
    return !peer->refuses_commit;
}

static struct web_turn turn_of(const struct web_peer *peer, const struct web_says *says)
{
    size_t size = strlen(text_or(says->body, ""));
    const char *reply = arena_format(peer->arena,
                                     "HTTP/1.1 %d Word\r\nContent-Type: application/json\r\n%s%s"
                                     "Content-Length: %zu\r\n\r\n%s",
                                     says->status, peer->headers, text_or(says->headers, ""),
                                     size + says->missing, text_or(says->body, ""));
    return (struct web_turn){
        .reply = says->status ? reply : NULL,
        .end = says->missing ? WEB_CLOSE : says->end,
        .is_hasty = says->is_hasty,
    };
}

static void set_email(struct web_peer *peer, enum provider_kind provider)
{
    peer->to[0] = (struct address){"bob@example.com", NULL};
    peer->account = (struct account){
        .id = "account", .provider = provider, .email_address = "ann@example.com"};
    peer->email = (struct email){
        .id = WEB_PEER_ID,
        .account_id = "account",
        .from_email = "ann@example.com",
        .message_id = "<ours@example.com>",
        .attempts = 1,
        .to_recipients = {peer->to, 1},
    };
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

void web_peer_say(struct web_peer *peer, const struct web_says *says, size_t count)
{
    for (size_t i = 0; i < count; i++)
        peer->turns[i] = turn_of(peer, &says[i]);
}

struct web_peer *web_peer_begin(enum provider_kind provider, const char *headers,
                                const struct web_says *says, size_t count)
{
    static struct web_peer peer;
    int port;
    peer = (struct web_peer){.arena = arena_create(), .headers = headers};
    peer.turns = arena_new(peer.arena, struct web_turn, count);
    web_peer_say(&peer, says, count);
    peer.server = web_server_start("127.0.0.1", peer.turns, count, &port);
    peer.url = arena_format(peer.arena, "http://127.0.0.1:%d", port);
    peer.settings = (struct provider_settings){
        .spool_folder = "/tmp", .connect_timeout_ms = 20000, .web_timeout_ms = 20000};
    set_email(&peer, provider);
    return &peer;
}

void web_peer_finish(struct web_peer *peer)
{
    provider_pool_destroy(peer->pool);
    web_server_finish(peer->server, &peer->heard);
    spool_destroy(peer->message);
    peer->message = NULL;
    arena_destroy(peer->arena);
}

size_t web_peer_count(const struct web_peer *peer, const char *start)
{
    size_t count = 0;
    for (size_t i = 0; i < peer->heard.requests; i++)
        count += text_starts(peer->heard.heads[i], start);
    return count;
}
