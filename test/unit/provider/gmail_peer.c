#include "gmail_peer.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "case.h"

static void step(struct gmail_peer *peer, char what)
{
    size_t count = strlen(peer->steps);
    assert_true(count + 1 < sizeof peer->steps);
    peer->steps[count] = what;
}

static bool keep_handle(void *context, const char *handle)
{
    struct gmail_peer *peer = context;
    step(peer, 'K');
    peer->kept = arena_copy(peer->arena, handle);
    return !peer->refuses_handle;
}

static bool commit(void *context)
{
    struct gmail_peer *peer = context;
    step(peer, 'C');
    return !peer->refuses_commit;
}

static struct web_turn turn_of(const struct gmail_says *says, struct arena *arena)
{
    size_t size = strlen(text_or(says->body, ""));
    const char *reply = arena_format(arena,
                                     "HTTP/1.1 %d Word\r\nContent-Type: application/json\r\n%s"
                                     "Content-Length: %zu\r\n\r\n%s",
                                     says->status, text_or(says->headers, ""), size + says->missing,
                                     text_or(says->body, ""));
    return (struct web_turn){
        .reply = says->status ? reply : NULL,
        .end = says->missing ? WEB_CLOSE : says->end,
        .is_hasty = says->is_hasty,
    };
}

static void set_settings(struct gmail_peer *peer, int port)
{
    const char *url = arena_format(peer->arena, "http://127.0.0.1:%d", port);
    peer->settings = (struct provider_settings){
        .spool_folder = "/tmp",
        .gmail_url = url,
        .connect_timeout_ms = 20000,
        .web_timeout_ms = 20000,
    };
    peer->pool = provider_pool_create(&peer->settings);
}

static void set_email(struct gmail_peer *peer)
{
    peer->to[0] = (struct address){"bob@example.com", NULL};
    peer->account = (struct account){
        .id = "account", .provider = PROVIDER_GMAIL, .email_address = "ann@example.com"};
    peer->email = (struct email){
        .id = GMAIL_PEER_ID,
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

void gmail_peer_say(struct gmail_peer *peer, const struct gmail_says *says, size_t count)
{
    for (size_t i = 0; i < count; i++)
        peer->turns[i] = turn_of(&says[i], peer->arena);
}

struct gmail_peer *gmail_peer_start(const struct gmail_says *says, size_t count)
{
    static struct gmail_peer peer;
    int port;
    peer = (struct gmail_peer){.arena = arena_create()};
    peer.turns = arena_new(peer.arena, struct web_turn, count);
    gmail_peer_say(&peer, says, count);
    peer.server = web_server_start("127.0.0.1", peer.turns, count, &port);
    set_settings(&peer, port);
    set_email(&peer);
    gmail_peer_write(&peer, 300);
    return &peer;
}

void gmail_peer_write(struct gmail_peer *peer, size_t size)
{
    struct error error;
    char line[80];
    spool_destroy(peer->message);
    peer->message = spool_create("/tmp", size);
    for (size_t at = 0; at < size; at += sizeof line) {
        size_t left = size - at;
        snprintf(line, sizeof line, "%066zu~~~~~~??????", at); /* + and / as base64 */
        line[78] = '\r';
        line[79] = '\n';
        assert_true(
            spool_write(peer->message, line, left < sizeof line ? left : sizeof line, &error));
    }
    peer->attempt.message = peer->message;
}

struct bytes gmail_peer_mail(struct gmail_peer *peer)
{
    struct error error;
    struct bytes bytes;
    assert_true(spool_bytes(peer->message, SIZE_MAX, peer->arena, &bytes, &error));
    return bytes;
}

struct web_mail gmail_peer_open(struct gmail_peer *peer)
{
    extern const struct web_service GMAIL_SERVICE;
    return web_mail_open(peer->pool, &peer->attempt, &GMAIL_SERVICE);
}

void gmail_peer_close(struct gmail_peer *peer, struct web_mail *mail)
{
    web_mail_close(peer->pool, &peer->attempt, mail);
}

void gmail_peer_finish(struct gmail_peer *peer)
{
    provider_pool_destroy(peer->pool);
    web_server_finish(peer->server, &peer->heard);
    spool_destroy(peer->message);
    arena_destroy(peer->arena);
}

size_t gmail_peer_count(const struct gmail_peer *peer, const char *start)
{
    size_t count = 0;
    for (size_t i = 0; i < peer->heard.requests; i++)
        count += text_starts(peer->heard.heads[i], start);
    return count;
}
