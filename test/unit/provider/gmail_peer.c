#include "gmail_peer.h"

#include <stdio.h>

#include "case.h"

struct web_peer *gmail_peer_start(const struct web_says *says, size_t count)
{
    struct web_peer *peer = web_peer_begin(PROVIDER_GMAIL, "", says, count);
    peer->settings.gmail_url = peer->url;
    peer->pool = provider_pool_create(&peer->settings);
    gmail_peer_write(peer, 300);
    return peer;
}

void gmail_peer_write(struct web_peer *peer, size_t size)
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

struct bytes gmail_peer_mail(struct web_peer *peer)
{
    struct error error;
    struct bytes bytes;
    assert_true(spool_bytes(peer->message, SIZE_MAX, peer->arena, &bytes, &error));
    return bytes;
}

struct web_mail gmail_peer_open(struct web_peer *peer)
{
    extern const struct web_service GMAIL_SERVICE;
    return web_mail_open(peer->pool, &peer->attempt, &GMAIL_SERVICE);
}

void gmail_peer_close(struct web_peer *peer, struct web_mail *mail)
{
    web_mail_close(peer->pool, &peer->attempt, mail);
}
